// Schemas of public keys.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import { Jwks } from "../src/sso/Jwks.ts"
import { assertRoundTrip, options } from "./round-trip.ts"

const key = { alg: "RS256", kty: "RSA", use: "sig", kid: "key_1", n: "0vx7agoebGc", e: "AQAB" }

describe("Jwks", () => {
  it.effect("Jwks decodes keys with the names of RFC 7517, with and without a certificate", () =>
    Effect.gen(function* () {
      const wire = { keys: [key, { ...key, x5c: ["MIID"], "x5t#S256": "ZjQz" }] }
      const decoded = yield* Schema.decodeUnknownEffect(Jwks)(wire)
      assert.deepStrictEqual<unknown>(decoded, wire)
      assert.deepStrictEqual<unknown>(yield* Schema.encodeEffect(Jwks)(decoded), wire)
    })
  )

  it.effect.prop(
    "A generated Jwks encodes and decodes to the same value",
    [Jwks],
    ([value]) => assertRoundTrip(Jwks, value),
    options
  )

  it.each([{ alg: "none" }, { alg: "ES256" }, { kty: "oct" }, { use: "enc" }, { n: 7 }, { kid: undefined }])(
    "Jwks removes a key with %j, and keeps the others",
    (wrong) => {
      const other = { ...key, kid: "key_2" }
      const keys = [{ ...key, ...wrong }, other, { kty: "EC", crv: "P-256", x: "MKBC", y: "4Etl" }, null]
      assert.deepStrictEqual<unknown>(Schema.decodeUnknownSync(Jwks)({ keys }), { keys: [other] })
    }
  )

  it("Jwks accepts keys without algorithm and use", () => {
    const { alg: _alg, use: _use, ...bare } = key
    assert.deepStrictEqual<unknown>(Schema.decodeUnknownSync(Jwks)({ keys: [bare] }), { keys: [bare] })
  })

  it.each([{}, { keys: null }, { keys: { ...key } }, []].map((wrong) => ({ wrong })))(
    "Jwks rejects $wrong instead of an object with an array of keys",
    ({ wrong }) => {
      assert.isTrue(Exit.isFailure(Schema.decodeUnknownExit(Jwks)(wrong)))
    }
  )
})
