// A WorkOS in memory.
//
// It serves `WorkOsApi` from a `Store`, and keeps the rules that WorkOS documents: bounds and orders, cursors, filters,
// keys, errors and request ids. What happens is told in events and sent to webhooks. And it breaks the rules on command.
// In tests it needs no socket; served, it is a WorkOS for programs in any language.
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpEffect from "effect/http/HttpEffect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Access from "./internal/Access.ts"
import * as Connections from "./internal/Connections.ts"
import { EmulatedApi, layerInvalidRequests } from "./internal/EmulatedApi.ts"
import * as Events from "./internal/Events.ts"
import * as EventsApi from "./internal/EventsApi.ts"
import type { Fault } from "./Fault.ts"
import * as Faults from "./Faults.ts"
import * as FaultsApi from "./internal/FaultsApi.ts"
import * as Idempotency from "./internal/Idempotency.ts"
import * as Socket from "./internal/Socket.ts"
import * as FaultInjection from "./internal/FaultInjection.ts"
import * as OrganizationDomains from "./internal/OrganizationDomains.ts"
import * as Organizations from "./internal/Organizations.ts"
import * as CsrfGuard from "./internal/CsrfGuard.ts"
import * as Portal from "./internal/Portal.ts"
import * as SignIn from "./internal/SignIn.ts"
import * as SignInApi from "./internal/SignInApi.ts"
import * as Sso from "./internal/Sso.ts"
import * as AdminApi from "./internal/AdminApi.ts"
import * as Webhooks from "./Webhooks.ts"
import * as WebhooksApi from "./internal/WebhooksApi.ts"
import type { Store } from "./Store.ts"

/**
 * The key that an emulator accepts where no other is given.
 */
export const defaultApiKey = Redacted.make("sk_test_emulator")

/**
 * How an emulator answers.
 */
export interface Options extends SignIn.Options {
  /** The one key that is accepted. {@link defaultApiKey} where none is given. */
  readonly apiKey?: Redacted.Redacted | undefined
  /** How many requests are answered in a window of time. All of them where nothing is said. */
  readonly rateLimit?: Access.RateLimit | undefined
  /** How long each answer takes at least. */
  readonly latency?: Duration.Input | undefined
  /**
   * What goes wrong: faults that are in from the start, or those that the program made with `Faults.make` and changes
   * later. Nothing where nothing is said, until a fault is put in over HTTP.
   */
  readonly faults?: ReadonlyArray<Fault> | Faults.Faults["Service"] | undefined
  /**
   * Where events are sent: webhooks that are in from the start, or those that the program made with `Webhooks.make` and
   * changes later. Nowhere where nothing is said, until a webhook is put in over HTTP.
   */
  readonly webhooks?: ReadonlyArray<Webhooks.Webhook> | Webhooks.Webhooks["Service"] | undefined
}

const layerFaults = (faults: Options["faults"] = []): Layer.Layer<Faults.Faults> =>
  "match" in faults ? Layer.succeed(Faults.Faults, faults) : Faults.layer(faults)

const layerWebhooks = (webhooks: Options["webhooks"] = []): Layer.Layer<Webhooks.Webhooks, never, Store> =>
  "add" in webhooks ? Layer.succeed(Webhooks.Webhooks, webhooks) : Webhooks.layer(webhooks)

// What WorkOS has not, in any spelling: all of its own paths begin with a letter. But browsers are sent to the page of the
// identity provider from anywhere, as they are to WorkOS.
const isOwn = (url: string): boolean => !/^\/[a-z]/.test(url) && !url.startsWith(SignInApi.path)

// Every answer carries an id, and every path that means nothing is a 404 with a message.
const layerMiddleware = (latency: Duration.Input) =>
  Layer.mergeAll(
    HttpRouter.add("*", "/*", HttpServerResponse.jsonUnsafe({ message: "Not Found" }, { status: 404 })),
    HttpRouter.middleware(
      Effect.gen(function* () {
        const injectFaults = FaultInjection.middleware(yield* Faults.Faults)
        // Beneath the faults: what was done before an answer was lost is not done again.
        const idempotent = yield* Idempotency.make
        let requests = 0
        const identify = (response: HttpServerResponse.HttpServerResponse) =>
          HttpServerResponse.setHeader(response, "x-request-id", `req_${String(++requests).padStart(10, "0")}`)
        const isImmediate = Duration.isZero(Duration.fromInputUnsafe(latency))
        return (httpEffect) => {
          const inTime = isImmediate
            ? injectFaults(idempotent(httpEffect))
            : Effect.delay(injectFaults(idempotent(httpEffect)), latency)
          return Effect.flatMap(HttpServerRequest, (request) => {
            if (isOwn(request.url) && CsrfGuard.isCrossSite(request))
              return Effect.succeed(identify(CsrfGuard.forbidden))
            return Effect.map(request.url.startsWith(FaultsApi.prefix) ? httpEffect : inTime, identify)
          })
        }
      }),
      { global: true }
    )
  )

