// Mutants with a faulty order of rows.
import type { Connection } from "@effect-workos/domain/sso/Connection"
import { conforming, type Query, relist } from "./Listing.ts"
import { filterCount, type Mutant, rewritePage } from "./Mutant.ts"
import { idAt, list, organization, tied } from "./Probe.ts"

const sortedBy =
  (key: (row: Connection) => number | string) =>
  (rows: ReadonlyArray<Connection>): ReadonlyArray<Connection> =>
    rows.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))

const inOrder = (rows: ReadonlyArray<Connection>, { order }: Query) => (order === "asc" ? rows : rows.toReversed())

/**
 * Mutants for lists/order.
 */
const orders: ReadonlyArray<Mutant> = [
  {
    id: "descending-ascends",
    law: "lists/order",
    operation: "connections.list",
    summary: "Sorts in ascending instead of descending order",
    mutate: relist({ arrange: (rows, { order }) => (order === "normal" ? rows.toReversed() : rows) }),
    shows: () => [list("order=desc")]
  },
  {
    id: "ascending-descends",
    law: "lists/order",
    operation: "connections.list",
    summary: "Sorts in descending order for every requested order",
    mutate: relist({ arrange: (rows) => rows.toReversed() }),
    shows: () => [list("order=asc")]
  },
  {
    id: "two-neighbours-swapped",
    law: "lists/order",
    operation: "connections.list",
    summary: "Swaps two adjacent rows in the middle of the list",
    subtle: true,
    mutate: relist({
      arrange: (rows, query) => {
        const arranged = [...inOrder(rows, query)]
        const place = arranged.findIndex(
          ({ createdAt }, index) =>
            index >= arranged.length / 2 &&
            createdAt.epochMilliseconds !== arranged[index + 1]?.createdAt.epochMilliseconds
        )
        const pair = arranged.slice(place, place + 2)
        if (place >= 0) arranged.splice(place, pair.length, ...pair.toReversed())
        return arranged
      }
    }),
    shows: (store) => [
      list(`order=asc&limit=20&after=${idAt(store, Math.floor(store.connections.rows.length / 2) - 5)}`)
    ]
  },
  {
    id: "sorted-by-update",
    law: "lists/order",
    operation: "connections.list",
    summary: "Sorts by the last change instead of the creation",
    subtle: true,
    mutate: relist({
      arrange: (rows, query) => inOrder(sortedBy(({ updatedAt }) => updatedAt.epochMilliseconds)(rows), query)
    }),
    shows: () => [list("limit=100&order=asc")]
  },
  {
    id: "searches-sorted-by-name",
    law: "lists/order",
    operation: "connections.list",
    summary: "Sorts searches by name",
    subtle: true,
    mutate: relist({
      arrange: (rows, query) =>
        inOrder(query.parsed.query.has("search") ? sortedBy(({ name }) => name)(rows) : rows, query)
    }),
    shows: () => [list("search=a&order=asc")]
  },
  {
    id: "going-back-reversed",
    law: "lists/order",
    operation: "connections.list",
    summary: "Reverses pages before a cursor",
    subtle: true,
    mutate: rewritePage((page, { query }) =>
      query.has("before") && query.get("order") !== "normal" ? { ...page, data: page.data.toReversed() } : page
    ),
    shows: (store) => [list(`order=asc&before=${idAt(store, 100)}`)]
  },
  {
    id: "sorted-by-month",
    law: "lists/order",
    operation: "connections.list",
    summary: "Sorts by the month of creation, and in reverse within a month",
    subtle: true,
    mutate: relist({
      arrange: (rows, query) =>
        inOrder(
          sortedBy(({ createdAt }) => new Date(createdAt.epochMilliseconds).toISOString().slice(0, 7))(
            rows.toReversed()
          ),
          query
        )
    }),
    shows: () => [list("order=asc&limit=50")]
  }
]

const withTies = (turned: (query: Query) => boolean): Mutant["mutate"] =>
  relist({
    arrange: (rows, query) =>
      turned(query)
        ? inOrder(sortedBy(({ createdAt }) => createdAt.epochMilliseconds)(rows.toReversed()), query)
        : conforming.arrange(rows, query)
  })

/**
 * Mutants for lists/reverse.
 */
const reverses: ReadonlyArray<Mutant> = [
  {
    id: "ties-ascend-in-both-orders",
    law: "lists/reverse",
    operation: "connections.list",
    summary: "Sorts rows with equal timestamps by ascending id in both orders",
    subtle: true,
    mutate: withTies(({ order }) => order !== "asc"),
    shows: (store) => [list(`order=desc&limit=100&before=${tied(store)[0].id}`), list(`order=desc&limit=100`)]
  },
  {
    id: "ties-descend-in-both-orders",
    law: "lists/reverse",
    operation: "connections.list",
    summary: "Sorts rows with equal timestamps by descending id in both orders",
    subtle: true,
    mutate: withTies(({ order }) => order === "asc"),
    shows: () => [list("order=asc&limit=100")]
  },
  {
    id: "ascending-misses-the-newest",
    law: "lists/reverse",
    operation: "connections.list",
    summary: "Omits the newest row at the end of an ascending list",
    subtle: true,
    mutate: relist({
      narrow: (rows, { parsed, order }) => (order === "asc" && filterCount(parsed) === 0 ? rows.slice(0, -1) : rows)
    }),
    shows: (store) => [list(`order=asc&after=${idAt(store, -5)}`), list(`organization_id=${organization(store)}`)]
  }
]

export const order: ReadonlyArray<Mutant> = [...orders, ...reverses]
