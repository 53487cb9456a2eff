// Mutants that accept invalid parameters of lists: limits, enumerations and cursors.
import { ConnectionTypeFilter } from "@effect-workos/domain/sso/Connection"
import * as Schema from "effect/Schema"
import {
  respond,
  crash,
  makeMutant,
  type Mutant,
  type Mutate,
  type Rewrite,
  rewriteResponse,
  rewriteQuery,
  withQuery
} from "./Mutant.ts"
import { list, unknownId } from "./Probe.ts"

const nothing = respond(200, { object: "list", data: [], list_metadata: { before: null, after: null } })

// Replaces or removes the value of a list parameter.
const reading = (name: string, read: (value: string) => string | undefined): Mutate =>
  rewriteQuery((query) => {
    const value = query.get(name)
    if (value === null) return
    const other = read(value)
    if (other === undefined) query.delete(name)
    else query.set(name, other)
  })

// Replaces the response to a refused list if a parameter satisfies a predicate.
const refused = (name: string, isMeant: (value: string) => boolean, rewrite: Rewrite): Mutate =>
  rewriteResponse("connections.list", 422, (response, parsed, store) =>
    parsed.query.has(name) && isMeant(parsed.query.get(name) ?? "") ? rewrite(response, parsed, store) : response
  )

/**
 * Mutants for input/limit.
 */
const limits: ReadonlyArray<Mutant> = [
  {
    id: "zero-is-the-default",
    law: "input/limit",
    operation: "connections.list",
    summary: "Treats a limit of 0 as no limit",
    mutate: reading("limit", (limit) => (limit === "0" ? undefined : limit)),
    shows: () => [list("limit=0")]
  },
  {
    id: "zero-is-nothing",
    law: "input/limit",
    operation: "connections.list",
    summary: "Returns an empty page for a limit of 0",
    subtle: true,
    mutate: refused("limit", (limit) => limit === "0", nothing),
    shows: () => [list("limit=0")]
  },
  {
    id: "large-limits-are-cut",
    law: "input/limit",
    operation: "connections.list",
    summary: "Treats a limit above 100 as 100",
    mutate: reading("limit", (limit) => (Number(limit) > 100 ? "100" : limit)),
    shows: () => [list("limit=101")]
  },
  {
    id: "101-is-allowed",
    law: "input/limit",
    operation: "connections.list",
    summary: "Treats a limit of 101 as 100, and refuses larger ones",
    subtle: true,
    mutate: reading("limit", (limit) => (limit === "101" ? "100" : limit)),
    shows: () => [list("limit=101")]
  },
  {
    id: "negative-is-the-default",
    law: "input/limit",
    operation: "connections.list",
    summary: "Treats a negative limit as no limit",
    mutate: reading("limit", (limit) => (Number(limit) < 0 ? undefined : limit)),
    shows: () => [list("limit=-1")]
  },
  {
    id: "fractions-are-cut",
    law: "input/limit",
    operation: "connections.list",
    summary: "Treats a limit of 1.5 as 1",
    subtle: true,
    mutate: reading("limit", (limit) => (/^\d+\.\d+$/.test(limit) ? String(Math.floor(Number(limit))) : limit)),
    shows: () => [list("limit=1.5")]
  },
  {
    id: "text-is-the-default",
    law: "input/limit",
    operation: "connections.list",
    summary: "Treats a limit that is not a number as no limit",
    mutate: reading("limit", (limit) => (Number.isNaN(Number(limit)) ? undefined : limit)),
    shows: () => [list("limit=abc")]
  },
  {
    id: "limit-as-far-as-it-is-digits",
    law: "input/limit",
    operation: "connections.list",
    summary: "Parses only the leading digits of a limit",
    subtle: true,
    mutate: reading("limit", (limit) => /^([1-9]\d?)\D/.exec(limit)?.[1] ?? limit),
    shows: () => [list("limit=10;")]
  },
  {
    id: "huge-limits-crash",
    law: "input/limit",
    operation: "connections.list",
    summary: "Returns 500 for a limit that does not fit into 32 bits",
    subtle: true,
    mutate: refused("limit", (limit) => Number(limit) > 2 ** 31, crash),
    shows: () => [list("limit=99999999999999999999")]
  }
]

const isType = Schema.is(ConnectionTypeFilter)
const isOrder = (order: string) => ["asc", "desc", "normal"].includes(order)

/**
 * Mutants for input/enum.
 */
