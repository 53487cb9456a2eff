// Enums that may grow: known values are typed as literals, and any other string is accepted.
import * as Schema from "effect/Schema"
import * as Arbitraries from "./Arbitraries.ts"
import * as Lazy from "./Lazy.ts"

/**
 * One of `Known`, or another string. `string & {}` keeps the literals visible to editors.
 *
 * **Example** (Handling known and unknown values)
 *
 * ```ts
 * import type { OpenEnum } from "@effect-workos/domain/OpenEnum"
 *
 * const priceOf = (plan: OpenEnum<"free" | "team">): number | undefined =>
 *   plan === "free" ? 0 : plan === "team" ? 25 : undefined
 * ```
 */
export type OpenEnum<Known extends string> = Known | (string & {})

/**
 * Makes a schema of known values that accepts every other string.
 *
 * **When to use**
 *
 * Use for enums in responses: WorkOS adds connection types with most editions of its API, and clients must not fail on
 * unknown ones. For enums in requests use `Schema.Literals`.
 *
 * **Details**
 *
 * `known` are the documented values. `unknown` is the pattern of other generated values.
 *
 * **Example** (Accepting an unknown value)
 *
 * ```ts
 * import * as Schema from "effect/Schema"
 * import * as OpenEnum from "@effect-workos/domain/OpenEnum"
 *
 * const Colour = OpenEnum.make(["Red", "Green"], /[A-Z][a-z]{3,8}/)
 *
 * Schema.decodeSync(Colour)("Blue") // => "Blue"
 * Colour.known // => ["Red", "Green"]
 * ```
 */
export const make = <const Known extends ReadonlyArray<string>>(known: Known, unknown: RegExp) => {
  const self = Lazy.schema(() => {
    const other: Schema.Codec<string & {}, string> = Arbitraries.stringMatching(unknown)
    // Decoding accepts any string, so an error must not list the literals.
    return Schema.Union([Schema.Literals(known), other]).annotate({ expected: "a string" })
  })
  return Object.assign(self, { known })
}
