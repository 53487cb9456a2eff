// Codes, PKCE, tokens, profiles, keys and logout: what an application is given, and what it is refused.
import { assert, describe, it, layer } from "@effect/vitest"
import { Profile } from "@effect-workos/domain/Profile"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { TestClock } from "effect/testing"
import { createLocalJWKSet, jwtVerify } from "jose"
import { createHash } from "node:crypto"
import * as Clients from "../src/Clients.ts"
import * as Keys from "../src/Keys.ts"
import * as World from "../src/World.ts"
import { type Answer, aConnection, apiKey, ask, codeOf, emulated, exchange, profileBy, signedIn } from "./signing-in.ts"

const other = "client_other"
const otherSecret = "sk_test_another_secret"

const options = {
  clients: [{ clientId: Clients.defaultClientId }, { clientId: other, clientSecret: Redacted.make(otherSecret) }]
}

const LayerEmulator = emulated(options)

const challengeOf = (verifier: string) => createHash("sha256").update(verifier).digest("base64url")

const withChallenge = (verifier: string) => ({
  code_challenge: challengeOf(verifier),
  code_challenge_method: "S256"
})

const assertRefused = (answer: Answer, error: string, ...secrets: ReadonlyArray<string>) => {
  assert.strictEqual(answer.body["error"], error, answer.text)
  assert.strictEqual(answer.status, 400)
  assert.isString(answer.body["error_description"])
  for (const secret of [apiKey, otherSecret, ...secrets]) assert.notInclude(answer.text, secret)
}

const verifierAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

const Verifier = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9\-._~]{43,128}$/))

layer(LayerEmulator)("a code", (it) => {
  it.effect("is exchanged in a form or in JSON, for a profile and a token that nobody stores", () =>
    Effect.gen(function* () {
      const connection = yield* aConnection()
      const inForm = yield* Effect.flatMap(codeOf({ connection: connection.id }), (code) => exchange({ code }))
      const code = yield* codeOf({ connection: connection.id })
      const inJson = yield* ask("/sso/token", {
        body: JSON.stringify({
          client_id: Clients.defaultClientId,
          client_secret: apiKey,
          grant_type: "authorization_code",
          code
        })
      })
      for (const { body, headers, status } of [inForm, inJson]) {
        assert.strictEqual(status, 200)
        assert.strictEqual(headers["cache-control"], "no-store")
        assert.strictEqual(body["token_type"], "Bearer")
        assert.strictEqual(body["expires_in"], 600)
        assert.isTrue(Schema.is(Schema.toEncoded(Profile))(body["profile"]))
      }
      assert.deepStrictEqual(inJson.body["profile"], inForm.body["profile"])
    })
  )

  it.effect("is good for one exchange, also when many come at once", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* aConnection()
      const code = yield* codeOf({ connection })
      const answers = yield* Effect.all(
        Array.from({ length: 20 }, () => exchange({ code })),
        { concurrency: "unbounded" }
      )
      const refused = answers.filter(({ status }) => status !== 200)
      assert.lengthOf(refused, 19)
      for (const answer of refused) assertRefused(answer, "invalid_grant", code)
      assertRefused(yield* exchange({ code }), "invalid_grant", code)
    })
  )

  it.effect("is good for ten minutes", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* aConnection()
      const [first, second] = [yield* codeOf({ connection }), yield* codeOf({ connection })]
      yield* TestClock.adjust("599 seconds")
      assert.strictEqual((yield* exchange({ code: first })).status, 200)
      yield* TestClock.adjust("1 second")
      assertRefused(yield* exchange({ code: second }), "invalid_grant", second)
    })
  )

  it.effect("is good for the client that it was given to, and stays so where another tries it", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* aConnection()
      const code = yield* codeOf({ connection })
      assertRefused(yield* exchange({ code, client_id: other, client_secret: otherSecret }), "invalid_grant", code)
      assert.strictEqual((yield* exchange({ code })).status, 200)
    })
  )

  it.effect("wants a client that is known, and its secret", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* aConnection()
      const code = yield* codeOf({ connection })
      const wrong = [
        { client_id: "client_unknown" },
        { client_id: other },
        { client_secret: "sk_test_guess" },
        { client_secret: "" },
        { client_secret: undefined }
      ]
      for (const fields of wrong) {
        assertRefused(yield* exchange({ code, ...fields }), "invalid_client", code, "sk_test_guess")
      }
      assert.strictEqual((yield* exchange({ code })).status, 200)
    })
  )

  it.effect("is for no other grant, and is asked for with every field", () =>
    Effect.gen(function* () {
      const code = yield* Effect.flatMap(aConnection(), ({ id: connection }) => codeOf({ connection }))
      for (const grant_type of ["refresh_token", "client_credentials", ""]) {
        assertRefused(yield* exchange({ code, grant_type }), "unsupported_grant_type", code)
      }
      for (const field of ["client_id", "code", "grant_type"]) {
        const { body, status, text } = yield* exchange({ code, [field]: undefined })
        assert.strictEqual(status, 422)
        assert.include(String(body["message"]), field)
        assert.notInclude(text, apiKey)
      }
    })
  )

  it.effect("is not in an answer to a body of the wrong shape, and neither is the secret", () =>
    Effect.gen(function* () {
      const fields = {
        client_id: "client_1",
        client_secret: ["s3cr3t-one"],
        code: 271828,
        grant_type: "x",
        code_verifier: {}
      }
      for (const body of [fields, { ...fields, code: ["c0de-one"] }, [fields]]) {
        const answer = yield* ask("/sso/token", { body: JSON.stringify(body) })
        assert.include([400, 422], answer.status)
        for (const secret of ["s3cr3t-one", "c0de-one", "271828"]) assert.notInclude(answer.text, secret)
      }
    })
  )

  it.effect("is answered again to a repeat with the same Idempotency-Key", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* aConnection()
      const request = {
        body: JSON.stringify({
          client_id: Clients.defaultClientId,
          client_secret: apiKey,
          grant_type: "authorization_code",
          code: yield* codeOf({ connection })
        }),
        headers: { "idempotency-key": "once" }
      }
      const first = yield* ask("/sso/token", request)
      assert.strictEqual(first.status, 200)
      assert.deepStrictEqual((yield* ask("/sso/token", request)).body, first.body)
    })
  )
})

