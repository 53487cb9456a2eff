// Invalid, lost and repeated responses in single sign-on.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { inspect } from "node:util"
import type { sso } from "@effect-workos/domain/sso/Sso"
import type * as Client from "../src/Client.ts"
import { type PublicMethods, PublicSso, Sso, type ProfileAndTokenError } from "../src/Sso.ts"
import type { WorkOs } from "../src/WorkOs.ts"
import { completeSignIn, clientId, layerSso, Sent } from "./sign-in.ts"
import { withClient, runToEnd, server, type Step } from "./scripted-server.ts"

const code = Redacted.make("01DMEK0J53CVMC32CK5SE0KZ8Q")
const codeVerifier = Redacted.make("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
const apiKey = "sk_test_scripted"

const profile = {
  object: "profile",
  id: "prof_01DMC79VCBZ0NY2099737PSVF1",
  organization_id: null,
  connection_id: "conn_01E4ZCR3C56J083X43JQXF3JK5",
  connection_type: "GoogleOAuth",
  idp_id: "1",
  email: "todd@example.com",
  first_name: null,
  last_name: null,
  raw_attributes: {}
}
const tokens = {
  token_type: "Bearer",
  access_token: "eyJ.never-shown-1.x",
  expires_in: 600,
  profile,
  oauth_tokens: {
    provider: "GoogleOAuth",
    access_token: "never-shown-2",
    refresh_token: "never-shown-3",
    expires_at: 1_735_141_800,
    scopes: ["email"]
  }
}
const logout = { logout_url: "https://auth.workos.com/sso/logout?token=never-shown-4", logout_token: "never-shown-4" }

const signIn = ({ sso }: WorkOs["Service"]) => sso.profileAndToken({ clientId, code, codeVerifier })

const logOut = ({ sso }: WorkOs["Service"]) => sso.logoutAuthorize({ profileId: profile.id })

const responded = (status: number, body: unknown): Step => ({ status, body: JSON.stringify(body) })

/** Asserts that what is shown of an error contains no secret. */
const assertRedacted = (error: unknown) => {
  const shown = inspect(error, { depth: Infinity, showHidden: true }) + JSON.stringify(error)
  for (const secret of [Redacted.value(code), Redacted.value(codeVerifier), apiKey, "never-shown"]) {
    assert.notInclude(shown, secret)
  }
}

describe("an error of OAuth", () => {
  it.effect.each([
    ["invalid_grant", "InvalidGrant"],
    ["invalid_client", "InvalidClient"],
    ["unauthorized_client", "UnauthorizedClient"],
    ["unsupported_grant_type", "UnsupportedGrantType"],
    ["connection_invalid", "ConnectionInvalid"],
    ["invalid_redirect_uri", "InvalidRedirectUri"],
    ["invalid_request", "OAuthError"],
    ["quantum_decoherence", "OAuthError"],
    ["toString", "OAuthError"]
  ] as const)("The error %s of OAuth is caught as %s, with attempts and elapsed time", ([error, tag]) =>
    Effect.gen(function* () {
      const scripted = server([responded(400, { error, error_description: "So\u001b[2J it\nis." })])
      const caught = yield* Effect.flip(withClient(scripted, signIn))
      assert.strictEqual(caught._tag, tag)
      assert.strictEqual(caught.message, "So [2J it is.")
      assert.include(caught, { requestId: "req_1", attempts: 1 })
      if (caught._tag === "OAuthError") assert.strictEqual(caught.error, error)
      assert.strictEqual(scripted.received.length, 1)
    })
  )

  it.effect.each([
    [401, { error: "invalid_client" }, "InvalidClient", "invalid_client"],
    [401, { error: "invalid_client", error_description: "So it is." }, "InvalidClient", "So it is."],
    [401, { message: "Unauthorized" }, "InvalidClient", "Unauthorized"],
    [403, { error: "unauthorized_client", error_description: null }, "UnauthorizedClient", "unauthorized_client"],
    [403, { error: "invalid_client" }, "InvalidClient", "invalid_client"],
    [400, { error: "invalid_grant", error_description: null }, "InvalidGrant", "invalid_grant"],
    [400, { message: "So it is.", code: "invalid_grant" }, "InvalidGrant", "So it is."],
    [400, { message: "So it is.", code: "sso_required" }, "OAuthError", "So it is."]
  ] as const)("An error of OAuth with %i and %j is caught as %s", ([status, body, tag, message]) =>
    Effect.gen(function* () {
      const caught = yield* Effect.flip(withClient(server([responded(status, body)]), signIn))
      assert.strictEqual(caught._tag, tag)
      assert.strictEqual(caught.message, message)
      assert.include(caught, { requestId: "req_1", attempts: 1 })
    })
  )

  it.effect("An error of OAuth contains no secret of the request in name and description", () =>
    Effect.gen(function* () {
      const repeated = `${Redacted.value(code)} ${Redacted.value(codeVerifier)} ${apiKey}`
      for (const error of ["invalid_grant", repeated]) {
        const scripted = server([responded(400, { error, error_description: `Not ${repeated}` })])
        const caught = yield* Effect.flip(withClient(scripted, signIn))
        assertRedacted(caught)
        assert.include(caught.message, "Not ‹redacted›")
      }
    })
  )
})

describe("malformed responses", () => {
  it.effect.each([
    ["no profile", 200, { ...tokens, profile: undefined }, "profile"],
    ["a token that is a number", 200, { ...tokens, access_token: 7 }, "access_token"],
    ["a token of another type", 200, { ...tokens, token_type: "MAC" }, "token_type"],
    ["a profile instead of a token", 200, profile, "access_token"]
  ] as const)("A response with %s is an InvalidResponse, with the path and without a token", ([, status, body, path]) =>
    Effect.gen(function* () {
      const caught = yield* Effect.flip(withClient(server([responded(status, body)]), signIn))
      if (caught._tag !== "InvalidResponse") return assert.fail(caught._tag)
      if (caught.reason._tag !== "WrongShape") return assert.fail(caught.reason._tag)
      assert.strictEqual(caught.reason.path, path)
      assertRedacted(caught)
    })
  )
})

describe("malformed responses with personal data", () => {
  const calls: ReadonlyArray<
    (workos: WorkOs["Service"]) => Effect.Effect<unknown, ProfileAndTokenError | Client.Error<typeof sso, "profile">>
  > = [signIn, ({ sso }) => sso.profile(Redacted.make("a-token"))]
  const person = { ...profile, first_name: "Ada", last_name: "Byron", raw_attributes: { email: "ada@acme.example" } }
  const texts = [
    JSON.stringify({ ...person, email: ["ada@acme.example"] }),
    JSON.stringify({ profile: { ...person, id: "Ada" } }),
    JSON.stringify({ ...tokens, profile: { ...person, email: { value: "ada@acme.example" } } }),
    JSON.stringify(person).slice(0, -9),
    "<p>Ada Byron, ada@acme.example</p>",
    "Ada Byron"
  ]

  it.effect("An InvalidResponse has an excerpt of an error, and none of a success with personal data", () =>
    Effect.gen(function* () {
      for (const call of calls) {
        for (const body of texts) {
          const exit = yield* runToEnd(withClient(server([{ status: 200, body }]), call))
          const error = yield* Effect.flip(Effect.suspend(() => exit))
          assert.strictEqual(error._tag, "InvalidResponse")
          assert.notProperty(error, "excerpt")
          assert.notMatch(
            inspect(error, { depth: Infinity, showHidden: true }) + JSON.stringify(error),
            /ada@|Ada|Byron/
          )
        }
        const error = yield* Effect.flip(withClient(server([{ status: 418, body: "I'm a teapot" }]), call))
        assert.include(error, { _tag: "InvalidResponse", excerpt: "I'm a teapot" })
      }
    })
  )
})

describe("tokens of the identity provider", () => {
  it.effect("Tokens of the identity provider are redacted like the access token", () =>
    Effect.gen(function* () {
      const signedIn = yield* withClient(server([responded(200, tokens)]), signIn)
      assert.strictEqual(Redacted.value(signedIn.accessToken), tokens.access_token)
      assert.strictEqual(
        signedIn.oauthTokens?.refreshToken && Redacted.value(signedIn.oauthTokens.refreshToken),
        "never-shown-3"
      )
      assertRedacted(signedIn)
    })
  )
})

describe("sso.logoutAuthorize", () => {
  it.effect("`logoutAuthorize` redacts the token and the URL", () =>
    Effect.gen(function* () {
      const prepared = yield* withClient(server([responded(200, logout)]), logOut)
      assert.strictEqual(Redacted.value(prepared.logoutUrl), logout.logout_url)
      assertRedacted(prepared)
    })
  )

  const urls = Effect.fnUntraced(function* (baseUrl?: URL) {
    const scripted = server([responded(200, logout), responded(200, { keys: [] })])
    const options = baseUrl === undefined ? {} : { baseUrl }
    const link = yield* withClient(
      scripted,
      (workos) =>
        Effect.gen(function* () {
          const { logoutToken } = yield* logOut(workos)
          yield* workos.sso.jwks(clientId)
          return workos.sso.logoutUrl(logoutToken)
        }),
      options
    )
    return [...scripted.received.map(({ request }) => request.url), link.href]
  })

  it.effect("`logoutAuthorize` has its own origin in production, which receives no other request", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* urls(), [
        "https://auth.workos.com/sso/logout/authorize",
        `https://api.workos.com/sso/jwks/${clientId}`,
        "https://auth.workos.com/sso/logout?token=never-shown-4"
      ])
      assert.deepStrictEqual(yield* urls(new URL("https://api.workos.com/")), yield* urls())
    })
  )

  it.effect("`logoutAuthorize` has the origin of all endpoints at any other server", () =>
    Effect.gen(function* () {
      for (const base of ["http://127.0.0.1:4100", "https://proxy.example/workos"]) {
        assert.deepStrictEqual(yield* urls(new URL(base)), [
          `${base}/sso/logout/authorize`,
          `${base}/sso/jwks/${clientId}`,
          `${base}/sso/logout?token=never-shown-4`
        ])
      }
    })
  )

  it.effect.each<Step>(["reset", "breaks", "stall", { status: 503 }, { status: 418 }, responded(200, {})])(
    "`logoutAuthorize` names its origin in errors (%j)",
    (step) =>
      Effect.gen(function* () {
        const exit = yield* runToEnd(withClient(server([step]), logOut))
        const { message } = yield* Effect.flip(Effect.suspend(() => exit))
        assert.include(message, "https://auth.workos.com")
      })
  )
})

