// Ten minutes' worth of requests in one: does anything grow, and what does the client itself add to a call?
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

// 6,000 a minute, ten minutes long.
const calls = 60_000
const concurrency = 16
const parts = 6
const rows = 10_000
const failEvery = 100

const idOf = (row: number): string => `conn_01${String(row % rows).padStart(24, "0")}`

// -----------------------------------------------------------------------------
// What the process holds
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
// What the network takes: from when undici has a request until it has all of the answer
// -----------------------------------------------------------------------------

/** Requests and their milliseconds on the network, by path. Each call under way has a path of its own. */
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
  // Of calls of one request, and of those that were repeated; there from the beginning, so that it does not grow.
  const added = { once: new Float64Array(calls), repeated: new Float64Array(calls) }
  const counts = { once: 0, repeated: 0 }
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
    const kind = network.requests === 1 ? "once" : "repeated"
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
    // Waits between attempts are not the client's overhead, and so there are none.
    Effect.provideService(RetryPolicy.RetryPolicy, { ...RetryPolicy.standard, baseDelay: 0 })
  )

  const states: Array<HeldMemory> = []
  for (let i = 0; i < parts; i++) states.push(held(await runtime.runPromise(part)))
  await runtime.dispose()
  server.close()

  const [first, last] = [states[0], states.at(-1)]
  if (first === undefined || last === undefined) throw new Error("nothing was measured")
  if (failed > 0) throw new Error(`${failed} calls failed`)
  if (last.heap > first.heap * 1.1 + 1) throw new Error(`the heap has grown from ${first.heap} to ${last.heap} MB`)
  if (last.sockets > concurrency + 1) throw new Error(`${last.sockets} sockets are open`)
  // The one that counts them may be among them.
  if (last.fibers > first.fibers + 1) throw new Error(`${last.fibers} fibers are left`)

  return [
    Measure.table(
      [`${calls.toLocaleString("en-US")} calls, ${concurrency} at once`, "heap", "RSS", "sockets", "timers", "fibers"],
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
      ["what the client adds to a call", "calls", "median", "p95", "p99", "p99.9"],
      (["once", "repeated"] as const).map((kind) => {
        const values = added[kind].subarray(0, counts[kind])
        return [
          kind === "once" ? "of one request" : "of a request that is sent again at once",
          values.length.toLocaleString("en-US"),
          ...[0.5, 0.95, 0.99, 0.999].map((share) => percentile(values, share))
        ]
      })
    )
  ].join("\n")
}
