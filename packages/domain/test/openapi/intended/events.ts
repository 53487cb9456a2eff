// What differs in events.
import {
  adds,
  everyEdition,
  nullableInOurs,
  onlyOurs,
  onlyTheirs,
  optionalInOurs,
  type IntendedDifference
} from "./entries.ts"

export const ofEvents: ReadonlyArray<IntendedDifference> = [
  {
    place:
      /^GET \/events · 200 · body\.data\[\]\([\w.]+\)\.(context|data\.(connection\.)?organization_id|data\.stripe_customer_id) · type$/,
    editions: everyEdition,
    differs: nullableInOurs,
    because: "What may be absent may be `null`: one event that says it so must not end whoever follows them."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\((?!connection\.|organization\.|organization_domain\.)[\w.]+\)/,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "Events of all other resources decode as `UnknownEvent`, as another test shows of each."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(any other\)/,
    editions: everyEdition,
    differs: onlyOurs,
    because: "`UnknownEvent`: WorkOS adds types of events with most editions."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\([\w.]+\)\.context\./,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "`context` differs from event to event and grows; it is kept as it came."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(connection\.\w+\)\.data\.connection_type · enum$/,
    editions: ["0.1"],
    differs: adds("GrokOAuth", "Pending", "XOAuth"),
    because: "The same enumeration as in answers, where edition 0.61 knows two types more."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(connection\.\w+\)\.data\.connection_type · enum$/,
    editions: ["0.61"],
    differs: adds("Pending"),
    because: "The same enumeration as in answers."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(connection\.\w+\)\.data\.state · enum$/,
    editions: everyEdition,
    differs: adds("requires_type"),
    because: "The same enumeration as in answers."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(connection\.\w+\)\.data\.(external_id|options)(\.signing_cert)? · /,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The same fields as in answers, optional all of them."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(connection\.\w+\)\.data\.(external_key|status) · required$/,
    editions: everyEdition,
    differs: optionalInOurs,
    because: "No answer has `external_key`, and `status` is deprecated: an event without them is no worse."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(connection\.deleted\)\.data\.(domains|status)(\[\])?(\.\w+)? · /,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The same fields as in other events of connections, optional here."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(organization\.\w+\)\.data\.allow_profiles_outside_organization · /,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The same fields as in answers; this one is optional and deprecated."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(organization\.\w+\)\.data\.(external_id|metadata) · required$/,
    editions: everyEdition,
    differs: optionalInOurs,
    because: "The official SDK does without them, as older answers do."
  },
  {
    place:
      /^GET \/events · 200 · body\.data\[\]\(organization\.\w+\)\.data\.metadata( · maxProperties|(\.\*|\.names) · maxLength)$/,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "Bounds are the server's to keep in answers; what is sent is held to them."
  },
  {
    place: /^GET \/events · 200 · body\.list_metadata\.before · /,
    editions: everyEdition,
    differs: onlyOurs,
    because: "All other lists have it; where it comes, it is read."
  }
]
