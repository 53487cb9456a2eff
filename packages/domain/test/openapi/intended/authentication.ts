// Intended differences in codes, authentication factors, and settings of authentication.
import { everyEdition, onlyOurs, onlyTheirs, optionalInOurs, type IntendedDifference } from "./entries.ts"

export const ofAuthentication: ReadonlyArray<IntendedDifference> = [
  {
    place: /^GET \/user_management\/(cors_origins|redirect_uris) · 200 · body\.(data|list_metadata|object) · required$/,
    editions: ["0.61"],
    differs: ({ ours, theirs }) => ours === "true" && theirs === "false",
    because: "The descriptions of all other lists require these fields."
  },
  {
    place:
      /^(GET|PUT|POST) \/user_management\/(jwt_template|redirect_uris) · 20[01] · body.*\.(created|updated)_at · format$/,
    editions: ["0.61"],
    differs: onlyOurs,
    because: "The examples are timestamps, as in all other objects."
  },
  {
    place: /^(GET|POST) \/user_management\/users\/\{userId\}\/auth_factors · 404$/,
    editions: ["0.61"],
    differs: onlyOurs,
    because: "The user may not exist: the errors page documents 404 for an unknown id."
  },
  {
    place: /^GET \/user_management\/users\/\{userId\}\/auth_factors · 400$/,
    editions: ["0.61"],
    differs: onlyOurs,
    because: "A recorded response has this status."
  },
  {
    place: /^POST \/user_management\/radar_challenges · 40[04]$/,
    editions: ["0.61"],
    differs: onlyOurs,
    because: "The token may be invalid, and the user may not exist. The edition lists no errors."
  },
  {
    place: /^POST \/auth\/factors\/enroll · application\/json( · |\.)/,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "Each type of factor has its own payload, because each requires other fields."
  },
  {
    place: /^POST \/auth\/factors\/enroll · application\/json\(/,
    editions: ["0.61"],
    differs: onlyOurs,
    because: "Each type of factor has its own payload, because each requires other fields."
  },
  {
    place: /^POST \/user_management\/(magic_auth|password_reset) · application\/json\.email · format$/,
    editions: ["0.61"],
    differs: onlyTheirs,
    because: "Our pattern is the check of WorkOS for addresses, which is less strict than the format."
  },
  {
    place: /^POST \/user_management\/password_reset\/confirm · 201( |$)/,
    editions: ["0.61"],
    differs: onlyOurs,
    because: "A recorded response has this status."
  },
  {
    place: /^POST \/widgets\/token · application\/json\.organization_id · required$/,
    editions: ["0.1"],
    differs: optionalInOurs,
    because: "Edition 0.61 has widgets that need no organization."
  },
  {
    place: /^POST \/widgets\/token · application\/json\.scopes\[\] · enum$/,
    editions: ["0.1"],
    differs: ({ ours, theirs }) => ours?.replace('"widgets:pipes:manage",', "") === theirs,
    because: "Edition 0.61 added a scope."
  }
]
