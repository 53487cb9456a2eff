/**
 * The ids and metadata that an application gives to objects of WorkOS, in requests.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as Arbitraries from "./Arbitraries.ts"
import * as Lazy from "./Lazy.ts"

/**
 * A pattern of generated external ids.
 */
export const externalIds = /[a-z]{3,8}-[1-9][0-9]{0,5}/

/**
 * The application's id for an object: 1 to 128 ASCII characters, except `.` and `..`, which URLs do not support.
 *
 * @see https://workos.com/docs/authkit/metadata/external-identifiers
 */
export const ExternalId = Lazy.schema(() =>
  Schema.String.check(
    Schema.isPattern(/^(?!\.{1,2}$)\p{ASCII}{1,128}$/u, {
      expected: "1 to 128 ASCII characters, other than . and ..",
      arbitraryConstraint: { patterns: [{ source: `^${externalIds.source}$`, flags: "" }] }
    })
  )
)

/**
 * The metadata of an object: at most 50 strings of at most 600 characters, with keys of at most 40 characters.
 *
 * **Example** (Values that an application stores)
 *
 * ```ts
 * import { MetadataInput } from "@effect-workos/domain/ApplicationData"
 * import * as Schema from "effect/Schema"
 *
 * Schema.is(MetadataInput)({ tier: "gold" }) // => true
 * ```
 *
 * @see https://workos.com/docs/authkit/metadata
 */
export const MetadataInput = Lazy.schema(() =>
  Schema.Record(
    Schema.String.check(Arbitraries.patterned(/[a-z]{3,12}/)),
    Schema.String.check(Schema.isMaxLength(600), Arbitraries.patterned(/[a-z0-9]{1,12}/))
    // A record silently drops keys that do not match its key schema, so a check of the record validates the keys.
  ).check(
    Schema.isMaxProperties(50),
    Schema.isPropertyNames(Schema.String.check(Schema.isMaxLength(40, { expected: "a name of at most 40 characters" })))
  )
)
