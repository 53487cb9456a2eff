// Mutants with faulty cursors.
import { type Cursors, relist, type Slice } from "./Listing.ts"
import { filterCount, makeMutant, type Mutant, refuse } from "./Mutant.ts"
import { idAt, find, list, organization } from "./Probe.ts"

const lastId = ({ end, rows, start }: Slice): string | null => (end > start ? (rows[end - 1]?.id ?? null) : null)
const firstId = ({ end, rows, start }: Slice): string | null => (end > start ? (rows[start]?.id ?? null) : null)

const halfway = (store: Parameters<Mutant["shows"]>[0]) => [
  list(`order=asc&before=${idAt(store, 100)}`),
  list(`order=desc&before=${idAt(store, 100)}`)
]

/**
 * Mutants for lists/back-and-forth.
 */
const back: ReadonlyArray<Mutant> = [
  {
    id: "before-skips-a-row",
    law: "lists/back-and-forth",
    operation: "connections.list",
    summary: "Skips the row next to a backward cursor",
    subtle: true,
    mutate: relist({
      slice: (slice, { before, limit }) =>
        before === undefined
          ? slice
          : { ...slice, start: Math.max(slice.end - 1 - limit, 0), end: Math.max(slice.end - 1, 0) }
    }),
    shows: halfway
  },
  {
    id: "before-includes-its-cursor",
    law: "lists/back-and-forth",
    operation: "connections.list",
    summary: "Repeats the row of a backward cursor",
    subtle: true,
    mutate: relist({
      slice: (slice, { before, limit }) =>
        before !== undefined && slice.rows[slice.end]?.id === before.id
          ? { ...slice, start: Math.max(slice.end + 1 - limit, 0), end: slice.end + 1 }
          : slice
    }),
    shows: halfway
  },
  {
    id: "before-starts-at-the-first-row",
    law: "lists/back-and-forth",
    operation: "connections.list",
    summary: "Returns the first page instead of the previous one",
    subtle: true,
    mutate: relist({
      slice: (slice, { before, limit }) =>
        before === undefined ? slice : { ...slice, start: 0, end: Math.min(limit, slice.end) }
    }),
    shows: halfway
  },
  {
    id: "before-is-one-short",
    law: "lists/back-and-forth",
    operation: "connections.list",
    summary: "Returns one row too few on backward pages",
    subtle: true,
    mutate: relist({
      slice: (slice, { before }) =>
        before === undefined || slice.end - slice.start < 2 ? slice : { ...slice, start: slice.start + 1 }
    }),
    shows: halfway
  },
  {
    id: "ascending-before-goes-on",
    law: "lists/back-and-forth",
    operation: "connections.list",
    summary: "Returns the next page instead of the previous one in ascending order",
    subtle: true,
    mutate: relist({
      slice: (slice, { before, limit, order }) => {
        if (order !== "asc" || before === undefined) return slice
        const start = slice.rows[slice.end]?.id === before.id ? slice.end + 1 : slice.end
        return { ...slice, start, end: Math.min(start + limit, slice.rows.length) }
      }
    }),
    shows: (store) => [list(`order=asc&before=${idAt(store, 100)}`)]
  }
]

const ending = (after: (cursors: Cursors, slice: Slice, limit: number, cursor: string | null) => string | null) =>
  relist({
    cursors: (cursors, slice, { cursor, limit }) => ({
      ...cursors,
      after: after(cursors, slice, limit, cursor?.id ?? null)
    })
  })

const lastPage: Mutant["shows"] = (store) => [list(`order=asc&limit=10&after=${idAt(store, -6)}`)]

/**
 * Mutants for lists/cursors-end.
 */
const ends: ReadonlyArray<Mutant> = [
  {
    id: "after-on-the-last-page",
    law: "lists/cursors-end",
    operation: "connections.list",
    summary: "Returns a cursor to an empty page on the last page",
    mutate: ending(({ after }, slice) => after ?? lastId(slice)),
    shows: lastPage
  },
  {
    id: "after-on-a-full-last-page",
    law: "lists/cursors-end",
    operation: "connections.list",
    summary: "Returns a cursor on a last page with as many rows as the limit",
    subtle: true,
    mutate: ending(({ after }, slice, limit) => (slice.end - slice.start === limit ? lastId(slice) : after)),
    shows: (store) => [list(`order=asc&limit=5&after=${idAt(store, -6)}`)]
  },
  {
    id: "starts-over",
    law: "lists/cursors-end",
    operation: "connections.list",
    summary: "Returns the cursor to the second page on the last page",
    mutate: ending(
      ({ after }, { rows }, limit) => after ?? (rows.length > limit ? (rows[limit - 1]?.id ?? null) : null)
    ),
    shows: lastPage
  },
  {
    id: "third-page-repeats-its-cursor",
    law: "lists/cursors-end",
    operation: "connections.list",
    summary: "Repeats the cursor of the request on the third page",
    subtle: true,
    mutate: ending(({ after }, { start }, limit, parsed) => (after !== null && start === 2 * limit ? parsed : after)),
    shows: (store) => [list(`order=asc&limit=10&after=${idAt(store, 19)}`)]
  },
  {
    id: "ends-before-a-short-page",
    law: "lists/cursors-end",
    operation: "connections.list",
    summary: "Returns no cursor to a last page that is shorter than the limit",
    subtle: true,
    mutate: ending(({ after }, { end, rows }, limit) => (rows.length - end < limit ? null : after)),
    shows: (store) => [list(`order=asc&limit=10&after=${idAt(store, -16)}`)]
  },
  {
    id: "filtered-lists-end-early",
    law: "lists/cursors-end",
    operation: "connections.list",
    summary: "Returns no cursor to the second page of an organization's list",
    subtle: true,
    mutate: relist({
      cursors: (cursors, { start }, { parsed }) => ({
        ...cursors,
        after: parsed.query.has("organization_id") && start === 0 ? null : cursors.after
      })
    }),
    shows: (store) => [list(`organization_id=${organization(store)}&limit=2`)]
  },
  {
    id: "empty-pages-repeat-their-cursor",
    law: "lists/cursors-end",
    operation: "connections.list",
    summary: "Repeats the cursor of the request on an empty page",
    subtle: true,
    mutate: ending(({ after }, { end, start }, _, parsed) => (end === start ? parsed : after)),
    shows: (store) => [list(`order=desc&after=${idAt(store, 0)}`)]
  }
]

