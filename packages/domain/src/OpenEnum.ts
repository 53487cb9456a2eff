/**
 * Enums that may grow: known values are typed as literals, and any other string is accepted.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as Arbitraries from "./Arbitraries.ts"
import * as Lazy from "./Lazy.ts"

/**
 * One of `Known`, or another string. `string & {}` keeps the literals visible to editors.
 */
export type OpenEnum<Known extends string> = Known | (string & {})

/**
 * Makes a schema of known values that accepts every other string.
 *
 * **When to use**
 *
 * Use for enums in responses: WorkOS adds connection types with most versions of its documentation, and clients must not
 * fail on unknown values. For enums in requests, use `Schema.Literals`.
 *
 * **Details**
 *
 * `known` contains the documented values. `unknown` is a pattern for generated values that are not documented.
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
