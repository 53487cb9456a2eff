/**
 * The columns of tabular formats, written by hand or derived from the schema of a row. A column has a name, a type and a
 * function that returns its value for a row.
 *
 * @module
 */
import * as Fields from "@effect-workos/domain/Fields"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"

interface Text<Row> {
  readonly type: "text"
  readonly name: string
  readonly isRequired: boolean
  readonly of: (row: Row) => string | null | undefined
}

interface Instant<Row> {
  readonly type: "instant"
  readonly name: string
  readonly isRequired: boolean
  readonly of: (row: Row) => string | null | undefined
}

interface Flag<Row> {
  readonly type: "flag"
  readonly name: string
  readonly of: (row: Row) => boolean | null | undefined
}

interface List<Row> {
  readonly type: "list"
  readonly name: string
  readonly fields: ReadonlyArray<readonly [name: string, "REQUIRED" | "OPTIONAL"]>
  readonly of: (row: Row) => ReadonlyArray<object>
  /** Returns the value in formats without lists. */
  readonly cell: (row: Row) => string
}

/**
 * A column: text, a timestamp ("instant"), a boolean ("flag"), or a list of objects with text fields.
 *
 * **Example** (Writing other columns)
 *
 * ```ts
 * import * as Column from "@effect-workos/export/Column"
 * import * as Csv from "@effect-workos/export/Csv"
 * import * as Export from "@effect-workos/export/Export"
 * import type { OrganizationRow } from "@effect-workos/export/Exportable"
 *
 * const columns: ReadonlyArray<Column.Column<OrganizationRow>> = [
 *   Column.text("name", ({ name }) => name),
 *   Column.optionalText("tier", ({ metadata }) => metadata?.["tier"])
 * ]
 * const bytes = Csv.write(columns, Export.organizations())
 * ```
 *
 * @see {@link text}, {@link optionalText}, {@link json}, {@link instant}, {@link optionalInstant}, {@link flag},
 * {@link list}, {@link derive}
 */
export type Column<Row> = Text<Row> | Instant<Row> | Flag<Row> | List<Row>

/**
 * A column of required text.
 */
export const text = <Row>(name: string, of: (row: Row) => string): Column<Row> => ({
  type: "text",
  name,
  isRequired: true,
  of
})

/**
 * A column of text that may be absent or `null`.
 */
export const optionalText = <Row>(name: string, of: (row: Row) => string | null | undefined): Column<Row> => ({
  type: "text",
  name,
  isRequired: false,
  of
})

/**
 * A column of any value as JSON text. The value may be absent or `null`.
 */
export const json = <Row>(name: string, of: (row: Row) => unknown): Column<Row> =>
  optionalText(name, (row) => {
    const value = of(row)
    return value === undefined || value === null ? undefined : JSON.stringify(value)
  })

/**
 * A column of required ISO 8601 timestamps.
 */
export const instant = <Row>(name: string, of: (row: Row) => string): Column<Row> => ({
  type: "instant",
  name,
  isRequired: true,
  of
})

/**
 * A column of ISO 8601 timestamps that may be absent or `null`.
 */
export const optionalInstant = <Row>(name: string, of: (row: Row) => string | null | undefined): Column<Row> => ({
  type: "instant",
  name,
  isRequired: false,
  of
})

/**
 * A column of booleans that may be absent or `null`.
 */
export const flag = <Row>(name: string, of: (row: Row) => boolean | null | undefined): Column<Row> => ({
  type: "flag",
  name,
  of
})

/**
 * A column of lists of objects. `fields` are the text fields to include, and `cell` is the value of an object in formats
 * without lists.
 *
 * **Example** (Writing columns by hand)
 *
 * ```ts
 * import * as Column from "@effect-workos/export/Column"
 *
 * interface Project {
 *   readonly id: string
 *   readonly created_at: string
 *   readonly closed_at?: string | null
 *   readonly isOpen?: boolean
 *   readonly settings?: unknown
 *   readonly members: ReadonlyArray<{ readonly id: string; readonly email: string }>
 * }
 *
 * const columns: ReadonlyArray<Column.Column<Project>> = [
 *   Column.text("id", ({ id }) => id),
 *   Column.instant("created_at", ({ created_at }) => created_at),
 *   Column.optionalInstant("closed_at", ({ closed_at }) => closed_at),
 *   Column.flag("is_open", ({ isOpen }) => isOpen),
 *   Column.json("settings", ({ settings }) => settings),
 *   Column.list("members", ({ members }) => members, [["id", "REQUIRED"]], ({ email }) => email)
 * ]
 *
 * const emails = (cell: string): ReadonlyArray<string> => cell.split(Column.separator)
 * ```
 */
export const list = <Row, Item extends object>(
  name: string,
  of: (row: Row) => ReadonlyArray<Item>,
  fields: ReadonlyArray<readonly [name: keyof Item & string, "REQUIRED" | "OPTIONAL"]>,
  cell: (item: Item) => string
): Column<Row> => ({
  type: "list",
  name,
  fields,
  of,
  cell: (row) => of(row).map(cell).join(separator)
})

