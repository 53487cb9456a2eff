// Verification of access tokens.
import { Sso } from "@effect-workos/client/Sso"
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import { type JWTPayload, SignJWT, UnsecuredJWT } from "jose"
import * as AccessTokens from "../src/AccessTokens.ts"
import { claims, clientId, published, signedWith, signingKey } from "./tokens.ts"

const key = await signingKey("key_1")
const another = await signingKey("key_1")

const options = {
  clientId,
  jwks: Effect.succeed(published(key))
}

const { verify } = AccessTokens.make(options)

const custom = AccessTokens.make({ ...options, issuers: ["https://auth.example.com"] })

const token = (payload: JWTPayload = claims) => Effect.promise(() => signedWith(key, payload))

const verdict = (made: Effect.Effect<string>) =>
  Effect.match(Effect.flatMap(made, verify), { onFailure: ({ _tag }) => _tag, onSuccess: () => "accepted" as const })

const without = (...names: ReadonlyArray<string>): JWTPayload =>
  Object.fromEntries(Object.entries(claims).filter(([name]) => !names.includes(name)))

const encoded = (part: unknown) => Buffer.from(JSON.stringify(part)).toString("base64url")

describe("AccessTokens", () => {
  it.effect("AccessTokens accepts a token and returns its claims and those of the JWT template", () =>
    Effect.gen(function* () {
      const verified = yield* verify(Redacted.make(yield* token({ ...claims, department: "Sales" })))
      assert.strictEqual(verified.claims.orgId, claims.org_id)
      assert.deepStrictEqual(verified.claims.featureFlags, ["new-editor"])
      assert.strictEqual(DateTime.toEpochMillis(verified.claims.exp), 300_000)
      assert.strictEqual(verified.raw.department, "Sales")
    })
  )

  it.effect.each([
    { at: 304_999, expected: "accepted" },
    { at: 305_000, expected: "ExpiredToken" }
  ])("AccessTokens verifies a token that expires at 300 s, at $at ms, with the result $expected", ({ at, expected }) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(at)
      assert.strictEqual(yield* verdict(token()), expected)
    })
  )

  it.effect.each([
    { at: 94_999, expected: "TokenNotYetValid" },
    { at: 95_000, expected: "accepted" }
  ])(
    "AccessTokens verifies a token that is valid from 100 s, at $at ms, with the result $expected",
    ({ at, expected }) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(at)
        assert.strictEqual(yield* verdict(token({ ...claims, nbf: 100 })), expected)
      })
  )

  it.effect.each([
    { iss: "https://api.workos.com", expected: "accepted" },
    { iss: "https://api.workos.com/", expected: "accepted" },
    { iss: `https://api.workos.com/user_management/${clientId}`, expected: "accepted" },
    { iss: "https://api.workos.com/user_management/client_other", expected: "WrongIssuer" },
    { iss: "https://api.workos.com.evil.example", expected: "WrongIssuer" },
    { iss: "http://api.workos.com", expected: "WrongIssuer" }
  ])("AccessTokens verifies a token with issuer $iss with the result $expected", ({ expected, iss }) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* verdict(token({ ...claims, iss })), expected)
    })
  )

  it.effect.each([
    { payload: without("client_id"), expected: "accepted" },
    { payload: { ...without("client_id"), aud: clientId }, expected: "accepted" },
    { payload: { ...claims, aud: ["client_other", clientId] }, expected: "accepted" },
    { payload: { ...claims, client_id: "client_other" }, expected: "WrongClient" },
    { payload: { ...without("client_id"), aud: "client_other" }, expected: "WrongClient" },
    { payload: { ...claims, aud: ["client_other"] }, expected: "WrongClient" },
    { payload: { ...claims, client_id: "client_other", aud: clientId }, expected: "WrongClient" }
  ])(
    "AccessTokens verifies a token with client_id $payload.client_id and aud $payload.aud with the result $expected",
    ({ expected, payload }) =>
      Effect.gen(function* () {
        assert.strictEqual(yield* verdict(token(payload)), expected)
      })
  )

  it.effect("AccessTokens rejects a token without a client if requireClient is set", () =>
    Effect.gen(function* () {
      const { verify } = AccessTokens.make({ ...options, requireClient: true })
      yield* verify(yield* token())
      yield* verify(yield* token({ ...without("client_id"), aud: clientId }))
      assert.strictEqual((yield* Effect.flip(verify(yield* token(without("client_id")))))._tag, "WrongClient")
    })
  )

  it.effect.each([
    { typ: "JWT", expected: "accepted" },
    { typ: "at+jwt", expected: "accepted" },
    { typ: "application/at+jwt", expected: "accepted" },
    { typ: "logout+jwt", expected: "MalformedToken" },
    { typ: "secevent+jwt", expected: "MalformedToken" },
    { typ: "", expected: "MalformedToken" }
  ])("AccessTokens verifies a token with typ $typ with the result $expected", ({ expected, typ }) =>
    Effect.gen(function* () {
      const typed = Effect.promise(() =>
        new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: key.kid, typ }).sign(key.privateKey)
      )
      assert.strictEqual(yield* verdict(typed), expected)
    })
  )

  it.effect.each([
    { nonce: "n-0S6" },
    { nonce: null },
    { events: { "http://schemas.openid.net/event/backchannel-logout": {} } }
  ])("AccessTokens rejects a token with %j, a claim of id tokens and logout tokens", (foreign) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* verdict(token({ ...claims, ...foreign })), "MalformedToken")
    })
  )

  it.effect("AccessTokens rejects a token with any extra character", () =>
    Effect.gen(function* () {
      const text = yield* token()
      for (const other of [`${text}\n`, `${text}=`, `${text} `, ` ${text}`, text.replace(".", ".\n")]) {
        assert.strictEqual(yield* verdict(Effect.succeed(other)), "MalformedToken", JSON.stringify(other))
      }
    })
  )

  it.effect("AccessTokens accepts only the issuers of a custom domain if they are set", () =>
    Effect.gen(function* () {
      yield* custom.verify(yield* token({ ...claims, iss: "https://auth.example.com" }))
      assert.strictEqual((yield* Effect.flip(custom.verify(yield* token())))._tag, "WrongIssuer")
    })
  )

  it.effect("AccessTokens verifies a token with a JWKS that another service fetches", () =>
    Effect.gen(function* () {
      class Fetches extends Context.Service<Fetches, typeof options.jwks>()("test/Fetches") {}
      const layer = AccessTokens.AccessTokens.layerWith({ clientId, jwks: Effect.flatten(Fetches) })
      const { verify } = yield* Effect.map(
        Layer.build(Layer.provide(layer, Layer.succeed(Fetches, options.jwks))),
        Context.get(AccessTokens.AccessTokens)
      )
      assert.strictEqual((yield* verify(yield* token())).claims.sub, claims.sub)
    })
  )

  it.effect("AccessTokens verifies a token with the JWKS of the client's baseUrl", () =>
    Effect.gen(function* () {
      const asked: Array<string> = []
      const client = HttpClient.make((request, url) => {
        asked.push(url.href)
        return Effect.succeed(HttpClientResponse.fromWeb(request, Response.json(published(key))))
      })
      const config = { apiKey: Redacted.make("sk_test"), baseUrl: new URL("http://localhost:9") }
      const layer = AccessTokens.AccessTokens.layer({ clientId }).pipe(
        Layer.provide(Sso.layer),
        Layer.provide([WorkOsConfig.layer(config), Layer.succeed(HttpClient.HttpClient, client)])
      )
      const { verify } = yield* Effect.map(Layer.build(layer), Context.get(AccessTokens.AccessTokens))
      yield* verify(yield* token({ ...claims, iss: "http://localhost:9" }))
      yield* verify(yield* token())
      const other = yield* token({ ...claims, iss: "http://localhost:10" })
      assert.strictEqual((yield* Effect.flip(verify(other)))._tag, "WrongIssuer")
      assert.deepStrictEqual(asked, [`http://localhost:9/sso/jwks/${clientId}`])
    })
  )

  it.effect("AccessTokens fails with JwksUnavailable if the JWKS cannot be fetched", () =>
    Effect.gen(function* () {
      const { verify } = AccessTokens.make({ clientId, jwks: Effect.fail("down") })
      const error = yield* Effect.flip(verify(yield* token()))
      assert.deepInclude(error, { _tag: "JwksUnavailable", cause: "down" })
    })
  )

  it.effect("AccessTokens fails with JwksUnavailable after 30 seconds without a JWKS", () =>
    Effect.gen(function* () {
      const { verify } = AccessTokens.make({ clientId, jwks: Effect.never })
      const waiting = yield* Effect.forkChild(Effect.flip(verify(yield* token())))
      yield* TestClock.adjust("30 seconds")
      assert.strictEqual((yield* Fiber.join(waiting))._tag, "JwksUnavailable")
    })
  )

  it.effect("AccessTokens rejects a token without a signature", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* verdict(Effect.sync(() => new UnsecuredJWT(claims).encode())), "WrongAlgorithm")
      const named = `${encoded({ alg: "none", kid: key.kid })}.${encoded(claims)}.`
      assert.strictEqual(yield* verdict(Effect.succeed(named)), "WrongAlgorithm")
    })
  )

  it.effect("AccessTokens rejects a token signed with the public key as a shared secret", () =>
    Effect.gen(function* () {
      const secret = new TextEncoder().encode(JSON.stringify(key.jwk))
      const forged = Effect.promise(() =>
        new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid: key.kid }).sign(secret)
      )
      assert.strictEqual(yield* verdict(forged), "WrongAlgorithm")
    })
  )

  it.effect("AccessTokens rejects a token signed with another RSA algorithm", () =>
    Effect.gen(function* () {
      const [, payload, signature] = (yield* token()).split(".")
      for (const alg of ["PS256", "RS512", "rs256", "", 7, null]) {
        const header = encoded({ alg, kid: key.kid })
        assert.strictEqual(yield* verdict(Effect.succeed(`${header}.${payload}.${signature}`)), "WrongAlgorithm")
      }
    })
  )

  it.effect("AccessTokens rejects an unknown key id, and ignores a key in the token's header", () =>
    Effect.gen(function* () {
      const stranger = yield* Effect.promise(() => signingKey("key_2"))
      assert.strictEqual(yield* verdict(Effect.promise(() => signedWith(stranger))), "UnknownKey")
      const { jwk, kid, privateKey } = another
      const withKey = Effect.promise(() =>
        new SignJWT(claims)
          .setProtectedHeader({ alg: "RS256", kid, jwk: { e: jwk.e, kty: jwk.kty, n: jwk.n } })
          .sign(privateKey)
      )
      assert.strictEqual(yield* verdict(withKey), "WrongTokenSignature")
    })
  )

  it.effect("AccessTokens rejects a token signed with another key", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* verdict(Effect.promise(() => signedWith(another))), "WrongTokenSignature")
    })
  )

  it.effect.prop(
    "AccessTokens rejects a token with any character changed",
    [Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 0.999 }))],
    ([place]) =>
      Effect.gen(function* () {
        const text = yield* token()
        // The last character of a signature has unused bits.
        const at = Math.floor(place * (text.length - 1))
        const changed = `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`
        assert.notStrictEqual(yield* verdict(Effect.succeed(changed)), "accepted")
      })
  )

  it.effect.each(["", ".", "..", "a.b.c", "not a token", `${encoded({ alg: "RS256", kid: "key_1" })}.e30`])(
    "AccessTokens rejects %j as malformed",
    (text) =>
      Effect.gen(function* () {
        assert.strictEqual(yield* verdict(Effect.succeed(text)), "MalformedToken")
      })
  )

  it.effect.each(["iss", "sub", "iat", "exp"])("AccessTokens rejects a token without %s as malformed", (name) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* verdict(token(without(name))), "MalformedToken")
    })
  )

  it.effect.each([{ exp: 1e300 }, { exp: -1 }, { sub: "" + 1, roles: "admin" }, { nbf: 1e300 }])(
    "AccessTokens rejects a token with %j as malformed",
    (wrong) =>
      Effect.gen(function* () {
        assert.strictEqual(yield* verdict(token({ ...claims, ...wrong })), "MalformedToken")
      })
  )

  it.effect("AccessTokens accepts null in optional claims", () =>
    Effect.gen(function* () {
      const names = ["jti", "sid", "org_id", "role", "roles", "permissions", "entitlements", "feature_flags", "act"]
      const nothing = Object.fromEntries(names.map((name) => [name, null]))
      const verified = yield* verify(yield* token({ ...claims, ...nothing }))
      assert.isNull(verified.claims.role)
      assert.isNull(verified.claims.orgId)
    })
  )

  it.effect("AccessTokens accepts any time of issue", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* verdict(token({ ...claims, iat: 1e9 })), "accepted")
    })
  )

  it.effect.each(["aud", "client_id", "nbf"])("AccessTokens rejects a token with null in %s as malformed", (name) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* verdict(token({ ...claims, [name]: null })), "MalformedToken")
    })
  )

  it.effect("AccessTokens rejects a token without a key id or with extensions as malformed", () =>
    Effect.gen(function* () {
      const sign = (header: { readonly kid?: string; readonly crit?: Array<string>; readonly b64?: true }) =>
        Effect.promise(() => new SignJWT(claims).setProtectedHeader({ alg: "RS256", ...header }).sign(key.privateKey))
      assert.strictEqual(yield* verdict(sign({})), "MalformedToken")
      assert.strictEqual(yield* verdict(sign({ kid: key.kid, crit: ["b64"], b64: true })), "MalformedToken")
    })
  )

  it.effect("AccessTokens keeps the token and its claims out of errors", () =>
    Effect.gen(function* () {
      const refused = [
        yield* token({ ...claims, iss: "https://evil.example" }),
        yield* token({ ...claims, client_id: "client_other" }),
        yield* token({ ...claims, exp: 1, iat: 0, nbf: 0 }),
        yield* token({ ...claims, roles: "admin" }),
        yield* Effect.promise(() => signedWith(another))
      ]
      yield* TestClock.setTime(60_000)
      for (const text of refused) {
        const error = yield* Effect.flip(verify(text))
        const shown = `${error} ${JSON.stringify(error)} ${error.stack}`
        for (const hidden of [text, text.slice(-20), String(claims.sub), "evil", "client_other"]) {
          assert.notInclude(shown, hidden, error._tag)
        }
      }
    })
  )

  it.effect("AccessTokens verifies signatures with Web Crypto on platforms without Node's crypto module", () =>
    Effect.acquireUseRelease(
      Effect.sync(() => {
        const { getBuiltinModule } = process
        Object.assign(process, { getBuiltinModule: undefined })
        return getBuiltinModule
      }),
      () =>
        Effect.gen(function* () {
          // The keys of this service are imported without Node's module.
          const { verify } = AccessTokens.make(options)
          const text = yield* token()
          assert.strictEqual((yield* verify(text)).claims.sub, claims.sub)
          const forged = yield* Effect.promise(() => signedWith(another))
          assert.strictEqual((yield* Effect.flip(verify(forged)))._tag, "WrongTokenSignature")
        }),
      (getBuiltinModule) => Effect.sync(() => Object.assign(process, { getBuiltinModule }))
    )
  )
})
