// Intended differences in organizations and their domains.
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
    because: "The official SDK removes the id with `null`, so a removed id may be `null` in responses."
  },
  {
    place: /^[A-Z]+ \/organizations.* · 20[01] · body(\.data\[\])?\.(external_id|metadata) · required$/,
    editions: everyEdition,
    differs: optionalInOurs,
    because: "The official SDK does not require these fields, and older responses do not have them."
  },
  {
    place:
      /^[A-Z]+ \/organizations.* · 20[01] · body(\.data\[\])?\.metadata( · maxProperties|(\.\*|\.names) · maxLength)$/,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "The bounds of responses are not checked. The bounds of requests are."
  },
  {
    place: /^(POST|PUT) \/organizations.* · application\/json\.domains(\[\])? · /,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "`domains` is deprecated in favour of `domain_data`, which also has the state of each domain."
  },
  {
    place: /^(POST|PUT) \/organizations.* · application\/json\.external_id · maxLength$/,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "The length is part of our pattern, which also excludes texts that a URL cannot contain."
  },
  {
    place: /^PUT \/organizations\/\{id\} · application\/json\.stripe_customer_id · type$/,
    editions: everyEdition,
    differs: ({ ours, theirs }) => ours === '["null","string"]' && theirs === '["string"]',
    because: "The official SDK removes the id with `null`, as both editions document for the external id."
  },
  {
    place: /^POST \/organization_domains · (400|404|422)( |$)/,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The domain may be invalid, and the organization may not exist. Both editions list only 409."
  },
  {
    place: /^POST \/organization_domains\/\{id\}\/verify · 404( |$)/,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The domain may not exist: the errors page documents 404 for an unknown id."
  }
]
