// Renders encoded rows of any resource as rows of a table or as detail views.
import * as Fields from "@effect-workos/domain/Fields"
import { parseMillis } from "@effect-workos/domain/Timestamp"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { capitalize } from "effect/String"
import * as DetailView from "./DetailView.ts"
import type * as Presentation from "./Presentation.ts"
import * as TextTable from "./TextTable.ts"

const paints: Readonly<Record<Presentation.Colour, (text: string) => string>> = {
  green: TextTable.green,
  red: TextTable.red,
  yellow: TextTable.yellow
}

/**
 * Returns the columns of a table of rows. Without columns in the presentation, these are the id, name, type, state and
 * creation time, if the schema of a row has them.
 */
export const columns = (
  row: Schema.Constraint,
  { columns = defaultColumns(row) }: Presentation.Presentation
): ReadonlyArray<TextTable.Column<object>> =>
  columns.map(({ colours = [], format, value, ...column }) => ({
    ...column,
    of: (row) => formatTime(textOf(valueAt(row, value)), format),
    paint: (shown, row) => {
      const text = textOf(valueAt(row, value))
      const [, colour] = colours.find(([pattern]) => pattern.test(text)) ?? []
      return colour === undefined ? shown : paints[colour](shown)
    }
  }))

/**
 * Renders the detail view of a row. Without fields in the presentation, shows all fields of the schema except constants.
 */
export const details =
  (row: Schema.Constraint, { details = defaultDetails(row) }: Presentation.Presentation) =>
  (row: object): string =>
    DetailView.make(
      details.map(({ empty, format, item, label, value }) => {
        const text = detailOf(valueAt(row, value), item)
        if (text === "") return [label, empty]
        return [label, format === undefined ? text : `${formatTime(text, format)} UTC`]
      })
    )

// -----------------------------------------------------------------------------
// Values
// -----------------------------------------------------------------------------

const valueAt = (row: object, path: Presentation.Column["value"]): unknown =>
  typeof path === "string"
    ? follow(row, path.split("."))
    : path.map((path) => follow(row, path.split("."))).find((value) => Predicate.isString(value) && value !== "")

const follow = (value: unknown, [name, ...rest]: ReadonlyArray<string>): unknown => {
  if (name === undefined) return value
  if (Array.isArray(value)) return value.map((item) => follow(item, [name, ...rest]))
  return Predicate.isObject(value) && Object.hasOwn(value, name) ? follow(value[name], rest) : undefined
}

// Formats a value on one line.
const textOf = (value: unknown): string => {
  if (value === undefined || value === null) return ""
  if (Array.isArray(value)) return value.map(textOf).join(", ")
  return typeof value === "object" ? JSON.stringify(value) : String(value)
}

// Formats a value with one line per item or field.
const detailOf = (value: unknown, item: Presentation.DetailField["item"]): string => {
  if (Array.isArray(value) && value.some(Predicate.isObject)) {
    return value.map((one: unknown) => (Predicate.isObject(one) ? itemOf(one, item) : textOf(one))).join("\n")
  }
  return Predicate.isObject(value) && !Array.isArray(value) && !isNumberObject(value)
    ? Object.entries(value)
        .map(([name, value]) => `${name}: ${textOf(value)}`)
        .join("\n")
    : textOf(value)
}

// Numbers with more digits than a JavaScript number are objects.
const isNumberObject = (value: object): boolean => Object.prototype.toString.call(value) === "[object Number]"

const itemOf = (object: object, item: Presentation.DetailField["item"]): string => {
  if (item === undefined) return textOf(valueAt(object, [...names, "id"]) ?? object)
  const [name, note] = item.map((name) => textOf(valueAt(object, name)))
  return note === "" ? `${name}` : `${name} (${note})`
}

const formatTime = (text: string, format: Presentation.Column["format"]): string => {
  if (format === "date") return text.slice(0, 10)
  const millis = format === "time" ? parseMillis(text) : undefined
  return millis === undefined ? text : new Date(millis).toISOString().slice(0, 19).replace("T", " ")
}

