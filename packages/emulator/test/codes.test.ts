// Authorization codes and PKCE.
import { assert, describe, it, layer } from "@effect/vitest"
import { runs } from "@effect-workos/testing/Sample"
import { Profile } from "@effect-workos/domain/sso/Profile"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { TestClock } from "effect/testing"
import { createHash } from "node:crypto"
import * as Clients from "../src/Clients.ts"
import * as Store from "../src/Store.ts"
import {
  findConnection,
  apiKey,
  sendRequest,
  assertRefused,
  codeOf,
  emulated,
  exchange,
  profileBy,
  signedIn
} from "./sign-in.ts"

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

const verifierAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

const Verifier = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9\-._~]{43,128}$/))

layer(LayerEmulator)("an authorization code", (it) => {
  it.effect("An authorization code is exchanged by a form or JSON for a profile and a token that are not cached", () =>
    Effect.gen(function* () {
      const connection = yield* findConnection()
      const inForm = yield* Effect.flatMap(codeOf({ connection: connection.id }), (code) => exchange({ code }))
      const code = yield* codeOf({ connection: connection.id })
      const inJson = yield* sendRequest("/sso/token", {
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

  it.effect("An authorization code can be exchanged once, even by concurrent requests", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* findConnection()
      const code = yield* codeOf({ connection })
      const responses = yield* Effect.all(
        Array.from({ length: 20 }, () => exchange({ code })),
        { concurrency: "unbounded" }
      )
      const refused = responses.filter(({ status }) => status !== 200)
      assert.lengthOf(refused, 19)
      for (const response of refused) assertRefused(response, "invalid_grant", code)
      assertRefused(yield* exchange({ code }), "invalid_grant", code)
    })
  )

  it.effect("An authorization code can be exchanged once, even with an Idempotency-Key", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* findConnection()
      const code = yield* codeOf({ connection })
      const exchangeAgain = sendRequest("/sso/token", {
        headers: { "idempotency-key": "again" },
        body: JSON.stringify({
          client_id: Clients.defaultClientId,
          client_secret: apiKey,
          grant_type: "authorization_code",
          code
        })
      })
      assert.strictEqual((yield* exchangeAgain).status, 200)
      assertRefused(yield* exchangeAgain, "invalid_grant", code)
    })
  )

  it.effect("An authorization code expires after ten minutes", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* findConnection()
      const [first, second] = [yield* codeOf({ connection }), yield* codeOf({ connection })]
      yield* TestClock.adjust("599 seconds")
      assert.strictEqual((yield* exchange({ code: first })).status, 200)
      yield* TestClock.adjust("1 second")
      assertRefused(yield* exchange({ code: second }), "invalid_grant", second)
    })
  )

  it.effect("An authorization code can only be exchanged by its client, and stays valid if another client tries", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* findConnection()
      const code = yield* codeOf({ connection })
      assertRefused(
        yield* exchange({ code, client_id: other, client_secret: otherSecret }),
        "invalid_grant",
        code,
        otherSecret
      )
      assert.strictEqual((yield* exchange({ code })).status, 200)
    })
  )

  it.effect("The exchange of an authorization code requires a known client and its secret", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* findConnection()
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

  it.effect("The exchange of an authorization code requires the grant type authorization_code and all fields", () =>
    Effect.gen(function* () {
      const code = yield* Effect.flatMap(findConnection(), ({ id: connection }) => codeOf({ connection }))
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

  it.effect("Error responses repeat neither the authorization code nor the secret", () =>
    Effect.gen(function* () {
      const fields = {
        client_id: "client_1",
        client_secret: ["s3cr3t-one"],
        code: 271828,
        grant_type: "x",
        code_verifier: {}
      }
      for (const body of [fields, { ...fields, code: ["c0de-one"] }, [fields]]) {
        const response = yield* sendRequest("/sso/token", { body: JSON.stringify(body) })
        assert.include([400, 422], response.status)
        for (const secret of ["s3cr3t-one", "c0de-one", "271828"]) assert.notInclude(response.text, secret)
      }
    })
  )
})

layer(LayerEmulator)("a code verifier", (it) => {
  it.effect.prop(
    "A code verifier must equal the verifier of the authorization request in every character",
    [Verifier, Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1_000_000 })), Schema.Boolean],
    ([verifier, at, isConfidential]) =>
      Effect.gen(function* () {
        const { id: connection } = yield* findConnection()
        const code = yield* codeOf({ connection, ...withChallenge(verifier) })
        const client_secret = isConfidential ? apiKey : undefined
        const place = at % verifier.length
        const letter = verifierAlphabet[(verifierAlphabet.indexOf(verifier[place] ?? "") + 1) % verifierAlphabet.length]
        const changed = `${verifier.slice(0, place)}${letter}${verifier.slice(place + 1)}`
        for (const code_verifier of [changed, verifier.slice(1), `${verifier}A`, challengeOf(verifier)]) {
          assertRefused(yield* exchange({ code, client_secret, code_verifier }), "invalid_grant", verifier, code)
        }
        assert.strictEqual((yield* exchange({ code, client_secret, code_verifier: verifier })).status, 200)
      }),
    { arbitrary: { runs: runs(100, 20) } }
  )

  it.effect("A code verifier is required for a code with a challenge, even with a client secret", () =>
    Effect.gen(function* () {
      const { id: connection } = yield* findConnection()
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

  it.effect(
    "A code verifier does not replace the secret for a code without a challenge, and is rejected together with the secret",
    () =>
      Effect.gen(function* () {
        const { id: connection } = yield* findConnection()
        const code = yield* codeOf({ connection })
        const code_verifier = "v".repeat(43)
        assertRefused(yield* exchange({ code, client_secret: undefined, code_verifier }), "invalid_grant")
        assertRefused(yield* exchange({ code, code_verifier }), "invalid_grant")
        assert.strictEqual((yield* exchange({ code })).status, 200)
      })
  )
})

describe("deactivating or deleting a connection", () => {
  it.effect("Deactivating or deleting a connection invalidates its codes, and a deletion its profiles", () =>
    Effect.gen(function* () {
      const { connections } = yield* Store.Store
      const connection = yield* findConnection()
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
