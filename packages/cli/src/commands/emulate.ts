// The `emulate` command.
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Webhooks from "@effect-workos/emulator/Webhooks"
import * as ProxyHttpClient from "@effect-workos/server/ProxyHttpClient"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import type * as NetAddress from "effect/net/NetAddress"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { createServer } from "node:http"
import { isIP } from "node:net"
import * as EmulatorFlags from "../EmulatorFlags.ts"
import { faults } from "../FaultFlag.ts"
import * as Output from "../Output.ts"

const loopback = "127.0.0.1"

const whole = (name: string, maximum: number, value: number, description: string) =>
  Flag.Int(name).pipe(
    Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum }))),
    Flag.withMetavar("N"),
    Flag.withDescription(`${description} Defaults to ${value}.`),
    Flag.withDefault(value)
  )

/** A host name of at most 253 characters, which the operating system resolves to an address. */
const hostName = /^(?=.{1,253}$)[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*$/i

// Text of digits and dots that is not an IPv4 address is a mistake, not a host name.
const isHost = (host: string): boolean => isIP(host) !== 0 || (hostName.test(host) && !/^[\d.]+$/.test(host))

/** The URL of a server for clients on this machine, which cannot connect to an unspecified address such as 0.0.0.0. */
const urlOf = (address: NetAddress.SocketAddress): string =>
  HttpServer.formatAddress(address)
    .replace(/^http:\/\/0\.0\.0\.0(?=:)/, "http://127.0.0.1")
    .replace(/^http:\/\/\[::\](?=:)/, "http://[::1]")

/**
 * Serves the emulator until the scope ends, and returns its URL. `host` defaults to 127.0.0.1.
 */
export const serve = Effect.fnUntraced(function* (options: {
  readonly port: number
  readonly host?: string
  readonly store: Store.Store["Service"]
  readonly emulator?: Emulator.Options
}) {
  const layerServer = NodeHttpServer.layer(createServer, {
    port: options.port,
    host: options.host ?? loopback,
    // Clients do not need responses that are in flight when the emulator stops.
    gracefulShutdownTimeout: 0
  })
  const context = yield* Layer.build(
    Emulator.layerServer(options.emulator).pipe(
      Layer.provide(Layer.succeed(Store.Store, options.store)),
      Layer.provideMerge(layerServer)
    )
  )
  return urlOf(Context.get(context, HttpServer.HttpServer).address)
})

// Sends webhooks through the proxies that environment variables configure.
const deliveries = Effect.fnUntraced(function* (
  webhooks: ReadonlyArray<Webhooks.Webhook>,
  store: Store.Store["Service"]
) {
  const client = yield* Layer.build(ProxyHttpClient.layer)
  return yield* Webhooks.make(webhooks).pipe(Effect.provideContext(client), Effect.provideService(Store.Store, store))
})

export const emulate = Command.make(
  "emulate",
  {
    port: whole("port", 65535, 4100, "Listen on port N, or on a free port if N is 0."),
    host: Flag.String("host").pipe(
      // URLs write IPv6 addresses in brackets.
      Flag.map((host) => host.replace(/^\[(.*)\]$/, "$1")),
      Flag.filter(isHost, () => "an address or a host name of this machine, such as 0.0.0.0 or ::1"),
      Flag.withMetavar("HOST"),
      Flag.withDescription(`Listen on this address, or on all addresses with 0.0.0.0. Defaults to ${loopback}.`),
      Flag.withDefault(loopback)
    ),
    connections: whole("connections", 1_000_000, 1000, "Create N connections."),
    organizations: whole("organizations", 100_000, 50, "Create N organizations."),
    seed: whole("seed", Number.MAX_SAFE_INTEGER, 1, "Generate the data from seed N."),
    latency: whole("latency", 60_000, 0, "Delay each response by N milliseconds."),
    faults,
    webhooks: EmulatorFlags.webhooks,
    client: EmulatorFlags.client,
    authkit: EmulatorFlags.authkit,
    apiKey: Flag.String("api-key").pipe(
      Flag.withSchema(Schema.NonEmptyString),
      Flag.withMetavar("KEY"),
      Flag.withDescription(`Accept this API key. Defaults to ${Redacted.value(Emulator.defaultApiKey)}.`),
      Flag.withDefault(Redacted.value(Emulator.defaultApiKey))
    )
  },
  Effect.fnUntraced(function* ({
    apiKey,
    authkit,
    client,
    connections,
    faults,
    host,
    latency,
    organizations,
    port,
    seed,
    webhooks
  }) {
    return yield* Effect.scoped(
      Effect.gen(function* () {
        const store = yield* Store.seeded({ connections, organizations, seed, until: yield* DateTime.now })
        const url = yield* serve({
          port,
          host,
          store,
          emulator: {
            apiKey: Redacted.make(apiKey),
            faults,
            latency,
            webhooks: yield* deliveries(webhooks, store),
            authkit: EmulatorFlags.toAuthKit(authkit),
            ...EmulatorFlags.toSignIn(client)
          }
        })
        yield* Output.result(`WorkOS emulator ready: WORKOS_BASE_URL=${url} WORKOS_API_KEY=${apiKey}`)
        return yield* Effect.never
      })
    )
  })
).pipe(
  Command.withDescription("Serve an in-memory emulator of WorkOS until you press Ctrl-C."),
  Command.withExamples([
    { command: "effect-workos emulate" },
    { command: "effect-workos emulate --port 0 --connections 100000 --latency 50" },
    { command: "effect-workos emulate --host 0.0.0.0" },
    { command: "effect-workos emulate --webhook http://localhost:3000/webhook=whsec_test --sign-in page" },
    { command: 'effect-workos emulate --fault "POST /connections status=429 retry-after=1 times=20" --fault stale' }
  ])
)
