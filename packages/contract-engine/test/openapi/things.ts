// A server for things on a real socket, with lists in each style of pagination, its document, and faults.
import * as OpenApiDocument from "../../src/OpenApiDocument.ts"
import { laws } from "../../src/laws.ts"
import * as Suite from "../../src/Suite.ts"
import * as Target from "../../src/Target.ts"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as NodeHttp from "node:http"

export const styles = ["cursor", "offset", "page", "link"] as const

export type Style = (typeof styles)[number]

/** The faults, with the styles that can have them and the laws that detect them. */
export const faults = {
  "returns one row too many": { styles, laws: ["lists/limit"] },
  "returns 9 rows by default": { styles, laws: ["lists/default-limit"] },
  "repeats the last row on the next page": { styles, laws: ["lists/complete", "lists/page-size"] },
  "omits the first row of later pages": { styles, laws: ["lists/complete", "lists/page-size"] },
  "ignores the filter": { styles, laws: ["lists/filter-matches"] },
  "filters by prefix": { styles, laws: ["lists/filter-matches"] },
  "finds only half of the matches": { styles, laws: ["lists/filter-complete"] },
  "sorts by name on small pages": { styles, laws: ["lists/page-size", "lists/complete"] },
  "accepts any key": { styles, laws: ["access/wrong-key"] },
  "returns numbers as text": { styles, laws: ["responses/body"] },
  "returns 200 for unknown things": { styles, laws: ["resources/unknown-id"] },
  "returns 500 for large pages": { styles, laws: ["responses/no-server-error"] },
  "returns the first page for every position": {
    styles: ["cursor", "offset", "page"],
    laws: ["lists/cursors-end", "lists/complete"]
  },
  "starts again for a malformed cursor": { styles: ["cursor"], laws: ["input/malformed-cursor"] },
  "has a next page after the last one": { styles: ["cursor", "link"], laws: ["lists/cursors-end"] },
  "loses the filter on the next page": { styles: ["link"], laws: ["lists/page-size"] },
  "counts pages from 0": { styles: ["page"], laws: ["lists/complete"] }
} as const satisfies Readonly<
  Record<string, { readonly styles: ReadonlyArray<Style>; readonly laws: ReadonlyArray<string> }>
>

export type Fault = keyof typeof faults

const key = "secret-key-123"
const states = ["open", "closed", "closing", "archived"]

const rows = Array.from({ length: 47 }, (_, index) => ({
  id: `thing-${((index * 7919) % 100_003).toString(36).padStart(6, "0")}`,
  name: `Thing ${(index * 31) % 47}`,
  size: index,
  state: states[(index * 5 + (index >> 3)) % 4] ?? "open"
}))

// -----------------------------------------------------------------------------
// Document
// -----------------------------------------------------------------------------

const json = (schema: unknown) => ({ description: "OK", content: { "application/json": { schema } } })
const error = json({ type: "object", properties: { error: { type: "string" } }, required: ["error"] })
const position: Readonly<Record<Style, ReadonlyArray<object>>> = {
  cursor: [{ in: "query", name: "cursor", schema: { type: "string", pattern: "^c[0-9]+x$" } }],
  offset: [{ in: "query", name: "offset", schema: { type: "integer", minimum: 0, maximum: 1000, default: 0 } }],
  page: [{ in: "query", name: "page", schema: { type: "integer", minimum: 1, maximum: 1000, default: 1 } }],
  link: []
}

/** The document of the server. */
const documentOf = (style: Style, url: string) => ({
  openapi: "3.1.0",
  info: { title: "Things", version: "1" },
  servers: [{ url }],
  security: style === "page" ? [{ key: [] }] : [{ token: [] }],
  paths: {
    "/things": {
      get: {
        operationId: "list",
        parameters: [
          { in: "query", name: "limit", schema: { type: "integer", minimum: 1, maximum: 20, default: 10 } },
          { in: "query", name: "state", schema: { type: "string", enum: states } },
          ...position[style]
        ],
        responses: {
          200: {
            ...json({
              type: "object",
              required: ["things"],
              properties: {
                things: { type: "array", items: { $ref: "#/components/schemas/Thing" } },
                ...(style === "cursor" ? { next_cursor: { type: ["string", "null"] } } : {})
              }
            }),
            ...(style === "link" ? { headers: { Link: { schema: { type: "string" } } } } : {})
          },
          400: error
        }
      }
    },
    "/things/{id}": {
      get: {
        operationId: "get",
        parameters: [{ in: "path", name: "id", required: true, schema: { type: "string" } }],
        responses: { 200: json({ $ref: "#/components/schemas/Thing" }), 404: error }
      }
    }
  },
  components: {
    schemas: {
      Thing: {
        type: "object",
        required: ["id", "name", "size", "state"],
        properties: {
          id: { type: "string" },
          name: { type: "string" },
          size: { type: "integer" },
          state: { type: "string", enum: states }
        }
      }
    },
    securitySchemes: {
      token: { type: "http", scheme: "bearer" },
      key: { type: "apiKey", in: "query", name: "api_key" }
    }
  }
})

// -----------------------------------------------------------------------------
// Server
// -----------------------------------------------------------------------------

interface Reply {
  readonly status: number
  readonly body: unknown
  readonly link?: string
}

const refuse = (status: number, error: string): Reply => ({ status, body: { error } })