layer(LayerEmulator)("a code verifier", (it) => {
  it.effect.prop(
    "is the one that the code was asked for with, and no other, by one character",
    [Verifier, Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1_000_000 })), Schema.Boolean],
    ([verifier, at, isConfidential]) =>
      Effect.gen(function* () {
        const { id: connection } = yield* aConnection()
        const code = yield* codeOf({ connection, ...withChallenge(verifier) })
        const client_secret = isConfidential ? apiKey : undefined
        const place = at % verifier.length
        const letter = verifierAlphabet[(verifierAlphabet.indexOf(verifier[place] ?? "") + 1) % verifierAlphabet.length]
        const changed = `${verifier.slice(0, place)}${letter}${verifier.slice(place + 1)}`
        for (const code_verifier of [changed, verifier.slice(1), `${verifier}A`, challengeOf(verifier)]) {
          assertRefused(yield* exchange({ code, client_secret, code_verifier }), "invalid_grant", verifier, code)
        }
        assert.strictEqual((yield* exchange({ code, client_secret, code_verifier: verifier })).status, 200)
      })
  )

  it.effect("is needed where the code was asked for with a challenge, whatever else is known", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* aConnection()
      const verifier = "v".repeat(43)
      const code = yield* codeOf({ connection, ...withChallenge(verifier) })
      assertRefused(yield* exchange({ code }), "invalid_grant")
      assertRefused(
        yield* exchange({ code, client_secret: "sk_test_guess", code_verifier: verifier }),
        "invalid_client"
      )
      assert.strictEqual((yield* exchange({ code, code_verifier: verifier })).status, 200)
    })
  )

  it.effect("stands for no secret where the code was asked for without a challenge, and is refused with one", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* aConnection()
      const code = yield* codeOf({ connection })
      const code_verifier = "v".repeat(43)
      assertRefused(yield* exchange({ code, client_secret: undefined, code_verifier }), "invalid_grant")
      assertRefused(yield* exchange({ code, code_verifier }), "invalid_grant")
      assert.strictEqual((yield* exchange({ code })).status, 200)
    })
  )
})

