// Secrets that travel in bodies: hidden in programs, plain on the wire.
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Generation from "./Generation.ts"
import * as Wire from "./Wire.ts"

/**
 * A secret: `Redacted` in programs, so that no log and no error message shows it, and a string on the wire. Generated ones
 * match `pattern`.
 *
 * **Example** (A field that nobody logs by mistake)
 *
 * ```ts
 * import * as Redacted from "effect/Redacted"
 * import * as Schema from "effect/Schema"
 * import * as Secret from "@effect-workos/domain/Secret"
 *
 * const Password = Secret.like(/[a-z]{20}/)
 * Redacted.value(Schema.decodeSync(Password)("open sesame")) // => "open sesame"
 * ```
 */
export const like = (pattern: RegExp) =>
  Schema.RedactedFromValue(Generation.stringLike(pattern)).pipe(
    Wire.way({ accepts: Predicate.isString, convert: (encoded) => Redacted.make(String(encoded)) })
  )
