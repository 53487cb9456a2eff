// The tables of a store, built from declarations: indexes, cascades, events and nested rows.
import * as Endpoint from "@effect-workos/domain/Endpoint"
import { UnknownEventName } from "@effect-workos/domain/events/Event"
import * as Pagination from "@effect-workos/domain/Pagination"
import type { Resource } from "@effect-workos/domain/Resource"
import * as Equal from "effect/Equal"
import * as Schema from "effect/Schema"
import type { AnyDeclaration, AnyFilter } from "./Declaration.ts"
import type { EventDraft, EventLog } from "./EventLog.ts"
import * as Lists from "./Lists.ts"
import * as NestedTable from "./NestedTable.ts"
import * as RowSchema from "./RowSchema.ts"
import * as Secrets from "./Secrets.ts"
import * as Table from "./Table.ts"
import type { AnyRow, AnyTable, Tables } from "./Tables.ts"

/** A resource and its declaration. */
export interface Entry {
  readonly resource: Resource
  readonly declaration: AnyDeclaration
}

type Version = AnyRow | undefined

// -----------------------------------------------------------------------------
// Indexes
// -----------------------------------------------------------------------------

/** The values of an index: none, one or several strings. */
export const toValues = (value: unknown): ReadonlyArray<string> =>
  typeof value === "string" ? [value] : Array.isArray(value) ? value : []

const searchName: AnyFilter = (row, text) => Lists.contains(String(Table.valueOf(row, "name")), String(text))

/** The filter of a parameter; `undefined` for equality with the key of the same name. */
export const filterOf = ({ filters = {} }: AnyDeclaration, name: string): AnyFilter | undefined =>
  filters[name] ?? (name === "search" ? searchName : undefined)

/** Tests whether a row has the value of a path parameter. */
export const matches = (
  declaration: AnyDeclaration,
  row: AnyRow,
  name: string,
  value: string,
  store: Tables
): boolean => {
  const filter = filterOf(declaration, name)
  if (filter === undefined) return Table.valueOf(row, name) === value
  if (typeof filter === "function") return filter(row, value, store)
  return "values" in filter && toValues(filter.values(row)).includes(value)
}

/** The indexes of a resource: its filters by equality, and the keys that handlers look up. */
export const indexesOf = ({ declaration, resource }: Entry): Table.Indexes<AnyRow, string> => {
  const { idempotentBy = [], parents = {}, unique = {} } = declaration
  const { list } = resource.endpoints
  const query = RowSchema.keys(list?.query).filter(Pagination.isFilter)
  const parameters = list === undefined ? [] : [...query, ...Endpoint.pathParams(list)]
  const names = [...parameters, ...Object.keys(parents), ...Object.keys(unique), ...idempotentBy]
  return Object.fromEntries(
    names.flatMap((name) => {
      const filter = filterOf(declaration, name)
      if (filter === undefined) return [[name, (row: AnyRow) => toValues(Table.valueOf(row, name))]]
      return "values" in filter ? [[name, (row: AnyRow) => toValues(filter.values(row))]] : []
    })
  )
}

// -----------------------------------------------------------------------------
// Changes
// -----------------------------------------------------------------------------

const isUntyped = Schema.is(UnknownEventName)

const eventsOf = (entry: Entry, before: Version, after: Version, store: Tables): ReadonlyArray<EventDraft> => {
  const { events } = entry.declaration
  const row = after ?? before
  if (events === undefined || row === undefined || Equal.equals(before, after)) return []
  if (typeof events === "function") return events(before, after, store)
  const event = events[before === undefined ? "created" : after === undefined ? "deleted" : "updated"]
  if (event === undefined) return []
  const schema = RowSchema.of(entry.resource)
  const data = isUntyped(event) && schema !== undefined ? Schema.encodeSync(schema)(row) : row
  // `Declaration` accepts the types of events whose data is a row, and types without a schema.
  return [{ event, data } as EventDraft]
}

const withId = (rows: ReadonlyArray<AnyRow>, id: string): Version => rows.find((row) => row.id === id)

