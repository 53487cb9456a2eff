// Single sign-on over the emulator.
import { assert, describe, it, layer } from "@effect/vitest"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import { TestClock } from "effect/testing"
import { inspect } from "node:util"
import * as Pkce from "../src/Pkce.ts"
import { PublicSso, Sso } from "../src/Sso.ts"
import * as WorkOsConfig from "../src/WorkOsConfig.ts"
import {
  findConnection,
  baseUrl,
  completeSignIn,
  clientId,
  codeWithoutChallenge,
  layerSso,
  Sent,
  visit
} from "./sign-in.ts"

const other = "client_other"
const foreign = "client_foreign"

const LayerSso = layerSso({
  clients: [{ clientId }, { clientId: other }, { clientId: foreign, clientSecret: Redacted.make("sk_test_foreign") }]
})

const bodyOf = ({ body }: HttpClientRequest.HttpClientRequest): Record<string, string> =>
  body._tag === "Uint8Array" ? Object.fromEntries(new URLSearchParams(new TextDecoder().decode(body.body))) : {}

/** The requests for a token. */
const tokenRequests = Effect.map(Sent, (sent) => sent.filter(({ url }) => url === `${baseUrl.href}sso/token`))

const lastTokenRequest = Effect.map(tokenRequests, (requests) => {
  const last = requests.at(-1)
  assert.isDefined(last)
  return { headers: last.headers, body: bodyOf(last) }
})

layer(LayerSso)("sso.profileAndToken", (it) => {
  it.effect(
    "`profileAndToken` returns a profile and a token for a code and the secret, and `profile` returns the profile of the token",
    () =>
      Effect.gen(function* () {
        const sso = yield* Sso
        const connection = yield* findConnection()
        const code = yield* codeWithoutChallenge()
        const { accessToken, expiresIn, profile, tokenType } = yield* sso.profileAndToken({ clientId, code })
        assert.strictEqual(tokenType, "Bearer")
        assert.strictEqual(expiresIn, 600)
        assert.strictEqual(profile.connectionId, connection.id)
        assert.strictEqual(profile.organizationId, connection.organizationId ?? null)
        assert.strictEqual(profile.rawAttributes["email"], profile.email)
        assert.deepStrictEqual(yield* sso.profile(accessToken), profile)
        const { body, headers } = yield* lastTokenRequest
        assert.deepStrictEqual(body, {
          client_id: clientId,
          client_secret: Redacted.value(Emulator.defaultApiKey),
          code: Redacted.value(code),
          grant_type: "authorization_code"
        })
        assert.notProperty(headers, "authorization")
      })
  )

  it.effect(
    "`profileAndToken` returns a profile and a token for a code and its verifier, and sends neither key nor secret",
    () =>
      Effect.gen(function* () {
        const sso = yield* PublicSso
        const { code, codeVerifier } = yield* completeSignIn(sso, { loginHint: "ada.lovelace@acme.example" })
        const { accessToken, profile } = yield* sso.profileAndToken({ clientId, code, codeVerifier })
        assert.strictEqual(profile.email, "ada.lovelace@acme.example")
        assert.strictEqual(profile.firstName, "Ada")
        const { body } = yield* lastTokenRequest
        assert.deepStrictEqual(body, {
          client_id: clientId,
          code: Redacted.value(code),
          code_verifier: Redacted.value(codeVerifier),
          grant_type: "authorization_code"
        })
        yield* sso.jwks(clientId)
        const before = (yield* Sent).length
        assert.deepStrictEqual(yield* sso.profile(accessToken), profile)
        const sent = yield* Sent
        assert.strictEqual(sent[before]?.headers["authorization"], `Bearer ${Redacted.value(accessToken)}`)
        for (const { headers } of sent.slice(before - 2, before)) assert.notProperty(headers, "authorization")
      })
  )

  it.effect("`profileAndToken` sends the secret and the verifier if both exist", () =>
    Effect.gen(function* () {
      const sso = yield* Sso
      const { code, codeVerifier } = yield* completeSignIn(sso)
      yield* sso.profileAndToken({ clientId, code, codeVerifier })
      const { body } = yield* lastTokenRequest
      assert.strictEqual(body["client_secret"], Redacted.value(Emulator.defaultApiKey))
      assert.strictEqual(body["code_verifier"], Redacted.value(codeVerifier))
    })
  )

  it.effect("`profileAndToken` shows neither token nor code in its result", () =>
    Effect.gen(function* () {
      const sso = yield* Sso
      const { code, codeVerifier } = yield* completeSignIn(sso)
      const signedIn = yield* sso.profileAndToken({ clientId, code, codeVerifier })
      const shown = inspect(signedIn, { depth: 9, showHidden: true }) + JSON.stringify(signedIn)
      for (const secret of [signedIn.accessToken, code, codeVerifier]) {
        assert.isTrue(Redacted.isRedacted(secret))
        assert.notInclude(shown, Redacted.value(secret))
      }
    })
  )

  it.effect(
    "`profileAndToken` requires a verifier without a secret, for the compiler and before it sends a request",
    () =>
      Effect.gen(function* () {
        const open = yield* PublicSso
        const code = yield* codeWithoutChallenge()
        const before = (yield* Sent).length
        const errors = [
          // @ts-expect-error no secret and no verifier prove who requested the code
          yield* Effect.flip(open.profileAndToken({ clientId, code })),
          yield* Effect.flip(
            Sso.use((sso) => sso.profileAndToken({ clientId, code })).pipe(
              Effect.provide(Layer.provide(Layer.fresh(Sso.layer), WorkOsConfig.layerPublic({ baseUrl })))
            )
          )
        ]
        for (const error of errors) {
          assert.strictEqual(error._tag, "InvalidRequest")
          assert.strictEqual(
            error.message,
            "sso.profileAndToken: codeVerifier: Expected the verifier of this sign-in, since there is no API key"
          )
        }
        assert.strictEqual((yield* Sent).length, before)
      })
  )
})

