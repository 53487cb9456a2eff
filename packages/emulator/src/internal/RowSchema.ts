// The schema of a resource's rows, and values that derive from it.
import * as Fields from "@effect-workos/domain/Fields"
import type { Resource } from "@effect-workos/domain/Resource"
import { memoize } from "effect/Function"
import type * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import type { AnyRow } from "./Tables.ts"

/**
 * The schema of a row: the result of `get`, or the item of `list`. `undefined` for resources without rows.
 */
export const of = ({ endpoints: { get, list } }: Resource): Schema.Codec<AnyRow> | undefined => {
  const schema = get?.success ?? list?.item
  // Objects that exist once have no id, and no table.
  return schema !== undefined && keys(schema).includes("id") ? (schema as Schema.Codec<AnyRow>) : undefined
}

/**
 * Returns a function that keeps the hidden columns of a row, which its schema does not contain.
 */
export const withHidden =
  (hidden: ReadonlyArray<string> = []) =>
  <A extends AnyRow>(row: A, values: object): A =>
    hidden.length === 0
      ? row
      : Object.assign(row, Object.fromEntries(hidden.map((name) => [name, Reflect.get(values, name)])))

const kindOf = (schema: Schema.Top, key: string): Fields.Kind | undefined =>
  fieldsOf(schema).find(({ name }) => name === key)?.kind

// Each emulator reads the fields of all schemas several times.
const fieldsOf = memoize((schema: Schema.Top) => Fields.of(SchemaAST.toType(schema.ast)))

/** The names of the keys of a struct. */
export const keys = (schema: Schema.Top | undefined): ReadonlyArray<string> =>
  schema === undefined ? [] : fieldsOf(schema).map(({ name }) => name)

/** The value of the key `object`. */
export const object = (schema: Schema.Top): string => {
  const kind = kindOf(schema, "object")
  return kind?._tag === "Constant" ? String(kind.value) : ""
}

/** The prefix of ids. */
export const prefix = (schema: Schema.Top): string => {
  const kind = kindOf(schema, "id")
  return (kind?._tag === "Text" && kind.prefix) || ""
}
