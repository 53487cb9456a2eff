// Runs the law of a mutant, and counts the requests.
import { runs } from "@effect-workos/testing/Sample"
import * as Contract from "@effect-workos/contract-engine/Contract"
import type { Settings } from "@effect-workos/contract-engine/Settings"
import type { Result } from "@effect-workos/contract-engine/Result"
import { Session } from "@effect-workos/contract-engine/Session"
import { checksOf, type Suite } from "@effect-workos/contract-engine/Suite"
import type * as Target from "@effect-workos/contract-engine/Target"
import * as WorkOs from "../../src/WorkOs.ts"
import * as Clients from "@effect-workos/emulator/Clients"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Keys from "@effect-workos/emulator/Keys"
import * as Seed from "@effect-workos/emulator/Seed"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { connections, untested, withoutErrors } from "../suites.ts"
import type { Mutant } from "./Mutant.ts"
import type { StructuralMutant } from "./structural.ts"

// Shared, since generating keys takes longer than most laws.
const keys = Effect.runSync(Keys.make)

/** The client of the emulator, for laws about signing in. */
const clientId = Clients.defaultClientId

// Each seed is generated once; each run has a separate store.
const storeOf = (options: Seed.Options): Layer.Layer<Store.Store> => {
  const seed = Effect.runSync(Effect.cached(Effect.orDie(Seed.make(options))))
  return Layer.fresh(Layer.effect(Store.Store, Effect.flatMap(seed, Store.make)))
}

/** A store for laws of connections: the list spans three pages of the maximum size. */
const listStore = storeOf({ connections: 210, organizations: 12, seed: 7 })

/** A store for the whole suite. In exhaustive runs, the longest lists exceed the maximum page size. */
const wholeStore = storeOf({ connections: runs(130, 40), organizations: runs(105, 20), seed: 3 })

/** A store for other laws: the smallest with one resource of each kind. */
const smallStore = storeOf({ connections: 30, organizations: 6, seed: 7 })

type Fetch = typeof globalThis.fetch

/**
 * The emulator as a target, with a mutant.
 */
const targetOf = (
  mutate: Mutant["mutate"],
  emulator: Effect.Effect<Fetch, never, Store.Store | Scope.Scope> = Emulator.fetch({ keys })
): Layer.Layer<Target.Target, never, Store.Store> =>
  WorkOs.layerTarget({
    baseUrl: "http://localhost",
    apiKey: Emulator.defaultApiKey
  }).pipe(
    Layer.provide(
      Layer.effect(
        HttpClient.HttpClient,
        Effect.gen(function* () {
          const client = yield* HttpClient.HttpClient
          const fetch = mutate(yield* emulator, yield* Store.Store)
          return HttpClient.transformResponse(client, Effect.provideService(FetchHttpClient.Fetch, fetch))
        })
      )
    ),
    Layer.provide(FetchHttpClient.layer)
  )

/**
 * Tests whether a check had to be skipped.
 */
export const isUntestable = ({ operation, status }: Pick<Result, "operation" | "status">): boolean =>
  status === "skipped" && (untested.has(operation) || withoutErrors.has(operation))

/**
 * Returns the report on the emulator with a new store, unchanged or with a mutant.
 */
export const report = (settings: Settings, suite: Suite = WorkOs.suite, mutate: Mutant["mutate"] = (fetch) => fetch) =>
  Contract.verify(suite, { seed: 1, clientId, ...settings }).pipe(
    Effect.provide(targetOf(mutate).pipe(Layer.provide(suite === WorkOs.suite ? wholeStore : listStore)))
  )

const runLaw = (
  { law, operation }: Pick<Mutant, "law"> & { readonly operation: string },
  suite: Suite,
  settings: Settings,
  target: Layer.Layer<Target.Target>
) =>
  Effect.gen(function* () {
    const check = checksOf(suite, { laws: [law] }).find((check) => check.operation.id === operation)
    if (check === undefined) return yield* Effect.die(`${law} does not apply to ${operation}`)
    const { requestsSent } = yield* Session
    const result = yield* Contract.runCheck(suite, check)
    return { requests: yield* requestsSent, result }
  }).pipe(
    Effect.provide(
      Contract.layerSession(suite, { seed: 1, writes: true, clientId, ...settings }).pipe(Layer.provide(target))
    )
  )

/**
 * Runs the law of a mutant, and returns the result with the number of requests.
 */
export const prove = (mutant: Mutant, settings: Settings = {}) => {
  // For a mutant of connections the suite is restricted to connections, to read fewer lists.
  const isConnections = mutant.operation.startsWith("connections.")
  return runLaw(
    mutant,
    isConnections ? connections : WorkOs.suite,
    // Slow mutants take a second, and missing events are awaited as long as a response.
    { ...(isAboutWaiting(mutant.law) ? { requestTimeout: 300 } : {}), ...settings },
    targetOf(mutant.mutate).pipe(Layer.provide(isConnections ? listStore : smallStore))
  )
}

const isAboutWaiting = (law: string): boolean => law === "responses/time" || law === "workos/event-for-change"

/** A store for structural mutants, which are in every row. */
const tinyStore = storeOf({ connections: 14, organizations: 4, seed: 7 })

// The responses of an emulator with constant data, requested once.
const recorded = (fetch: Fetch): Fetch => {
  const responses = new Map<string, Promise<readonly [body: ArrayBuffer, response: Response]>>()
  return async (input, init) => {
    const request = new Request(input, init)
    const key = `${request.url} ${request.headers.get("authorization")}`
    const known =
      responses.get(key) ?? fetch(request).then(async (response) => [await response.arrayBuffer(), response] as const)
    responses.set(key, known)
    const [body, response] = await known
    return new Response(body.byteLength === 0 ? null : body, response)
  }
}

const recordedEmulator = Effect.runSync(
  Effect.cached(
    Effect.map(Emulator.fetch({ keys }), recorded).pipe(
      Effect.provide(tinyStore),
      Scope.provide(Effect.runSync(Scope.make()))
    )
  )
)

/**
 * Runs the law of a structural mutant, and returns the result with the number of changed fields and headers. Operations
 * that only read share the responses of one emulator.
 */
export const proveStructural = (mutant: StructuralMutant, settings: Settings = {}) =>
  Effect.suspend(() => {
    const { fixtures, operations } = WorkOs.suite
    const isRead = operations.some(({ id, isSafe }) => id === mutant.operation && isSafe && !(id in fixtures))
    let changes = 0
    const mutate = mutant.mutate(() => changes++)
    return Effect.map(
      runLaw(
        mutant,
        WorkOs.suite,
        { runs: 30, ...settings, writes: !isRead },
        targetOf(mutate, isRead ? recordedEmulator : undefined).pipe(Layer.provide(tinyStore))
      ),
      ({ result }) => ({ result, changes })
    )
  })
