// The product over the emulator, without a socket.
import { Connections } from "@effect-workos/client/Connections"
import { Organizations } from "@effect-workos/client/Organizations"
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Faults from "@effect-workos/emulator/Faults"
import * as Store from "@effect-workos/emulator/Store"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Administrator } from "../src/Api.ts"
import { Customers } from "../src/Customers.ts"
import * as Handlers from "../src/Handlers.ts"

/** An organization with an external id, a verified domain and an active connection. */
export const aCustomer = Effect.gen(function* () {
  const { connections, organizations } = yield* Store.Store
  for (const { domains, externalId, id } of organizations.rows) {
    const domain = domains.find(({ state }) => state === "verified")
    const active = connections.findBy("organizationId", id).find(({ state }) => state === "active")
    if (typeof externalId === "string" && domain !== undefined && active !== undefined) {
      return { id, externalId, domain, email: `ada@${domain.domain}` }
    }
  }
  return yield* Effect.die("The seed has no such customer.")
})

const layerFaulty = Layer.unwrap(Effect.map(Faults.Faults, (faults) => Emulator.layerHttpClient({ faults })))

/** The service over the emulator, to which tests add faults. */
export const layerCustomers = (apiKey = Emulator.defaultApiKey) =>
  Customers.layer.pipe(
    Layer.provide([Connections.layer, Organizations.layer]),
    // A `TestClock` does not advance by itself, so a call that waits for the rate limiter would never be sent.
    Layer.provide(WorkOsConfig.layer({ apiKey, rateLimit: "unlimited" })),
    Layer.provide(layerFaulty),
    Layer.provideMerge([Faults.layer(), Store.layer({ connections: 100, organizations: 20, seed: 1 })])
  )

const token = Redacted.make("the administrators' token")

/** The API over the service, with its `ADMIN_TOKEN`. */
export const layerApi = (apiKey?: Redacted.Redacted) =>
  Layer.mergeAll(
    Handlers.layer.pipe(
      Layer.provideMerge(layerCustomers(apiKey)),
      Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnvRecord({ ADMIN_TOKEN: Redacted.value(token) })))
    ),
    HttpServer.layerServices
  )

/** Adds the token to each request of a test to the API. */
export const layerCaller = (bearer = token) =>
  HttpApiMiddleware.layerClient(Administrator, ({ next, request }) =>
    next(HttpClientRequest.bearerToken(request, bearer))
  )