const respond = (style: Style, fault: Fault | undefined, url: URL, authorization: string | undefined): Reply => {
  const { pathname, searchParams } = url
  const given = style === "page" ? searchParams.get("api_key") : authorization?.replace(/^Bearer (?=\S)/, "")
  const isKey = style === "page" || authorization?.startsWith("Bearer ") === true
  const isAccepted = fault === "accepts any key" ? (given ?? "") !== "" : given === key
  if (!isKey || !isAccepted) return refuse(401, "no such key")
  if (pathname === "/things") return list(style, fault, url)
  const row = rows.find(({ id }) => pathname === `/things/${id}`)
  if (row !== undefined) return { status: 200, body: shown(row, fault) }
  return fault === "returns 200 for unknown things"
    ? { status: 200, body: shown(rows[0], fault) }
    : refuse(404, "no such thing")
}

const shown = (row: (typeof rows)[number] | undefined, fault: Fault | undefined) =>
  fault === "returns numbers as text" ? { ...row, size: String(row?.size) } : row

const list = (style: Style, fault: Fault | undefined, url: URL): Reply => {
  const { searchParams } = url
  const given = (name: string) => searchParams.get(name) ?? undefined
  const limit = parse(given("limit") ?? "10", 1, 20)
  const state = given("state")
  if (limit === undefined) return refuse(400, "limit")
  if (state !== undefined && !states.includes(state)) return refuse(400, "state")
  if (fault === "returns 500 for large pages" && limit === 20) return refuse(500, "too large")
  const start = startOf(style, fault, searchParams, limit)
  if (start === undefined) return refuse(400, "position")
  const isFiltered = !(fault === "loses the filter on the next page" && start > 0)
  const matching = rows.filter((row) => !isFiltered || matches(row, state, fault))
  const sorted =
    fault === "sorts by name on small pages" && limit < 8
      ? matching.toSorted((a, b) => (a.name < b.name ? -1 : 1))
      : matching
  const size = given("limit") === undefined && fault === "returns 9 rows by default" ? 9 : limit
  const from =
    start === 0
      ? 0
      : fault === "repeats the last row on the next page"
        ? start - 1
        : fault === "omits the first row of later pages"
          ? start + 1
          : start
  const page = sorted.slice(from, from + size + (fault === "returns one row too many" ? 1 : 0))
  const end = start + limit
  const isMore = end < sorted.length || (fault === "has a next page after the last one" && page.length > 0)
  const things = page.map((row) => shown(row, fault))
  if (style === "cursor") return { status: 200, body: { things, next_cursor: isMore ? `c${end}x` : null } }
  if (style !== "link" || !isMore) return { status: 200, body: { things } }
  const next = new URL(url)
  next.searchParams.set("from", String(end))
  return { status: 200, body: { things }, link: `<${next.href}>; rel="next", <${url.href}>; rel="self"` }
}

const matches = (row: (typeof rows)[number], state: string | undefined, fault: Fault | undefined): boolean => {
  if (state === undefined || fault === "ignores the filter") return true
  if (fault === "finds only half of the matches") return row.state === state && row.size % 2 === 0
  return fault === "filters by prefix" ? row.state.startsWith(state.slice(0, 4)) : row.state === state
}

const startOf = (
  style: Style,
  fault: Fault | undefined,
  parameters: URLSearchParams,
  limit: number
): number | undefined => {
  const given = (name: string) => parameters.get(name) ?? undefined
  if (fault === "returns the first page for every position") return 0
  if (style === "offset") return parse(given("offset") ?? "0", 0, 1000)
  if (style === "link") return parse(given("from") ?? "0", 0, 1000)
  if (style === "page") {
    const page = parse(given("page") ?? "1", 1, 1000)
    return page === undefined ? undefined : (page - (fault === "counts pages from 0" && page > 1 ? 0 : 1)) * limit
  }
  const cursor = given("cursor")
  if (cursor === undefined) return 0
  const [, number] = /^c(\d+)x$/.exec(cursor) ?? []
  if (number !== undefined) return Number(number)
  return fault === "starts again for a malformed cursor" ? 0 : undefined
}

const parse = (text: string, minimum: number, maximum: number): number | undefined =>
  /^\d{1,4}$/.test(text) && Number(text) >= minimum && Number(text) <= maximum ? Number(text) : undefined

/** Starts the server on a free port. */
export const serve = Effect.fnUntraced(function* (style: Style, fault?: Fault) {
  const server = NodeHttp.createServer((request, response) => {
    const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "localhost"}`)
    const isHead = request.method === "HEAD"
    const { body, link, status }: Reply =
      request.method === "GET" || isHead
        ? respond(style, fault, url, request.headers.authorization)
        : { status: 405, body: { error: "method" } }
    response.writeHead(status, {
      "content-type": "application/json",
      ...(status === 405 ? { allow: "GET, HEAD" } : {}),
      ...(link === undefined ? {} : { link })
    })
    response.end(isHead ? undefined : JSON.stringify(body))
  })
  return yield* Effect.acquireRelease(
    Effect.callback<string>((resume) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        resume(Effect.succeed(`http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`))
      })
    }),
    () => Effect.sync(() => server.close(() => undefined).closeAllConnections())
  )
})

/** The suite of the server's document, and the server as a target. */
export const suiteAndTarget = Effect.fnUntraced(function* (style: Style, url: string) {
  const { api, conventions, issues, securitySchemes } = yield* OpenApiDocument.read(documentOf(style, url))
  const [scheme] = securitySchemes
  const credentials = scheme && OpenApiDocument.credentials(scheme, Redacted.make(key))
  return {
    issues,
    suite: Suite.make({ api, conventions, laws }),
    target: Target.layer({ baseUrl: url, ...(credentials === undefined ? {} : { credentials }) }).pipe(
      Layer.provide(FetchHttpClient.layer)
    )
  }
})