describe("a connection", () => {
  it.effect("that was deactivated or deleted since makes its codes worthless, and deleted its profiles too", () =>
    Effect.gen(function* () {
      const { connections } = yield* World.World
      const connection = yield* aConnection()
      const { access_token: token } = yield* signedIn({ connection: connection.id })
      const [first, second] = [
        yield* codeOf({ connection: connection.id }),
        yield* codeOf({ connection: connection.id })
      ]
      connections.set({ ...connection, state: "inactive", status: "unlinked" })
      assertRefused(yield* exchange({ code: first }), "invalid_grant")
      assert.strictEqual((yield* profileBy(token)).status, 200)
      connections.remove(connection.id)
      assertRefused(yield* exchange({ code: second }), "invalid_grant")
      assert.strictEqual((yield* profileBy(token)).status, 404)
    }).pipe(Effect.provide(LayerEmulator))
  )
})

layer(LayerEmulator)("a profile", (it) => {
  it.effect("is the same for the same person at the same connection, and another for anybody else", () =>
    Effect.gen(function* () {
      const one = yield* aConnection()
      const two = yield* aConnection(({ id }) => id !== one.id)
      const at = (connection: string, login_hint?: string) =>
        Effect.map(signedIn({ connection, login_hint }), ({ profile }) => profile)
      const ada = yield* at(one.id, "ada.lovelace@acme.example")
      assert.deepStrictEqual(yield* at(one.id, "Ada.Lovelace@ACME.example"), ada)
      assert.strictEqual(ada["first_name"], "Ada")
      assert.strictEqual(ada["last_name"], "Lovelace")
      const nobody = yield* at(one.id)
      assert.deepStrictEqual(yield* at(one.id), nobody)
      const others = [nobody, yield* at(one.id, "grace@acme.example"), yield* at(two.id, "ada.lovelace@acme.example")]
      assert.strictEqual(new Set([ada, ...others].map(({ id }) => id)).size, 4)
    })
  )

  it.effect("says what the connection says of itself, and what the identity provider said", () =>
    Effect.gen(function* () {
      const connection = yield* aConnection(
        ({ connectionType, domains, organizationId }) =>
          connectionType === "OktaSAML" && domains.length > 0 && organizationId !== undefined
      )
      const { profile } = yield* signedIn({ connection: connection.id })
      assert.strictEqual(profile["connection_id"], connection.id)
      assert.strictEqual(profile["connection_type"], "OktaSAML")
      assert.strictEqual(profile["organization_id"], connection.organizationId)
      assert.isTrue(profile.email.endsWith(`@${connection.domains[0]?.domain}`))
      assert.include(profile["raw_attributes"], { email: profile.email, id: profile["idp_id"] })
      const without = yield* aConnection(({ organizationId }) => organizationId === undefined)
      assert.isNull((yield* signedIn({ connection: without.id })).profile["organization_id"])
    })
  )

  it.effect("is got by the token while it is good, and by nothing else", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* aConnection()
      const { access_token: token, profile } = yield* signedIn({ connection })
      yield* TestClock.adjust("599 seconds")
      assert.deepStrictEqual((yield* profileBy(token)).body, profile)
      const unsigned = `${Base64Url.encode('{"alg":"none"}')}.${token.split(".")[1]}.`
      for (const wrong of ["", "none", apiKey, token.slice(0, -1), `${token}A`, unsigned]) {
        const { body, status } = yield* profileBy(wrong)
        assert.strictEqual(status, 401)
        assert.deepStrictEqual(body, { error: "Unauthorized" })
      }
      assert.strictEqual((yield* ask("/sso/profile")).status, 401)
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* profileBy(token)).status, 401)
    })
  )
})

