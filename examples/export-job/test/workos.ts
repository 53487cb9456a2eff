// Clients of the emulator, behind a network that can fail.
import { Connections } from "@effect-workos/client/Connections"
import { Events } from "@effect-workos/client/Events"
import * as RetryPolicy from "@effect-workos/client/RetryPolicy"
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"

/** Requests are not retried. */
export const layerOnce = Layer.succeed(RetryPolicy.RetryPolicy, RetryPolicy.none)

/** Makes new clients. `isReachable` receives the URL of a request, and returns whether the network works. */
export const layerClients = (isReachable: (url: string) => boolean = () => true) =>
  Layer.fresh(Layer.merge(Connections.layer, Events.layer)).pipe(
    Layer.provide(WorkOsConfig.layer({ apiKey: Emulator.defaultApiKey, rateLimit: "unlimited" })),
    Layer.provide(
      Layer.effect(
        HttpClient.HttpClient,
        Effect.map(
          HttpClient.HttpClient,
          HttpClient.transform((response, request) => {
            const url = Option.getOrThrow(HttpClientRequest.toUrl(request))
            if (isReachable(url.href)) return response
            const reason = new HttpClientError.TransportError({ request, cause: new TypeError("the network is gone") })
            return Effect.fail(new HttpClientError.HttpClientError({ reason }))
          })
        )
      )
    ),
    Layer.provide(Emulator.layerHttpClient())
  )
