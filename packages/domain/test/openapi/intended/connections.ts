// Intended differences in connections.
import { adds, everyEdition, onlyOurs, optionalInOurs, type IntendedDifference } from "./entries.ts"

export const ofConnections: ReadonlyArray<IntendedDifference> = [
  {
    place: /^GET \/connections(\/\{id\})? · 200 · body(\.data\[\])?\.status · required$/,
    editions: everyEdition,
    differs: optionalInOurs,
    because: "`status` is deprecated and absent from the samples of the reference page."
  },
  {
    place: /^GET \/connections(\/\{id\})? · 200 · body(\.data\[\])?\.options(\.signing_cert)? · /,
    editions: ["0.61"],
    differs: onlyOurs,
    because: "`options` is in the samples of the reference page and in edition 0.1, but not in edition 0.61."
  },
  {
    place: /^GET \/connections(\/\{id\})? · 200 · body(\.data\[\])?\.external_id · /,
    editions: everyEdition,
    differs: onlyOurs,
    because:
      "`external_id` was added with `POST /connections`. It is the id from the request, or `null` if the request had none."
  },
  {
    place: /^GET \/connections(\/\{id\})? · 200 · body(\.data\[\])?\.connection_type · enum$/,
    editions: ["0.1"],
    differs: adds("GrokOAuth", "XOAuth"),
    because: "Edition 0.61 has two more types."
  },
  {
    place: /^GET \/connections · query connection_type · enum$/,
    editions: ["0.1"],
    differs: adds("GrokOAuth", "XOAuth"),
    because: "Edition 0.61 has two more types."
  }
]
