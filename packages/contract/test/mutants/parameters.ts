// Mutants that take parameters which no list has: limits, enums, and cursors of nothing.
import { ConnectionTypeFilter } from "@effect-workos/domain/sso/Connection"
import * as Schema from "effect/Schema"
import {
  answer,
  crash,
  inFront,
  type Mutant,
  type Mutate,
  type Rewrite,
  rewriteAnswer,
  rewriteQuery,
  withQuery
} from "./Mutant.ts"
import { list, unknownId } from "./Probe.ts"

const nothing = answer(200, { object: "list", data: [], list_metadata: { before: null, after: null } })

// Reads a parameter of lists as another value where it is given, or drops it.
const reading = (name: string, read: (value: string) => string | undefined): Mutate =>
  rewriteQuery((query) => {
    const value = query.get(name)
    if (value === null) return
    const other = read(value)
    if (other === undefined) query.delete(name)
    else query.set(name, other)
  })

// Gives another answer where a list was refused, and a parameter is like this.
const refused = (name: string, isMeant: (value: string) => boolean, rewrite: Rewrite): Mutate =>
  rewriteAnswer("connections.list", 422, (answer, asked, store) =>
    asked.query.has(name) && isMeant(asked.query.get(name) ?? "") ? rewrite(answer, asked, store) : answer
  )

/**
 * input/limit: no page has so many rows.
 */
const limits: ReadonlyArray<Mutant> = [
  {
    id: "zero-is-the-default",
    law: "input/limit",
    operation: "connections.list",
    summary: "Takes a limit of 0 for none",
    mutate: reading("limit", (limit) => (limit === "0" ? undefined : limit)),
    shows: () => [list("limit=0")]
  },
  {
    id: "zero-is-nothing",
    law: "input/limit",
    operation: "connections.list",
    summary: "Shows an empty page where the limit is 0",
    subtle: true,
    mutate: refused("limit", (limit) => limit === "0", nothing),
    shows: () => [list("limit=0")]
  },
  {
    id: "large-limits-are-cut",
    law: "input/limit",
    operation: "connections.list",
    summary: "Takes a limit above 100 for 100",
    mutate: reading("limit", (limit) => (Number(limit) > 100 ? "100" : limit)),
    shows: () => [list("limit=101")]
  },
  {
    id: "101-is-allowed",
    law: "input/limit",
    operation: "connections.list",
    summary: "Takes a limit of 101 for 100, and refuses larger ones",
    subtle: true,
    mutate: reading("limit", (limit) => (limit === "101" ? "100" : limit)),
    shows: () => [list("limit=101")]
  },
  {
    id: "negative-is-the-default",
    law: "input/limit",
    operation: "connections.list",
    summary: "Takes a negative limit for none",
    mutate: reading("limit", (limit) => (Number(limit) < 0 ? undefined : limit)),
    shows: () => [list("limit=-1")]
  },
  {
    id: "fractions-are-cut",
    law: "input/limit",
    operation: "connections.list",
    summary: "Takes a limit of 1.5 for 1",
    subtle: true,
    mutate: reading("limit", (limit) => (/^\d+\.\d+$/.test(limit) ? String(Math.floor(Number(limit))) : limit)),
    shows: () => [list("limit=1.5")]
  },
  {
    id: "text-is-the-default",
    law: "input/limit",
    operation: "connections.list",
    summary: "Takes a limit that is no number for none",
    mutate: reading("limit", (limit) => (Number.isNaN(Number(limit)) ? undefined : limit)),
    shows: () => [list("limit=abc")]
  },
  {
    id: "limit-as-far-as-it-is-digits",
    law: "input/limit",
    operation: "connections.list",
    summary: "Reads the digits that a limit starts with, and not what follows them",
    subtle: true,
    mutate: reading("limit", (limit) => /^([1-9]\d?)\D/.exec(limit)?.[1] ?? limit),
    shows: () => [list("limit=10;")]
  },
  {
    id: "huge-limits-crash",
    law: "input/limit",
    operation: "connections.list",
    summary: "Answers 500 to a limit that does not fit into 32 bits",
    subtle: true,
    mutate: refused("limit", (limit) => Number(limit) > 2 ** 31, crash),
    shows: () => [list("limit=99999999999999999999")]
  }
]

const isType = Schema.is(ConnectionTypeFilter)
const isOrder = (order: string) => ["asc", "desc", "normal"].includes(order)

