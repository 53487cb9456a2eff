/**
 * An in-memory emulator of the WorkOS API: a layer or a `fetch` function without a socket, or an HTTP server.
 *
 * The emulator serves `WorkOsApi` from a `Store` and follows the rules that WorkOS documents for page limits, order,
 * cursors, filters, API keys, errors and request ids. Changes emit events, which are sent to webhooks. Faults can be injected.
 *
 * @module
 */
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
import type { Fault } from "./Fault.ts"
import * as Faults from "./Faults.ts"
import { Store } from "./Store.ts"
import * as Webhooks from "./Webhooks.ts"
import * as Access from "./internal/Access.ts"
import * as AdminApi from "./internal/AdminApi.ts"
import * as AuthKit from "./internal/AuthKit.ts"
import type * as AuthKitOptions from "./internal/AuthKitOptions.ts"
import * as AuthKitPage from "./internal/AuthKitPage.ts"
import * as AuthKitPageApi from "./internal/AuthKitPageApi.ts"
import * as CodesApi from "./internal/CodesApi.ts"
import * as Crud from "./internal/Crud.ts"
import * as CsrfGuard from "./internal/CsrfGuard.ts"
import { EmulatedApi, layerInvalidRequests } from "./internal/EmulatedApi.ts"
import * as EventsApi from "./internal/EventsApi.ts"
import * as FaultInjection from "./internal/FaultInjection.ts"
import * as FaultsApi from "./internal/FaultsApi.ts"
import { entries } from "./internal/Handlers.ts"
import * as Idempotency from "./internal/Idempotency.ts"
import * as SignIn from "./internal/SignIn.ts"
import * as SignInApi from "./internal/SignInApi.ts"
import * as SignInPage from "./internal/SignInPage.ts"
import * as Socket from "./internal/Socket.ts"
import * as Sso from "./internal/Sso.ts"
import * as UnmatchedRequests from "./internal/UnmatchedRequests.ts"
import * as WebhooksApi from "./internal/WebhooksApi.ts"

/**
 * The API key that an emulator accepts by default.
 */
export const defaultApiKey = Redacted.make("sk_test_emulator")

/**
 * Options of an emulator.
 */
export interface Options extends SignIn.Options {
  /** The API key that is accepted. Defaults to {@link defaultApiKey}. */
  readonly apiKey?: Redacted.Redacted | undefined
  /** Options of AuthKit. */
  readonly authkit?: AuthKitOptions.Options | undefined
  /** The rate limit. Requests above it receive 429. Defaults to none. */
  readonly rateLimit?: Access.RateLimit | undefined
  /** The delay of every response outside the admin API. Defaults to 0. */
  readonly latency?: Duration.Input | undefined
  /**
   * The initial faults, or a `Faults` service that the program made with `Faults.make` and changes later. Defaults to
   * none. Faults can also be added over HTTP.
   */
  readonly faults?: ReadonlyArray<Fault> | Faults.Faults["Service"] | undefined
  /**
   * The initial webhooks, or a `Webhooks` service that the program made with `Webhooks.make` and changes later. Defaults to
   * none. Webhooks can also be added over HTTP.
   */
  readonly webhooks?: ReadonlyArray<Webhooks.Webhook> | Webhooks.Webhooks["Service"] | undefined
}

const layerFaults = (faults: Options["faults"] = []): Layer.Layer<Faults.Faults> =>
  "match" in faults ? Layer.succeed(Faults.Faults, faults) : Faults.layer(faults)

const layerWebhooks = (webhooks: Options["webhooks"] = []): Layer.Layer<Webhooks.Webhooks, never, Store> =>
  "add" in webhooks ? Layer.succeed(Webhooks.Webhooks, webhooks) : Webhooks.layer(webhooks)

// Here, because declarations depend on the service, and the store on declarations.
const layerAuthKit = (options: Options["authkit"] = {}) =>
  Layer.effect(
    AuthKit.AuthKit,
    Effect.gen(function* () {
      return AuthKit.make(yield* Store, yield* SignIn.SignIn, options)
    })
  )

// All paths of WorkOS begin with a letter. The sign-in pages are exempt because browsers are redirected to them from any
// origin.
const isAdminPath = (url: string): boolean =>
  !/^\/[a-z]/.test(url) && !url.startsWith(SignInPage.path) && !url.startsWith(AuthKitPage.path)

// Adds request ids, responses to requests without a route, faults, latency, idempotency and the CSRF guard.
const layerMiddleware = (latency: Duration.Input) =>
  Layer.mergeAll(
    UnmatchedRequests.layer,
    HttpRouter.middleware(
      Effect.gen(function* () {
        const injectFaults = FaultInjection.middleware(yield* Faults.Faults)
        // Runs inside the faults: if a fault loses a response, the response is stored, and a retry is not applied again.
        const idempotent = yield* Idempotency.make()
        let requests = 0
        const identify = (response: HttpServerResponse.HttpServerResponse) =>
          HttpServerResponse.setHeader(response, "x-request-id", `req_${String(++requests).padStart(10, "0")}`)
        const isImmediate = Duration.isZero(Duration.fromInputUnsafe(latency))
        return (httpEffect) => {
          const delayed = isImmediate
            ? injectFaults(idempotent(httpEffect))
            : Effect.delay(injectFaults(idempotent(httpEffect)), latency)
          return Effect.flatMap(HttpServerRequest, (request) => {
            if (isAdminPath(request.url) && CsrfGuard.isCrossSite(request))
              return Effect.succeed(identify(CsrfGuard.forbidden))
            return Effect.map(request.url.startsWith(FaultsApi.prefix) ? httpEffect : delayed, identify)
          })
        }
      }),
      { global: true }
    )
  )

/**
 * The routes of the emulator, for a server with further routes or its own middleware.
 *
 * **Example** (With a health check)
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
      Layer.provide(Crud.layer(entries)),
      Layer.provide(Access.layer({ apiKey: options.apiKey ?? defaultApiKey, rateLimit: options.rateLimit })),
      Layer.provide([layerInvalidRequests, Sso.layerAccessToken])
    ),
    FaultsApi.layer,
    SignInApi.layer,
    AuthKitPageApi.layer,
    AdminApi.layer,
    CodesApi.layer,
    EventsApi.layer,
    WebhooksApi.layer.pipe(Layer.provide(layerWebhooks(options.webhooks))),
    layerMiddleware(options.latency ?? 0)
  ).pipe(
    Layer.provide(layerAuthKit(options.authkit)),
    Layer.provide([layerFaults(options.faults), SignIn.layer(options.apiKey ?? defaultApiKey, options)])
  )

/**
 * Serves the emulator on an `HttpServer` until the scope closes.
 *
 * **Example** (On a Node HTTP server)
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
 * The emulator as a `fetch` function, for clients that do not use Effect.
 *
 * **Example** (A request)
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
  // Handlers run with the clock, tracer and logger of the fiber that created the emulator.
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
 * The emulator as an `HttpClient`, without a socket. Requests to any host receive the emulator's responses, and no request
 * leaves the process.
 *
 * **Example** (A test without a network)
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
      // The emulator's `fetch` is provided here, so that a `Fetch` in the caller's context has no effect.
      return HttpClient.transformResponse(client, Effect.provideService(FetchHttpClient.Fetch, yield* fetch(options)))
    })
  ).pipe(Layer.provide(FetchHttpClient.layer))
