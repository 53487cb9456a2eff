// A server with this library and one with the unmodified official SDK share the cookies of a user, with the emulator as
// WorkOS, over sockets.
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Authentication } from "@effect-workos/client/Authentication"
import { MagicAuth } from "@effect-workos/client/MagicAuth"
import { Users } from "@effect-workos/client/Users"
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import * as Clients from "@effect-workos/emulator/Clients"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import { assert, it } from "@effect/vitest"
import { WorkOS } from "@workos-inc/node"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { createServer } from "node:http"
import { CookieSessions } from "../../src/CookieSessions.ts"
import { otherPassword, password } from "./sealed.ts"

const clientId = Clients.defaultClientId

const LayerEmulator = Emulator.layerServer().pipe(
  Layer.provide(
    Layer.effect(Store.Store, Store.seeded({ connections: 1, organizations: 2, users: 0, invitations: 0, seed: 3 }))
  ),
  Layer.provideMerge(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 }))
)

const email = "megumi@example.com"

it.live("This library and the official SDK authenticate, refresh and end the same session", () =>
  Effect.gen(function* () {
    const baseUrl = yield* HttpServer.addressFormattedWith((url) => Effect.succeed(new URL(url)))
    const config = WorkOsConfig.layer({ apiKey: Emulator.defaultApiKey, baseUrl, rateLimit: "unlimited" })
    const context = yield* Layer.build(
      Layer.mergeAll(
        Authentication.layer,
        MagicAuth.layer,
        Users.layer,
        CookieSessions.layer({ clientId, cookiePasswords: [password, otherPassword] })
      ).pipe(Layer.provide([config, FetchHttpClient.layer]))
    )
    const sessions = Context.get(context, CookieSessions)
    const { userManagement } = new WorkOS(Redacted.value(Emulator.defaultApiKey), {
      clientId,
      apiHostname: baseUrl.hostname,
      port: Number(baseUrl.port),
      https: false
    })
    const cookiePassword = Redacted.value(password)
    const bySdk = (cookie: Redacted.Redacted | string) =>
      userManagement.loadSealedSession({
        sessionData: Redacted.isRedacted(cookie) ? Redacted.value(cookie) : cookie,
        cookiePassword
      })

    const user = yield* Context.get(context, Users).create({ email, firstName: "恵", emailVerified: true })
    const { code } = yield* Context.get(context, MagicAuth).create({ email })
    const { cookie, session } = yield* sessions.create(
      yield* Context.get(context, Authentication).withMagicAuth({ clientId, email, code })
    )
    assert.deepStrictEqual((yield* sessions.authenticate(cookie)).claims, session.claims)
    const seen = yield* Effect.promise(() => bySdk(cookie).authenticate())
    assert.isTrue(seen.authenticated)
    if (!seen.authenticated) return
    assert.deepStrictEqual([seen.sessionId, seen.user.id, seen.user.firstName], [session.claims.sid, user.id, "恵"])

    // The SDK refreshes, and this library uses the new cookie.
    const refreshed = yield* Effect.promise(() => bySdk(cookie).refresh())
    assert.isTrue(refreshed.authenticated)
    if (!refreshed.authenticated) return
    const resumed = yield* sessions.authenticate(refreshed.sealedSession)
    assert.deepStrictEqual([resumed.claims.sid, resumed.user.firstName], [session.claims.sid, "恵"])

    // Ten concurrent requests of this library refresh once, and the SDK uses the new cookie.
    const results = yield* Effect.all(
      Array.from({ length: 10 }, () => sessions.refresh(refreshed.sealedSession)),
      { concurrency: "unbounded" }
    )
    const [latest] = results
    assert.isDefined(latest)
    assert.strictEqual(new Set(results.map(({ cookie }) => Redacted.value(cookie))).size, 1)
    const again = yield* Effect.promise(() => bySdk(latest.cookie).authenticate())
    assert.isTrue(again.authenticated)

    // Both return the same URL, which ends the session for both.
    const url = yield* sessions.end(latest.cookie)
    assert.strictEqual(url?.href, yield* Effect.promise(() => bySdk(latest.cookie).getLogoutUrl()))
    yield* Effect.promise(() => fetch(url ?? ""))
    const dead = yield* Effect.promise(() => bySdk(latest.cookie).refresh())
    assert.strictEqual(dead.authenticated ? "authenticated" : String(dead.reason), "invalid_grant")
    const other = yield* Layer.build(
      Layer.fresh(CookieSessions.layer({ clientId, cookiePasswords: password })).pipe(
        Layer.provide([config, FetchHttpClient.layer])
      )
    )
    const error = yield* Effect.flip(Context.get(other, CookieSessions).refresh(latest.cookie))
    assert.strictEqual(error._tag, "SessionEnded")
  }).pipe(Effect.provide(LayerEmulator))
)