describe("an access token", () => {
  it.effect("is verified by the keys that are served, also those of before a rotation, and says who signed in", () =>
    Effect.gen(function* () {
      const keys = yield* Keys.make
      yield* Effect.gen(function* () {
        const connection = yield* aConnection(({ organizationId }) => organizationId !== undefined)
        const served = Effect.map(ask(`/sso/jwks/${Clients.defaultClientId}`), ({ body }) => body)
        const first = yield* signedIn({ connection: connection.id })
        const jwks = yield* served
        const older = yield* Effect.map(keys.jwks, ({ keys }) => keys[0]?.kid)
        yield* keys.rotate
        const second = yield* signedIn({ connection: connection.id })
        assert.strictEqual(second.expires_in, 90)
        const rotated = yield* served
        const verify = (token: string, set: Readonly<Record<string, unknown>>) =>
          Effect.tryPromise(() =>
            jwtVerify(token, createLocalJWKSet(set as unknown as Parameters<typeof createLocalJWKSet>[0]), {
              algorithms: ["RS256"],
              issuer: "https://issuer.example",
              currentDate: new Date(0)
            })
          )
        const { payload, protectedHeader } = yield* verify(first.access_token, rotated)
        assert.deepStrictEqual(protectedHeader, { alg: "RS256", kid: older ?? "", typ: "JWT" })
        const { jti, sid, ...claims } = payload
        assert.deepStrictEqual(claims, {
          iss: "https://issuer.example",
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
        // The keys of before do not know the new one.
        yield* Effect.flip(verify(second.access_token, jwks))
      }).pipe(Effect.provide(emulated({ keys, issuer: "https://issuer.example", accessTokenLifetime: "90 seconds" })))
    })
  )

  it.effect("is signed with one key, however many ask for it first at once", () =>
    Effect.gen(function* () {
      const keys = yield* Keys.make
      const sets = yield* Effect.all(
        Array.from({ length: 8 }, () => keys.jwks),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(new Set(sets.flatMap(({ keys }) => keys.map(({ kid }) => kid))).size, 1)
    })
  )

  it.effect("has keys for known clients, without what is private in them", () =>
    Effect.gen(function* () {
      const { body } = yield* ask(`/sso/jwks/${other}`)
      const [key] = body["keys"] as ReadonlyArray<Readonly<Record<string, string>>>
      assert.hasAllKeys(key, ["alg", "kty", "use", "kid", "n", "e"])
      assert.lengthOf(key?.["n"] ?? "", 342)
      for (const id of ["client_unknown", "nonsense"]) {
        assert.strictEqual((yield* ask(`/sso/jwks/${id}`)).status, 404)
      }
    }).pipe(Effect.provide(LayerEmulator))
  )
})

const authorization = `Bearer ${apiKey}`

const logOut = (profile_id: string) =>
  ask("/sso/logout/authorize", { body: JSON.stringify({ profile_id }), headers: { authorization } })

layer(LayerEmulator)("a logout", (it) => {
  it.effect("is prepared with the API key for somebody who signed in, and happens once within ten minutes", () =>
    Effect.gen(function* () {
      const connection = yield* aConnection(({ connectionType }) => connectionType === "OktaSAML")
      const { profile } = yield* signedIn({ connection: connection.id })
      const url = yield* Effect.map(logOut(profile.id), ({ body }) => new URL(String(body["logout_url"])))
      assert.strictEqual(url.pathname, "/sso/logout")
      const path = `${url.pathname}${url.search}`
      assert.strictEqual((yield* ask(path)).status, 200)
      assert.strictEqual((yield* ask(path)).status, 404)
      const { body } = yield* logOut(profile.id)
      yield* TestClock.adjust("10 minutes")
      assert.strictEqual((yield* ask(`/sso/logout?token=${String(body["logout_token"])}`)).status, 404)
      const unkeyed = yield* ask("/sso/logout/authorize", { body: JSON.stringify({ profile_id: profile.id }) })
      assert.strictEqual(unkeyed.status, 401)
    })
  )

  it.effect("is none for somebody who never signed in, nor where the connection has no way to", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* logOut("prof_01E4ZCR3C56J083X43JQXF3JK5")).status, 404)
      const connection = yield* aConnection(({ connectionType }) => connectionType.endsWith("OAuth"))
      const { profile } = yield* signedIn({ connection: connection.id })
      assertRefused(yield* logOut(profile.id), "connection_invalid")
    })
  )
})

describe("after a logout", () => {
  it.effect("the browser goes where the emulator was told", () =>
    Effect.gen(function* () {
      const connection = yield* aConnection(({ connectionType }) => connectionType === "OktaSAML")
      const { profile } = yield* signedIn({ connection: connection.id })
      const { body } = yield* logOut(profile.id)
      const { headers, status } = yield* ask(`/sso/logout?token=${String(body["logout_token"])}`)
      assert.strictEqual(status, 302)
      assert.strictEqual(headers["location"], "http://localhost:3000/")
    }).pipe(Effect.provide(emulated({ logoutRedirectUri: "http://localhost:3000/" })))
  )
})
