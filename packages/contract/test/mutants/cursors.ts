// Mutants whose cursors lead nowhere, in circles, or not back.
import { type Cursors, relist, type Slice } from "./Listing.ts"
import { filterCount, inFront, type Mutant, refuse } from "./Mutant.ts"
import { at, find, list, organization } from "./Probe.ts"

const lastId = ({ end, rows, start }: Slice): string | null => (end > start ? (rows[end - 1]?.id ?? null) : null)
const firstId = ({ end, rows, start }: Slice): string | null => (end > start ? (rows[start]?.id ?? null) : null)

const halfway = (store: Parameters<Mutant["shows"]>[0]) => [
  list(`order=asc&before=${at(store, 100)}`),
  list(`order=desc&before=${at(store, 100)}`)
]

/**
 * lists/back-and-forth: before leads back to where after came from.
 */
const back: ReadonlyArray<Mutant> = [
  {
    id: "before-skips-a-row",
    law: "lists/back-and-forth",
    operation: "connections.list",
    summary: "Skips the row next to the cursor on the way back",
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
    summary: "Shows the row of the cursor again on the way back",
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
    summary: "Goes back to the first page and not to the neighbouring one",
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
    summary: "Shows one row fewer than there is room for on the way back",
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
    summary: "Goes on in the place of back in ascending order",
    subtle: true,
    mutate: relist({
      slice: (slice, { before, limit, order }) => {
        if (order !== "asc" || before === undefined) return slice
        const start = slice.rows[slice.end]?.id === before.id ? slice.end + 1 : slice.end
        return { ...slice, start, end: Math.min(start + limit, slice.rows.length) }
      }
    }),
    shows: (store) => [list(`order=asc&before=${at(store, 100)}`)]
  }
]

const ending = (after: (cursors: Cursors, slice: Slice, limit: number, asked: string | null) => string | null) =>
  relist({
    cursors: (cursors, slice, { cursor, limit }) => ({
      ...cursors,
      after: after(cursors, slice, limit, cursor?.id ?? null)
    })
  })

const lastPage: Mutant["shows"] = (store) => [list(`order=asc&limit=10&after=${at(store, -6)}`)]

/**
 * lists/cursors-end: the last page has no cursor, the others have one, and none comes twice.
 */
const ends: ReadonlyArray<Mutant> = [
  {
    id: "after-on-the-last-page",
    law: "lists/cursors-end",
    operation: "connections.list",
    summary: "Gives a cursor on the last page, to a page without rows",
    mutate: ending(({ after }, slice) => after ?? lastId(slice)),
    shows: lastPage
  },
  {
    id: "after-on-a-full-last-page",
    law: "lists/cursors-end",
    operation: "connections.list",
    summary: "Gives a cursor on the last page where this is as long as the limit",
    subtle: true,
    mutate: ending(({ after }, slice, limit) => (slice.end - slice.start === limit ? lastId(slice) : after)),
    shows: (store) => [list(`order=asc&limit=5&after=${at(store, -6)}`)]
  },
  {
    id: "starts-over",
    law: "lists/cursors-end",
    operation: "connections.list",
    summary: "Leads from the last page back to the second",
    mutate: ending(
      ({ after }, { rows }, limit) => after ?? (rows.length > limit ? (rows[limit - 1]?.id ?? null) : null)
    ),
    shows: lastPage
  },
  {
    id: "third-page-leads-to-itself",
    law: "lists/cursors-end",
    operation: "connections.list",
    summary: "Gives on the third page the cursor that led to it",
    subtle: true,
    mutate: ending(({ after }, { start }, limit, asked) => (after !== null && start === 2 * limit ? asked : after)),
    shows: (store) => [list(`order=asc&limit=10&after=${at(store, 19)}`)]
  },
  {
    id: "ends-before-a-short-page",
    law: "lists/cursors-end",
    operation: "connections.list",
    summary: "Gives no cursor to a last page that is shorter than the limit",
    subtle: true,
    mutate: ending(({ after }, { end, rows }, limit) => (rows.length - end < limit ? null : after)),
    shows: (store) => [list(`order=asc&limit=10&after=${at(store, -16)}`)]
  },
  {
    id: "filtered-lists-end-early",
    law: "lists/cursors-end",
    operation: "connections.list",
    summary: "Gives no cursor to the second page of an organization's list",
    subtle: true,
    mutate: relist({
      cursors: (cursors, { start }, { asked }) => ({
        ...cursors,
        after: asked.query.has("organization_id") && start === 0 ? null : cursors.after
      })
    }),
    shows: (store) => [list(`organization_id=${organization(store)}&limit=2`)]
  },
  {
    id: "empty-pages-give-their-cursor-back",
    law: "lists/cursors-end",
    operation: "connections.list",
    summary: "Gives on a page without rows the cursor that led to it",
    subtle: true,
    mutate: ending(({ after }, { end, start }, _, asked) => (end === start ? asked : after)),
    shows: (store) => [list(`order=desc&after=${at(store, 0)}`)]
  }
]

