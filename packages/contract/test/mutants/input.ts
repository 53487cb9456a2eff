// Mutants that answer bad requests as though they were good ones, or fall over them.
import { ConnectionTypeFilter } from "@effect-workos/domain/Connection"
import * as Schema from "effect/Schema"
import {
  answer,
  type Asked,
  html,
  inFront,
  type Mutant,
  refuse,
  type Rewrite,
  rewriteAnswer,
  rewriteQuery,
  withPath,
  withQuery
} from "./Mutant.ts"
import { ask, at, create, get, key, list, organization, unknownId } from "./Probe.ts"

type Mutate = Mutant["mutate"]

const crash = refuse(500, "Internal Server Error")

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
  rewriteAnswer("connections.list", 422, (answer, asked, world) =>
    asked.query.has(name) && isMeant(asked.query.get(name) ?? "") ? rewrite(answer, asked, world) : answer
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
    mutate: inFront((emulator, world) => async (asked) => {
      const type = asked.query.get("connection_type")
      if (asked.operation !== "connections.list" || type === null || isType(type)) return emulator(asked.request)
      const answer = await emulator(withQuery(asked, (query) => query.delete("connection_type")))
      return answer.ok ? nothing(answer, asked, world) : answer
    }),
    shows: () => [list("connection_type=Nonsense")]
  }
]

const isWellFormed = (cursor: string) => /^conn_[0-9A-Za-z]{1,64}$/.test(cursor)

