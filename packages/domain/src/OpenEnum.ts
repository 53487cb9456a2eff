// Enumerations that grow: known values are typed as literals, any other string passes through.
import * as Schema from "effect/Schema"
import * as Arbitraries from "./Arbitraries.ts"
import * as Lazy from "./Lazy.ts"

/**
 * Values that are typed as one of `Known`, or as another string. `string & {}` keeps the literals visible to editors.
 *
 * **Example** (What a program knows, and what it does not)
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
 * A schema that knows some values and accepts every other string.
 *
 * **When to use**
 *
 * Use for enumerations in answers: WorkOS adds connection types with most editions of its API, and a client must not
 * fail on one that it has not heard of. For enumerations in requests use `Schema.Literals`.
 *
 * **Details**
 *
 * `known` holds the documented values. `unknown` is the pattern of generated values that are not among them.
 *
 * **Example** (Accepting a value from the future)
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
    // The literals are a matter of types: what decoding asks for is a string.
    return Schema.Union([Schema.Literals(known), other]).annotate({ expected: "a string" })
  })
  return Object.assign(self, { known })
}
