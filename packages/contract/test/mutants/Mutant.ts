// A mutant: the conforming emulator with one promise broken, and the small parts that mutants are made of.
//
// A mutant stands in front of the emulator's `fetch` and rewrites the request on its way in, or the answer on its way
// out. Whatever it does not mean to break it hands to the emulator, so that a wrong key is still a 401 and a bad
// parameter still a 422: most parts here look only at answers of success.
import * as Pagination from "@effect-workos/domain/Pagination"
import { Connection } from "@effect-workos/domain/sso/Connection"
import * as Wire from "@effect-workos/domain/Wire"
import type { Store } from "@effect-workos/emulator/Store"
import * as Hash from "effect/Hash"
import type { Probe } from "./Probe.ts"

/**
 * What can be asked, as the suite names it.
 */
export type Operation =
  | "connections.list"
  | "connections.get"
  | "connections.delete"
  | "connections.create"
  | "organizations.list"
  | "organizations.get"
  | "organizations.getByExternalId"
  | "organizations.create"
  | "organizations.update"
  | "organizations.delete"
  | "organizationDomains.create"
  | "organizationDomains.get"
  | "organizationDomains.delete"
  | "organizationDomains.verify"
  | "events.list"
  | "sso.authorize"
  | "sso.profileAndToken"
  | "sso.profile"
  | "sso.jwks"
  | "sso.logout"

/**
 * Puts a broken server in front of a conforming one. Whatever it remembers is remembered from this call on.
 */
export type Mutate = (fetch: typeof globalThis.fetch, store: Store["Service"]) => typeof globalThis.fetch

/**
 * One broken promise.
 *
 * **Details**
 *
 * - `id`: in kebab-case, unique.
 * - `law`: the law that must catch it, on the operation named. Others may catch it as well.
 * - `summary`: what it does, in one sentence.
 * - `writes`: it only shows to a suite that may write.
 * - `subtle`: it is right most of the time, or wrong in a way that is easily overlooked.
 * - `shows`: what to ask, in this order, to see that it is not the emulator.
 */
export interface Mutant {
  readonly id: string
  readonly law: string
  readonly operation: Operation
  readonly summary: string
  readonly writes?: boolean
  readonly subtle?: boolean
  readonly mutate: Mutate
  readonly shows: (store: Store["Service"]) => ReadonlyArray<Probe>
}

// -----------------------------------------------------------------------------
// Requests
// -----------------------------------------------------------------------------

/**
 * A request, and what it asks for: `operation` is absent where nothing documented is asked. `id` is as the path has it.
 */
export interface Asked {
  readonly request: Request
  readonly operation: Operation | undefined
  readonly query: URLSearchParams
  readonly path: string
  readonly id: string
}

/**
 * What a request asks for.
 */
export const askedBy = (request: Request): Asked => {
  const { pathname, searchParams } = new URL(request.url)
  const there = operations.filter(([, , path]) => path.test(pathname))
  return {
    request,
    operation: there.find(([, method]) => method === request.method)?.[0],
    query: searchParams,
    path: pathname,
    id: there[0]?.[2].exec(pathname)?.[1] ?? ""
  }
}

const operations: ReadonlyArray<readonly [operation: Operation, method: string, path: RegExp]> = [
  ["connections.list", "GET", /^\/connections$/],
  ["connections.create", "POST", /^\/connections$/],
  ["connections.get", "GET", /^\/connections\/([^/]+)$/],
  ["connections.delete", "DELETE", /^\/connections\/([^/]+)$/],
  ["organizations.list", "GET", /^\/organizations$/],
  ["organizations.create", "POST", /^\/organizations$/],
  ["organizations.get", "GET", /^\/organizations\/([^/]+)$/],
  ["organizations.getByExternalId", "GET", /^\/organizations\/external_id\/([^/]+)$/],
  ["organizations.update", "PUT", /^\/organizations\/([^/]+)$/],
  ["organizations.delete", "DELETE", /^\/organizations\/([^/]+)$/],
  ["organizationDomains.create", "POST", /^\/organization_domains$/],
  ["organizationDomains.get", "GET", /^\/organization_domains\/([^/]+)$/],
  ["organizationDomains.delete", "DELETE", /^\/organization_domains\/([^/]+)$/],
  ["organizationDomains.verify", "POST", /^\/organization_domains\/([^/]+)\/verify$/],
  ["events.list", "GET", /^\/events$/],
  ["sso.authorize", "GET", /^\/sso\/authorize$/],
  ["sso.profileAndToken", "POST", /^\/sso\/token$/],
  ["sso.profile", "GET", /^\/sso\/profile$/],
  ["sso.jwks", "GET", /^\/sso\/jwks\/([^/]+)$/],
  ["sso.logout", "GET", /^\/sso\/logout$/]
]

