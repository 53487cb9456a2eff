// CookieSessions, and the official SDK as the other side of their cookies.
import type { SessionData } from "../../src/SealedSession.ts"
import { AuthenticationResponse } from "@effect-workos/domain/user-management/Authentication"
import { WorkOS } from "@workos-inc/node"
import * as Arbitrary from "effect/Arbitrary"
import * as Record from "effect/Record"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { UnsecuredJWT } from "jose"

export const password = Redacted.make("a password of at least 32 characters")

export const otherPassword = Redacted.make("another password of 32 characters")

/** Passwords in any script, without NUL, because HMAC ignores NUL characters at the end of a key. */
export const Password = Arbitrary.map(Arbitrary.schema(Schema.String), (text) =>
  Redacted.make(`${text.replaceAll("\0", "")}𝄞é日${"p".repeat(28)}`)
)

const Unicode = Arbitrary.schema(
  Schema.Struct({ firstName: Schema.String, metadata: Schema.Record(Schema.String, Schema.String) })
)

/** Responses of WorkOS with a readable access token, and with users whose names and metadata are any text. */
export const AnyResponse = Arbitrary.map(
  Arbitrary.all([Arbitrary.schema(AuthenticationResponse), Unicode]),
  ([response, { firstName, metadata }]): AuthenticationResponse => ({
    ...response,
    user: {
      ...response.user,
      firstName,
      // CookieSessions do not contain this key, which a separate test covers.
      metadata: Record.filter(metadata, (_, key) => key !== "__proto__")
    },
    accessToken: Redacted.make(
      new UnsecuredJWT(response.organizationId === undefined ? {} : { org_id: response.organizationId }).encode()
    )
  })
)

/** The sealed part of a response. */
export const sessionOf = ({
  accessToken,
  authenticationMethod,
  impersonator,
  organizationId,
  refreshToken,
  user
}: AuthenticationResponse): SessionData => ({
  user,
  accessToken,
  refreshToken,
  ...(organizationId === undefined ? {} : { organizationId }),
  ...(authenticationMethod === undefined ? {} : { authenticationMethod }),
  ...(impersonator === undefined ? {} : { impersonator })
})

/** The SDK, whose requests have one response. */
export const sdkWith = (response: AuthenticationResponse): WorkOS["userManagement"] =>
  new WorkOS("sk_test_sdk", {
    clientId: "client_sdk",
    fetchFn: async () => Response.json(Schema.encodeSync(AuthenticationResponse)(response))
  }).userManagement
