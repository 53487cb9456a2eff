// Mutants: the conforming emulator with one fault, and the parts that mutants are built from.
//
// A mutant wraps the emulator's `fetch` and rewrites the request or the response. Everything else is passed to the
// emulator, so that a wrong key still returns 401 and an invalid parameter 422: most parts only rewrite successful
// responses.
import * as Pagination from "@effect-workos/domain/Pagination"
import { Connection } from "@effect-workos/domain/sso/Connection"
import type { Resource } from "@effect-workos/domain/Resource"
import * as resources from "@effect-workos/domain/resources"
import * as Wire from "@effect-workos/domain/Wire"
import type { Store } from "@effect-workos/emulator/Store"
import * as Hash from "effect/Hash"
import type { Probe } from "./Probe.ts"

type Resources = typeof resources

/**
 * The operations, as named by the suite.
 */
export type Operation = {
  readonly [Name in keyof Resources]: `${Resources[Name]["name"]}.${keyof Resources[Name]["endpoints"] & string}`
}[keyof Resources]

/**
 * Wraps a conforming server in a faulty one. The state of the mutant begins with this call.
 */
export type Mutate = (fetch: typeof globalThis.fetch, store: Store["Service"]) => typeof globalThis.fetch

/**
 * One fault.
 *
 * **Details**
 *
 * - `id`: in kebab-case, unique.
 * - `law`: the law that must detect the fault on `operation`. Other laws may detect the fault as well.
 * - `summary`: the fault in one sentence.
 * - `writes`: true if only a run that may write detects the fault.
 * - `subtle`: true if the fault is rare or hard to notice.
 * - `shows`: requests that reveal the fault, in order.
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
 * A parsed request. `operation` is absent for an undocumented request; `id` is as in the path.
 */
export interface ParsedRequest {
  readonly request: Request
  readonly operation: string | undefined
  readonly query: URLSearchParams
  readonly path: string
  readonly id: string
}

/**
 * Parses a request.
 */
