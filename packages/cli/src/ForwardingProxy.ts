// A reverse proxy on this machine: forwards requests to a server, and reports each exchange.
import type * as Undici from "@effect/platform-node/Undici"
import * as Effect from "effect/Effect"
import { ServeError } from "effect/http/HttpServerError"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { Transform } from "node:stream"
import { pipeline } from "node:stream/promises"

/**
 * The headers of a message, as they were sent.
 */
export type Headers = ReadonlyArray<readonly [name: string, value: string]>

/**
 * A forwarded request, and its response or the reason why there is none.
 *
 * `body` is absent if it exceeds the limit.
 */
export interface Forwarded {
  readonly startedAt: number
  readonly millis: number
  readonly method: string
  /** The path and the query. */
  readonly path: string
  readonly request: { readonly headers: Headers; readonly body: Buffer | undefined }
  readonly outcome:
    | {
        readonly _tag: "Response"
        readonly status: number
        readonly statusText: string
        readonly headers: Headers
        readonly body: Buffer | undefined
      }
    | { readonly _tag: "NoResponse"; readonly reason: string }
}

/** The size of a body up to which it is kept for the report. Longer bodies are forwarded too. */
const maxKeptBytes = 16 * 1024 * 1024

/** Headers that concern one connection only. */
const hopByHop = new Set([
  "connection",
  "expect",
  "host",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade"
])

/**
 * Serves a proxy on 127.0.0.1 until the scope ends, and returns its URL. `onForwarded` is called after each exchange,
 * except for exchanges that the client aborted.
 */
export const serve = Effect.fnUntraced(function* (options: Options) {
  const dispatcher = yield* Effect.acquireRelease(
    Effect.promise(async () => {
      const { EnvHttpProxyAgent } = await import("@effect/platform-node/Undici")
      // Honours the proxies of the environment. The client decides how long to wait.
      return new EnvHttpProxyAgent({ headersTimeout: 0, bodyTimeout: 0 })
    }),
    (dispatcher) => Effect.promise(() => dispatcher.destroy())
  )
  const server = createServer((request, response) => {
    void forward(dispatcher, options, request, response)
  })
  yield* Effect.acquireRelease(listen(server, options.port), () =>
    Effect.sync(() => {
      server.closeAllConnections()
      server.close()
    })
  )
  const address = server.address()
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : options.port}`
})

/**
 * The options of `serve`.
 */
interface Options {
  readonly port: number
  readonly target: URL
  readonly onForwarded: (forwarded: Forwarded) => void
}

const listen = (server: Server, port: number) =>
  Effect.callback<void, ServeError>((resume) => {
    server.once("error", (cause) => resume(Effect.fail(new ServeError({ cause }))))
    server.listen(port, "127.0.0.1", () => resume(Effect.void))
  })

const forward = async (
  dispatcher: Undici.Dispatcher,
  { onForwarded, target }: Options,
  incoming: IncomingMessage,
  outgoing: ServerResponse
): Promise<void> => {
  const startedAt = Date.now()
  const started = performance.now()
  const { method = "GET", rawHeaders, url = "/" } = incoming
  const headers = pairsOf(rawHeaders)
  const sent = keeper()
  const received = keeper()
  const aborted = new AbortController()
  outgoing.once("close", () => aborted.abort())
  const report = (outcome: Forwarded["outcome"]) => {
    const request = { headers, body: sent.body() }
    onForwarded({ startedAt, millis: performance.now() - started, method, path: url, request, outcome })
  }
  try {
    const response = await dispatcher.request({
      origin: target.origin,
      path: `${target.pathname.replace(/\/+$/, "")}${url}`,
      // Undici forwards any method, although its type lists the common ones only.
      method: method as Undici.Dispatcher.HttpMethod,
      headers: headers.filter(isForwarded).flat(),
      body: hasBody(incoming) ? incoming.pipe(sent.stream) : null,
      signal: aborted.signal
    })
    const { statusCode: status, statusText } = response
    const responseHeaders = Object.entries(response.headers)
      .flatMap(([name, value]) => [value ?? []].flat().map((one) => [name, one] as const))
      .filter(isForwarded)
    outgoing.writeHead(status, statusText, responseHeaders.flat())
    await pipeline(response.body, received.stream, outgoing)
    report({ _tag: "Response", status, statusText, headers: responseHeaders, body: received.body() })
  } catch (error) {
    if (isByClient(error)) return
    const reason = reasonOf(error)
    if (outgoing.headersSent) outgoing.destroy()
    else {
      outgoing.writeHead(502, { "content-type": "application/json" })
      outgoing.end(
        JSON.stringify({ message: `effect-workos verify proxy: no response from ${target.origin}: ${reason}` })
      )
    }
    report({ _tag: "NoResponse", reason })
  }
}

const pairsOf = (raw: ReadonlyArray<string>): Headers =>
  raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ""] as const] : []))

const isForwarded = ([name]: readonly [name: string, value: string]): boolean => !hopByHop.has(name.toLowerCase())

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined

// A stream that passes a body on, and keeps a copy of it.
const keeper = (): { readonly stream: Transform; readonly body: () => Buffer | undefined } => {
  const chunks: Array<Buffer> = []
  let size = 0
  const stream = new Transform({
    transform(chunk: Buffer, _, done) {
      size += chunk.length
      if (size <= maxKeptBytes) chunks.push(chunk)
      done(null, chunk)
    }
  })
  return { stream, body: () => (size <= maxKeptBytes ? Buffer.concat(chunks) : undefined) }
}

// The client closed the connection before the response was complete.
const isByClient = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === "AbortError" || ("code" in error && error.code === "ERR_STREAM_PREMATURE_CLOSE"))

// The code of the innermost cause, such as `ECONNREFUSED`, without addresses or credentials.
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return "unknown reason"
  if (error.cause instanceof Error) return reasonOf(error.cause)
  return "code" in error && typeof error.code === "string" ? error.code : error.name
}
