// What differs in organizations and their domains.
import {
  everyEdition,
  nullableInOurs,
  onlyOurs,
  onlyTheirs,
  optionalInOurs,
  type IntendedDifference
} from "./entries.ts"

export const ofOrganizations: ReadonlyArray<IntendedDifference> = [
  {
    place: /^[A-Z]+ \/organizations.* · 20[01] · body(\.data\[\])?\.stripe_customer_id · type$/,
    editions: everyEdition,
    differs: nullableInOurs,
    because: "The official SDK takes it away with `null`; what is taken away may be told as `null`."
  },
  {
    place: /^[A-Z]+ \/organizations.* · 20[01] · body(\.data\[\])?\.(external_id|metadata) · required$/,
    editions: everyEdition,
    differs: optionalInOurs,
    because: "The official SDK does without them, as older answers do."
  },
  {
    place:
      /^[A-Z]+ \/organizations.* · 20[01] · body(\.data\[\])?\.metadata( · maxProperties|(\.\*|\.names) · maxLength)$/,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "Bounds are the server's to keep in answers; what is sent is held to them."
  },
  {
    place: /^(POST|PUT) \/organizations.* · application\/json\.domains(\[\])? · /,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "`domains` is deprecated: `domain_data` says of each domain whether it is verified, too."
  },
  {
    place: /^(POST|PUT) \/organizations.* · application\/json\.external_id · maxLength$/,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "The length is part of our pattern, with what can not stand in a URL."
  },
  {
    place: /^PUT \/organizations\/\{id\} · application\/json\.stripe_customer_id · type$/,
    editions: everyEdition,
    differs: ({ ours, theirs }) => ours === '["null","string"]' && theirs === '["string"]',
    because: "The official SDK takes it away with `null`, as both editions do the external id."
  },
  {
    place: /^POST \/organization_domains · (400|404|422)( |$)/,
    editions: everyEdition,
    differs: onlyOurs,
    because: "A domain may be none, and the organization may not exist; both editions list 409 only."
  },
  {
    place: /^POST \/organization_domains\/\{id\}\/verify · 404( |$)/,
    editions: everyEdition,
    differs: onlyOurs,
    because: "There may be none of this id: the errors page documents 404 for that."
  }
]