/**
 * The separator of list items in formats without lists. Domain names do not contain it.
 */
export const separator = ";"

// -----------------------------------------------------------------------------
// Columns of a schema
// -----------------------------------------------------------------------------

/**
 * Changes to the columns that `derive` makes from a schema.
 *
 * **Details**
 *
 * - `first`: the names of the first columns. The others follow in the order of the schema.
 * - `flatten`: a record whose keys are the names of fields with an object. Its values list the fields of that object that
 *   become columns. The object itself then has no column.
 * - `items`: a record whose keys are the names of fields with a list of objects. Its values list the fields of these objects
 *   that the column contains. Defaults to all fields.
 */
export interface Overrides {
  readonly first?: ReadonlyArray<string> | undefined
  readonly flatten?: Readonly<Record<string, ReadonlyArray<string>>> | undefined
  readonly items?: Readonly<Record<string, ReadonlyArray<string>>> | undefined
}

/**
 * Derives columns from the schema of a row: one per field, with the name that the field has in responses.
 *
 * **Details**
 *
 * | field | column |
 * | --- | --- |
 * | string | text |
 * | timestamp | instant |
 * | boolean | flag |
 * | list of objects whose fields are strings | list |
 * | anything else | JSON |
 *
 * Fields with one possible value, such as `object`, are left out. All columns except `id` are optional, so that rows that
 * do not have the documented shape keep the values that can be read.
 *
 * **Example** (Columns of another row)
 *
 * ```ts
 * import { Timestamp } from "@effect-workos/domain/Timestamp"
 * import * as Wire from "@effect-workos/domain/Wire"
 * import * as Column from "@effect-workos/export/Column"
 * import * as Schema from "effect/Schema"
 *
 * const Note = Wire.Struct({ id: Schema.String, text: Schema.String, createdAt: Timestamp })
 *
 * const overrides: Column.Overrides = { first: ["created_at"] }
 *
 * Column.derive(Note, overrides).map(({ name }) => name) // => ["created_at", "id", "text"]
 * ```
 */
export const derive = (
  row: Schema.Constraint,
  { first = [], flatten = {}, items = {} }: Overrides = {}
): ReadonlyArray<Column<object>> => {
  const columns = Fields.of(Schema.toEncoded(row).ast).flatMap((field) => {
    const flattened = flatten[field.name]
    if (flattened === undefined || field.kind._tag !== "Struct") return columnsOf(field, items[field.name])
    return named(field.kind.fields, flattened).flatMap((inner) => columnsOf(inner, undefined, field.name))
  })
  const isFirst = ({ name }: Column<object>) => first.includes(name)
  return [
    ...first.flatMap((name) => columns.filter((column) => column.name === name)),
    ...columns.filter((column) => !isFirst(column))
  ]
}

const columnsOf = (
  { kind, name }: Fields.Field,
  items: ReadonlyArray<string> | undefined,
  parent?: string
): ReadonlyArray<Column<object>> => {
  const valueOf = (row: object): unknown => (parent === undefined ? at(row, name) : at(at(row, parent), name))
  const textOf = (row: object): string | undefined => asText(valueOf(row))
  switch (kind._tag) {
    case "Constant":
      return []
    case "Text":
      return [name === "id" ? text(name, (row) => textOf(row) ?? "") : optionalText(name, textOf)]
    case "Instant":
      return [optionalInstant(name, textOf)]
    case "Boolean":
      return [
        flag(name, (row) => {
          const value = valueOf(row)
          return typeof value === "boolean" ? value : undefined
        })
      ]
    case "List": {
      const fields = kind.item._tag === "Struct" ? named(kind.item.fields, items) : []
      const [firstField] = fields
      if (firstField === undefined || !fields.every(isTextField)) return [json(name, valueOf)]
      const label = fields.find(({ kind }) => kind._tag === "Text" && kind.prefix === undefined) ?? firstField
      const names = fields.map(({ name }) => name)
      const itemsOf = (row: object): ReadonlyArray<Readonly<Record<string, string | undefined>>> => {
        const value = valueOf(row)
        return Array.isArray(value) ? value.filter(Predicate.isObject).map((item) => textsOf(item, names)) : []
      }
      return [
        list(
          name,
          itemsOf,
          names.map((name) => [name, "OPTIONAL"] as const),
          (item) => item[label.name] ?? ""
        )
      ]
    }
    default:
      return [json(name, valueOf)]
  }
}

const isTextField = ({ kind }: Fields.Field): boolean => kind._tag === "Text" || kind._tag === "Instant"

const named = (fields: ReadonlyArray<Fields.Field>, names: ReadonlyArray<string> | undefined) =>
  names === undefined
    ? fields.filter(({ kind }) => kind._tag !== "Constant")
    : names.flatMap((name) => fields.filter((field) => field.name === name))

const at = (value: unknown, name: string): unknown =>
  Predicate.isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined

const textsOf = (item: object, names: ReadonlyArray<string>): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(names.map((name) => [name, asText(at(item, name))]))

const asText = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)