layer(LayerSso)("errors of sso.profileAndToken", (it) => {
  const refused = Effect.fnUntraced(function* (
    sso: Pick<Sso["Service"], "profileAndToken">,
    options: Parameters<Sso["Service"]["profileAndToken"]>[0]
  ) {
    const before = (yield* tokenRequests).length
    const error = yield* Effect.flip(sso.profileAndToken(options))
    // The error is final, so the request is not retried.
    assert.strictEqual((yield* tokenRequests).length, before + 1)
    assert.match(error.message, /^[A-Z][^\n]*\.$/)
    const shown = inspect(error, { depth: 9, showHidden: true }) + String(error.stack)
    for (const secret of [options.code, options.codeVerifier, Emulator.defaultApiKey]) {
      if (secret !== undefined) assert.notInclude(shown, Redacted.value(secret))
    }
    return error._tag
  })

  it.effect("`profileAndToken` fails for a used code", () =>
    Effect.gen(function* () {
      const sso = yield* Sso
      const { code, codeVerifier } = yield* completeSignIn(sso)
      yield* sso.profileAndToken({ clientId, code, codeVerifier })
      assert.strictEqual(yield* refused(sso, { clientId, code, codeVerifier }), "InvalidGrant")
    })
  )

  it.effect("`profileAndToken` fails for all but one of concurrent requests with one code", () =>
    Effect.gen(function* () {
      const sso = yield* Sso
      const { code, codeVerifier } = yield* completeSignIn(sso)
      const asking = Effect.exit(sso.profileAndToken({ clientId, code, codeVerifier }))
      const exits = yield* Effect.all([asking, asking, asking], { concurrency: "unbounded" })
      assert.deepStrictEqual(exits.map(({ _tag }) => _tag).toSorted(), ["Failure", "Failure", "Success"])
    })
  )

  it.effect("`profileAndToken` fails for a code after ten minutes, and not before", () =>
    Effect.gen(function* () {
      const sso = yield* Sso
      const [one, two] = [yield* completeSignIn(sso), yield* completeSignIn(sso)]
      yield* TestClock.adjust("599 seconds")
      yield* sso.profileAndToken({ clientId, ...one })
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* refused(sso, { clientId, ...two }), "InvalidGrant")
    })
  )

  it.effect(
    "`profileAndToken` fails for a wrong or missing verifier, and for a verifier if the sign-in had no challenge",
    () =>
      Effect.gen(function* () {
        const [sso, open] = [yield* Sso, yield* PublicSso]
        const { code, codeVerifier } = yield* completeSignIn(sso)
        const { codeVerifier: wrong } = yield* Pkce.generate
        assert.strictEqual(yield* refused(sso, { clientId, code, codeVerifier: wrong }), "InvalidGrant")
        assert.strictEqual(yield* refused(sso, { clientId, code }), "InvalidGrant")
        assert.strictEqual(
          yield* Effect.map(
            Effect.flip(open.profileAndToken({ clientId, code, codeVerifier: wrong })),
            ({ _tag }) => _tag
          ),
          "InvalidGrant"
        )
        assert.strictEqual(
          yield* refused(sso, { clientId, code: yield* codeWithoutChallenge(), codeVerifier: wrong }),
          "InvalidGrant"
        )
        // The rejected requests did not use the code.
        yield* sso.profileAndToken({ clientId, code, codeVerifier })
      })
  )

  it.effect("`profileAndToken` fails for another application, for an unknown one, and for another secret", () =>
    Effect.gen(function* () {
      const sso = yield* Sso
      const { code, codeVerifier } = yield* completeSignIn(sso)
      assert.strictEqual(yield* refused(sso, { clientId: other, code, codeVerifier }), "InvalidGrant")
      assert.strictEqual(yield* refused(sso, { clientId: "client_unknown", code, codeVerifier }), "InvalidClient")
      assert.strictEqual(yield* refused(sso, { clientId: foreign, code, codeVerifier }), "InvalidClient")
    })
  )

  it.effect("`profileAndToken` fails for an invented code", () =>
    Effect.gen(function* () {
      const sso = yield* Sso
      for (const code of ["01DMEK0J53CVMC32CK5SE0KZ8Q", "x&client_secret=y", "ü\n"]) {
        assert.strictEqual(yield* refused(sso, { clientId, code: Redacted.make(code) }), "InvalidGrant")
      }
    })
  )

  it.effect("`profileAndToken` fails for a code of a deactivated connection", () =>
    Effect.gen(function* () {
      const sso = yield* Sso
      const { connections } = yield* Store.Store
      const connection = yield* findConnection()
      const { code, codeVerifier } = yield* completeSignIn(sso)
      connections.set({ ...connection, state: "inactive" })
      assert.strictEqual(yield* refused(sso, { clientId, code, codeVerifier }), "InvalidGrant")
    })
  )

  it.effect("`profileAndToken` sends no request if the client id is invalid", () =>
    Effect.gen(function* () {
      const sso = yield* Sso
      const code = Redacted.make("never-shown")
      const before = (yield* Sent).length
      const error = yield* Effect.flip(sso.profileAndToken({ clientId: "org_1", code, codeVerifier: code }))
      assert.strictEqual(error._tag, "InvalidRequest")
      assert.strictEqual(error.message, "sso.profileAndToken: clientId: Expected an id that starts with client_")
      assert.notInclude(inspect(error, { depth: 9, showHidden: true }), "never-shown")
      assert.strictEqual((yield* Sent).length, before)
    })
  )
})

