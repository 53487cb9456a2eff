// Runs the law of a mutant, and counts the requests.
import * as Contract from "../../src/Contract.ts"
import type { Settings } from "../../src/internal/Settings.ts"
import type { Result } from "../../src/Result.ts"
import { Session } from "../../src/Session.ts"
import { checksOf, type Suite } from "../../src/Suite.ts"
import * as Target from "../../src/Target.ts"
import * as WorkOs from "../../src/WorkOs.ts"
import type { Resource } from "@effect-workos/domain/Resource"
import * as resources from "@effect-workos/domain/resources"
import * as Clients from "@effect-workos/emulator/Clients"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Keys from "@effect-workos/emulator/Keys"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import { connections } from "../suites.ts"
import type { Mutant } from "./Mutant.ts"

// Shared, since generating keys takes longer than most laws.
const keys = Effect.runSync(Keys.make)

/** The client of the emulator, for laws about signing in. */
const clientId = Clients.defaultClientId

const storeOptions = { connections: 230, organizations: 12, seed: 7 }

/** A store for laws of lists: each list spans several pages, and the longest one exceeds the maximum page size. */
const wholeStoreOptions = { connections: 130, organizations: 105, seed: 3 }

/** A store for other laws: the smallest with one resource of each kind. */
const smallStoreOptions = { connections: 30, organizations: 6, seed: 7 }

/**
 * The emulator as a target, with a mutant.
 */
const targetOf = (mutate: Mutant["mutate"] = (fetch) => fetch): Layer.Layer<Target.Target, never, Store.Store> =>
  Target.layer({
    baseUrl: "http://workos.test",
    credentials: Target.bearer(Emulator.defaultApiKey, "WORKOS_API_KEY")
  }).pipe(
    Layer.provide(
      Layer.effect(
        HttpClient.HttpClient,
        Effect.gen(function* () {
          const client = yield* HttpClient.HttpClient
          const fetch = mutate(yield* Emulator.fetch({ keys }), yield* Store.Store)
          return HttpClient.transformResponse(client, Effect.provideService(FetchHttpClient.Fetch, fetch))
        })
      )
    ),
    Layer.provide(FetchHttpClient.layer)
  )

/** The deletions of objects that no request creates. The suite deletes only what it created, so it skips them. */
const deletionsOnly: ReadonlySet<string> = new Set(
  Object.values<Resource>(resources).flatMap(({ endpoints, name }) =>
    "delete" in endpoints && !("create" in endpoints) ? [`${name}.delete`] : []
  )
)

/**
 * Tests whether a check had to be skipped.
 */
export const isUntestable = ({ operation, status }: Pick<Result, "operation" | "status">): boolean =>
  status === "skipped" && deletionsOnly.has(operation)

/**
 * The report on the unchanged emulator with a new store.
 */
export const report = (settings: Settings, suite: Suite = WorkOs.suite) =>
  Contract.verify(suite, { seed: 1, clientId, ...settings }).pipe(
    Effect.provide(
      targetOf().pipe(
        Layer.provide(Layer.fresh(Store.layer(suite === WorkOs.suite ? wholeStoreOptions : storeOptions)))
      )
    )
  )

/**
 * The result of a mutant's law, with the number of requests.
 */
export const prove = ({ law, mutate, operation }: Mutant, settings: Settings = {}) => {
  // For a mutant of connections the suite is restricted to connections, to read fewer lists.
  const isConnections = operation.startsWith("connections.")
  const suite = isConnections ? connections : WorkOs.suite
  const store = Store.layer(isConnections ? storeOptions : smallStoreOptions)
  return Effect.gen(function* () {
    const check = checksOf(suite, [law]).find((check) => check.operation.id === operation)
    if (check === undefined) return yield* Effect.die(`${law} does not apply to ${operation}`)
    const { requestsSent } = yield* Session
    const result = yield* Contract.runCheck(suite, check)
    return { requests: requestsSent(), result }
  }).pipe(
    Effect.provide(
      Contract.layerSession(suite, {
        seed: 1,
        writes: true,
        clientId,
        // Slow mutants take a second, and missing events are awaited as long as a response.
        ...(isAboutWaiting(law) ? { requestTimeout: 300 } : {}),
        ...settings
      }).pipe(Layer.provide(targetOf(mutate)), Layer.provide(Layer.fresh(store)))
    )
  )
}

const isAboutWaiting = (law: string): boolean => law === "responses/time" || law === "workos/event-for-change"
