// Clients of the emulator with the provided store, behind a network that tests can observe and interrupt.
import { Connections } from "@effect-workos/client/Connections"
import { Events } from "@effect-workos/client/Events"
import { Organizations } from "@effect-workos/client/Organizations"
import * as RetryPolicy from "@effect-workos/client/RetryPolicy"
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"

/**
 * The configuration of clients of the emulator.
 */
export const layerConfig = (rateLimit?: WorkOsConfig.RateLimitOptions | "unlimited") =>
  WorkOsConfig.layer({ apiKey: Emulator.defaultApiKey, baseUrl: new URL("https://workos.test"), rateLimit })

/**
 * Disables retries, so that tests count the requests of the export itself, and do not wait for retries.
 */
export const layerOnce = Layer.succeed(RetryPolicy.RetryPolicy, RetryPolicy.none)

/**
 * The services of all exportable resources.
 */
export const layerResources = Layer.mergeAll(Connections.layer, Organizations.layer, Events.layer)

/**
 * Makes a new client for each export. `isReachable` receives the URL of each request, and returns whether the network works.
 * `rewrite` changes the text of responses.
 */
export const layerClients = (
  isReachable: (url: string) => boolean,
  rateLimit?: WorkOsConfig.RateLimitOptions | "unlimited",
  rewrite?: (text: string) => string
) =>
  Layer.fresh(layerResources).pipe(
    Layer.provide(layerConfig(rateLimit)),
    Layer.provide(
      Layer.effect(
        HttpClient.HttpClient,
        Effect.gen(function* () {
          const client = yield* HttpClient.HttpClient
          const emulated = yield* Emulator.fetch()
          const fetch: typeof globalThis.fetch = (input, init) => {
            const request = new Request(input, init)
            if (!isReachable(request.url)) return Promise.reject(new TypeError("the network is gone"))
            const response = emulated(request)
            return rewrite === undefined
              ? response
              : response.then(async (response) => new Response(rewrite(await response.text()), response))
          }
          return HttpClient.transformResponse(client, Effect.provideService(FetchHttpClient.Fetch, fetch))
        })
      )
    ),
    Layer.provide(FetchHttpClient.layer)
  )