/**
 * lists/first-page: nothing is before the first page.
 */
const firsts: ReadonlyArray<Mutant> = [
  {
    id: "before-on-the-first-page",
    law: "lists/first-page",
    operation: "connections.list",
    summary: "Gives a cursor back on the first page",
    mutate: relist({ cursors: ({ after, before }, slice) => ({ after, before: before ?? firstId(slice) }) }),
    shows: () => [list()]
  },
  {
    id: "before-on-the-first-page-of-filters",
    law: "lists/first-page",
    operation: "connections.list",
    summary: "Gives a cursor back on the first page of a filtered list",
    subtle: true,
    mutate: relist({
      cursors: ({ after, before }, slice, { asked }) => ({
        after,
        before: before ?? (filterCount(asked) > 0 ? firstId(slice) : null)
      })
    }),
    shows: (store) => [list(`organization_id=${organization(store)}`)]
  },
  {
    id: "before-on-the-first-page-reached-backwards",
    law: "lists/first-page",
    operation: "connections.list",
    summary: "Gives a cursor back on the first page where it was reached from the second",
    subtle: true,
    mutate: relist({
      cursors: (cursors, slice, { before }) => ({
        after: cursors.after,
        before: cursors.before ?? (before === undefined ? null : firstId(slice))
      })
    }),
    shows: (store) => [list(`order=asc&before=${at(store, 5)}`)]
  },
  {
    id: "before-on-the-first-ascending-page",
    law: "lists/first-page",
    operation: "connections.list",
    summary: "Gives a cursor back on the first page of an ascending list",
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
 * lists/any-cursor: any id that exists is a cursor, wherever it came from.
 */
const anywhere: ReadonlyArray<Mutant> = [
  {
    id: "takes-only-its-own-cursors",
    law: "lists/any-cursor",
    operation: "connections.list",
    summary: "Refuses ids that it has not given as cursors itself",
    subtle: true,
    mutate: inFront((emulator, store) => {
      const given = new Set<string>()
      return async (asked) => {
        const answer = await emulator(asked.request)
        if (asked.operation !== "connections.list" || !answer.ok) return answer
        const cursor = cursorIn(asked.query)
        if (cursor !== "" && !given.has(cursor)) return refuse(422, `Unknown cursor '${cursor}'`)(answer, asked, store)
        for (const [, id] of (await answer.clone().text()).matchAll(/"(?:after|before)":"([^"]+)"/g)) {
          if (id !== undefined) given.add(id)
        }
        return answer
      }
    }),
    shows: (store) => [list(`after=${at(store, 123)}`)]
  },
  {
    id: "refuses-cursors-outside-the-filter",
    law: "lists/any-cursor",
    operation: "connections.list",
    summary: "Refuses the id of a connection that the organization's list does not hold",
    subtle: true,
    mutate: inFront((emulator, store) => async (asked) => {
      const answer = await emulator(asked.request)
      const organizationId = asked.query.get("organization_id")
      const cursor = store.connections.get(cursorIn(asked.query))
      const isMeant = asked.operation === "connections.list" && answer.ok && organizationId !== null
      return isMeant && cursor !== undefined && cursor.organizationId !== organizationId
        ? refuse(422, `Unknown cursor '${cursor.id}'`)(answer, asked, store)
        : answer
    }),
    shows: outside
  },
  {
    id: "ignores-cursors-outside-the-filter",
    law: "lists/any-cursor",
    operation: "connections.list",
    summary: "Shows the first page where the cursor is not among the rows that match",
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
    summary: "Shows no rows where the cursor is not among the rows that match",
    subtle: true,
    mutate: relist({
      slice: (slice, { cursor }) => (isOutside(slice, cursor) ? { rows: [], start: 0, end: 0 } : slice)
    }),
    shows: outside
  }
]

export const cursors: ReadonlyArray<Mutant> = [...back, ...ends, ...firsts, ...anywhere]