/**
 * The routes of the emulator, for a server that has others besides, or wants its own middleware.
 *
 * **Example** (Beside a route of one's own)
 *
 * ```ts
 * import * as Emulator from "@effect-workos/emulator/Emulator"
 * import * as HttpRouter from "effect/http/HttpRouter"
 * import * as HttpServerResponse from "effect/http/HttpServerResponse"
 * import * as Layer from "effect/Layer"
 *
 * const Routes = Layer.mergeAll(
 *   Emulator.layerRoutes(),
 *   HttpRouter.add("GET", "/health", HttpServerResponse.text("fine"))
 * )
 * ```
 */
export const layerRoutes = (options: Options = {}) =>
  Layer.mergeAll(
    HttpApiBuilder.layer(EmulatedApi).pipe(
      Layer.provide([
        Connections.layer,
        Organizations.layer,
        OrganizationDomains.layer,
        Sso.layer,
        Events.layer,
        Portal.layer
      ]),
      Layer.provide(Access.layer({ apiKey: options.apiKey ?? defaultApiKey, rateLimit: options.rateLimit })),
      Layer.provide([layerInvalidRequests, Sso.layerAccessToken])
    ),
    FaultsApi.layer,
    SignInApi.layer,
    AdminApi.layer,
    EventsApi.layer,
    WebhooksApi.layer.pipe(Layer.provide(layerWebhooks(options.webhooks))),
    layerMiddleware(options.latency ?? 0)
  ).pipe(Layer.provide([layerFaults(options.faults), SignIn.layer(options.apiKey ?? defaultApiKey, options)]))

/**
 * The emulator on a socket: serves until its scope ends, on whichever `HttpServer` is provided.
 *
 * **Example** (On a port, for programs in any language)
 *
 * ```ts
 * import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
 * import * as Emulator from "@effect-workos/emulator/Emulator"
 * import * as Store from "@effect-workos/emulator/Store"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import { createServer } from "node:http"
 *
 * const EmulatorLive = Emulator.layerServer().pipe(
 *   Layer.provide(NodeHttpServer.layer(createServer, { port: 4100 })),
 *   Layer.provide(Store.layer({ connections: 100, organizations: 5, seed: 1 }))
 * )
 *
 * Effect.runFork(Layer.launch(EmulatorLive))
 * ```
 */
export const layerServer = (options: Options = {}) =>
  HttpRouter.serve(layerRoutes(options), { disableLogger: true, disableListenLog: true })

/**
 * The emulator as a `fetch` function, for clients that are not Effect's.
 *
 * **Example** (A client that is not Effect's)
 *
 * ```ts
 * import * as Emulator from "@effect-workos/emulator/Emulator"
 * import * as Store from "@effect-workos/emulator/Store"
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 *
 * const program = Effect.gen(function* () {
 *   const fetch = yield* Emulator.fetch()
 *   const authorization = `Bearer ${Redacted.value(Emulator.defaultApiKey)}`
 *   const response = yield* Effect.promise(() =>
 *     fetch("https://api.workos.com/connections?limit=1", { headers: { authorization } })
 *   )
 *   return response.status // => 200
 * }).pipe(Effect.provide(Store.layer({ connections: 3, organizations: 1, seed: 1 })))
 * ```
 */
export const fetch = Effect.fnUntraced(function* (options: Options = {}) {
  const routes = yield* HttpRouter.toHttpEffect(layerRoutes(options).pipe(Layer.provide(HttpServer.layerServices)))
  // Requests are answered by the clock, the tracer and the logger of whoever asked for the emulator.
  const handle = HttpEffect.toWebHandlerWith<Store, HttpServerRequest | Scope.Scope>(yield* Effect.context<Store>())(
    routes
  )
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const response = await handle(request)
    request.signal.throwIfAborted()
    if (Socket.isDestroyed(request)) throw Socket.resetError("fetch failed")
    return response
  }
  return fetch
})

/**
 * The emulator without a socket: an `HttpClient` that it answers, whatever the host of the URL. No request leaves the
 * process.
 *
 * **Example** (A backend that is tested without a network)
 *
 * ```ts
 * import { WorkOs } from "@effect-workos/client/WorkOs"
 * import * as Emulator from "@effect-workos/emulator/Emulator"
 * import * as Store from "@effect-workos/emulator/Store"
 * import * as Layer from "effect/Layer"
 *
 * const options: Emulator.Options = { latency: "20 millis", faults: [{ kind: "status", status: 503, times: 1 }] }
 *
 * const WorkOsTest = WorkOs.layer({ apiKey: Emulator.defaultApiKey }).pipe(
 *   Layer.provide(Emulator.layerHttpClient(options)),
 *   Layer.provide(Store.layer({ connections: 100, organizations: 5, seed: 1 }))
 * )
 * ```
 */
export const layerHttpClient = (options: Options = {}): Layer.Layer<HttpClient.HttpClient, never, Store> =>
  Layer.effect(
    HttpClient.HttpClient,
    Effect.gen(function* () {
      const client = yield* HttpClient.HttpClient
      // Bound to this client, so that it does not matter where its requests are made.
      return HttpClient.transformResponse(client, Effect.provideService(FetchHttpClient.Fetch, yield* fetch(options)))
    })
  ).pipe(Layer.provide(FetchHttpClient.layer))
