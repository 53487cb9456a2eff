/**
 * The service that holds the faults of one emulator and matches them with requests.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as Layer from "effect/Layer"
import * as RegExp from "effect/RegExp"
import * as Schema from "effect/Schema"
import { Fault } from "./Fault.ts"
import * as Socket from "./internal/Socket.ts"

/**
 * A fault that was added: its id, and the number of requests that it was applied to. Requests that the fault skipped are not
 * counted.
 */
export const Registered = Schema.Struct({ id: Schema.String, matched: Schema.Int, fault: Fault })
export interface Registered extends Schema.Schema.Type<typeof Registered> {}

/**
 * The faults of one emulator. A program may change them while the emulator serves requests; the next request sees the
 * change.
 *
 * **Example** (Losing the response to a deletion)
 *
 * ```ts
 * import * as Emulator from "@effect-workos/emulator/Emulator"
 * import * as Faults from "@effect-workos/emulator/Faults"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.gen(function* () {
 *   const faults = yield* Faults.make()
 *   const fetch = yield* Emulator.fetch({ faults })
 *   const { id } = yield* faults.add({ method: "DELETE", kind: "reset", at: "response", times: 1 })
 *   // … a client that uses `fetch` …
 *   yield* faults.remove(id)
 * })
 * ```
 */
export class Faults extends Context.Service<
  Faults,
  {
    /** Adds a fault after the existing ones. */
    readonly add: (fault: Fault) => Effect.Effect<Registered>
    /** All faults in order, also those that have reached their `times`. */
    readonly list: Effect.Effect<ReadonlyArray<Registered>>
    /** Removes a fault. Returns `false` if the id is unknown. */
    readonly remove: (id: string) => Effect.Effect<boolean>
    /** Removes all faults. */
    readonly clear: Effect.Effect<void>
    /**
     * Returns the faults to apply to a request: any number of `latency` faults, and at most one other fault. Counts the
     * request as matched by these faults. The emulator calls `match` for every request outside the admin API.
     */
    readonly match: (request: HttpServerRequest) => Effect.Effect<ReadonlyArray<Fault>>
  }
>()("@effect-workos/emulator/Faults") {}

/**
 * Makes a `Faults` service with initial faults. Initial outages begin when the service is made.
 *
 * **Example** (Matching a request)
 *
 * ```ts
 * import * as Faults from "@effect-workos/emulator/Faults"
 * import * as Effect from "effect/Effect"
 * import * as HttpServerRequest from "effect/http/HttpServerRequest"
 *
 * const program = Effect.gen(function* () {
 *   const faults = yield* Faults.make([{ kind: "stall", path: "/connections" }])
 *   return yield* faults.match(HttpServerRequest.fromWeb(new Request("http://localhost/connections")))
 * })
 * ```
 */
export const make = Effect.fnUntraced(function* (
  initial: ReadonlyArray<Fault> = []
): Effect.fn.Return<Faults["Service"]> {
  let entries: ReadonlyArray<Entry> = []
  let added = 0
  const add = (fault: Fault) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const entry = makeEntry(`fault_${++added}`, fault, now)
      entries = [...entries, entry]
      return toRegistered(entry)
    })
  for (const fault of initial) yield* add(fault)

  return {
    add,
    list: Effect.sync(() => entries.map(toRegistered)),
    remove: (id) =>
      Effect.sync(() => {
        const before = entries.length
        entries = entries.filter((entry) => entry.id !== id)
        return entries.length < before
      }),
    clear: Effect.sync(() => {
      entries = []
    }),
    match: (request) =>
      Effect.suspend(() =>
        entries.length === 0 ? noFaults : Effect.map(Clock.currentTimeMillis, (now) => matching(entries, request, now))
      )
  }
})

/**
 * A layer with initial faults.
 *
 * **Example** (Counting matched requests)
 *
 * ```ts
 * import * as Faults from "@effect-workos/emulator/Faults"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.gen(function* () {
 *   const faults = yield* Faults.Faults
 *   const registered: ReadonlyArray<Faults.Registered> = yield* faults.list
 *   yield* faults.clear
 *   return registered.map(({ fault, matched }) => `${fault.kind}: ${matched}`)
 * }).pipe(Effect.provide(Faults.layer([{ kind: "html", times: 1 }])))
 * ```
 */
export const layer = (initial: ReadonlyArray<Fault> = []): Layer.Layer<Faults> => Layer.effect(Faults, make(initial))

// -----------------------------------------------------------------------------
// Matching
// -----------------------------------------------------------------------------

interface Entry {
  readonly id: string
  readonly fault: Fault
  readonly path: RegExp | undefined
  /** The time in milliseconds at which an outage ends. */
  readonly ends: number
  /** The number of requests that the fault skipped. */
  passed: number
  matched: number
  /** The number of matching requests without a socket, for `stale`. */
  unconnected: number
}

const noFaults: Effect.Effect<ReadonlyArray<Fault>> = Effect.succeed([])

const makeEntry = (id: string, fault: Fault, now: number): Entry => ({
  id,
  fault,
  path: fault.path === undefined ? undefined : toPattern(fault.path),
  ends: fault.kind === "outage" ? now + fault.seconds * 1000 : Infinity,
  passed: 0,
  matched: 0,
  unconnected: 0
})

const toRegistered = ({ fault, id, matched }: Entry): Registered => ({ id, matched, fault })

const toPattern = (path: string): RegExp => {
  const isPrefix = path.endsWith("*")
  const segments = (isPrefix ? path.slice(0, -1) : path).split("/")
  const pattern = segments.map((segment) => (/^:./.test(segment) ? "[^/]+" : RegExp.escape(segment))).join("/")
  return new globalThis.RegExp(`^${pattern}${isPrefix ? "" : "$"}`)
}

const matching = (entries: ReadonlyArray<Entry>, request: HttpServerRequest, now: number): ReadonlyArray<Fault> => {
  const path = request.url.split("?", 1)[0] ?? ""
  const faults: Array<Fault> = []
  for (const entry of entries) {
    if (!isFor(entry, request, path) || !isDue(entry, request, now)) continue
    entry.matched++
    faults.push(entry.fault)
    if (entry.fault.kind !== "latency") break
  }
  return faults
}

const isFor = ({ fault: { method }, path: pattern }: Entry, request: HttpServerRequest, path: string): boolean =>
  (method === undefined || method === request.method) && (pattern === undefined || pattern.test(path))

const isDue = (entry: Entry, request: HttpServerRequest, now: number): boolean => {
  const { kind, skip = 0, times = Infinity } = entry.fault
  if (entry.matched >= times || now >= entry.ends) return false
  // Without a socket, every second request counts as one on a reused connection.
  if (kind === "stale" && !(Socket.isReused(request) ?? entry.unconnected++ % 2 === 1)) return false
  if (entry.passed >= skip) return true
  entry.passed++
  return false
}
