// What differs in the errors and parameters of all operations.
import { everyEdition, onlyOurs, onlyTheirs, optionalInOurs, type IntendedDifference } from "./entries.ts"

export const ofAllOperations: ReadonlyArray<IntendedDifference> = [
  {
    place: / · 401( |$)/,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The errors page documents 401 for every endpoint; its body is `message` or, from older parts, `error`."
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
    because: "The errors page and other operations give errors a `code`; where one comes, programs get it."
  },
  {
    place: / · 422 · body\.errors · /,
    editions: everyEdition,
    differs: onlyOurs,
    because: "Other operations' 422 has a list of `errors`; where one comes, programs get it."
  },
  {
    place: / · query (limit|order) · default$/,
    editions: everyEdition,
    differs: onlyTheirs,
    because:
      "Defaults are the server's. Which order is one differs between editions, so clients name theirs in every request."
  },
  {
    place: / · (400|409) · body\.code · enum$/,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "Codes grow, so that any is decoded; programs compare with those that they know."
  },
  {
    place: / · (400|409) · body\.code · required$/,
    editions: everyEdition,
    differs: optionalInOurs,
    because: "An error without its code is still that error."
  },
  {
    place: / · 422 · body\.errors · required$/,
    editions: everyEdition,
    differs: optionalInOurs,
    because: "Other operations' 422 has no `errors`."
  },
  {
    place: / · 422 · body\.errors\[\](\.(code|field))? · /,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "Every operation says something else of a parameter, so that `errors` is kept as it came."
  },
  {
    place: /^DELETE .* · 20[024]$/,
    editions: everyEdition,
    differs: onlyOurs,
    because: "Resources answer deletions with 200, 202 or 204, and not always as documented."
  },
  {
    place: /^DELETE .* · 202$/,
    editions: everyEdition,
    differs: ({ ours }) => ours === "[]",
    because: "The body is empty, although its content type is documented as JSON."
  },
  {
    place: /^DELETE .* · 404( |$)/,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The errors page documents 404 for an unknown id."
  }
]