/**
 * The same request, with another query.
 */
export const withQuery = ({ request }: Asked, change: (query: URLSearchParams) => void): Request => {
  const url = new URL(request.url)
  change(url.searchParams)
  return new Request(url, request)
}

/**
 * The same request, with another path.
 */
export const withPath = ({ request }: Asked, path: string): Request =>
  new Request(new URL(path + new URL(request.url).search, request.url), request)

/**
 * The same request, with another header, or without it.
 */
export const withHeader = ({ request }: Asked, name: string, value: string | undefined): Request => {
  const headers = new Headers(request.headers)
  if (value === undefined) headers.delete(name)
  else headers.set(name, value)
  return new Request(request, { headers })
}

/**
 * Sends an operation another body than the one that came: JSON, or the fields of a form.
 */
export const rewriteBody = (
  operation: Operation,
  change: (body: Readonly<Record<string, unknown>>, asked: Asked, store: Store["Service"]) => object
): Mutate =>
  inFront((emulator, store) => async (asked) => {
    if (asked.operation !== operation) return emulator(asked.request)
    const { headers, method, signal, url } = asked.request
    const text = await asked.request.text()
    const isForm = headers.get("content-type")?.includes("form") === true
    const body: unknown = isForm ? Object.fromEntries(new URLSearchParams(text)) : parse(text)
    const changed = typeof body === "object" && body !== null ? { ...change({ ...body }, asked, store) } : undefined
    const sent =
      changed === undefined
        ? text
        : isForm
          ? String(new URLSearchParams(Object.entries(changed).map(([name, value]) => [name, String(value)])))
          : JSON.stringify(changed)
    return emulator(new Request(url, { method, headers, signal, body: sent }))
  })

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Whether a page was asked for by a cursor.
 */
export const isContinued = ({ query }: Asked): boolean => query.has("after") || query.has("before")

/**
 * The parameters that choose among connections.
 */
export const filterNames = ["connection_type", "organization_id", "domain", "search"] as const

/**
 * How many filters were given.
 */
export const filterCount = ({ query }: Asked): number => filterNames.filter((name) => query.has(name)).length

// -----------------------------------------------------------------------------
// Servers
// -----------------------------------------------------------------------------

/**
 * Answers requests, as `fetch` does.
 */
export type Server = (request: Request) => Promise<Response>

/**
 * A mutant of any kind: serves in front of the emulator.
 */
export const inFront =
  (serve: (emulator: Server, store: Store["Service"]) => (asked: Asked) => Promise<Response>): Mutate =>
  (fetch, store) => {
    const answer = serve((request) => fetch(request), store)
    // A request is taken as it is: a copy hears of an abort only while somebody keeps the original.
    return async (input, init) =>
      answer(askedBy(input instanceof Request && init === undefined ? input : new Request(input, init)))
  }

/**
 * Sends another request than the one that came.
 */
export const rewriteRequest = (change: (asked: Asked, store: Store["Service"]) => Request): Mutate =>
  inFront((emulator, store) => (asked) => emulator(change(asked, store)))

/**
 * Lists by another query than the one that came.
 */
export const rewriteQuery = (
  change: (query: URLSearchParams, asked: Asked, store: Store["Service"]) => void,
  operation: Operation = "connections.list"
): Mutate =>
  rewriteRequest((asked, store) =>
    asked.operation === operation ? withQuery(asked, (query) => change(query, asked, store)) : asked.request
  )

/**
 * What a mutant makes of an answer.
 */
export type Rewrite = (answer: Response, asked: Asked, store: Store["Service"]) => Response | Promise<Response>

/**
 * Gives another answer where the emulator answers an operation like this: `success` is any 2xx, `failure` any other.
 */
export const rewriteAnswer = (operation: Operation, on: number | "success" | "failure", rewrite: Rewrite): Mutate =>
  inFront((emulator, store) => async (asked) => {
    const answer = await emulator(asked.request)
    const is = typeof on === "number" ? answer.status === on : answer.ok === (on === "success")
    return is && asked.operation === operation ? rewrite(answer, asked, store) : answer
  })

/**
 * Gives another answer to a request that can be answered, where a condition holds.
 */
export const insteadOf = (
  operation: Operation,
  condition: (asked: Asked, store: Store["Service"]) => boolean,
  rewrite: Rewrite
): Mutate =>
  rewriteAnswer(operation, "success", (answer, asked, store) =>
    condition(asked, store) ? rewrite(answer, asked, store) : answer
  )

