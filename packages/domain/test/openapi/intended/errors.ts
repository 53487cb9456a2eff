// Intended differences in the errors and parameters of all operations.
import { everyEdition, onlyOurs, onlyTheirs, type IntendedDifference } from "./entries.ts"

export const ofAllOperations: ReadonlyArray<IntendedDifference> = [
  {
    place: / · 401( |$)/,
    editions: everyEdition,
    differs: onlyOurs,
    because:
      "The errors page documents 401 for every endpoint. The body has a `message`, or, in older parts, an `error`."
  },
  {
    place: / · 429( |$)/,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The rate-limits page documents 429 for every endpoint."
  },
  {
    place: / · query (limit|order) · default$/,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "The server defines the defaults. The default order differs between editions, so clients send an order."
  },
  {
    place: /^DELETE .* · 20[024]$/,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The responses to deletions are 200, 202 or 204, and not always as documented."
  },
  {
    place: /^DELETE .* · 202$/,
    editions: everyEdition,
    differs: ({ ours }) => ours === "[]",
    because: "The body is empty, although the documented content type is JSON."
  },
  {
    place: /^DELETE .* · 404( |$)/,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The errors page documents 404 for an unknown id."
  },
  {
    place: / · 422$/,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The errors page documents 422 for malformed requests, such as a missing parameter."
  },
  {
    place: / · 2\d\d · body.* · format$/,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "The formats of texts in responses are not checked: programs receive them unchanged."
  },
  {
    place: / · 2\d\d · body.*\.metadata( · maxProperties|(\.\*|\.names) · maxLength)$/,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "The bounds of responses are not checked. The bounds of requests are."
  },
  {
    place: / · query .* · default$/,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "The server defines the defaults. The default order differs between editions, so clients send an order."
  }
]
