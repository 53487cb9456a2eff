// The faults that an emulator has: which are in, and which of them befall a request.
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
 * A fault that is in: the id by which it is removed, and how many requests it has befallen. Those that were let pass by
 * `skip` are not among them.
 */
export const Registered = Schema.Struct({ id: Schema.String, matched: Schema.Int, fault: Fault })
export interface Registered extends Schema.Schema.Type<typeof Registered> {}

/**
 * The faults of one emulator. Programs may put them in and take them out while requests are answered; the next request
 * sees a change.
 *
 * **Details**
 *
 * - `add` puts a fault in after those that are in.
 * - `list` gives those that are in, in order, also when they are over.
 * - `remove` says whether there was a fault with this id.
 * - `clear` removes all.
 * - `match` gives those that befall a request now, and counts it: any number of `latency`, and one other at most. It is
 *   what the emulator asks for every request.
 *
 * **Example** (A deletion of which nobody hears)
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
    /** Puts a fault in after those that are in. */
    readonly add: (fault: Fault) => Effect.Effect<Registered>
    /** Those that are in, in order. */
    readonly list: Effect.Effect<ReadonlyArray<Registered>>
    /** Removes the fault with an id, and says whether there was one. */
    readonly remove: (id: string) => Effect.Effect<boolean>
    /** Removes all. */
    readonly clear: Effect.Effect<void>
    /** Those that befall a request now, which is counted. */
    readonly match: (request: HttpServerRequest) => Effect.Effect<ReadonlyArray<Fault>>
  }
>()("@effect-workos/emulator/Faults") {}

/**
 * Just these faults, in this order. Outages begin now.
 *
 * **Example** (What befalls a request)
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
        entries.length === 0 ? nothing : Effect.map(Clock.currentTimeMillis, (now) => matching(entries, request, now))
      )
  }
})

/**
 * Just these faults, as a layer.
 *
 * **Example** (How often it was matched)
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
// Which befall a request
// -----------------------------------------------------------------------------

interface Entry {
  readonly id: string
  readonly fault: Fault
  readonly path: RegExp | undefined
  /** The instant from which an outage is over. */
  readonly ends: number
  /** Requests that were let pass. */
  passed: number
  matched: number
  /** Requests without a connection that could be stale. */
  unconnected: number
}

const nothing: Effect.Effect<ReadonlyArray<Fault>> = Effect.succeed([])

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
  // Without a socket there is no first request on it, and every second one is as if it came on a used one.
  if (kind === "stale" && !(Socket.isReused(request) ?? entry.unconnected++ % 2 === 1)) return false
  if (entry.passed >= skip) return true
  entry.passed++
  return false
}
