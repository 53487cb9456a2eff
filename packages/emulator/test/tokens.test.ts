// Profiles, access tokens, keys and logout.
import { assert, describe, it, layer } from "@effect/vitest"
import { Jwks } from "@effect-workos/domain/sso/Jwks"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Schema from "effect/Schema"
import { TestClock } from "effect/testing"
import { createLocalJWKSet, jwtVerify } from "jose"
import * as Clients from "../src/Clients.ts"
import * as Keys from "../src/Keys.ts"
import { findConnection, apiKey, sendRequest, assertRefused, emulated, profileBy, signedIn } from "./sign-in.ts"

const LayerEmulator = emulated()

const served = Effect.map(sendRequest(`/sso/jwks/${Clients.defaultClientId}`), ({ body }) =>
  Schema.decodeUnknownSync(Jwks)(body)
)

const issuer = "https://issuer.example"

const verify = (token: string, { keys }: Jwks) =>
  Effect.tryPromise(() =>
    jwtVerify(token, createLocalJWKSet({ keys: keys.map(({ x5c: _x5c, ...key }) => key) }), {
      algorithms: ["RS256"],
      issuer,
      currentDate: new Date(0)
    })
  )

const profileAt = (connection: string, login_hint?: string) =>
  Effect.map(signedIn({ connection, login_hint }), ({ profile }) => profile)

layer(LayerEmulator)("a profile", (it) => {
  it.effect("A profile is equal for the same user at the same connection, and different for others", () =>
    Effect.gen(function* () {
      const one = yield* findConnection()
      const two = yield* findConnection(({ id }) => id !== one.id)
      const ada = yield* profileAt(one.id, "ada.lovelace@acme.example")
      assert.deepStrictEqual(yield* profileAt(one.id, "Ada.Lovelace@ACME.example"), ada)
      assert.strictEqual(ada["first_name"], "Ada")
      assert.strictEqual(ada["last_name"], "Lovelace")
      const defaultProfile = yield* profileAt(one.id)
      assert.deepStrictEqual(yield* profileAt(one.id), defaultProfile)
      const others = [
        defaultProfile,
        yield* profileAt(one.id, "grace@acme.example"),
        yield* profileAt(two.id, "ada.lovelace@acme.example")
      ]
      assert.strictEqual(new Set([ada, ...others].map(({ id }) => id)).size, 4)
    })
  )

  it.effect("A profile contains the values of the connection and the raw attributes of the identity provider", () =>
    Effect.gen(function* () {
      const connection = yield* findConnection(
        ({ connectionType, domains, organizationId }) =>
          connectionType === "OktaSAML" && domains.length > 0 && organizationId !== undefined
      )
      const { profile } = yield* signedIn({ connection: connection.id })
      assert.strictEqual(profile["connection_id"], connection.id)
      assert.strictEqual(profile["connection_type"], "OktaSAML")
      assert.strictEqual(profile["organization_id"], connection.organizationId)
      assert.isTrue(profile.email.endsWith(`@${connection.domains[0]?.domain}`))
      assert.include(profile["raw_attributes"], { email: profile.email, id: profile["idp_id"] })
      const without = yield* findConnection(({ organizationId }) => organizationId === undefined)
      assert.isNull((yield* signedIn({ connection: without.id })).profile["organization_id"])
    })
  )

  it.effect("A profile is returned only for a valid access token", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* findConnection()
      const { access_token: token, profile } = yield* signedIn({ connection })
      yield* TestClock.adjust("599 seconds")
      assert.deepStrictEqual((yield* profileBy(token)).body, profile)
      const unsigned = `${Base64Url.encode('{"alg":"none"}')}.${token.split(".")[1]}.`
      for (const wrong of ["", "none", apiKey, token.slice(0, -1), `${token}A`, unsigned]) {
        const { body, status } = yield* profileBy(wrong)
        assert.strictEqual(status, 401)
        assert.deepStrictEqual(body, { error: "Unauthorized" })
      }
      assert.strictEqual((yield* sendRequest("/sso/profile")).status, 401)
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* profileBy(token)).status, 401)
    })
  )
})