layer(LayerSso)("access tokens", (it) => {
  it.effect("`profile` returns the profile until its access token expires, and fails for invalid tokens", () =>
    Effect.gen(function* () {
      const sso = yield* Sso
      const { accessToken, profile } = yield* sso.profileAndToken({ clientId, ...(yield* completeSignIn(sso)) })
      const token = Redacted.value(accessToken)
      yield* TestClock.adjust("599 seconds")
      assert.deepStrictEqual(yield* sso.profile(accessToken), profile)
      for (const wrong of ["none", Redacted.value(Emulator.defaultApiKey), token.slice(0, -1), `${token}A`]) {
        const error = yield* Effect.flip(sso.profile(Redacted.make(wrong)))
        assert.strictEqual(error._tag, "Unauthorized")
        assert.notInclude(inspect(error, { depth: 9, showHidden: true }), wrong)
      }
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Effect.flip(sso.profile(accessToken)))._tag, "Unauthorized")
    })
  )

  it.effect("`profile` does not send an access token that is invalid in a header", () =>
    Effect.gen(function* () {
      const { profile } = yield* Sso
      const before = (yield* Sent).length
      for (const text of ["", "never shown", "never\r\nshown: 1", "never-shöwn"]) {
        const error = yield* Effect.flip(profile(Redacted.make(text)))
        assert.strictEqual(error._tag, "InvalidRequest")
        assert.match(
          error.message,
          /^sso\.profile: accessToken: Expected a token (without|of visible ASCII characters)/
        )
        assert.notInclude(inspect(error, { depth: 9, showHidden: true }), "never")
      }
      assert.strictEqual((yield* Sent).length, before)
    })
  )

  it.effect("`profile` sends its access token instead of the API key, also in concurrent calls", () =>
    Effect.gen(function* () {
      const sso = yield* Sso
      const tokens = yield* Effect.forEach(["ada", "grace", "maria"], (name) =>
        Effect.gen(function* () {
          const back = yield* completeSignIn(sso, { loginHint: `${name}@acme.example` })
          return yield* sso.profileAndToken({ clientId, ...back })
        })
      )
      const before = (yield* Sent).length
      const profiles = yield* Effect.forEach(tokens, ({ accessToken }) => sso.profile(accessToken), {
        concurrency: "unbounded"
      })
      assert.deepStrictEqual(
        profiles,
        tokens.map(({ profile }) => profile)
      )
      assert.deepStrictEqual(
        (yield* Sent).slice(before).map(({ headers }) => headers["authorization"]),
        tokens.map(({ accessToken }) => `Bearer ${Redacted.value(accessToken)}`)
      )
    })
  )

  it.effect("`profile` fails for an access token of a deleted connection", () =>
    Effect.gen(function* () {
      const sso = yield* Sso
      const { connections } = yield* Store.Store
      const { accessToken, profile } = yield* sso.profileAndToken({ clientId, ...(yield* completeSignIn(sso)) })
      connections.remove(profile.connectionId)
      assert.strictEqual((yield* Effect.flip(sso.profile(accessToken)))._tag, "NotFound")
    })
  )
})

