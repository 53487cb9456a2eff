// The calls of ten minutes at WorkOS's limit: growth of memory, and the time that the client adds to a call.
import { Connections } from "@effect-workos/client/Connections"
import * as RetryPolicy from "@effect-workos/client/RetryPolicy"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Metric from "effect/Metric"
import * as Result from "effect/Result"
import { channel } from "node:diagnostics_channel"
import * as Client from "./Client.ts"
import * as Heap from "./Heap.ts"
import * as ListServer from "./ListServer.ts"
import * as Measure from "./Measure.ts"

// Ten minutes at WorkOS's limit of 6,000 requests a minute.
const calls = 60_000
const concurrency = 16
const parts = 6
const rows = 10_000
const failEvery = 100

const idOf = (row: number): string => `conn_01${String(row % rows).padStart(24, "0")}`

// -----------------------------------------------------------------------------
// Memory and other resources of the process
// -----------------------------------------------------------------------------

interface HeldMemory {
  readonly heap: number
  readonly rss: number
  readonly sockets: number
  readonly timers: number
  readonly fibers: number
}

const count = (resource: string): number =>
  process.getActiveResourcesInfo().filter((name) => name.startsWith(resource)).length

const held = (fibers: number): HeldMemory => ({
  ...Heap.held(),
  sockets: count("TCP"),
  timers: count("Timeout"),
  fibers
})

// -----------------------------------------------------------------------------
// Time on the network: from the request to undici until its whole response has arrived
// -----------------------------------------------------------------------------

/** Requests and their milliseconds on the network, by path. Concurrent calls have different paths. */
const onNetwork = new Map<string, { requests: number; millis: number }>()
const began = new WeakMap<object, number>()

interface Published {
  readonly request: { readonly path: string }
}

const isPublished = (message: unknown): message is Published =>
  typeof message === "object" && message !== null && "request" in message && typeof message.request === "object"

const ended = (message: unknown) => {
  if (!isPublished(message)) return
  const { request } = message
  const { millis, requests } = onNetwork.get(request.path) ?? { requests: 0, millis: 0 }
  const taken = performance.now() - (began.get(request) ?? performance.now())
  onNetwork.set(request.path, { requests: requests + 1, millis: millis + taken })
}

const listen = () => {
  channel("undici:request:create").subscribe((message) => {
    if (isPublished(message)) began.set(message.request, performance.now())
  })
  channel("undici:request:trailers").subscribe(ended)
  channel("undici:request:error").subscribe(ended)
}

const percentile = (values: Float64Array, share: number): string =>
  `${(values.toSorted()[Math.floor(values.length * share)] ?? NaN).toFixed(2)} ms`

export const soak = async (): Promise<string> => {
  const server = await ListServer.start({ rows, failEvery })
  listen()
  const runtime = ManagedRuntime.make(
    Layer.mergeAll(Client.layer(server.url, Client.plenty), Metric.enableRuntimeMetricsLayer)
  )

  let done = 0
  let failed = 0
  // Times of calls with one request, and of calls with retries. Allocated in advance, so that they do not grow the heap.
  const added = { once: new Float64Array(calls), retried: new Float64Array(calls) }
  const counts = { once: 0, retried: 0 }
  const call = Effect.gen(function* () {
    const { get } = yield* Connections
    const id = idOf(done++)
    const path = `/connections/${id}`
    onNetwork.delete(path)
    const start = performance.now()
    if (Result.isFailure(yield* Effect.result(get(id)))) failed++
    const network = onNetwork.get(path)
    onNetwork.delete(path)
    if (network === undefined) return
    const kind = network.requests === 1 ? "once" : "retried"
    added[kind][counts[kind]++] = performance.now() - start - network.millis
  })
  const part = Effect.gen(function* () {
    const until = done + calls / parts
    yield* Effect.all(
      Array.from({ length: concurrency }, () =>
        Effect.whileLoop({ while: () => done < until, body: () => call, step: () => {} })
      ),
      { concurrency: "unbounded", discard: true }
    )
    const metrics = yield* Metric.snapshot
    const fibers = metrics.find(({ id }) => id === "child_fibers_active")?.state
    return fibers !== undefined && "value" in fibers ? Number(fibers.value) : 0
  }).pipe(
    // Without delays between attempts, which are not overhead of the client.
    Effect.provideService(RetryPolicy.RetryPolicy, { ...RetryPolicy.standard, baseDelay: 0 })
  )

  const states: Array<HeldMemory> = []
  for (let i = 0; i < parts; i++) states.push(held(await runtime.runPromise(part)))
  await runtime.dispose()
  server.close()

  const [first, last] = [states[0], states.at(-1)]
  if (first === undefined || last === undefined) throw new Error("The measurement has no results.")
  if (failed > 0) throw new Error(`${failed} calls failed.`)
  if (last.heap > first.heap * 1.1 + 1) throw new Error(`The heap has grown from ${first.heap} to ${last.heap} MB.`)
  if (last.sockets > concurrency + 1) throw new Error(`${last.sockets} sockets are open.`)
  // The fiber that takes the snapshot may be counted too.
  if (last.fibers > first.fibers + 1) throw new Error(`${last.fibers} fibers are still active.`)

  return [
    Measure.table(
      [
        `${calls.toLocaleString("en-US")} calls, ${concurrency} concurrent`,
        "heap",
        "RSS",
        "sockets",
        "timers",
        "fibers"
      ],
      states.map(({ fibers, heap, rss, sockets, timers }, index) => [
        `after ${(((index + 1) * calls) / parts).toLocaleString("en-US")}`,
        `${heap.toFixed(1)} MB`,
        `${rss.toFixed(0)} MB`,
        String(sockets),
        String(timers),
        String(fibers)
      ])
    ),
    Measure.table(
      ["time that the client adds", "calls", "median", "p95", "p99", "p99.9"],
      (["once", "retried"] as const).map((kind) => {
        const values = added[kind].subarray(0, counts[kind])
        return [
          kind === "once" ? "to a call of one request" : "to a call that is retried without delay",
          values.length.toLocaleString("en-US"),
          ...[0.5, 0.95, 0.99, 0.999].map((share) => percentile(values, share))
        ]
      })
    )
  ].join("\n")
}
