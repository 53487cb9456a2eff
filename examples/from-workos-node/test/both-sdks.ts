// Both SDKs on one emulator, without a socket.
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import { layerBoth } from "../src/using-both-sdks.ts"

/** A limit that a test reaches with a few requests. */
export const rateLimit = { requests: 10, window: "10 seconds" } as const

/** A request and the status of its response, which is `undefined` until the response is received. */
export interface Exchange {
  readonly userAgent: string
  readonly sentAt: number
  status: number | undefined
}

/** Both SDKs on an emulator that responds with 429 above the rate limit. Adds every request to `exchanges`. */
export const layerTest = (exchanges: Array<Exchange> = [], options: Emulator.Options = {}) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const clock = yield* Clock.Clock
      const emulator = yield* Emulator.fetch({ rateLimit, ...options })
      const fetch: typeof globalThis.fetch = async (input, init) => {
        const request = new Request(input, init)
        const [userAgent = ""] = (request.headers.get("user-agent") ?? "").split("/")
        const exchange: Exchange = { userAgent, sentAt: clock.currentTimeMillisUnsafe(), status: undefined }
        exchanges.push(exchange)
        const response = await emulator(request)
        exchange.status = response.status
        return response
      }
      return layerBoth.pipe(
        Layer.provide([WorkOsConfig.layer({ apiKey: Emulator.defaultApiKey, rateLimit }), FetchHttpClient.layer]),
        Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch))
      )
    })
  ).pipe(Layer.provideMerge(Store.layer({ connections: 20, organizations: 5, seed: 1 })))
