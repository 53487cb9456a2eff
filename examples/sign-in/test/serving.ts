// The application and an emulator of WorkOS on sockets, with customers who can sign in.
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { WorkOs } from "@effect-workos/client/WorkOs"
import * as RetryPolicy from "@effect-workos/client/RetryPolicy"
import type { Connection } from "@effect-workos/domain/sso/Connection"
import type { Organization } from "@effect-workos/domain/organizations/Organization"
import * as Clients from "@effect-workos/emulator/Clients"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Faults from "@effect-workos/emulator/Faults"
import * as Keys from "@effect-workos/emulator/Keys"
import * as Admin from "@effect-workos/emulator/Admin"
import * as Seed from "@effect-workos/emulator/Seed"
import * as Webhooks from "@effect-workos/emulator/Webhooks"
import * as Store from "@effect-workos/emulator/Store"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import { createServer } from "node:http"
import * as App from "../src/App.ts"

export const secret = Redacted.make("whsec_test")

/** An organization, its only connection, and its verified domain. */
export interface Customer {
  readonly organization: Organization
  readonly connection: Connection
  readonly domain: string
}

export interface Serving {
  /** The origin of the application. */
  readonly app: string
  /** The origin of WorkOS. */
  readonly workos: string
  readonly store: Store.Store["Service"]
  readonly faults: Faults.Faults["Service"]
  /** Two customers with active connections that support logout. */
  readonly customer: Customer
  readonly another: Customer
  /** A customer with an inactive connection. */
  readonly inactive: Customer
  /** Runs a program that changes the store of WorkOS. */
  readonly inStore: <A, E>(effect: Effect.Effect<A, E, Store.Store>) => Effect.Effect<A, E>
  /** Waits until all webhooks are delivered, and returns the number of accepted ones. */
  readonly delivered: Effect.Effect<number>
  readonly log: ReadonlyArray<string>
}

// Shared, since generating a key or rows takes longer than a test.
const keys = Effect.runSync(Keys.make)

const seed = Effect.runSync(Seed.make({ connections: 40, organizations: 40, seed: 5 }))

const layerServer = Layer.fresh(
  NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 })
)

const portIn = (context: Context.Context<HttpServer.HttpServer>) => {
  const { address } = Context.get(context, HttpServer.HttpServer)
  return address._tag === "InetAddressV4" ? address.port : 0
}

const settled = Effect.promise(() => new Promise<void>((resolve) => setImmediate(resolve)))

/** Serves both for the lifetime of the scope. For browsers, they are two sites. */
export const serve = Effect.fnUntraced(function* ({
  env = {},
  fetch = globalThis.fetch,
  ...options
}: Emulator.Options & {
  readonly env?: Readonly<Record<string, string>>
  /** Replaces the default store. */
  readonly store?: Store.Store["Service"]
  /** The fetch with which the application calls WorkOS. */
  readonly fetch?: typeof globalThis.fetch
} = {}) {
  const log: Array<string> = []
  const layerLog = Logger.layer([Logger.map(Logger.formatLogFmt, (line) => void log.push(line))])
  const store = options.store ?? (yield* Store.make(seed))
  const layerStore = Layer.succeed(Store.Store, store)
  const faults = yield* Faults.make()
  const webhooks = Context.get(
    yield* Layer.build(
      Layer.effect(Webhooks.Webhooks, Webhooks.make()).pipe(Layer.provide([layerStore, FetchHttpClient.layer]))
    ),
    Webhooks.Webhooks
  )
  const workos = `http://127.0.0.1:${portIn(
    yield* Layer.build(
      Emulator.layerServer({ keys, ...options, faults, webhooks }).pipe(
        Layer.provide(layerStore),
        Layer.provideMerge(layerServer)
      )
    )
  )}`
  const server = yield* Layer.build(layerServer)
  const app = env["APP_URL"] ?? `http://localhost:${portIn(server)}`
  yield* Layer.build(
    App.layer.pipe(
      Layer.provide(WorkOs.layerConfig),
      Layer.provide([FetchHttpClient.layer, Layer.succeedContext(server), layerLog]),
      Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)),
      Layer.provide(
        ConfigProvider.layer(
          ConfigProvider.fromEnvRecord({
            APP_URL: app,
            WORKOS_API_KEY: Redacted.value(Emulator.defaultApiKey),
            WORKOS_BASE_URL: workos,
            WORKOS_CLIENT_ID: Clients.defaultClientId,
            // A rate limiter would wait for the test clock.
            WORKOS_RATE_LIMIT: "unlimited",
            WORKOS_WEBHOOK_SECRET: Redacted.value(secret),
            ...env
          })
        )
      ),
      Layer.provide(Layer.succeed(RetryPolicy.RetryPolicy, RetryPolicy.none))
    )
  )
  const local = `http://localhost:${portIn(server)}`

  const customers = store.organizations.rows.flatMap((organization): ReadonlyArray<Customer> => {
    const [connection, ...others] = store.connections.findBy("organizationId", organization.id)
    const owned = organization.domains.find(({ state }) => state === "verified")
    return connection?.connectionType.endsWith("SAML") === true && others.length === 0 && owned !== undefined
      ? [{ organization, connection, domain: owned.domain }]
      : []
  })
  const [customer, another, inactive] = customers
  if (customer === undefined || another === undefined || inactive === undefined) {
    return yield* Effect.die("The seed has no such customers.")
  }
  const inStore = Effect.provideService(Store.Store, store)
  yield* inStore(Admin.setConnectionState(customer.connection.id, "active"))
  yield* inStore(Admin.setConnectionState(another.connection.id, "active"))
  yield* inStore(Admin.setConnectionState(inactive.connection.id, "inactive"))
  yield* webhooks.add({ url: `${local}/webhooks/workos`, secret })

  const delivered: Effect.Effect<number> = Effect.flatMap(webhooks.list, ([standing]) =>
    standing?.waiting === 0 ? Effect.succeed(standing.delivered) : Effect.andThen(settled, delivered)
  )
  return identity<Serving>({
    app: local,
    workos,
    store,
    faults,
    customer,
    another,
    inactive,
    inStore,
    delivered,
    log
  })
})
