// Intended differences in users, sessions, organization memberships, invitations and groups.
import type { Difference } from "../facts.ts"
import { everyEdition, nullableInOurs, onlyOurs, onlyTheirs, type IntendedDifference } from "./entries.ts"

const requiredInOurs = ({ ours, theirs }: Difference) => ours === "true" && theirs === "false"

export const ofUsers: ReadonlyArray<IntendedDifference> = [
  {
    place:
      /^(POST|PUT) \/user_management\/(users|organization_memberships)(\/\{id\})? · application\/json(\(\d\))?( · |\.)/,
    editions: everyEdition,
    differs: () => true,
    because:
      "The documented alternatives are no password, a password or a hash, and no role, one role or several roles. Our " +
      "payload has all keys, and the server rejects combinations: a type with all alternatives is hard to read."
  },
  {
    place: /^GET \/user_management\/users · query organization · /,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "`organization` is deprecated in favour of `organization_id`."
  },
  {
    place: /^(GET|POST) \/user_management\/invitations · (query |application\/json\.)email · format$/,
    editions: ["0.61"],
    differs: onlyTheirs,
    because: "Our pattern for email addresses replaces the format."
  },
  {
    place: /^GET \/user_management\/.* · 200 · body\.(data|list_metadata|object) · required$/,
    editions: everyEdition,
    differs: requiredInOurs,
    because: "All recorded lists have these keys."
  },
  {
    place:
      /^GET \/user_management\/users\/\{userId\}\/sessions · 200 · body\.data\[\]\.(impersonator|organization_id) · type$/,
    editions: everyEdition,
    differs: nullableInOurs,
    because: "Older parts of WorkOS send `null` for absent values."
  },
  {
    place: /^POST \/user_management\/sessions\/revoke · application\/json\.return_to · /,
    editions: ["0.1"],
    differs: onlyTheirs,
    because: "Edition 0.61 does not have this key, which had no effect for programs."
  },
  {
    place: /^POST \/user_management\/(sessions\/revoke|invitations\/\{id\}\/revoke) · 404$/,
    editions: ["0.61"],
    differs: onlyOurs,
    because: "The recorded response to an unknown id is 404."
  },
  {
    place: /^POST \/user_management\/users\/\{id\}\/email_verification\/send · 201( |$)/,
    editions: ["0.61"],
    differs: onlyOurs,
    because: "The recorded status is 201."
  },
  {
    place: /^PUT \/user_management\/users\/\{id\} · 404$/,
    editions: ["0.61"],
    differs: onlyOurs,
    because: "The errors page documents 404 for an unknown id."
  }
]
