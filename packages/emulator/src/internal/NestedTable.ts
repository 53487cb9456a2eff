// Tables whose rows are inside the rows of another table.
import * as Table from "./Table.ts"

/** Options of {@link make}. */
interface Options<Parent extends Table.Row, A extends Table.Row> {
  readonly parents: Pick<Table.Table<Parent, string>, "rows" | "get" | "findBy" | "set">
  /** The index of `parents` that has the ids of nested rows. */
  readonly index: string
  readonly indexes: Table.Indexes<A, string>
  readonly rows: (parent: Parent) => ReadonlyArray<A>
  readonly replace: (parent: Parent, rows: ReadonlyArray<A>) => Parent
  readonly parentId: (row: A) => string | undefined
}

/**
 * Makes a table of the rows that are nested in rows of another table. A change replaces the parent row.
 */
export const make = <Parent extends Table.Row, A extends Table.Row>({
  index,
  indexes,
  parentId,
  parents,
  replace,
  rows: rowsIn
}: Options<Parent, A>): Table.Table<A, string> => {
  const parentOf = (id: string): Parent | undefined => parents.findBy(index, id)[0]
  const rows = () => parents.rows.flatMap(rowsIn).toSorted(Table.byCreation)
  // Nested rows are few, so a new table for each read is cheap.
  const snapshot = () => Table.make(rows(), indexes)

  return {
    get rows() {
      return rows()
    },
    // No endpoint lists nested rows by themselves, so the ids of nested rows need not increase.
    newest: undefined,
    get: (id) => {
      const parent = parentOf(id)
      return parent && rowsIn(parent).find((row) => row.id === id)
    },
    findBy: (name, value) => snapshot().findBy(name, value),
    set: (row) => {
      const parent = parentOf(row.id) ?? parents.get(parentId(row) ?? "")
      if (parent === undefined) return
      const siblings = rowsIn(parent)
      const isKnown = siblings.some(({ id }) => id === row.id)
      parents.set(
        replace(parent, isKnown ? siblings.map((other) => (other.id === row.id ? row : other)) : [...siblings, row])
      )
    },
    remove: (id) => {
      const parent = parentOf(id)
      if (parent === undefined) return false
      parents.set(
        replace(
          parent,
          rowsIn(parent).filter((row) => row.id !== id)
        )
      )
      return true
    },
    page: (request) => snapshot().page(request)
  }
}