layer(LayerSso)("the keys of an application", (it) => {
  it.effect("`jwks` returns the keys that verify the tokens of an application", () =>
    Effect.gen(function* () {
      const sso = yield* Sso
      const { accessToken } = yield* sso.profileAndToken({ clientId, ...(yield* completeSignIn(sso)) })
      const [header = ""] = Redacted.value(accessToken).split(".")
      const { kid } = JSON.parse(Buffer.from(header, "base64url").toString())
      const { keys } = yield* sso.jwks(clientId)
      assert.deepStrictEqual(
        keys.map((key) => [key.kid, key.alg]),
        [[kid, "RS256"]]
      )
      assert.deepStrictEqual(yield* Effect.flatMap(PublicSso, ({ jwks }) => jwks(clientId)), { keys })
    })
  )

  it.effect("`jwks` fails with NotFound for an unknown client id, and sends no request for an id of another kind", () =>
    Effect.gen(function* () {
      const { jwks } = yield* Sso
      assert.strictEqual((yield* Effect.flip(jwks("client_unknown")))._tag, "NotFound")
      const before = (yield* Sent).length
      for (const id of ["org_1", "client_../../connections", ""]) {
        assert.strictEqual((yield* Effect.flip(jwks(id)))._tag, "InvalidRequest")
      }
      assert.strictEqual((yield* Sent).length, before)
    })
  )
})

layer(LayerSso)("logout", (it) => {
  const signedInBy = Effect.fnUntraced(function* (suffix: string) {
    const sso = yield* Sso
    const code = yield* codeWithoutChallenge(({ connectionType }) => connectionType.endsWith(suffix))
    return yield* sso.profileAndToken({ clientId, code })
  })

  it.effect("`logoutAuthorize` prepares a logout for a profile, and its URL works once", () =>
    Effect.gen(function* () {
      const sso = yield* Sso
      const { profile } = yield* signedInBy("SAML")
      const { logoutToken, logoutUrl } = yield* sso.logoutAuthorize({ profileId: profile.id })
      assert.isTrue(Redacted.isRedacted(logoutToken))
      const url = sso.logoutUrl(logoutToken)
      // Without a socket, the emulator does not know its own URL.
      const { pathname, search } = new URL(Redacted.value(logoutUrl))
      assert.strictEqual(url.href, `${baseUrl.origin}${pathname}${search}`)
      assert.strictEqual((yield* visit(url)).status, 200)
      assert.strictEqual((yield* visit(url)).status, 404)
      const request = (yield* Sent).find(({ url }) => url.endsWith("/sso/logout/authorize"))
      assert.strictEqual(request?.url, `${baseUrl.href}sso/logout/authorize`)
      assert.strictEqual(request?.headers["authorization"], `Bearer ${Redacted.value(Emulator.defaultApiKey)}`)
    })
  )

  it.effect("`logoutAuthorize` fails for a connection without support, and for an unknown profile", () =>
    Effect.gen(function* () {
      const sso = yield* Sso
      const { profile } = yield* signedInBy("OAuth")
      assert.strictEqual((yield* Effect.flip(sso.logoutAuthorize({ profileId: profile.id })))._tag, "ConnectionInvalid")
      const unknown = yield* Effect.flip(sso.logoutAuthorize({ profileId: "prof_01DMC79VCBZ0NY2099737PSVF1" }))
      assert.strictEqual(unknown._tag, "NotFound")
      const wrong = yield* Effect.flip(sso.logoutAuthorize({ profileId: "conn_1" }))
      assert.strictEqual(wrong.message, "sso.logoutAuthorize: profileId: Expected an id that starts with prof_")
    })
  )
})

describe("the base URL", () => {
  it.effect("`authorizationUrl` returns a URL at the configured base URL", () =>
    Effect.gen(function* () {
      const { authorizationUrl } = yield* PublicSso
      const { id: connection } = yield* findConnection()
      const redirectUri = "http://localhost/"
      const url = yield* Effect.fromResult(authorizationUrl({ clientId, redirectUri, connection }))
      assert.strictEqual(`${url.origin}${url.pathname}`, "https://workos.test/sso/authorize")
      const error = yield* Effect.flip(Effect.fromResult(authorizationUrl({ clientId, redirectUri, connection: "" })))
      assert.strictEqual(error._tag, "InvalidRequest")
    }).pipe(Effect.provide(LayerSso))
  )
})
