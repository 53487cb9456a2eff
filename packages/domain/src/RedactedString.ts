/**
 * Secrets in bodies: `Redacted` in programs, plain strings on the wire.
 *
 * @module
 */
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as Arbitraries from "./Arbitraries.ts"
import * as Lazy from "./Lazy.ts"
import * as Wire from "./Wire.ts"

/**
 * Makes the schema of a secret: a string on the wire, and `Redacted` in programs, so that logs and error messages do not
 * contain the secret. Generated secrets match `pattern`.
 *
 * **Example** (A field that is redacted in logs)
 *
 * ```ts
 * import * as Redacted from "effect/Redacted"
 * import * as Schema from "effect/Schema"
 * import { RedactedString } from "@effect-workos/domain/RedactedString"
 *
 * const Password = RedactedString(/[a-z]{20}/)
 * Redacted.value(Schema.decodeSync(Password)("open sesame")) // => "open sesame"
 * ```
 */
export const RedactedString = (pattern: RegExp) =>
  Lazy.schema(() =>
    Schema.RedactedFromValue(Arbitraries.stringMatching(pattern))
      .pipe(Wire.fastPath({ accepts: Predicate.isString, convert: (encoded) => Redacted.make(String(encoded)) }))
      .annotate({ [secretKey]: true })
  )

const secretKey = "~@effect-workos/domain/RedactedString/secret"

/**
 * Tests whether a schema AST describes a secret.
 */
export const isSecret = (ast: SchemaAST.AST): boolean => resolveSecret(ast) === true

const resolveSecret = SchemaAST.resolveAt<boolean>(secretKey)