const enums: ReadonlyArray<Mutant> = [
  {
    id: "unknown-orders-ignored",
    law: "input/enum",
    operation: "connections.list",
    summary: "Treats an unknown order as no order",
    mutate: reading("order", (order) => (isOrder(order) ? order : undefined)),
    shows: () => [list("order=sideways")]
  },
  {
    id: "orders-by-their-first-letters",
    law: "input/enum",
    operation: "connections.list",
    summary: "Treats every order that starts with asc as asc",
    subtle: true,
    mutate: reading("order", (order) => (order.startsWith("asc") ? "asc" : order)),
    shows: () => [list("order=ascending")]
  },
  {
    id: "unknown-orders-crash",
    law: "input/enum",
    operation: "connections.list",
    summary: "Returns 500 for an unknown order",
    mutate: refused("order", (order) => !isOrder(order), crash),
    shows: () => [list("order=sideways")]
  },
  {
    id: "unknown-types-ignored",
    law: "input/enum",
    operation: "connections.list",
    summary: "Ignores an unknown connection type",
    mutate: reading("connection_type", (type) => (isType(type) ? type : undefined)),
    shows: () => [list("connection_type=Nonsense")]
  },
  {
    id: "unknown-types-find-nothing",
    law: "input/enum",
    operation: "connections.list",
    summary: "Returns an empty page for an unknown connection type",
    subtle: true,
    mutate: makeMutant((emulator, store) => async (parsed) => {
      const type = parsed.query.get("connection_type")
      if (parsed.operation !== "connections.list" || type === null || isType(type)) return emulator(parsed.request)
      const response = await emulator(withQuery(parsed, (query) => query.delete("connection_type")))
      return response.ok ? nothing(response, parsed, store) : response
    }),
    shows: () => [list("connection_type=Nonsense")]
  }
]

const isWellFormed = (cursor: string) => /^conn_[0-9A-Za-z]{1,64}$/.test(cursor)

const readingCursors = (read: (cursor: string, store: Parameters<Mutate>[1]) => string | undefined): Mutate =>
  rewriteQuery((query, _, store) => {
    for (const name of ["after", "before"]) {
      const cursor = query.get(name)
      if (cursor === null) continue
      const other = read(cursor, store)
      if (other === undefined) query.delete(name)
      else query.set(name, other)
    }
  })

/**
 * Mutants for input/malformed-cursor.
 */
const malformedCursors: ReadonlyArray<Mutant> = [
  {
    id: "malformed-cursors-ignored",
    law: "input/malformed-cursor",
    operation: "connections.list",
    summary: "Returns the first page for a malformed cursor",
    mutate: readingCursors((cursor) => (isWellFormed(cursor) ? cursor : undefined)),
    shows: () => [list("after=nonsense")]
  },
  {
    id: "malformed-before-ignored",
    law: "input/malformed-cursor",
    operation: "connections.list",
    summary: "Returns the first page for a malformed backward cursor",
    subtle: true,
    mutate: reading("before", (cursor) => (isWellFormed(cursor) ? cursor : undefined)),
    shows: () => [list("before=nonsense")]
  },
  {
    id: "malformed-cursors-find-nothing",
    law: "input/malformed-cursor",
    operation: "connections.list",
    summary: "Returns an empty page for a malformed cursor",
    subtle: true,
    mutate: refused("after", (cursor) => !isWellFormed(cursor), nothing),
    shows: () => [list("after=nonsense")]
  },
  {
    id: "malformed-cursors-crash",
    law: "input/malformed-cursor",
    operation: "connections.list",
    summary: "Returns 500 for a cursor of more than 1,000 characters",
    subtle: true,
    mutate: refused("after", ({ length }) => length > 1000, crash),
    shows: () => [list(`after=conn_${"A".repeat(5000)}`)]
  }
]

/**
 * Mutants for input/unknown-cursor.
 */
const unknownCursors: ReadonlyArray<Mutant> = [
  {
    id: "unknown-cursors-start-over",
    law: "input/unknown-cursor",
    operation: "connections.list",
    summary: "Returns the first page for a well-formed unknown cursor, like WorkOS's own emulator",
    mutate: readingCursors((cursor, { connections }) =>
      isWellFormed(cursor) && connections.get(cursor) === undefined ? undefined : cursor
    ),
    shows: () => [list(`after=${unknownId}`)]
  },
  {
    id: "unknown-before-starts-over",
    law: "input/unknown-cursor",
    operation: "connections.list",
    summary: "Returns the first page for an unknown backward cursor",
    subtle: true,
    mutate: rewriteQuery((query, _, { connections }) => {
      const cursor = query.get("before") ?? ""
      if (isWellFormed(cursor) && connections.get(cursor) === undefined) query.delete("before")
    }),
    shows: () => [list(`before=${unknownId}`)]
  },
  {
    id: "unknown-cursors-find-nothing",
    law: "input/unknown-cursor",
    operation: "connections.list",
    summary: "Returns an empty page for a well-formed unknown cursor",
    subtle: true,
    mutate: refused("after", isWellFormed, nothing),
    shows: () => [list(`after=${unknownId}`)]
  },
  {
    id: "unknown-cursors-by-their-place",
    law: "input/unknown-cursor",
    operation: "connections.list",
    summary: "Continues at the position that an unknown cursor would have among the ids",
    subtle: true,
    mutate: readingCursors((cursor, { connections: { get, rows } }) =>
      isWellFormed(cursor) && get(cursor) === undefined
        ? (rows.findLast(({ id }) => id < cursor) ?? rows[0])?.id
        : cursor
    ),
    shows: () => [list(`after=${unknownId}`)]
  }
]

export const parameters: ReadonlyArray<Mutant> = [...limits, ...enums, ...malformedCursors, ...unknownCursors]
