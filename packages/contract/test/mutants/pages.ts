// Mutants with faulty pages.
import { relist, type Slice } from "./Listing.ts"
import type { Mutant } from "./Mutant.ts"
import { idAt, list, tied } from "./Probe.ts"

/**
 * Mutants for lists/limit and lists/default-limit.
 */
const lengths: ReadonlyArray<Mutant> = [
  {
    id: "one-row-too-many",
    law: "lists/limit",
    operation: "connections.list",
    summary: "Returns one row more than the limit",
    mutate: relist({ limit: ({ parsed, limit }) => (parsed.query.has("limit") ? limit + 1 : limit) }),
    shows: () => [list("limit=5")]
  },
  {
    id: "101-rows",
    law: "lists/limit",
    operation: "connections.list",
    summary: "Returns 101 rows for a limit of 100",
    subtle: true,
    mutate: relist({ limit: ({ limit }) => (limit === 100 ? 101 : limit) }),
    shows: () => [list("limit=100")]
  },
  {
    id: "limit-ignored",
    law: "lists/limit",
    operation: "connections.list",
    summary: "Returns ten rows for every limit",
    mutate: relist({ limit: () => 10 }),
    shows: () => [list("limit=5")]
  },
  {
    id: "limit-rounded-up-to-five",
    law: "lists/limit",
    operation: "connections.list",
    summary: "Rounds the limit up to a multiple of five",
    subtle: true,
    mutate: relist({ limit: ({ limit }) => Math.ceil(limit / 5) * 5 }),
    shows: () => [list("limit=1")]
  },
  {
    id: "limit-ignored-in-searches",
    law: "lists/limit",
    operation: "connections.list",
    summary: "Returns 100 rows of a search for every limit",
    subtle: true,
    mutate: relist({ limit: ({ parsed, limit }) => (parsed.query.has("search") ? 100 : limit) }),
    shows: () => [list("limit=5&search=a")]
  },
  {
    id: "twenty-by-default",
    law: "lists/default-limit",
    operation: "connections.list",
    summary: "Returns 20 rows without a limit",
    mutate: relist({ limit: ({ parsed, limit }) => (parsed.query.has("limit") ? limit : 20) }),
    shows: () => [list()]
  },
  {
    id: "nine-by-default",
    law: "lists/default-limit",
    operation: "connections.list",
    summary: "Returns nine rows without a limit",
    subtle: true,
    mutate: relist({ limit: ({ parsed, limit }) => (parsed.query.has("limit") ? limit : 9) }),
    shows: () => [list()]
  }
]

const isSecondPage = ({ start }: Slice, limit: number) => start === limit

/**
 * Mutants for lists/complete.
 */
