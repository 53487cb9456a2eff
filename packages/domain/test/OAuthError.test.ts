import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { OAuthErrorResponse } from "../src/OAuthError.ts"

describe("OAuth errors", () => {
  it.effect.each([
    ["invalid_grant", "InvalidGrant"],
    ["invalid_client", "InvalidClient"],
    ["unauthorized_client", "UnauthorizedClient"],
    ["unsupported_grant_type", "UnsupportedGrantType"],
    ["connection_invalid", "ConnectionInvalid"],
    ["invalid_redirect_uri", "InvalidRedirectUri"],
    ["quantum_decoherence", "OAuthError"],
    ["constructor", "OAuthError"]
  ] as const)("%s is %s, and back", ([error, tag]) =>
    Effect.gen(function* () {
      const wire = { body: { error, error_description: "No." }, headers: { "x-request-id": "req_1" } }
      const decoded = yield* Schema.decodeUnknownEffect(OAuthErrorResponse)(wire)
      assert.deepStrictEqual([decoded._tag, decoded.message, decoded.requestId], [tag, "No.", "req_1"])
      assert.deepStrictEqual<unknown>(yield* Schema.encodeEffect(OAuthErrorResponse)(decoded), wire)
      const bare = yield* Schema.decodeUnknownEffect(OAuthErrorResponse)({ body: { error }, headers: {} })
      assert.deepStrictEqual([bare._tag, bare.message], [tag, error])
    })
  )
})