/**
 * Mutants for lists/first-page.
 */
const firsts: ReadonlyArray<Mutant> = [
  {
    id: "before-on-the-first-page",
    law: "lists/first-page",
    operation: "connections.list",
    summary: "Returns a previous cursor on the first page",
    mutate: relist({ cursors: ({ after, before }, slice) => ({ after, before: before ?? firstId(slice) }) }),
    shows: () => [list()]
  },
  {
    id: "before-on-the-first-page-of-filters",
    law: "lists/first-page",
    operation: "connections.list",
    summary: "Returns a previous cursor on the first page of a filtered list",
    subtle: true,
    mutate: relist({
      cursors: ({ after, before }, slice, { parsed }) => ({
        after,
        before: before ?? (filterCount(parsed) > 0 ? firstId(slice) : null)
      })
    }),
    shows: (store) => [list(`organization_id=${organization(store)}`)]
  },
  {
    id: "before-on-the-first-page-reached-backwards",
    law: "lists/first-page",
    operation: "connections.list",
    summary: "Returns a previous cursor on the first page if reached from the second",
    subtle: true,
    mutate: relist({
      cursors: (cursors, slice, { before }) => ({
        after: cursors.after,
        before: cursors.before ?? (before === undefined ? null : firstId(slice))
      })
    }),
    shows: (store) => [list(`order=asc&before=${idAt(store, 5)}`)]
  },
  {
    id: "before-on-the-first-ascending-page",
    law: "lists/first-page",
    operation: "connections.list",
    summary: "Returns a previous cursor on the first page of an ascending list",
    subtle: true,
    mutate: relist({
      cursors: ({ after, before }, slice, { order }) => ({
        after,
        before: before ?? (order === "asc" ? firstId(slice) : null)
      })
    }),
    shows: () => [list("order=asc")]
  }
]

const outside = (store: Parameters<Mutant["shows"]>[0]) => {
  const id = organization(store)
  const other = find(store, ({ organizationId }) => organizationId !== undefined && organizationId !== id)
  return [list(`order=asc&organization_id=${id}&after=${other.id}`)]
}

const isOutside = ({ rows }: Slice, cursor: { readonly id: string } | undefined) =>
  cursor !== undefined && !rows.some(({ id }) => id === cursor.id)

const cursorIn = (query: URLSearchParams): string => query.get("after") ?? query.get("before") ?? ""

/**
 * Mutants for lists/any-cursor.
 */
const anywhere: ReadonlyArray<Mutant> = [
  {
    id: "accepts-only-returned-cursors",
    law: "lists/any-cursor",
    operation: "connections.list",
    summary: "Refuses cursors that it has not returned before",
    subtle: true,
    mutate: makeMutant((emulator, store) => {
      const given = new Set<string>()
      return async (parsed) => {
        const response = await emulator(parsed.request)
        if (parsed.operation !== "connections.list" || !response.ok) return response
        const cursor = cursorIn(parsed.query)
        if (cursor !== "" && !given.has(cursor))
          return refuse(422, `Unknown cursor '${cursor}'`)(response, parsed, store)
        for (const [, id] of (await response.clone().text()).matchAll(/"(?:after|before)":"([^"]+)"/g)) {
          if (id !== undefined) given.add(id)
        }
        return response
      }
    }),
    shows: (store) => [list(`after=${idAt(store, 123)}`)]
  },
  {
    id: "refuses-cursors-outside-the-filter",
    law: "lists/any-cursor",
    operation: "connections.list",
    summary: "Refuses the id of another organization's connection as a cursor",
    subtle: true,
    mutate: makeMutant((emulator, store) => async (parsed) => {
      const response = await emulator(parsed.request)
      const organizationId = parsed.query.get("organization_id")
      const cursor = store.connections.get(cursorIn(parsed.query))
      const isMeant = parsed.operation === "connections.list" && response.ok && organizationId !== null
      return isMeant && cursor !== undefined && cursor.organizationId !== organizationId
        ? refuse(422, `Unknown cursor '${cursor.id}'`)(response, parsed, store)
        : response
    }),
    shows: outside
  },
  {
    id: "ignores-cursors-outside-the-filter",
    law: "lists/any-cursor",
    operation: "connections.list",
    summary: "Returns the first page if the row of the cursor does not match the filters",
    subtle: true,
    mutate: relist({
      slice: (slice, { cursor, limit }) =>
        isOutside(slice, cursor) ? { ...slice, start: 0, end: Math.min(limit, slice.rows.length) } : slice
    }),
    shows: outside
  },
  {
    id: "finds-nothing-from-outside-the-filter",
    law: "lists/any-cursor",
    operation: "connections.list",
    summary: "Returns no rows if the row of the cursor does not match the filters",
    subtle: true,
    mutate: relist({
      slice: (slice, { cursor }) => (isOutside(slice, cursor) ? { rows: [], start: 0, end: 0 } : slice)
    }),
    shows: outside
  }
]

export const cursors: ReadonlyArray<Mutant> = [...back, ...ends, ...firsts, ...anywhere]
