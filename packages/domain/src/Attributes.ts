/**
 * Objects with arbitrary keys, which are neither renamed nor removed.
 *
 * @module
 */
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Arbitraries from "./Arbitraries.ts"
import * as Wire from "./Wire.ts"
import * as Lazy from "./Lazy.ts"

const isPlain = (input: unknown): input is Readonly<Record<string, unknown>> =>
  Predicate.isObject(input) && !Array.isArray(input)

const Name = Lazy.schema(() => Schema.String.check(Arbitraries.patterned(/[a-z]{3,8}(?:_[a-z]{2,6}|[A-Z][a-z]{2,6})?/)))

/**
 * JSON values under arbitrary names: the attributes that an identity provider sends, under the names that the provider
 * uses.
 *
 * **Example** (Decoding attributes with a schema of the application)
 *
 * ```ts
 * import { Attributes } from "@effect-workos/domain/Attributes"
 * import * as Schema from "effect/Schema"
 *
 * const Custom = Schema.Struct({ departmentName: Schema.String })
 * const attributes = Schema.decodeUnknownSync(Attributes)({ departmentName: "Sales", costCentre: 12 })
 * Schema.decodeUnknownSync(Custom)(attributes) // => { departmentName: "Sales" }
 * ```
 *
 * @see https://workos.com/docs/sso/attributes
 */
export const Attributes = Lazy.schema(() =>
  Schema.Record(Name, Schema.Json).pipe(
    // The values of parsed JSON are always JSON, so they need no check.
    Wire.fastPath({ accepts: isPlain, convert: Wire.unchanged })
  )
)
export type Attributes = typeof Attributes.Type

/**
 * Any JSON value.
 */
export const AnyJson = Lazy.schema(() =>
  Schema.Json.pipe(Wire.fastPath({ accepts: (input) => input !== undefined, convert: Wire.unchanged }))
)

/**
 * Metadata of an object: strings under names that the application chooses.
 *
 * @see https://workos.com/docs/authkit/metadata
 */
export const Metadata = Lazy.schema(() =>
  Schema.Record(Name, Arbitraries.stringMatching(/[a-z0-9]{1,12}/)).pipe(
    Wire.fastPath({
      accepts: (input) => isPlain(input) && Object.values(input).every(Predicate.isString),
      convert: Wire.unchanged
    })
  )
)
export type Metadata = typeof Metadata.Type