const losses: ReadonlyArray<Mutant> = [
  {
    id: "skips-a-row-at-borders",
    law: "lists/complete",
    operation: "connections.list",
    summary: "Skips a row after each cursor",
    mutate: relist({
      slice: (slice, { after, limit }) =>
        after === undefined ? slice : { ...slice, start: slice.start + 1, end: slice.start + 1 + limit }
    }),
    shows: (store) => [list(`order=desc&after=${idAt(store, 100)}`)]
  },
  {
    id: "skips-a-row-after-the-second-page",
    law: "lists/complete",
    operation: "connections.list",
    summary: "Skips the first row of the third page",
    subtle: true,
    mutate: relist({
      slice: (slice, { after, limit }) =>
        after === undefined || slice.start !== 2 * limit
          ? slice
          : { ...slice, start: slice.start + 1, end: slice.start + 1 + limit }
    }),
    shows: (store) => [list(`order=asc&limit=10&after=${idAt(store, 19)}`)]
  },
  {
    id: "repeats-a-row-on-the-second-page",
    law: "lists/complete",
    operation: "connections.list",
    summary: "Repeats the last row of the first page on the second",
    subtle: true,
    mutate: relist({
      slice: (slice, { after, limit }) =>
        after !== undefined && limit > 1 && isSecondPage(slice, limit)
          ? { ...slice, start: slice.start - 1, end: Math.min(slice.start - 1 + limit, slice.rows.length) }
          : slice
    }),
    shows: (store) => [list(`order=asc&limit=10&after=${idAt(store, 9)}`)]
  },
  {
    id: "loses-the-oldest",
    law: "lists/complete",
    operation: "connections.list",
    summary: "Omits the oldest row at the end of a descending list",
    subtle: true,
    mutate: relist({ narrow: (rows, { order }) => (order === "asc" ? rows : rows.slice(0, -1)) }),
    shows: (store) => [list(`order=desc&after=${idAt(store, 5)}`)]
  },
  {
    id: "loses-rows-of-one-millisecond",
    law: "lists/complete",
    operation: "connections.list",
    summary: "Continues after the timestamp of a cursor, and so omits other rows with the same timestamp",
    subtle: true,
    mutate: relist({
      slice: (slice, { after, limit }) => {
        if (after === undefined) return slice
        let { start } = slice
        while (slice.rows[start]?.createdAt.epochMilliseconds === after.createdAt.epochMilliseconds) start++
        return { ...slice, start, end: Math.min(start + limit, slice.rows.length) }
      }
    }),
    shows: (store) => [list(`order=asc&after=${tied(store)[0].id}`)]
  },
  {
    id: "pages-stop-at-150",
    law: "lists/complete",
    operation: "connections.list",
    summary: "Ends every list after 150 rows",
    mutate: relist({ narrow: (rows) => rows.slice(0, 150) }),
    shows: (store) => [list(`order=asc&after=${idAt(store, 144)}`)]
  }
]

/**
 * Mutants for lists/page-size.
 */
const cuts: ReadonlyArray<Mutant> = [
  {
    id: "small-pages-lose-a-row",
    law: "lists/page-size",
    operation: "connections.list",
    summary: "Omits one row in a hundred from pages of fewer than 20",
    subtle: true,
    mutate: relist({
      narrow: (rows, { limit }) => (limit < 20 ? rows.filter((_, index) => index % 100 !== 57) : rows)
    }),
    shows: (store) => [list(`order=asc&limit=19&after=${idAt(store, 50)}`)]
  },
  {
    id: "large-pages-reverse-ties",
    law: "lists/page-size",
    operation: "connections.list",
    summary: "Reverses rows with equal timestamps in pages of more than 50",
    subtle: true,
    mutate: relist({
      arrange: (rows, { limit, order }) => {
        const arranged = order === "asc" ? rows : rows.toReversed()
        return limit > 50
          ? arranged
              .toReversed()
              .toSorted(
                (a, b) => (a.createdAt.epochMilliseconds - b.createdAt.epochMilliseconds) * (order === "asc" ? 1 : -1)
              )
          : arranged
      }
    }),
    shows: () => [list("limit=100&order=asc")]
  },
  {
    id: "short-pages-skip-drafts",
    law: "lists/page-size",
    operation: "connections.list",
    summary: "Omits drafts from pages of fewer than five",
    subtle: true,
    mutate: relist({
      narrow: (rows, { limit }) => (limit < 5 ? rows.filter(({ state }) => state !== "draft") : rows)
    }),
    shows: (store) => {
      const draft = store.connections.rows.findIndex(({ state }, index) => index > 0 && state === "draft")
      return [list(`order=asc&limit=4&after=${idAt(store, draft - 1)}`)]
    }
  },
  {
    id: "lists-end-after-ten-pages",
    law: "lists/page-size",
    operation: "connections.list",
    summary: "Ends every list after ten pages of any size",
    subtle: true,
    mutate: relist({ narrow: (rows, { limit }) => rows.slice(0, 10 * limit) }),
    shows: (store) => [list(`order=asc&limit=5&after=${idAt(store, 49)}`)]
  }
]

export const pages: ReadonlyArray<Mutant> = [...lengths, ...losses, ...cuts]
