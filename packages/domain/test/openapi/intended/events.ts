// Intended differences in events.
import { eventTypes } from "../../../src/events/EventTypes.ts"
import {
  adds,
  containsTheirs,
  everyEdition,
  nullableInOurs,
  onlyOurs,
  onlyTheirs,
  optionalInOurs,
  type IntendedDifference
} from "./entries.ts"

const typed = Object.keys(eventTypes).join("|")

export const ofEvents: ReadonlyArray<IntendedDifference> = [
  {
    place:
      /^GET \/events · 200 · body\.data\[\]\([\w.]+\)\.(context|data\.(connection\.)?organization_id|data\.(impersonator|stripe_customer_id)) · type$/,
    editions: everyEdition,
    differs: nullableInOurs,
    because: "A field that may be absent may also be `null`: one such event must not end a stream of events."
  },
  {
    place: new RegExp(`^GET /events · 200 · body\\.data\\[\\]\\((?!(?:${typed})\\))[\\w.]+\\)`),
    editions: everyEdition,
    differs: onlyTheirs,
    because: "Events of all other types decode as `UnknownEvent`, which another test asserts."
  },
  {
    place:
      /^GET \/events · 200 · body\.data\[\]\((agent\.registration\.[\w.]+|api_key\.updated|authentication\.reauthentication_succeeded|pipes\.[\w.]+|radar\.challenge_created|vault\.kek\.deleted)\)/,
    editions: ["0.1"],
    differs: onlyOurs,
    because: "Only edition 0.61 has these types of events."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(authentication\.\w+\)\.data\.type · enum$/,
    editions: everyEdition,
    differs: containsTheirs,
    because: "All methods of authentication share a schema, so the schema contains all methods."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(agent\.[\w.]+\)\.data\.\w+_at · format$/,
    editions: ["0.61"],
    differs: onlyOurs,
    because: "The examples of these fields are timestamps, and all other timestamps of events have the format."
  },
  {
    place:
      /^GET \/events · 200 · body\.data\[\]\(agent\.[\w.]+\)\.data\.\w+\.(organization_id|userland_user_id)(\(\d\))? · /,
    editions: ["0.61"],
    differs: ({ ours, theirs }) => ours === undefined || theirs === undefined,
    because: "Edition 0.61 describes a nullable string as a union of a string and an enumeration that contains `null`."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(agent\.registration\.credential\.issued\)\.data\.detail/,
    editions: ["0.61"],
    differs: ({ ours, theirs }) => ours === undefined || theirs === undefined,
    because: "One struct with optional fields accepts details of kinds that WorkOS adds later, and a union does not."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\((waitlist_user\.\w+\)\.data\.waitlist_id|user\.\w+\)\.data\.name) · /,
    editions: ["0.1"],
    differs: onlyOurs,
    because: "Only edition 0.61 has this field."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(organization_membership\.\w+\)\.data\.organization_name · /,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The same field as in other responses, optional here."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(organization_membership\.\w+\)\.data\.custom_attributes · required$/,
    editions: everyEdition,
    differs: optionalInOurs,
    because: "Tests of the official Python SDK have events in which this field is absent or `null`."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(organization_membership\.\w+\)\.data\.roles · required$/,
    editions: everyEdition,
    differs: ({ ours, theirs }) => ours === "true" && theirs === "false",
    because: "Other responses require this field. Decoding accepts an absent field."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(api_key\.\w+\)\.data\.\w+_at · format$/,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The same timestamps as in other responses."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(api_key\.\w+\)\.data\.expires_at · /,
    editions: ["0.1"],
    differs: onlyOurs,
    because: "Only edition 0.61 has this field."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(api_key\.\w+\)\.data\.owner/,
    editions: everyEdition,
    differs: ({ ours, theirs }) => ours === undefined || theirs === undefined,
    because:
      "One struct with an optional organization accepts owners of kinds that WorkOS adds later, and a union does not."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(flag\.\w+\)\.context · required$/,
    editions: everyEdition,
    differs: optionalInOurs,
    because: "Events of other types have an optional `context`."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(pipes\.[\w.]+\)\.data\.state · enum$/,
    editions: ["0.61"],
    differs: adds("disconnected"),
    because: "The same enumeration as in other responses."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(permission\.\w+\)\.data\.resource_type_slug · /,
    editions: ["0.1"],
    differs: onlyOurs,
    because: "Only edition 0.61 has this field."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(permission\.\w+\)\.data\.resource_type_slug · required$/,
    editions: ["0.61"],
    differs: optionalInOurs,
    because: "Edition 0.1 does not have this field."
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
    because: "`context` differs between events, and WorkOS adds fields, so it is returned unchanged."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(connection\.\w+\)\.data\.connection_type · enum$/,
    editions: ["0.1"],
    differs: adds("GrokOAuth", "Pending", "XOAuth"),
    because: "The same enumeration as in other responses, for which edition 0.61 has two more types."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(connection\.\w+\)\.data\.connection_type · enum$/,
    editions: ["0.61"],
    differs: adds("Pending"),
    because: "The same enumeration as in other responses."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(connection\.\w+\)\.data\.state · enum$/,
    editions: everyEdition,
    differs: adds("requires_type"),
    because: "The same enumeration as in other responses."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(connection\.\w+\)\.data\.(external_id|options)(\.signing_cert)? · /,
    editions: everyEdition,
    differs: onlyOurs,
    because: "The same fields as in other responses, all optional."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(connection\.\w+\)\.data\.(external_key|status) · required$/,
    editions: everyEdition,
    differs: optionalInOurs,
    because: "Other responses have no `external_key`, and `status` is deprecated, so both may be absent."
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
    because: "The same fields as in other responses. This field is optional and deprecated."
  },
  {
    place: /^GET \/events · 200 · body\.data\[\]\(organization\.\w+\)\.data\.(external_id|metadata) · required$/,
    editions: everyEdition,
    differs: optionalInOurs,
    because: "The official SDK does not require these fields, and older responses do not have them."
  },
  {
    place:
      /^GET \/events · 200 · body\.data\[\]\(organization\.\w+\)\.data\.metadata( · maxProperties|(\.\*|\.names) · maxLength)$/,
    editions: everyEdition,
    differs: onlyTheirs,
    because: "The bounds of responses are not checked. The bounds of requests are."
  },
  {
    place: /^GET \/events · 200 · body\.list_metadata\.before · /,
    editions: everyEdition,
    differs: onlyOurs,
    because: "All other lists have this field. If a response has it, programs receive it."
  }
]
