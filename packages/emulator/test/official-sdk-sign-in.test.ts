// The official SDK for Node, unmodified: sign-in over a real socket; `jose` verifies the tokens.
import { NodeHttpServer } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { OauthException, UnauthorizedException, WorkOS } from "@workos-inc/node"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import { createRemoteJWKSet, jwtVerify } from "jose"
import { createServer } from "node:http"
import * as Clients from "../src/Clients.ts"
import * as Emulator from "../src/Emulator.ts"
import * as Store from "../src/Store.ts"
import { findConnection, apiKey, callback } from "./sign-in.ts"

const clientId = Clients.defaultClientId

class Sdk extends Context.Service<
  Sdk,
  {
    readonly url: string
    /** The SDK of an application with a secret. */
    readonly confidential: WorkOS
    /** The SDK of an application without a secret. */
    readonly open: WorkOS
  }
>()("test/SignInSdk") {}

const LayerSdk = Layer.effect(
  Sdk,
  Effect.gen(function* () {
    const { address } = yield* HttpServer.HttpServer
    const port = address._tag === "InetAddressV4" ? address.port : 0
    const at = { apiHostname: "127.0.0.1", port, https: false }
    return {
      url: `http://127.0.0.1:${port}`,
      confidential: new WorkOS(apiKey, at),
      open: new WorkOS({ clientId, ...at })
    }
  })
).pipe(
  Layer.provide(Emulator.layerServer()),
  Layer.provideMerge(Store.layer({ connections: 60, organizations: 20, seed: 3 })),
  Layer.provide(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" }))
)

// Visits the URL, and returns the parameters of the redirect.
const visit = (url: string) =>
  Effect.promise(async () => {
    const response = await fetch(url, { redirect: "manual" })
    return Object.fromEntries(new URL(response.headers.get("location") ?? "").searchParams)
  })

const failure = (promise: () => Promise<unknown>) =>
  Effect.promise(() =>
    promise().then(
      () => undefined,
      (error: unknown) => error
    )
  )

layer(LayerSdk)("@workos-inc/node", (it) => {
  it.effect(
    "The official SDK signs in with a secret, gets the profile by the token, and verifies the token before and after a key rotation",
    () =>
      Effect.gen(function* () {
        const { confidential, url } = yield* Sdk
        const connection = yield* findConnection((row) => row.organizationId !== undefined)
        const to = confidential.sso.getAuthorizationUrl({
          connection: connection.id,
          clientId,
          redirectUri: callback,
          state: "a b&c=ü",
          loginHint: "ada.lovelace@acme.example"
        })
        const { code = "", state } = yield* visit(to)
        assert.strictEqual(state, "a b&c=ü")
        const { accessToken, profile } = yield* Effect.promise(() =>
          confidential.sso.getProfileAndToken({ clientId, code })
        )
        assert.strictEqual(profile.email, "ada.lovelace@acme.example")
        assert.strictEqual(profile.firstName, "Ada")
        assert.strictEqual(profile.connectionId, connection.id)
        assert.strictEqual(profile.organizationId, connection.organizationId)
        assert.isObject(profile.customAttributes)
        assert.isObject(profile.rawAttributes)
        assert.deepStrictEqual(yield* Effect.promise(() => confidential.sso.getProfile({ accessToken })), profile)

        // The URL of the JWKS that the SDK builds.
        const keysUrl = new URL(confidential.userManagement.getJwksUrl(clientId))
        assert.strictEqual(keysUrl.href, `${url}/sso/jwks/${clientId}`)
        const verify = (token: string) =>
          Effect.flatMap(Clock.currentTimeMillis, (now) =>
            Effect.promise(() =>
              jwtVerify(token, createRemoteJWKSet(keysUrl), {
                algorithms: ["RS256"],
                issuer: "https://api.workos.com",
                currentDate: new Date(now)
              })
            )
          )
        const { payload, protectedHeader } = yield* verify(accessToken)
        assert.strictEqual(payload.sub, profile.id)
        assert.strictEqual(payload["client_id"], clientId)
        assert.strictEqual(payload["org_id"], connection.organizationId)
        assert.strictEqual((payload.exp ?? 0) - (payload.iat ?? 0), 600)

        const rotated = yield* Effect.promise(async () => fetch(`${url}/_emulator/keys/rotate`, { method: "POST" }))
        assert.strictEqual(rotated.status, 200)
        assert.strictEqual((yield* verify(accessToken)).protectedHeader.kid, protectedHeader.kid)
        const again = yield* visit(to)
        const later = yield* Effect.promise(() =>
          confidential.sso.getProfileAndToken({ clientId, code: again["code"] ?? "" })
        )
        const verified = yield* verify(later.accessToken)
        assert.notStrictEqual(verified.protectedHeader.kid, protectedHeader.kid)
        assert.strictEqual(verified.payload.sub, profile.id)
      })
  )

  it.effect("The official SDK signs in with PKCE, with and without a secret", () =>
    Effect.gen(function* () {
      const { confidential, open } = yield* Sdk
      const { id: connection } = yield* findConnection()
      for (const workos of [open, confidential]) {
        const started = yield* Effect.promise(() =>
          workos.sso.getAuthorizationUrlWithPKCE({ connection, clientId, redirectUri: callback })
        )
        const { code = "", state } = yield* visit(started.url)
        assert.strictEqual(state, started.state)
        const { codeVerifier } = started
        const { profile } = yield* Effect.promise(() => workos.sso.getProfileAndToken({ clientId, code, codeVerifier }))
        assert.strictEqual(profile.connectionId, connection)
      }
    })
  )

  it.effect("The official SDK throws its exceptions for a used code and an invalid token", () =>
    Effect.gen(function* () {
      const { confidential } = yield* Sdk
      const { id: connection } = yield* findConnection()
      const url = confidential.sso.getAuthorizationUrl({ connection, clientId, redirectUri: callback })
      const { code = "" } = yield* visit(url)
      yield* Effect.promise(() => confidential.sso.getProfileAndToken({ clientId, code }))
      const used = yield* failure(() => confidential.sso.getProfileAndToken({ clientId, code }))
      assert.instanceOf(used, OauthException)
      assert.strictEqual(used.error, "invalid_grant")
      assert.instanceOf(
        yield* failure(() => confidential.sso.getProfile({ accessToken: "none" })),
        UnauthorizedException
      )
    })
  )
})
