// Helpers for tests of the engine: reports on the emulator with modified responses.
import * as Contract from "@effect-workos/contract-engine/Contract"
import type * as Target from "@effect-workos/contract-engine/Target"
import type { Settings } from "@effect-workos/contract-engine/Settings"
import * as WorkOs from "../../src/WorkOs.ts"
import { connections } from "../suites.ts"
import { runs } from "@effect-workos/testing/Sample"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Keys from "@effect-workos/emulator/Keys"
import * as Seed from "@effect-workos/emulator/Seed"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"

// Shared, since generating keys takes longer than most runs.
const keys = Effect.runSync(Keys.make)

/** A wrapper around the `fetch` of a server. */
export type Wrap = (serve: typeof globalThis.fetch, store: Store.Store["Service"]) => typeof globalThis.fetch

/** Records the requests to a server. */
export const recording =
  (requests: Array<Request>): Wrap =>
  (serve) =>
  (input, init) => {
    const request = new Request(input, init)
    requests.push(request.clone())
    return serve(request)
  }

/** A server that replaces some responses. */
export const replacing =
  (replace: (request: Request, response: Response) => Response | Promise<Response>): Wrap =>
  (serve) =>
  async (input, init) => {
    const request = new Request(input, init)
    return replace(request.clone(), await serve(request))
  }

/** The emulator as a target, with a wrapper. */
export const emulated = (wrap: Wrap = (serve) => serve): Layer.Layer<Target.Target, never, Store.Store> =>
  WorkOs.layerTarget({ baseUrl: "http://workos.test", apiKey: Emulator.defaultApiKey }).pipe(
    Layer.provide(
      Layer.effect(
        HttpClient.HttpClient,
        Effect.gen(function* () {
          const client = yield* HttpClient.HttpClient
          const serve = wrap(yield* Emulator.fetch({ keys }), yield* Store.Store)
          return HttpClient.transformResponse(client, Effect.provideService(FetchHttpClient.Fetch, serve))
        })
      )
    ),
    Layer.provide(FetchHttpClient.layer)
  )

const seeds = new Map<number, Effect.Effect<Seed.Seed>>()

/** Returns a separate small store for each test. The data are generated once. */
export const smallStore = (connections = 30): Effect.Effect<Store.Store["Service"]> => {
  const seed =
    seeds.get(connections) ??
    Effect.runSync(Effect.cached(Effect.orDie(Seed.make({ connections, organizations: 5, seed: 3 }))))
  seeds.set(connections, seed)
  return Effect.flatMap(seed, Store.make)
}

/** Runs an effect with the test clock, which advances by 10 ms with each turn of the event loop. */
export const advancing = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const fiber = yield* Effect.forkChild(effect)
  const clock = yield* Effect.forkChild(
    Effect.forever(
      Effect.andThen(
        TestClock.adjust(10),
        Effect.callback<void>((resume) => void setImmediate(() => resume(Effect.void)))
      )
    )
  )
  return yield* Effect.ensuring(Fiber.join(fiber), Fiber.interrupt(clock))
})

/** The report on an emulator with a store. */
export const report = (store: Store.Store["Service"], settings: Settings = {}, wrap?: Wrap) =>
  Contract.verify(connections, { runs: runs(10, 2), ...settings }).pipe(
    Effect.provide(emulated(wrap)),
    Effect.provideService(Store.Store, store)
  )
