// Tokens and webhooks of the emulator, over real sockets.
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Sso } from "@effect-workos/client/Sso"
import * as SignIn from "@effect-workos/client/SignIn"
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import type { Event } from "@effect-workos/domain/events/Event"
import * as Clients from "@effect-workos/emulator/Clients"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Keys from "@effect-workos/emulator/Keys"
import * as Admin from "@effect-workos/emulator/Admin"
import * as Store from "@effect-workos/emulator/Store"
import { assert, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { createServer } from "node:http"
import * as AccessTokens from "../src/AccessTokens.ts"
import * as WebhookEndpoint from "../src/WebhookEndpoint.ts"

const secret = Redacted.make("whsec_emulator")
const other = "client_other"
const callback = "http://localhost:3000/callback"

const LayerStore = Store.layer({ connections: 20, organizations: 5, seed: 4 })

const listening = NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 })

// Serves these routes for the lifetime of the scope, and returns the URL.
const serving = Effect.fnUntraced(function* <E, R>(layer: Layer.Layer<never, E, HttpServer.HttpServer | R>) {
  const context = yield* Layer.build(Layer.provideMerge(layer, Layer.fresh(listening)))
  return new URL(yield* Effect.provideContext(HttpServer.addressFormattedWith(Effect.succeed), context))
})

const connected = Effect.map(Store.Store, ({ connections }) =>
  connections.rows.find(({ state }) => state === "active")!
)

// Signs a user in, and returns the access token.
const signedIn = Effect.fnUntraced(function* (clientId: string) {
  const sso = yield* Sso
  const { id } = yield* connected
  const { codeVerifier, state, url } = yield* sso.start({ clientId, connection: id, redirectUri: callback })
  const sent = yield* Effect.promise(() => fetch(url, { redirect: "manual" }))
  const code = yield* Effect.fromResult(SignIn.callback(new URL(sent.headers.get("location") ?? ""), { state }))
  const { accessToken } = yield* sso.profileAndToken({ clientId, code, codeVerifier })
  return accessToken
})

it.live("AccessTokens verifies tokens of the emulator with a JWKS that is fetched once, and again for new keys", () =>
  Effect.gen(function* () {
    const keys = yield* Keys.make
    const baseUrl = yield* serving(
      Emulator.layerServer({ clients: [{ clientId: Clients.defaultClientId }, { clientId: other }], keys })
    )
    let fetched = 0
    const LayerSso = Sso.layer.pipe(
      Layer.provideMerge(WorkOsConfig.layer({ apiKey: Emulator.defaultApiKey, baseUrl, rateLimit: "unlimited" })),
      Layer.provide(
        Layer.effect(
          HttpClient.HttpClient,
          Effect.map(
            HttpClient.HttpClient,
            HttpClient.tapRequest(({ url }) => Effect.sync(() => void (fetched += url.includes("/jwks/") ? 1 : 0)))
          )
        ).pipe(Layer.provide(FetchHttpClient.layer))
      )
    )
    const LayerTokens = AccessTokens.AccessTokens.layer({ clientId: Clients.defaultClientId, cooldown: 0 })
    yield* Effect.gen(function* () {
      const { verify } = yield* AccessTokens.AccessTokens
      const token = yield* signedIn(Clients.defaultClientId)
      const all = yield* Effect.all(
        Array.from({ length: 100 }, () => verify(token)),
        { concurrency: "unbounded" }
      )
      assert.match(all[99]?.claims.sub ?? "", /^prof_/)
      assert.strictEqual(all[0]?.claims.orgId, (yield* connected).organizationId)
      assert.strictEqual(fetched, 1)

      yield* keys.rotate
      yield* verify(yield* signedIn(Clients.defaultClientId))
      yield* verify(token)
      assert.strictEqual(fetched, 2)

      const foreign = yield* Effect.flip(verify(yield* signedIn(other)))
      assert.strictEqual(foreign._tag, "WrongClient")
    }).pipe(Effect.provide(Layer.provideMerge(LayerTokens, LayerSso)))
  }).pipe(Effect.provide(LayerStore))
)

it.live("The emulator retries the webhook of a deactivated connection until the handler succeeds", () =>
  Effect.gen(function* () {
    const seen: Array<Event> = []
    const done = yield* Deferred.make<Event>()
    const endpoint = WebhookEndpoint.layer(
      "/webhooks/workos",
      (event) => {
        seen.push(event)
        return seen.length === 1 ? Effect.fail("not now") : Deferred.succeed(done, event)
      },
      { secrets: [secret] }
    )
    const server = yield* serving(HttpRouter.serve(endpoint, { disableLogger: true, disableListenLog: true }))
    yield* serving(Emulator.layerServer({ webhooks: [{ url: new URL("/webhooks/workos", server).href, secret }] }))
    const { id } = yield* connected
    yield* Admin.setConnectionState(id, "inactive")
    const event = yield* Deferred.await(done)
    assert.strictEqual(event.event, "connection.deactivated")
    assert.deepStrictEqual(seen[0], event)
    assert.deepStrictEqual(event, (yield* Store.Store).events.rows.at(-1))
  }).pipe(Effect.provide(LayerStore))
)
