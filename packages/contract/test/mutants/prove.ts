// Holds one mutant to one law, and counts what it took.
import * as Contract from "../../src/Contract.ts"
import type { Settings } from "../../src/Settings.ts"
import { Session } from "../../src/Session.ts"
import { checksOf } from "../../src/Suite.ts"
import * as Target from "../../src/Target.ts"
import * as WorkOs from "../../src/WorkOs.ts"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as World from "@effect-workos/emulator/World"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type { Mutant } from "./Mutant.ts"

export const worldOptions = { connections: 230, organizations: 12, seed: 7 }

/**
 * An emulator as a target, with something in front of it.
 */
export const targetOf = (mutate: Mutant["mutate"] = (fetch) => fetch): Layer.Layer<Target.Target, never, World.World> =>
  Target.layer({
    baseUrl: "http://workos.test",
    credentials: Target.bearer(Emulator.defaultApiKey, "WORKOS_API_KEY")
  }).pipe(
    Layer.provide(
      Layer.effect(
        HttpClient.HttpClient,
        Effect.gen(function* () {
          const client = yield* HttpClient.HttpClient
          const fetch = mutate(yield* Emulator.fetch(), yield* World.World)
          return HttpClient.transformResponse(client, Effect.provideService(FetchHttpClient.Fetch, fetch))
        })
      )
    ),
    Layer.provide(FetchHttpClient.layer)
  )

/**
 * The report on a mutant, in a world of its own; on the emulator itself where there is none.
 */
export const report = (settings: Settings, mutate?: Mutant["mutate"]) =>
  Contract.verify(WorkOs.suite, { seed: 1, ...settings }).pipe(
    Effect.provide(targetOf(mutate).pipe(Layer.provide(Layer.fresh(World.layer(worldOptions)))))
  )

/**
 * What the law that a mutant is meant for says of it, and how many requests that took.
 */
export const prove = ({ law, mutate, operation }: Mutant, settings: Settings = {}) =>
  Effect.gen(function* () {
    const check = checksOf(WorkOs.suite, [law]).find((check) => check.operation.id === operation)
    if (check === undefined) return yield* Effect.die(`${law} does not apply to ${operation}`)
    const { sent } = yield* Session
    const result = yield* Contract.runCheck(WorkOs.suite, check)
    return { requests: sent(), result }
  }).pipe(
    Effect.provide(
      Contract.layerSession(WorkOs.suite, {
        seed: 1,
        writes: true,
        // Slow mutants take a second.
        ...(law === "responses/time" ? { requestTimeout: 300 } : {}),
        ...settings
      }).pipe(Layer.provide(targetOf(mutate)), Layer.provide(Layer.fresh(World.layer(worldOptions))))
    )
  )