// -----------------------------------------------------------------------------
// Answers
// -----------------------------------------------------------------------------

/**
 * The answer, with something else in the place of its status, its headers or its text.
 */
export const withParts = async (
  answer: Response,
  parts: {
    readonly status?: number
    readonly headers?: Readonly<Record<string, string | undefined>>
    readonly text?: string | null
  }
): Promise<Response> => {
  const status = parts.status ?? answer.status
  const headers = new Headers(answer.headers)
  headers.delete("content-length")
  for (const [name, value] of Object.entries(parts.headers ?? {})) {
    if (value === undefined) headers.delete(name)
    else headers.set(name, value)
  }
  const text = parts.text === undefined ? await answer.text() : parts.text
  // As bytes, so that no content type is made up for them.
  return new Response(text === null || text === "" ? null : new TextEncoder().encode(text), { status, headers })
}

/**
 * Answers with this status and this JSON, or with no body where none is given.
 */
export const answer =
  (status: number, body?: unknown): Rewrite =>
  (answer) =>
    withParts(answer, {
      status,
      text: body === undefined ? null : JSON.stringify(body),
      headers: { "content-type": body === undefined ? undefined : "application/json" }
    })

/**
 * Answers with an error and its message.
 */
export const refuse = (status: number, message: string): Rewrite => answer(status, { message })

/**
 * Answers as a server that fell over the request.
 */
export const crash = refuse(500, "Internal Server Error")

/**
 * Answers with the page that a proxy shows when what is behind it is down.
 */
export const html =
  (status: number): Rewrite =>
  (answer) =>
    withParts(answer, {
      status,
      text: `<html><head><title>${status}</title></head><body><h1>${status}</h1><hr>nginx</body></html>`,
      headers: { "content-type": "text/html" }
    })

/**
 * Answers with another status, and otherwise the same.
 */
export const status =
  (status: number): Rewrite =>
  (answer) =>
    withParts(answer, { status })

// -----------------------------------------------------------------------------
// Bodies
// -----------------------------------------------------------------------------

/** A connection, as it goes over the wire. */
export type Row = typeof Connection.Encoded

/** A page of connections, as it goes over the wire. */
export type RowPage = Pagination.EncodedPage<typeof Connection.Encoded>

const isRow = Wire.isEncoded(Connection)
const isPage = Wire.isEncoded(Pagination.Page(Connection))

/**
 * The connection in an answer, which can still be read afterwards.
 */
export const rowIn = async (answer: Response): Promise<Row> => toRow(await answer.clone().json())

const toRow = (body: unknown): Row => {
  if (!isRow(body)) throw new Error("The emulator's connection is none")
  return body
}

/**
 * Answers an operation with another body, where the emulator answers with this status.
 */
export const rewriteJson = (
  operation: Operation,
  on: number | "success" | "failure",
  change: (body: unknown, asked: Asked, store: Store["Service"]) => unknown
): Mutate =>
  rewriteAnswer(operation, on, async (answer, asked, store) =>
    withParts(answer, { text: JSON.stringify(change(await answer.json(), asked, store)) })
  )

/**
 * Shows another page than the one asked for.
 */
export const rewritePage = (change: (page: RowPage, asked: Asked, store: Store["Service"]) => unknown): Mutate =>
  rewriteJson("connections.list", 200, (body, asked, store) => {
    if (!isPage(body)) throw new Error("The emulator's page is none")
    return change(body, asked, store)
  })

/**
 * Shows the rows of pages in another way.
 */
export const rewriteRows = (change: (row: Row, index: number, asked: Asked) => unknown): Mutate =>
  rewritePage((page, asked) => ({ ...page, data: page.data.map((row, index) => change(row, index, asked)) }))

/**
 * Shows the 58th row of pages that are long enough in another way.
 */
export const rewriteOneRow = (change: (row: Row) => unknown): Mutate =>
  rewriteRows((row, index) => (index % 100 === 57 ? change(row) : row))

/**
 * Shows a connection in another way to those who get it, or have just created it.
 */
export const rewriteConnection = (
  change: (row: Row, asked: Asked, store: Store["Service"]) => unknown,
  operation: "connections.get" | "connections.create" = "connections.get"
): Mutate => rewriteJson(operation, "success", (body, asked, store) => change(toRow(body), asked, store))

/**
 * Everything but one field.
 */
export const without = <A extends object>(fields: A, name: keyof A & string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name))

/**
 * Chooses about one in so many ids, always the same ones.
 */
export const isOneIn = (count: number, id: string): boolean => Math.abs(Hash.string(id)) % count === 0
