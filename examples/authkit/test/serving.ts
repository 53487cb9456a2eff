// The application and an emulator of WorkOS on sockets, with a user who belongs to two organizations.
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as RetryPolicy from "@effect-workos/client/RetryPolicy"
import { WorkOs } from "@effect-workos/client/WorkOs"
import * as Clients from "@effect-workos/emulator/Clients"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Faults from "@effect-workos/emulator/Faults"
import * as Keys from "@effect-workos/emulator/Keys"
import * as Store from "@effect-workos/emulator/Store"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import { createServer } from "node:http"
import * as App from "../src/App.ts"

export const email = "ada.lovelace@example.com"

export const password = "correct horse battery staple"

// Shared, since generating a key takes longer than a test.
const keys = Effect.runSync(Keys.make)

const layerServer = Layer.fresh(
  NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 })
)

const portIn = (context: Context.Context<HttpServer.HttpServer>) => {
  const { address } = Context.get(context, HttpServer.HttpServer)
  return address._tag === "InetAddressV4" ? address.port : 0
}

/** Creates the user, who is a member of one organization and an administrator of another. */
const populate = Effect.gen(function* () {
  const { organizationMemberships, organizations, users } = yield* WorkOs
  const ada = yield* users.create({
    email,
    password: Redacted.make(password),
    emailVerified: true,
    firstName: "Ada",
    lastName: "Lovelace"
  })
  const acme = yield* organizations.create({ name: "Acme" })
  const globex = yield* organizations.create({ name: "Globex" })
  yield* organizationMemberships.create({ userId: ada.id, organizationId: acme.id, roleSlug: "member" })
  yield* organizationMemberships.create({ userId: ada.id, organizationId: globex.id, roleSlug: "admin" })
  return { user: ada, acme, globex }
})

/** Serves both for the lifetime of the scope. For browsers, they are two sites. */
export const serve = Effect.fnUntraced(function* ({
  env = {},
  store,
  ...options
}: Emulator.Options & {
  readonly env?: Readonly<Record<string, string>>
  /** Defaults to an empty store. */
  readonly store?: Store.Store["Service"]
} = {}) {
  const log: Array<string> = []
  const layerLog = Logger.layer([Logger.map(Logger.formatLogFmt, (line) => void log.push(line))])
  const faults = yield* Faults.make()
  const workos = `http://127.0.0.1:${portIn(
    yield* Layer.build(
      Emulator.layerServer({
        keys,
        authkit: { permissions: { admin: ["members:read"] } },
        ...options,
        faults
      }).pipe(
        Layer.provide(Layer.succeed(Store.Store, store ?? (yield* Store.make({})))),
        Layer.provideMerge(layerServer)
      )
    )
  )}`
  const server = yield* Layer.build(layerServer)
  const app = `http://localhost:${portIn(server)}`
  const layerEnvironment = Layer.mergeAll(
    layerLog,
    FetchHttpClient.layer,
    Layer.succeed(RetryPolicy.RetryPolicy, RetryPolicy.none),
    ConfigProvider.layer(
      ConfigProvider.fromEnvRecord({
        APP_URL: app,
        WORKOS_API_KEY: Redacted.value(Emulator.defaultApiKey),
        WORKOS_BASE_URL: workos,
        WORKOS_CLIENT_ID: Clients.defaultClientId,
        WORKOS_COOKIE_PASSWORD: "a password of 32 characters for tests",
        // A rate limiter would wait for the test clock.
        WORKOS_RATE_LIMIT: "unlimited",
        ...env
      })
    )
  )
  const client = yield* Layer.build(Layer.provide(WorkOs.layerConfig, layerEnvironment))
  yield* Layer.build(
    App.layer.pipe(
      Layer.provide([Layer.succeedContext(client), Layer.succeedContext(server)]),
      Layer.provide(layerEnvironment)
    )
  )
  const rows = yield* populate.pipe(
    Effect.provide(client),
    Effect.provideService(RetryPolicy.RetryPolicy, RetryPolicy.none)
  )
  return { ...rows, app, workos, faults, log, client: Context.get(client, WorkOs) }
})
