// Where `WorkOsApi` differs from WorkOS's OpenAPI descriptions on purpose.
//
// Each entry names places by pattern, the editions it holds for, what exactly differs, and why. The comparison fails on
// every difference that no entry explains, and on every entry that explains none. Operations that editions do not list
// have entries of their own.
import type { Difference } from "./facts.ts"

export type Edition = "0.1" | "0.61"

export interface IntendedDifference {
  readonly place: RegExp
  readonly editions: ReadonlyArray<Edition>
  readonly differs: (difference: Difference) => boolean
  readonly because: string
}

/**
 * An operation of ours that editions do not list. Nothing of it can be compared.
 */
export interface UnlistedOperation {
  readonly operation: string
  readonly editions: ReadonlyArray<Edition>
  readonly because: string
}

const everyEdition: ReadonlyArray<Edition> = ["0.1", "0.61"]

const onlyOurs = ({ theirs }: Difference) => theirs === undefined
const onlyTheirs = ({ ours }: Difference) => ours === undefined
const optionalInOurs = ({ ours, theirs }: Difference) => ours === "false" && theirs === "true"

const values = (fact: string | undefined): ReadonlyArray<string> => (fact === undefined ? [] : JSON.parse(fact))
const adds =
  (...added: ReadonlyArray<string>) =>
  ({ ours, theirs }: Difference) =>
    JSON.stringify(values(ours)) === JSON.stringify([...values(theirs), ...added].toSorted())

export const unlistedOperations: ReadonlyArray<UnlistedOperation> = [
  {
    operation: "POST /connections",
    editions: everyEdition,
    because:
      "The newest edition of the reference page has it, for environments with the feature " +
      "`connections-api-migrations-capabilities-api`."
  }
]

export const intendedDifferences: ReadonlyArray<IntendedDifference> = [
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
    place: / · (403|404|422) · body\.code · /,
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
    place: /^GET \/connections(\/\{id\})? · 200 · body(\.data\[\])?\.status · required$/,
    editions: everyEdition,
    differs: optionalInOurs,
    because: "`status` is deprecated and absent from the samples of the reference page."
  },
  {
    place: /^GET \/connections(\/\{id\})? · 200 · body(\.data\[\])?\.options(\.signing_cert)? · /,
    editions: ["0.61"],
    differs: onlyOurs,
    because: "`options` is in the samples of the reference page and in edition 0.1; 0.61 dropped it."
  },
  {
    place: /^GET \/connections(\/\{id\})? · 200 · body(\.data\[\])?\.external_id · /,
    editions: everyEdition,
    differs: onlyOurs,
    because:
      "`external_id` came with `POST /connections`: what a connection was created with, and `null` where nothing."
  },
  {
    place: /^GET \/connections(\/\{id\})? · 200 · body(\.data\[\])?\.connection_type · enum$/,
    editions: ["0.1"],
    differs: adds("GrokOAuth", "XOAuth"),
    because: "Edition 0.61 knows two types more."
  },
  {
    place: /^GET \/connections · query connection_type · enum$/,
    editions: ["0.1"],
    differs: adds("GrokOAuth", "XOAuth"),
    because: "Edition 0.61 knows two types more."
  },
  {
    place: / · query (limit|order) · default$/,
    editions: everyEdition,
    differs: onlyTheirs,
    because:
      "Defaults are the server's. Which order is one differs between editions, so clients name theirs in every request."
  }
]
