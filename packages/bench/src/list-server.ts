// The server that benchmarks read from, in a separate process: a list of any length, in both orders, with every row as a
// cursor. It does not use Effect per request, to add little time: rows are prepared texts into which an id and a
// time are inserted, and the first pages that are requested are cached.
import * as Seed from "@effect-workos/emulator/Seed"
import { Connection } from "@effect-workos/domain/sso/Connection"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { createServer } from "node:http"

export interface Options {
  readonly rows: number
  /** A delay of each response in milliseconds. */
  readonly latency?: number
  /** Of this many requests, one gets a 503, and another one a response that ends after half of its body. Defaults to none. */
  readonly failEvery?: number
  /** The maximum number of requests in any window of this many milliseconds. Further requests get a 429. */
  readonly limit?: { readonly requests: number; readonly window: number }
}

export interface Counts {
  readonly responses: number
  readonly refused: number
  /** The maximum number of accepted requests in one window; 0 without a limit. */
  readonly most: number
}

const { failEvery = Infinity, latency = 0, limit, rows }: Options = JSON.parse(process.argv[2] ?? "{}")

// -----------------------------------------------------------------------------
// Rows: those of the emulator, repeated, each created a millisecond after the previous one
// -----------------------------------------------------------------------------

const firstCreated = Date.UTC(2020, 0, 1)
const idOf = (row: number): string => `conn_01${String(row).padStart(24, "0")}`

const encode = Schema.encodeSync(Connection)
const templates = Effect.runSync(Seed.make({ connections: 1000, organizations: 100, seed: 1 })).connections.map(
  (connection) =>
    JSON.stringify({ ...encode(connection), id: "<id>", created_at: "<at>", updated_at: "<at>" }).split(/<id>|<at>/)
)

const textOf = (row: number): string => {
  const [start = "", afterId = "", afterCreated = "", end = ""] = templates[row % templates.length] ?? []
  const created = new Date(firstCreated + row).toISOString()
  return start + idOf(row) + afterId + created + afterCreated + created + end
}

// -----------------------------------------------------------------------------
// Pages
// -----------------------------------------------------------------------------

const roomForPages = 1000
const pages = new Map<string, Buffer>()

const cursor = (row: number | undefined): string => (row === undefined ? "null" : `"${idOf(row)}"`)

const render = (order: string, from: number, size: number): Buffer => {
  const count = Math.min(size, rows - from)
  const numbers = Array.from({ length: count }, (_, index) =>
    order === "asc" ? from + index : rows - 1 - from - index
  )
  const before = from === 0 ? undefined : numbers[0]
  const after = from + count < rows ? numbers.at(-1) : undefined
  return Buffer.from(
    `{"object":"list","data":[${numbers.map(textOf).join(",")}],` +
      `"list_metadata":{"before":${cursor(before)},"after":${cursor(after)}}}`
  )
}

const pageOf = (query: URLSearchParams): Buffer | undefined => {
  const order = query.get("order") ?? "desc"
  const size = Number(query.get("limit") ?? 10)
  const after = query.get("after")
  let from = 0
  if (after !== null) {
    const row = Number(after.slice("conn_01".length))
    if (!(row < rows) || after !== idOf(row)) return undefined
    from = order === "asc" ? row + 1 : rows - row
  }
  const key = `${order} ${from} ${size}`
  const page = pages.get(key) ?? render(order, from, size)
  if (pages.size < roomForPages) pages.set(key, page)
  return page
}

const rowOf = (path: string): Buffer | undefined => {
  const id = path.slice("/connections/".length)
  const row = Number(id.slice("conn_01".length))
  return row < rows && id === idOf(row) ? Buffer.from(textOf(row)) : undefined
}

// -----------------------------------------------------------------------------
// The limit
// -----------------------------------------------------------------------------

let responses = 0
let refused = 0
let most = 0
// The times of the accepted requests in the window that ends now.
let window: Array<number> = []

// Counts a request, and returns the milliseconds until a request is accepted; 0 if this one is.
const admit = (): number => {
  if (limit !== undefined) {
    const now = performance.now()
    const gone = window.findIndex((at) => at > now - limit.window)
    window = gone === -1 ? [] : gone > 0 ? window.slice(gone) : window
    if (window.length >= limit.requests) {
      refused++
      return (window[0] ?? now) + limit.window - now
    }
    window.push(now)
    most = Math.max(most, window.length)
  }
  responses++
  return 0
}

const server = createServer((request, response) => {
  const wait = admit()
  const [path = "", query] = (request.url ?? "").split("?")
  const page =
    wait > 0 ? undefined : path.length > "/connections/".length ? rowOf(path) : pageOf(new URLSearchParams(query))
  const body =
    page ?? Buffer.from(wait > 0 ? '{"message":"Too many requests."}' : '{"message":"The cursor does not exist."}')
  const fault = responses % failEvery
  const respond = () => {
    if (fault === 0) return void response.writeHead(503).end()
    response.writeHead(wait > 0 ? 429 : page === undefined ? 422 : 200, {
      "content-type": "application/json",
      "content-length": body.length,
      "x-request-id": "req_1",
      ...(wait > 0 ? { "retry-after": String(Math.ceil(wait / 1000)) } : {})
    })
    if (fault === 1 && failEvery < Infinity)
      response.write(body.subarray(0, body.length >> 1), () => response.destroy())
    else response.end(body)
  }
  if (latency > 0) setTimeout(respond, latency)
  else respond()
})
server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  process.send?.(typeof address === "object" ? address?.port : undefined)
})
process.on("message", () => {
  const counts: Counts = { responses, refused, most }
  responses = refused = most = 0
  process.send?.(counts)
})
process.on("disconnect", () => process.exit())