/**
 * input/enum: values that no enumeration has.
 */
const enums: ReadonlyArray<Mutant> = [
  {
    id: "unknown-orders-ignored",
    law: "input/enum",
    operation: "connections.list",
    summary: "Takes an unknown order for none",
    mutate: reading("order", (order) => (isOrder(order) ? order : undefined)),
    shows: () => [list("order=sideways")]
  },
  {
    id: "orders-by-their-first-letters",
    law: "input/enum",
    operation: "connections.list",
    summary: "Takes every order that starts with asc for asc",
    subtle: true,
    mutate: reading("order", (order) => (order.startsWith("asc") ? "asc" : order)),
    shows: () => [list("order=ascending")]
  },
  {
    id: "unknown-orders-crash",
    law: "input/enum",
    operation: "connections.list",
    summary: "Answers 500 to an unknown order",
    mutate: refused("order", (order) => !isOrder(order), crash),
    shows: () => [list("order=sideways")]
  },
  {
    id: "unknown-types-ignored",
    law: "input/enum",
    operation: "connections.list",
    summary: "Takes an unknown connection type for none",
    mutate: reading("connection_type", (type) => (isType(type) ? type : undefined)),
    shows: () => [list("connection_type=Nonsense")]
  },
  {
    id: "unknown-types-find-nothing",
    law: "input/enum",
    operation: "connections.list",
    summary: "Shows an empty page where the connection type is unknown",
    subtle: true,
    mutate: inFront((emulator, store) => async (asked) => {
      const type = asked.query.get("connection_type")
      if (asked.operation !== "connections.list" || type === null || isType(type)) return emulator(asked.request)
      const answer = await emulator(withQuery(asked, (query) => query.delete("connection_type")))
      return answer.ok ? nothing(answer, asked, store) : answer
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
 * input/malformed-cursor: cursors that can be no id.
 */
const malformedCursors: ReadonlyArray<Mutant> = [
  {
    id: "malformed-cursors-ignored",
    law: "input/malformed-cursor",
    operation: "connections.list",
    summary: "Starts at the first page where a cursor is malformed",
    mutate: readingCursors((cursor) => (isWellFormed(cursor) ? cursor : undefined)),
    shows: () => [list("after=nonsense")]
  },
  {
    id: "malformed-before-ignored",
    law: "input/malformed-cursor",
    operation: "connections.list",
    summary: "Starts at the first page where a cursor to go back from is malformed",
    subtle: true,
    mutate: reading("before", (cursor) => (isWellFormed(cursor) ? cursor : undefined)),
    shows: () => [list("before=nonsense")]
  },
  {
    id: "malformed-cursors-find-nothing",
    law: "input/malformed-cursor",
    operation: "connections.list",
    summary: "Shows an empty page where a cursor is malformed",
    subtle: true,
    mutate: refused("after", (cursor) => !isWellFormed(cursor), nothing),
    shows: () => [list("after=nonsense")]
  },
  {
    id: "malformed-cursors-crash",
    law: "input/malformed-cursor",
    operation: "connections.list",
    summary: "Answers 500 to a cursor of more than a thousand letters",
    subtle: true,
    mutate: refused("after", ({ length }) => length > 1000, crash),
    shows: () => [list(`after=conn_${"A".repeat(5000)}`)]
  }
]

/**
 * input/unknown-cursor: cursors that are no id of anything.
 */
const unknownCursors: ReadonlyArray<Mutant> = [
  {
    id: "unknown-cursors-start-over",
    law: "input/unknown-cursor",
    operation: "connections.list",
    summary: "Starts at the first page where a cursor of the right form is unknown, as WorkOS's own emulator does",
    mutate: readingCursors((cursor, { connections }) =>
      isWellFormed(cursor) && connections.get(cursor) === undefined ? undefined : cursor
    ),
    shows: () => [list(`after=${unknownId}`)]
  },
  {
    id: "unknown-before-starts-over",
    law: "input/unknown-cursor",
    operation: "connections.list",
    summary: "Starts at the first page where a cursor to go back from is unknown",
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
    summary: "Shows an empty page where a cursor of the right form is unknown",
    subtle: true,
    mutate: refused("after", isWellFormed, nothing),
    shows: () => [list(`after=${unknownId}`)]
  },
  {
    id: "unknown-cursors-by-their-place",
    law: "input/unknown-cursor",
    operation: "connections.list",
    summary: "Goes on from where an unknown cursor would stand among the ids",
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