describe("an access token", () => {
  it.effect("An access token is verified by the served keys, before and after a rotation, and names the user", () =>
    Effect.gen(function* () {
      const keys = yield* Keys.make
      yield* Effect.gen(function* () {
        const connection = yield* findConnection(({ organizationId }) => organizationId !== undefined)
        const first = yield* signedIn({ connection: connection.id })
        const jwks = yield* served
        const older = yield* Effect.map(keys.jwks, ({ keys }) => keys[0]?.kid)
        yield* keys.rotate
        const second = yield* signedIn({ connection: connection.id })
        assert.strictEqual(second.expires_in, 90)
        const rotated = yield* served
        const { payload, protectedHeader } = yield* verify(first.access_token, rotated)
        assert.deepStrictEqual(protectedHeader, { alg: "RS256", kid: older ?? "", typ: "JWT" })
        const { jti, sid, ...claims } = payload
        assert.deepStrictEqual(claims, {
          iss: issuer,
          sub: first.profile.id,
          client_id: Clients.defaultClientId,
          org_id: connection.organizationId,
          iat: 0,
          exp: 90
        })
        assert.match(String(sid), /^session_/)
        const later = yield* verify(second.access_token, rotated)
        assert.notStrictEqual(later.payload.jti, jti)
        assert.notStrictEqual(later.protectedHeader.kid, older)
        // The earlier JWKS does not contain the new key.
        yield* Effect.flip(verify(second.access_token, jwks))
      }).pipe(Effect.provide(emulated({ keys, issuer, accessTokenLifetime: "90 seconds" })))
    })
  )

  it.effect("Access tokens are signed with one key, even if the first requests are concurrent", () =>
    Effect.gen(function* () {
      const keys = yield* Keys.make
      const sets = yield* Effect.all(
        Array.from({ length: 8 }, () => keys.jwks),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(new Set(sets.flatMap(({ keys }) => keys.map(({ kid }) => kid))).size, 1)
    })
  )

  it.effect("The emulator serves public keys only for known clients", () =>
    Effect.gen(function* () {
      const { body, text } = yield* sendRequest(`/sso/jwks/${Clients.defaultClientId}`)
      const [key] = Schema.decodeUnknownSync(Jwks)(body).keys
      assert.deepStrictEqual<unknown>(body, { keys: [key] })
      assert.lengthOf(key?.n ?? "", 342)
      assert.notMatch(text, /"(?:d|p|q|dp|dq|qi)":/)
      for (const id of ["client_unknown", "nonsense"]) {
        assert.strictEqual((yield* sendRequest(`/sso/jwks/${id}`)).status, 404)
      }
    }).pipe(Effect.provide(LayerEmulator))
  )
})

const authorization = `Bearer ${apiKey}`

const logOut = (profile_id: string) =>
  sendRequest("/sso/logout/authorize", { body: JSON.stringify({ profile_id }), headers: { authorization } })

layer(LayerEmulator)("a logout", (it) => {
  it.effect(
    "A logout is prepared with the API key for a signed-in user, and its token is valid once for ten minutes",
    () =>
      Effect.gen(function* () {
        const connection = yield* findConnection(({ connectionType }) => connectionType === "OktaSAML")
        const { profile } = yield* signedIn({ connection: connection.id })
        const url = yield* Effect.map(logOut(profile.id), ({ body }) => new URL(String(body["logout_url"])))
        assert.strictEqual(url.pathname, "/sso/logout")
        const path = `${url.pathname}${url.search}`
        assert.strictEqual((yield* sendRequest(path)).status, 200)
        assert.strictEqual((yield* sendRequest(path)).status, 404)
        const { body } = yield* logOut(profile.id)
        yield* TestClock.adjust("10 minutes")
        assert.strictEqual((yield* sendRequest(`/sso/logout?token=${String(body["logout_token"])}`)).status, 404)
        const unkeyed = yield* sendRequest("/sso/logout/authorize", {
          body: JSON.stringify({ profile_id: profile.id })
        })
        assert.strictEqual(unkeyed.status, 401)
      })
  )

  it.effect("A logout is rejected for unknown users and for connections without logout", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* logOut("prof_01E4ZCR3C56J083X43JQXF3JK5")).status, 404)
      const connection = yield* findConnection(({ connectionType }) => connectionType.endsWith("OAuth"))
      const { profile } = yield* signedIn({ connection: connection.id })
      assertRefused(yield* logOut(profile.id), "connection_invalid")
    })
  )
})

describe("redirects after a logout", () => {
  it.effect("The browser is redirected to logoutRedirectUri after a logout", () =>
    Effect.gen(function* () {
      const connection = yield* findConnection(({ connectionType }) => connectionType === "OktaSAML")
      const { profile } = yield* signedIn({ connection: connection.id })
      const { body } = yield* logOut(profile.id)
      const { headers, status } = yield* sendRequest(`/sso/logout?token=${String(body["logout_token"])}`)
      assert.strictEqual(status, 302)
      assert.strictEqual(headers["location"], "http://localhost:3000/")
    }).pipe(Effect.provide(emulated({ logoutRedirectUri: "http://localhost:3000/" })))
  )
})