const readingCursors = (read: (cursor: string, world: Parameters<Mutate>[1]) => string | undefined): Mutate =>
  rewriteQuery((query, _, world) => {
    for (const name of ["after", "before"]) {
      const cursor = query.get(name)
      if (cursor === null) continue
      const other = read(cursor, world)
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

const hostile = (
  operation: "connections.get" | "connections.delete",
  isMeant: (id: string) => boolean,
  rewrite: Rewrite
) =>
  rewriteAnswer(operation, 404, (answer, asked, world) => (isMeant(asked.id) ? rewrite(answer, asked, world) : answer))

/**
 * input/hostile-id: ids that were never meant to be any.
 */
const hostileIds: ReadonlyArray<Mutant> = [
  {
    id: "percent-crashes",
    law: "input/hostile-id",
    operation: "connections.get",
    summary: "Answers 500 where an id holds a percent sign",
    mutate: hostile("connections.get", (id) => /%25|%(?![0-9a-f]{2})/i.test(id), crash),
    shows: () => [get("%25")]
  },
  {
    id: "not-ascii-crashes",
    law: "input/hostile-id",
    operation: "connections.get",
    summary: "Answers 500 where an id holds letters that are not ASCII",
    subtle: true,
    mutate: hostile("connections.get", (id) => /%[89a-f]/i.test(id), crash),
    shows: () => [get("%C3%A9")]
  },
  {
    id: "long-ids-crash",
    law: "input/hostile-id",
    operation: "connections.get",
    summary: "Answers 500 and a proxy's page where an id is longer than a thousand letters",
    subtle: true,
    mutate: hostile("connections.get", ({ length }) => length > 1000, html(500)),
    shows: () => [get("a".repeat(10_000))]
  },
  {
    id: "quotes-crash",
    law: "input/hostile-id",
    operation: "connections.get",
    summary: "Answers 500 where an id holds a quotation mark",
    subtle: true,
    mutate: hostile("connections.get", (id) => /'|%27|%22/.test(id), crash),
    shows: () => [get("%27")]
  },
  {
    id: "slashes-lead-to-the-list",
    law: "input/hostile-id",
    operation: "connections.get",
    summary: "Shows the list where an id holds a slash",
    mutate: inFront(
      (emulator) => async (asked) =>
        emulator(
          asked.operation === "connections.get" && /%2f/i.test(asked.id)
            ? withPath(asked, "/connections")
            : asked.request
        )
    ),
    shows: () => [get("..%2Fconnections")]
  }
]

const hostileText = (isMeant: (text: string) => boolean, rewrite: Rewrite): Mutate =>
  rewriteAnswer("connections.list", 200, (answer, asked, world) =>
    isMeant(asked.query.get("search") ?? "") ? rewrite(answer, asked, world) : answer
  )

const isRegExp = (text: string): boolean => {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}

/**
 * input/hostile-text: texts that are allowed, and seldom seen.
 */
const hostileTexts: ReadonlyArray<Mutant> = [
  {
    id: "searching-a-quote-crashes",
    law: "input/hostile-text",
    operation: "connections.list",
    summary: "Answers 500 to a search for a quotation mark",
    mutate: hostileText((text) => text.includes("'"), crash),
    shows: () => [list("search=%27")]
  },
  {
    id: "searching-null-crashes",
    law: "input/hostile-text",
    operation: "connections.list",
    summary: "Answers 500 to a search with a null byte",
    subtle: true,
    mutate: hostileText((text) => text.includes("\u0000"), crash),
    shows: () => [list("search=%00")]
  },
  {
    id: "long-searches-crash",
    law: "input/hostile-text",
    operation: "connections.list",
    summary: "Answers 500 to a search for more than a thousand letters",
    subtle: true,
    mutate: hostileText(({ length }) => length > 1000, crash),
    shows: () => [list(`search=${"a".repeat(5000)}`)]
  },
  {
    id: "searches-are-patterns",
    law: "input/hostile-text",
    operation: "connections.list",
    summary: "Answers 500 to a search that is no regular expression",
    subtle: true,
    mutate: hostileText((text) => !isRegExp(text), crash),
    shows: () => [list("search=(")]
  }
]

// Answers where the emulator knows of no such method. The key has to be right.
const answering = (isMeant: (method: string, asked: Asked) => boolean, rewrite: Rewrite): Mutate =>
  inFront((emulator, world) => async (asked) => {
    const { headers, method } = asked.request
    const answer = await emulator(asked.request)
    const isAllowed = answer.status === 404 && headers.get("authorization") === `Bearer ${key}`
    return isAllowed && asked.operation === undefined && isMeant(method, asked) ? rewrite(answer, asked, world) : answer
  })

/**
 * input/undocumented-method: methods that no document names.
 */
const methods: ReadonlyArray<Mutant> = [
  {
    id: "put-to-one-succeeds",
    law: "input/undocumented-method",
    operation: "connections.get",
    summary: "Answers 200 to PUT of a connection",
    mutate: answering((method, { id }) => method === "PUT" && id !== "", answer(200, {})),
    shows: (world) => [ask(`/connections/${at(world, 0)}`, { method: "PUT", body: {} })]
  },
  {
    id: "post-to-one-succeeds",
    law: "input/undocumented-method",
    operation: "connections.get",
    summary: "Answers 200 to POST of a connection that exists",
    subtle: true,
    mutate: answering((method, { id }) => method === "POST" && id !== "", answer(200, {})),
    shows: (world) => [ask(`/connections/${at(world, 0)}`, { method: "POST", body: {} })]
  },
  {
    id: "put-to-all-crashes",
    law: "input/undocumented-method",
    operation: "connections.list",
    summary: "Answers 500 to PUT of all connections",
    mutate: answering((method, { path }) => method === "PUT" && path === "/connections", crash),
    shows: () => [ask("/connections", { method: "PUT", body: {} })]
  }
]

const parsed = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === "object" && body !== null ? { ...body } : {}
  } catch {
    return {}
  }
}

// Repairs the body of a creation that was refused, and tries again.
const repairing = (
  repair: (
    body: Readonly<Record<string, unknown>>,
    world: Parameters<Mutate>[1]
  ) => Readonly<Record<string, unknown>> | undefined
): Mutate =>
  inFront((emulator, world) => async (asked) => {
    const copy = asked.request.clone()
    const answer = await emulator(asked.request)
    if (asked.operation !== "connections.create" || answer.status !== 422) return answer
    const repaired = repair(parsed(await copy.text()), world)
    const { headers, method, url } = asked.request
    return repaired === undefined
      ? answer
      : emulator(new Request(url, { method, headers, body: JSON.stringify(repaired) }))
  })

/**
 * input/malformed-body: bodies that are not what a creation needs.
 */
const malformedBodies: ReadonlyArray<Mutant> = [
  {
    id: "numbers-become-names",
    law: "input/malformed-body",
    operation: "connections.create",
    summary: "Creates a connection whose name is no string",
    writes: true,
    mutate: repairing(({ name, ...body }) =>
      name === undefined || typeof name === "string" ? undefined : { ...body, name: JSON.stringify(name) }
    ),
    shows: (world) => [create({ organization_id: organization(world), name: 7 })]
  },
  {
    id: "wrong-fields-dropped",
    law: "input/malformed-body",
    operation: "connections.create",
    summary: "Creates a connection without the fields that are wrong",
    writes: true,
    subtle: true,
    mutate: repairing(({ organization_id, ...rest }) =>
      Object.keys(rest).length > 0 ? { organization_id } : undefined
    ),
    shows: (world) => [create({ organization_id: organization(world), external_id: [] })]
  },
  {
    id: "some-organization-will-do",
    law: "input/malformed-body",
    operation: "connections.create",
    summary: "Creates a connection in the first organization where the body names none",
    writes: true,
    mutate: repairing((body, world) =>
      typeof body["organization_id"] === "string" ? undefined : { ...body, organization_id: organization(world) }
    ),
    shows: () => [create({})]
  },
  {
    id: "unknown-types-are-chosen-later",
    law: "input/malformed-body",
    operation: "connections.create",
    summary: "Creates a connection without a type where the type is unknown",
    writes: true,
    subtle: true,
    mutate: repairing(({ connection_type, ...body }) => (connection_type === undefined ? undefined : body)),
    shows: (world) => [create({ organization_id: organization(world), connection_type: "Nonsense" })]
  },
  {
    id: "broken-json-crashes",
    law: "input/malformed-body",
    operation: "connections.create",
    summary: "Answers 500 to a body that is no JSON object",
    writes: true,
    mutate: rewriteAnswer("connections.create", 400, crash),
    shows: () => [create("{")]
  },
  {
    id: "broken-json-is-fine",
    law: "input/malformed-body",
    operation: "connections.create",
    summary: "Answers 200 to a body that is no JSON object, and creates nothing",
    writes: true,
    subtle: true,
    mutate: rewriteAnswer("connections.create", 400, answer(200, {})),
    shows: () => [create("[]")]
  }
]

export const input: ReadonlyArray<Mutant> = [
  ...limits,
  ...enums,
  ...malformedCursors,
  ...unknownCursors,
  ...hostileIds,
  ...hostileTexts,
  ...methods,
  ...malformedBodies
]
