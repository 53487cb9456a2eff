// What tests of the engine have in common: reports on servers of all kinds.
import * as Contract from "../../src/Contract.ts"
import type { Report } from "../../src/Report.ts"
import type { Result } from "../../src/Result.ts"
import * as Target from "../../src/Target.ts"
import type { Settings } from "../../src/internal/Settings.ts"
import { connections } from "../suites.ts"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"

export const credentials = Target.bearer(Emulator.defaultApiKey, "WORKOS_API_KEY")

/** Something in front of a server. */
export type InFront = (serve: typeof globalThis.fetch, store: Store.Store["Service"]) => typeof globalThis.fetch

/** The emulator as a target, with something in front of it. */
export const emulated = (inFront: InFront = (serve) => serve): Layer.Layer<Target.Target, never, Store.Store> =>
  Target.layer({ baseUrl: "http://workos.test", credentials }).pipe(
    Layer.provide(
      Layer.effect(
        HttpClient.HttpClient,
        Effect.gen(function* () {
          const client = yield* HttpClient.HttpClient
          const serve = inFront(yield* Emulator.fetch(), yield* Store.Store)
          return HttpClient.transformResponse(client, Effect.provideService(FetchHttpClient.Fetch, serve))
        })
      )
    ),
    Layer.provide(FetchHttpClient.layer)
  )

/** A store of its own, as small as most tests want it. */
export const smallStore = (connections = 30) => Store.seeded({ connections, organizations: 5, seed: 3 })

/** The report on an emulator with this store. */
export const report = (store: Store.Store["Service"], settings: Settings = {}, inFront?: InFront) =>
  Contract.verify(connections, { runs: 10, ...settings }).pipe(
    Effect.provide(emulated(inFront)),
    Effect.provideService(Store.Store, store)
  )

export const idOf = ({ law, operation }: { readonly law: string; readonly operation: string }): string =>
  `${law} ${operation}`

/** Results of a status, in one line each. */
export const told = ({ results }: Pick<Report, "results">, status: Result["status"]): ReadonlyArray<string> =>
  results.filter((result) => result.status === status).map((result) => `${idOf(result)}: ${result.message}`)

/** The results of one law. */
export const ofLaw = ({ results }: Pick<Report, "results">, law: string): ReadonlyArray<Result> =>
  results.filter((result) => result.law === law)

/** What every report keeps, whatever it is about: nothing passes without requests behind it. */
export const unfounded = ({ results }: Pick<Report, "results">): ReadonlyArray<Result> =>
  results.filter(({ requests, runs, status }) => status === "passed" && (requests === 0 || runs === 0))
