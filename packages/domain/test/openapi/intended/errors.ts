// Intended differences in the errors and parameters of all operations.
import { everyEdition, onlyOurs, onlyTheirs, optionalInOurs, type IntendedDifference } from "./entries.ts"

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
    place: / · (400|403|404|409|422) · body\.code · /,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The errors page and other operations document a `code`. If a response has a code, programs receive it."
  },
  {
    place: / · 422 · body\.errors · /,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The 422 of other operations has a list of `errors`. If a response has the list, programs receive it."
  },
  {
    place: / · query (limit|order) · default$/,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "The server defines the defaults. The default order differs between editions, so clients send an order."
  },
  {
    place: / · (400|409) · body\.code · enum$/,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "WorkOS adds codes, so any code is decoded. Programs compare codes with those that they know."
  },
  {
    place: / · (400|409) · body\.code · required$/,
    editions: everyEdition,
    differs: optionalInOurs,
    because: "An error without a code is still an error of that status."
  },
  {
    place: / · 422 · body\.errors · required$/,
    editions: everyEdition,
    differs: optionalInOurs,
    because: "The 422 of other operations has no `errors`."
  },
  {
    place: / · 422 · body\.errors\[\](\.(code|field))? · /,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "The details of a parameter differ between operations, so `errors` is returned unchanged."
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
  }
]
