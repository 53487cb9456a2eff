// OAuth errors: decoding by name, and names for bodies without one.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as ApiErrorResponse from "../src/ApiErrorResponse.ts"
import { InvalidClientErrors, OAuthErrors, UnauthorizedClientErrors } from "../src/sso/OAuthError.ts"

const OAuthErrorResponse = ApiErrorResponse.of(OAuthErrors)
const InvalidClientResponse = ApiErrorResponse.of(InvalidClientErrors)
const UnauthorizedClientResponse = ApiErrorResponse.of(UnauthorizedClientErrors)

describe("OAuthErrorResponse", () => {
  it.effect.each([
    ["invalid_grant", "InvalidGrant"],
    ["invalid_client", "InvalidClient"],
    ["unauthorized_client", "UnauthorizedClient"],
    ["unsupported_grant_type", "UnsupportedGrantType"],
    ["connection_invalid", "ConnectionInvalid"],
    ["invalid_redirect_uri", "InvalidRedirectUri"],
    ["quantum_decoherence", "OAuthError"],
    ["constructor", "OAuthError"]
  ] as const)("The OAuth error name %s decodes to %s, which encodes to the same name", ([error, tag]) =>
    Effect.gen(function* () {
      const wire = { body: { error, error_description: "No." }, headers: { "x-request-id": "req_1" } }
      const decoded = yield* Schema.decodeUnknownEffect(OAuthErrorResponse)(wire)
      assert.deepStrictEqual([decoded._tag, decoded.message, decoded.requestId], [tag, "No.", "req_1"])
      assert.deepStrictEqual<unknown>(yield* Schema.encodeEffect(OAuthErrorResponse)(decoded), wire)
      for (const body of [{ error }, { error, error_description: null }]) {
        const bare = yield* Schema.decodeUnknownEffect(OAuthErrorResponse)({ body, headers: {} })
        assert.deepStrictEqual([bare._tag, bare.message], [tag, error])
      }
      // Other endpoints of WorkOS send `message` and `code`.
      const told = yield* Schema.decodeUnknownEffect(OAuthErrorResponse)({
        body: { message: "No.", code: error },
        headers: {}
      })
      assert.deepStrictEqual([told._tag, told.message, told.code], [tag, "No.", error])
    })
  )

  it.effect.each([
    ["a 400", OAuthErrorResponse, "OAuthError"],
    ["a 401", InvalidClientResponse, "InvalidClient"],
    ["a 403", UnauthorizedClientResponse, "UnauthorizedClient"]
  ] as const)(
    "An OAuth error of %s without a name decodes to the error that RFC 6749 names for the status",
    ([, response, tag]) =>
      Effect.gen(function* () {
        const told = yield* Schema.decodeUnknownEffect(response)({ body: { message: "No." }, headers: {} })
        assert.deepStrictEqual([told._tag, told.message], [tag, "No."])
        if (told._tag === "OAuthError") assert.strictEqual(told.error, "invalid_request")
      })
  )
})
