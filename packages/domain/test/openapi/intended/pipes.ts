// Intended differences in connected accounts, providers and applications of users.
import { everyEdition, onlyOurs, onlyTheirs, type IntendedDifference, type UnlistedOperation } from "./entries.ts"

const because = "Edition 0.61 added this operation."

export const unlistedInPipes: ReadonlyArray<UnlistedOperation> = ["POST", "PUT"].map((method) => ({
  operation: `${method} /user_management/users/{userId}/connected_accounts/{slug}`,
  editions: ["0.1"],
  because
}))

export const ofPipes: ReadonlyArray<IntendedDifference> = [
  {
    place: /\/(connected_accounts\/\{slug\}|data_providers) · 401$/,
    editions: everyEdition,
    differs: ({ theirs }) => theirs === "[]",
    because: "The errors page documents the body of 401, which these operations do not describe."
  },
  {
    place: /\/(connected_accounts\/\{slug\}|data_providers) · 20\d · body\..*\b(created|updated)_at · format$/,
    editions: ["0.61"],
    differs: onlyOurs,
    because: "The examples of these fields are timestamps, and the same fields of other objects have the format."
  },
  {
    place: /\/data_providers · 200 · body\.data\[\]\.(connected_account\.)?[a-z]+[A-Z]\w* · (required|type)$/,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "These fields are deprecated and repeat fields with names in snake_case."
  },
  {
    place: /\/authorized_applications · 200 · body\.data\[\]\.application\b/,
    editions: everyEdition,
    differs: ({ ours, theirs }) => ours === undefined || theirs === undefined,
    because:
      "The editions describe three forms of OAuth applications. One schema with optional fields accepts all of them, and " +
      "another schema accepts types that WorkOS adds later. A test decodes an application of each form."
  }
]