// -----------------------------------------------------------------------------
// Defaults
// -----------------------------------------------------------------------------

/** Fields that may contain the name of an object, in order of preference. */
const names = ["name", "email", "domain", "title", "slug", "key", "uri", "origin"]

/** The length of a ULID. */
const idLength = 26

const fieldsOf = (row: Schema.Constraint): ReadonlyArray<Fields.Field> => Fields.of(Schema.toEncoded(row).ast)

const column = (name: string | undefined, column: Omit<Presentation.Column, "value">) =>
  name === undefined ? [] : [{ ...column, value: name }]

const defaultColumns = (row: Schema.Constraint): ReadonlyArray<Presentation.Column> => {
  const fields = fieldsOf(row)
  const find = (is: (name: string) => boolean) =>
    fields.find(({ kind, name }) => kind._tag === "Text" && is(name))?.name
  const id = fields.find(({ name }) => name === "id")?.kind
  const prefix = id?._tag === "Text" ? id.prefix : undefined
  // Rows without an id have few fields, so the table shows all texts.
  if (id === undefined) {
    const texts = fields.filter(({ kind }) => kind._tag === "Text").map(({ name }) => name)
    return texts.flatMap((name) => column(name, { heading: headingOf(name), width: 24, minimum: 10 }))
  }
  const [name = nestedName(fields)] = names.flatMap((name) => find((other) => other === name) ?? [])
  const email = name === "email" ? undefined : find((name) => name === "email")
  return [
    ...column("id", { heading: "ID", width: idWidth(prefix) }),
    ...column(name, { heading: headingOf(name?.split(".")[0] ?? ""), width: 32, minimum: 14 }),
    ...column(email, { heading: "EMAIL", width: 32, minimum: 14 }),
    ...column(
      find((name) => name === "type" || name.endsWith("_type")),
      { heading: "TYPE", width: 22, minimum: 12 }
    ),
    ...column(
      find((name) => name === "state" || name === "status"),
      { heading: "STATE", width: 13, minimum: 10 }
    ),
    ...column(fields.find(({ name }) => name === "created_at")?.name, {
      heading: "CREATED",
      format: "date",
      width: 10
    }),
    ...references(fields)
  ]
}

const idWidth = (prefix: string | undefined): number => (prefix?.length ?? 5) + 1 + idLength

/** The path of the name of an object inside the row, for rows without a name. */
const nestedName = (fields: ReadonlyArray<Fields.Field>): string | undefined =>
  fields.flatMap(({ isRequired, kind, name }) => {
    const inner = isRequired && kind._tag === "Struct" ? kind.fields.map(({ name }) => name) : []
    return names.flatMap((other) => (inner.includes(other) ? [`${name}.${other}`] : []))
  })[0]

/** The ids of other objects, such as `organization_id`. */
const references = (fields: ReadonlyArray<Fields.Field>): ReadonlyArray<Presentation.Column> =>
  fields.flatMap(({ kind, name }) =>
    kind._tag === "Text" && kind.prefix !== undefined && name.endsWith("_id")
      ? column(name, { heading: headingOf(name.replace(/_id$/, "")), width: idWidth(kind.prefix) })
      : []
  )

const headingOf = (name: string): string => name.replaceAll("_", " ").toUpperCase()

const defaultDetails = (row: Schema.Constraint): ReadonlyArray<Presentation.DetailField> =>
  fieldsOf(row).flatMap(({ kind, name }): ReadonlyArray<Presentation.DetailField> => {
    if (kind._tag === "Constant") return []
    const label = labelOf(name)
    return [kind._tag === "Instant" ? { label, value: name, format: "time" } : { label, value: name }]
  })

// `organization_id` becomes "Organization", and `created_at` becomes "Created".
const labelOf = (name: string): string => capitalize(name.replace(/(.)_(?:id|at)$/, "$1").replaceAll("_", " "))