describe("token requests", () => {
  it.live.each([
    ["before the response", { kind: "reset", at: "response" }, "TransportError"],
    ["in the middle of it", { kind: "reset", at: "body" }, "InvalidResponse"],
    ["in the middle of its JSON", { kind: "truncated-json" }, "InvalidResponse"]
  ] as const)(
    "A token request whose response is lost %s fails after one attempt, with and without a secret",
    ([, fault, tag]) =>
      Effect.forEach([Sso, PublicSso], (service: Effect.Effect<PublicMethods, never, Sso | PublicSso>) =>
        Effect.gen(function* () {
          const sso = yield* service
          const error = yield* Effect.flip(sso.profileAndToken({ clientId, ...(yield* completeSignIn(sso)) }))
          assert.strictEqual(error._tag, tag)
          assert.include(error, { attempts: 1 })
          const posts = (yield* Sent).filter(({ method }) => method === "POST")
          assert.lengthOf(posts, 1)
        }).pipe(Effect.provide(layerSso({ faults: [{ ...fault, method: "POST", path: "/sso/token", times: 1 }] })))
      )
  )

  it.effect.each<readonly [Step, string]>([
    ["reset", "TransportError"],
    ["breaks", "InvalidResponse"],
    ["stall", "RequestTimeout"],
    [{ status: 500 }, "ServerError"],
    [{ status: 503, headers: { "retry-after": "1" } }, "ServerError"]
  ])("A token request that may have been applied is not retried (%j)", ([step, tag]) =>
    Effect.gen(function* () {
      const scripted = server([step, responded(400, { error: "invalid_grant" })])
      const exit = yield* runToEnd(withClient(scripted, signIn))
      const error = yield* Effect.flip(Effect.suspend(() => exit))
      assert.strictEqual(error._tag, tag)
      assert.include(error, { attempts: 1 })
      assert.lengthOf(scripted.received, 1)
      assertRedacted(error)
    })
  )

  it.effect.each<Step>(["refused", { status: 429 }, { status: 408 }])(
    "A token request that cannot have been applied is retried, without an Idempotency-Key (%j)",
    (step) =>
      Effect.gen(function* () {
        const scripted = server([step, step, responded(200, tokens)])
        const exit = yield* runToEnd(withClient(scripted, signIn))
        assert.strictEqual((yield* Effect.suspend(() => exit)).profile.email, profile.email)
        assert.lengthOf(scripted.received, 3)
        for (const { request } of scripted.received) assert.notProperty(request.headers, "idempotency-key")
      })
  )
})
