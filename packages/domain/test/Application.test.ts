// Applications of WorkOS Connect: the forms that WorkOS documents, and types that WorkOS may add.
import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { Application, isKnown } from "../src/connect/Application.ts"
import * as Wire from "../src/Wire.ts"

const common = {
  object: "connect_application",
  id: "conn_app_01HXYZ123456789ABCDEFGHIJ",
  client_id: "client_01HXYZ123456789ABCDEFGHIJ",
  description: null,
  name: "My Application",
  scopes: ["openid"],
  created_at: "2026-01-15T12:00:00.000Z",
  updated_at: "2026-01-15T12:00:00.000Z"
}

const oauth = {
  ...common,
  application_type: "oauth",
  redirect_uris: [{ uri: "https://example.com/callback", default: true }],
  uses_pkce: true
}

const organization = { organization_id: "org_01EHZNVPK3SFK441A1RGBFSHRT" }

// The alternatives of `ConnectApplication` in WorkOS's OpenAPI document.
const documented = [
  { ...oauth, is_first_party: true },
  { ...oauth, is_first_party: false, was_dynamically_registered: false, ...organization },
  { ...oauth, is_first_party: false, was_dynamically_registered: true },
  { ...common, application_type: "m2m", ...organization }
]

describe("Application", () => {
  for (const application of documented) {
    const { application_type: type, ...rest } = application
    it(`decodes and encodes an application of type ${type} with the fields ${Object.keys(rest).join(", ")}`, () => {
      const decoded = Schema.decodeUnknownSync(Application)(application)
      assert.isTrue(isKnown(decoded))
      assert.deepStrictEqual<unknown>(Schema.encodeSync(Application)(decoded), application)
      assert.isTrue(Wire.isEncoded(Application)(application))
    })
  }

  it("decodes an application of a type that is not documented", () => {
    const decoded = Schema.decodeUnknownSync(Application)({ ...common, application_type: "agent" })
    assert.isFalse(isKnown(decoded))
    assert.strictEqual<string>(decoded.applicationType, "agent")
  })

  it("rejects a machine application without an organization", () => {
    assert.throws(() => Schema.decodeUnknownSync(Application)({ ...common, application_type: "m2m" }))
  })
})
