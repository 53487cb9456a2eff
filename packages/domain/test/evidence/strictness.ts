// The strictness of a schema for each of its fields. The fields of generated values are removed, set to `null` or replaced,
// and the results are decoded.
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { AnySchema } from "../../src/Endpoint.ts"
import * as Fields from "../../src/Fields.ts"
import { isEncoded, snakeCase } from "../../src/Wire.ts"
import { nameOf, objectsAt, parentOf, replaceAt, variantsOf } from "./presence.ts"

export interface FieldStrictness {
  /** The path on the wire: `domains[].id`. */
  readonly path: string
  readonly mayBeAbsent: boolean
  readonly mayBeNull: boolean
  /** An absent field has a value after decoding. */
  readonly hasDefault: boolean
  /** Tests whether the field may have a value. */
  readonly accepts: (value: unknown) => boolean
}

const structOf = (kind: Fields.Kind): ReadonlyArray<Fields.Field> => (kind._tag === "Struct" ? kind.fields : [])

const childrenOf = ({ kind }: Fields.Field): ReadonlyArray<Fields.Field> =>
  structOf(kind._tag === "List" ? kind.item : kind)

// An array that drops invalid items accepts any item, so the fields of items are taken from the decoded form, in which they
// have the same names.
const pathsOf = (encoded: ReadonlyArray<Fields.Field>, decoded: ReadonlyArray<Fields.Field>): ReadonlyArray<string> =>
  (encoded.length === 0 ? decoded : encoded).flatMap((field) => {
    const { name } = field
    const counterpart = decoded.find((field) => snakeCase(field.name) === name)
    const inner = encoded.length === 0 ? [] : childrenOf(field)
    const children = pathsOf(inner, counterpart === undefined ? [] : childrenOf(counterpart))
    const isList = [field, counterpart].some((field) => field?.kind._tag === "List")
    return [name, ...children.map((child) => `${name}${isList ? "[]" : ""}.${child}`)]
  })

// With smaller sizes, optional fields of nested structs are absent.
const generate = (schema: AnySchema): ReadonlyArray<unknown> =>
  Effect.runSync(Arbitrary.sampleEffect(Arbitrary.schema(schema), { count: 60, size: 30, seed: 1 })).map(
    (value): unknown => JSON.parse(JSON.stringify(Schema.encodeSync(schema)(value)))
  )

/**
 * Returns the requirements of a schema for each field of its encoded form, including nested fields. `isRelevant` selects
 * paths.
 */
export const strictnessOf = (
  schema: AnySchema,
  isRelevant: (path: string) => boolean = () => true
): ReadonlyArray<FieldStrictness> => {
  const values = generate(schema)
  const decode = Schema.decodeUnknownResult(schema)
  const encode = Schema.encodeUnknownResult(schema)
  const hasForm = isEncoded(schema)

  // The object with the field, after decoding and encoding again. An array that drops invalid items has none.
  const survivor = (value: unknown, path: string): Readonly<Record<string, unknown>> | undefined => {
    if (!hasForm(value)) return undefined
    const encoded = Result.flatMap(decode(value), encode)
    return Result.isSuccess(encoded) ? objectsAt(encoded.success, parentOf(path))[0] : undefined
  }

  const paths = pathsOf(Fields.of(Schema.toEncoded(schema).ast), Fields.of(Schema.toType(schema).ast))
  return paths.filter(isRelevant).map((path) => {
    const name = nameOf(path)
    const base = values
      .flatMap((value) => variantsOf(value, parentOf(path)))
      .find((value) => (objectsAt(value, parentOf(path))[0]?.[name] ?? null) !== null)
    if (base === undefined) throw new Error(`No generated value has ${path}`)
    const absent = survivor(replaceAt(base, path, undefined), path)
    return {
      path,
      mayBeAbsent: absent !== undefined,
      mayBeNull: survivor(replaceAt(base, path, null), path) !== undefined,
      hasDefault: absent?.[name] !== undefined,
      accepts: (value) => survivor(replaceAt(base, path, value), path) !== undefined
    }
  })
}