export const parseRequest = (request: Request): ParsedRequest => {
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

const operations: ReadonlyArray<readonly [operation: string, method: string, path: RegExp]> = Object.values<Resource>(
  resources
).flatMap(({ endpoints, name }) =>
  Object.entries(endpoints).map(
    ([key, { method, path }]) =>
      [`${name}.${key}`, method, new RegExp(`^${path.replaceAll(/:\w+/g, "([^/]+)")}$`)] as const
  )
)

/**
 * Replaces the query of a request.
 */
export const withQuery = ({ request }: ParsedRequest, change: (query: URLSearchParams) => void): Request => {
  const url = new URL(request.url)
  change(url.searchParams)
  return new Request(url, request)
}

/**
 * Replaces the path of a request.
 */
export const withPath = ({ request }: ParsedRequest, path: string): Request =>
  new Request(new URL(path + new URL(request.url).search, request.url), request)

/**
 * Replaces or removes a header of a request.
 */
export const withHeader = ({ request }: ParsedRequest, name: string, value: string | undefined): Request => {
  const headers = new Headers(request.headers)
  if (value === undefined) headers.delete(name)
  else headers.set(name, value)
  return new Request(request, { headers })
}

/**
 * Replaces the body of a request: JSON, or the fields of a form.
 */
export const rewriteBody = (
  operation: Operation,
  change: (body: Readonly<Record<string, unknown>>, parsed: ParsedRequest, store: Store["Service"]) => object
): Mutate =>
  makeMutant((emulator, store) => async (parsed) => {
    if (parsed.operation !== operation) return emulator(parsed.request)
    const { headers, method, signal, url } = parsed.request
    const text = await parsed.request.text()
    const isForm = headers.get("content-type")?.includes("form") === true
    const body: unknown = isForm ? Object.fromEntries(new URLSearchParams(text)) : parse(text)
    const changed = typeof body === "object" && body !== null ? { ...change({ ...body }, parsed, store) } : undefined
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
 * Returns whether a list request has a cursor.
 */
export const isContinued = ({ query }: ParsedRequest): boolean => query.has("after") || query.has("before")

/**
 * The filters of connections.
 */
export const filterNames = ["connection_type", "organization_id", "domain", "search"] as const

/**
 * The number of filters in a request.
 */
export const filterCount = ({ query }: ParsedRequest): number => filterNames.filter((name) => query.has(name)).length

// -----------------------------------------------------------------------------
// Servers
// -----------------------------------------------------------------------------

/**
 * A server as a `fetch` function.
 */
export type Server = (request: Request) => Promise<Response>

/**
 * Makes a mutant from a function that serves requests.
 */
export const makeMutant =
  (serve: (emulator: Server, store: Store["Service"]) => (parsed: ParsedRequest) => Promise<Response>): Mutate =>
  (fetch, store) => {
    const response = serve((request) => fetch(request), store)
    // The request is not copied: a copy is aborted only as long as the original is referenced.
    return async (input, init) =>
      response(parseRequest(input instanceof Request && init === undefined ? input : new Request(input, init)))
  }

/**
 * Makes a mutant that rewrites requests.
 */
export const rewriteRequest = (change: (parsed: ParsedRequest, store: Store["Service"]) => Request): Mutate =>
  makeMutant((emulator, store) => (parsed) => emulator(change(parsed, store)))

/**
 * Makes a mutant that rewrites the query of list requests.
 */
export const rewriteQuery = (
  change: (query: URLSearchParams, parsed: ParsedRequest, store: Store["Service"]) => void,
  operation: Operation = "connections.list"
): Mutate =>
  rewriteRequest((parsed, store) =>
    parsed.operation === operation ? withQuery(parsed, (query) => change(query, parsed, store)) : parsed.request
  )

/**
 * Rewrites a response.
 */
export type Rewrite = (
  response: Response,
  parsed: ParsedRequest,
  store: Store["Service"]
) => Response | Promise<Response>

/**
 * Makes a mutant that rewrites the responses of an operation: `success` is any 2xx, `failure` any other.
 */
export const rewriteResponse = (operation: Operation, on: number | "success" | "failure", rewrite: Rewrite): Mutate =>
  makeMutant((emulator, store) => async (parsed) => {
    const response = await emulator(parsed.request)
    const is = typeof on === "number" ? response.status === on : response.ok === (on === "success")
    return is && parsed.operation === operation ? rewrite(response, parsed, store) : response
  })

/**
 * Makes a mutant that replaces successful responses if a condition is true.
 */
export const replaceResponse = (
  operation: Operation,
  condition: (parsed: ParsedRequest, store: Store["Service"]) => boolean,
  rewrite: Rewrite
): Mutate =>
  rewriteResponse(operation, "success", (response, parsed, store) =>
    condition(parsed, store) ? rewrite(response, parsed, store) : response
  )

// -----------------------------------------------------------------------------
// Responses
// -----------------------------------------------------------------------------

/**
 * Replaces the status, the headers or the text of a response.
 */
export const withParts = async (
  response: Response,
  parts: {
    readonly status?: number
    readonly headers?: Readonly<Record<string, string | undefined>>
    readonly text?: string | null
  }
): Promise<Response> => {
  const status = parts.status ?? response.status
  const headers = new Headers(response.headers)
  headers.delete("content-length")
  for (const [name, value] of Object.entries(parts.headers ?? {})) {
    if (value === undefined) headers.delete(name)
    else headers.set(name, value)
  }
  const text = parts.text === undefined ? await response.text() : parts.text
  // As bytes, since a string body would set a content type.
  return new Response(text === null || text === "" ? null : new TextEncoder().encode(text), { status, headers })
}

/**
 * Returns a response with a status and optional JSON.
 */
export const respond =
  (status: number, body?: unknown): Rewrite =>
  (response) =>
    withParts(response, {
      status,
      text: body === undefined ? null : JSON.stringify(body),
      headers: { "content-type": body === undefined ? undefined : "application/json" }
    })

/**
 * Returns an error response with a message.
 */
export const refuse = (status: number, message: string): Rewrite => respond(status, { message })

/**
 * Returns the response of a crashed request.
 */
export const crash = refuse(500, "Internal Server Error")

/**
 * Returns the HTML page of a proxy whose upstream is down.
 */
export const html =
  (status: number): Rewrite =>
  (response) =>
    withParts(response, {
      status,
      text: `<html><head><title>${status}</title></head><body><h1>${status}</h1><hr>nginx</body></html>`,
      headers: { "content-type": "text/html" }
    })

/**
 * Replaces the status of a response.
 */
export const status =
  (status: number): Rewrite =>
  (response) =>
    withParts(response, { status })

// -----------------------------------------------------------------------------
// Bodies
// -----------------------------------------------------------------------------

/** A connection in its wire form. */
export type Row = typeof Connection.Encoded

/** A page of connections in its wire form. */
export type RowPage = Pagination.EncodedPage<typeof Connection.Encoded>

const isRow = Wire.isEncoded(Connection)
const isPage = Wire.isEncoded(Pagination.Page(Connection))

/**
 * Reads the connection of a response without consuming the body.
 */
export const rowIn = async (response: Response): Promise<Row> => toRow(await response.clone().json())

const toRow = (body: unknown): Row => {
  if (!isRow(body)) throw new Error("The response of the emulator is not a connection")
  return body
}

/**
 * Makes a mutant that rewrites the body of responses with a status.
 */
export const rewriteJson = (
  operation: Operation,
  on: number | "success" | "failure",
  change: (body: unknown, parsed: ParsedRequest, store: Store["Service"]) => unknown
): Mutate =>
  rewriteResponse(operation, on, async (response, parsed, store) =>
    withParts(response, { text: JSON.stringify(change(await response.json(), parsed, store)) })
  )

/**
 * Makes a mutant that rewrites pages.
 */
export const rewritePage = (
  change: (page: RowPage, parsed: ParsedRequest, store: Store["Service"]) => unknown
): Mutate =>
  rewriteJson("connections.list", 200, (body, parsed, store) => {
    if (!isPage(body)) throw new Error("The response of the emulator is not a page")
    return change(body, parsed, store)
  })

/**
 * Makes a mutant that rewrites the rows of pages.
 */
export const rewriteRows = (change: (row: Row, index: number, parsed: ParsedRequest) => unknown): Mutate =>
  rewritePage((page, parsed) => ({ ...page, data: page.data.map((row, index) => change(row, index, parsed)) }))

/**
 * Makes a mutant that rewrites the 58th row of long pages.
 */
export const rewriteOneRow = (change: (row: Row) => unknown): Mutate =>
  rewriteRows((row, index) => (index % 100 === 57 ? change(row) : row))

/**
 * Makes a mutant that rewrites single connections.
 */
export const rewriteConnection = (
  change: (row: Row, parsed: ParsedRequest, store: Store["Service"]) => unknown,
  operation: "connections.get" | "connections.create" = "connections.get"
): Mutate => rewriteJson(operation, "success", (body, parsed, store) => change(toRow(body), parsed, store))

/**
 * Removes a field.
 */
export const without = <A extends object>(fields: A, name: keyof A & string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name))

/**
 * Selects about one in `count` ids, deterministically.
 */
export const isOneIn = (count: number, id: string): boolean => Math.abs(Hash.string(id)) % count === 0
