// Replaces the secrets in a row, such as tokens and codes, before a terminal shows the row.
import { isSecret } from "@effect-workos/domain/RedactedString"
import { snakeCase } from "@effect-workos/domain/Wire"
import * as Flag from "effect/cli/Flag"
import { identity } from "effect/Function"
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"

/** The text that replaces a secret. */
const redacted = "<redacted>"

type Redact = (value: unknown) => unknown

/** Replaces the secrets in an encoded row. */
export type Redactor = <A extends object>(row: A) => A

/**
 * Returns a function that replaces the secrets in an encoded row, or `undefined` if rows have no secrets. A row that does
 * not have the documented shape loses the values at the places of secrets too.
 */
export const redactor = (row: Schema.Constraint): Redactor | undefined => {
  const redact = redactOf(SchemaAST.toType(row.ast))
  // The row keeps its keys, and secrets are texts on the wire.
  return redact && (<A extends object>(row: A) => redact(row) as A)
}

/**
 * The flag that shows secrets. Commands whose rows have no secrets do not have the flag.
 */
export const flag = (redactor: Redactor | undefined): Readonly<Record<string, Flag.Flag<boolean>>> =>
  redactor === undefined
    ? {}
    : {
        showSecrets: Flag.Boolean("show-secrets").pipe(
          Flag.withDescription("Print secrets, such as tokens and codes."),
          Flag.withDefault(false)
        )
      }

/**
 * Returns the redactor that the flag selects.
 */
export const select = (redactor: Redactor | undefined, flags: Readonly<Record<string, boolean>>): Redactor =>
  redactor === undefined || flags["showSecrets"] === true ? identity : redactor

/** `undefined` for schemas without a secret. */
const redactOf = (ast: SchemaAST.AST): Redact | undefined => {
  if (isSecret(ast)) return (value) => value && redacted
  if (SchemaAST.isUnion(ast)) return all(ast.types.map(redactOf))
  if (SchemaAST.isArrays(ast)) {
    const item = all([...ast.elements, ...ast.rest].map(redactOf))
    return item && ((value) => (Array.isArray(value) ? value.map(item) : value))
  }
  if (!SchemaAST.isObjects(ast)) return undefined
  const fields = ast.propertySignatures.flatMap(({ name, type }) => {
    const redact = redactOf(type)
    return redact === undefined ? [] : [[snakeCase(String(name)), redact] as const]
  })
  if (fields.length === 0) return undefined
  return (value) =>
    Predicate.isObject(value)
      ? Object.assign(
          {},
          value,
          ...fields.map(([name, redact]) => (name in value ? { [name]: redact(value[name]) } : {}))
        )
      : value
}

const all = (redacts: ReadonlyArray<Redact | undefined>): Redact | undefined => {
  const present = redacts.filter((redact) => redact !== undefined)
  return present.length === 0 ? undefined : (value) => present.reduce((value, redact) => redact(value), value)
}