/** The previous and the new version of each nested row of a changed row, removed rows first. */
const nestedChanges = (
  { declaration: { nested } }: Entry,
  before: Version,
  after: Version
): ReadonlyArray<readonly [Version, Version]> => {
  const rowsOf = (parent: Version) => (parent === undefined || nested === undefined ? [] : nested.rows(parent))
  const [previous, next] = [rowsOf(before), rowsOf(after)]
  return [
    ...previous.filter(({ id }) => withId(next, id) === undefined).map((row) => [row, undefined] as const),
    ...next.map((row) => [withId(previous, row.id), row] as const)
  ]
}

const nestedIn = (entries: ReadonlyArray<Entry>, { resource }: Entry): ReadonlyArray<Entry> =>
  entries.filter(({ declaration }) => declaration.nested?.in === resource.name)

/**
 * The events of a changed row and of its nested rows. For a new row, the event of the row is first. For a changed or deleted
 * row, the events of its nested rows are first.
 */
export const eventsOfChange = (
  entries: ReadonlyArray<Entry>,
  entry: Entry,
  before: Version,
  after: Version,
  store: Tables
): ReadonlyArray<EventDraft> => {
  const rowEvents = eventsOf(entry, before, after, store)
  const nested = nestedIn(entries, entry).flatMap((child) =>
    nestedChanges(child, before, after).flatMap(([previous, current]) => eventsOf(child, previous, current, store))
  )
  return before === undefined ? [...rowEvents, ...nested] : [...nested, ...rowEvents]
}

// -----------------------------------------------------------------------------
// Tables
// -----------------------------------------------------------------------------

/** The table of a resource, by its name. */
export const tableOf = (store: Tables, name: string): AnyTable | undefined => {
  // Reverses the cast in `make`.
  const tables = store as unknown as Readonly<Record<string, AnyTable | undefined>>
  return tables[name]
}

/**
 * Makes the tables of all resources with rows, on an event log.
 */
export const make = (
  entries: ReadonlyArray<Entry>,
  rows: Readonly<Record<string, ReadonlyArray<AnyRow> | undefined>>,
  log: EventLog
): Tables => {
  const tables: Record<string, AnyTable> = {}
  // When `make` returns, `tables` has a table for each resource with rows, as the type `Tables` requires.
  const store = Object.assign(tables, log, { secrets: Secrets.make() }) as unknown as Tables
  const withRows = entries.filter(({ resource }) => RowSchema.of(resource) !== undefined && resource.name !== "events")

  const removeChildren = ({ resource }: Entry, { id }: AnyRow) => {
    for (const { declaration, resource: child } of withRows) {
      if (declaration.nested?.in === resource.name) continue
      for (const [key, parent] of Object.entries(declaration.parents ?? {})) {
        if (parent.resource !== resource.name) continue
        for (const row of tables[child.name]?.findBy(key, id) ?? []) tables[child.name]?.remove(row.id)
      }
    }
  }

  const onChange = (entry: Entry) => (before: Version, after: Version) => {
    if (before !== undefined && after === undefined) removeChildren(entry, before)
    for (const event of eventsOfChange(entries, entry, before, after, store)) log.emit(event)
    entry.declaration.onChange?.(before, after, store)
    for (const child of nestedIn(entries, entry)) {
      if (child.declaration.onChange === undefined) continue
      for (const [previous, current] of nestedChanges(child, before, after))
        child.declaration.onChange(previous, current, store)
    }
  }

  const idsIn = ({ resource }: Entry) => `${resource.name}.id`
  for (const entry of withRows) {
    if (entry.declaration.nested !== undefined) continue
    const nestedIds = nestedIn(entries, entry).map((child) => [
      idsIn(child),
      (row: AnyRow) => child.declaration.nested?.rows(row).map(({ id }) => id) ?? []
    ])
    const indexes = { ...indexesOf(entry), ...Object.fromEntries(nestedIds) }
    tables[entry.resource.name] = Table.make(rows[entry.resource.name] ?? [], indexes, onChange(entry))
  }
  for (const entry of withRows) {
    const { nested } = entry.declaration
    const parents = nested && tables[nested.in]
    if (nested === undefined || parents === undefined) continue
    const options = { ...nested, parents, index: idsIn(entry), indexes: indexesOf(entry) }
    tables[entry.resource.name] = NestedTable.make(options)
  }
  return store
}
