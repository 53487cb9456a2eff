// Columns: what of a row stands in a table, under which name, and of which type.
//
// They are written down once for a resource; each format that has columns makes of them what it can.

/** What a table can hold of a row. */
interface Text<Row> {
  readonly type: "text"
  readonly name: string
  readonly isRequired: boolean
  readonly of: (row: Row) => string | null | undefined
}

interface Instant<Row> {
  readonly type: "instant"
  readonly name: string
  readonly of: (row: Row) => string
}

interface Flag<Row> {
  readonly type: "flag"
  readonly name: string
  readonly of: (row: Row) => boolean | undefined
}

interface List<Row> {
  readonly type: "list"
  readonly name: string
  readonly fields: ReadonlyArray<readonly [name: string, "REQUIRED" | "OPTIONAL"]>
  readonly of: (row: Row) => ReadonlyArray<object>
  /** What is shown of it where there is room for one text only. */
  readonly cell: (row: Row) => string
}

/**
 * A column of rows: a text, an instant, a yes or no, or a list of objects whose fields are texts.
 *
 * **Example** (A table of one's own)
 *
 * ```ts
 * import * as Column from "@effect-workos/export/Column"
 * import * as Csv from "@effect-workos/export/Csv"
 * import * as Export from "@effect-workos/export/Export"
 * import type { OrganizationRow } from "@effect-workos/export/Resource"
 *
 * const columns: ReadonlyArray<Column.Column<OrganizationRow>> = [
 *   Column.text("name", ({ name }) => name),
 *   Column.optionalText("tier", ({ metadata }) => metadata?.["tier"])
 * ]
 * const bytes = Csv.write(columns, Export.organizations())
 * ```
 *
 * @see {@link text}, {@link optionalText}, {@link json}, {@link instant}, {@link flag}, {@link list}
 */
export type Column<Row> = Text<Row> | Instant<Row> | Flag<Row> | List<Row>

/**
 * A text that every row has.
 */
export const text = <Row>(name: string, of: (row: Row) => string): Column<Row> => ({
  type: "text",
  name,
  isRequired: true,
  of
})

/**
 * A text that may be absent or `null`.
 */
export const optionalText = <Row>(name: string, of: (row: Row) => string | null | undefined): Column<Row> => ({
  type: "text",
  name,
  isRequired: false,
  of
})

/**
 * What has a shape of its own, or none that is known: as JSON text. It may be absent.
 */
export const json = <Row>(name: string, of: (row: Row) => unknown): Column<Row> =>
  optionalText(name, (row) => {
    const value = of(row)
    return value === undefined || value === null ? undefined : JSON.stringify(value)
  })

/**
 * An ISO 8601 timestamp that every row has.
 */
export const instant = <Row>(name: string, of: (row: Row) => string): Column<Row> => ({ type: "instant", name, of })

/**
 * A yes or no, which may be absent.
 */
export const flag = <Row>(name: string, of: (row: Row) => boolean | undefined): Column<Row> => ({
  type: "flag",
  name,
  of
})

/**
 * A list of objects, which may be empty: of each the fields that are named, which are texts. `cell` is what is shown of all
 * of them where there is room for one text only.
 *
 * **Example** (The columns of a table of one's own)
 *
 * ```ts
 * import * as Column from "@effect-workos/export/Column"
 *
 * interface Project {
 *   readonly id: string
 *   readonly created_at: string
 *   readonly isOpen?: boolean
 *   readonly settings?: unknown
 *   readonly members: ReadonlyArray<{ readonly id: string; readonly email: string }>
 * }
 *
 * const columns: ReadonlyArray<Column.Column<Project>> = [
 *   Column.text("id", ({ id }) => id),
 *   Column.instant("created_at", ({ created_at }) => created_at),
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
 * What stands between the items of a list in one text. No name of a domain has one in it.
 */
export const separator = ";"
