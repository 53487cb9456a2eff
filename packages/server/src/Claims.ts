// What an access token says of whoever signed in.
import * as Wire from "@effect-workos/domain/Wire"
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"

/** The last second that dates can hold. */
const lastSecond = 8.64e12

/** An instant, in seconds since 1970 in tokens. */
const NumericDate = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: lastSecond })).pipe(
  Schema.decodeTo(
    Schema.DateTimeUtc,
    SchemaTransformation.transform({
      decode: (seconds) => DateTime.makeUnsafe(seconds * 1000),
      encode: (instant) => DateTime.toEpochMillis(instant) / 1000
    })
  )
)

const Texts = Schema.Array(Schema.String)

/**
 * The claims of an access token.
 *
 * **Details**
 *
 * - `iss`: who issued it. `sub`: the id of the user or profile. `sid`: the session, `session_…`. `jti`: the token itself.
 * - `iat`, `nbf`, `exp`: when it was issued, and from when until when it is good.
 * - `clientId` and `aud`: whom it is for; WorkOS writes neither, one or both.
 * - `orgId`, `role`, `roles`, `permissions`, `entitlements` and `featureFlags`: the organization that was signed in to, and
 *   what the user is and may do there.
 * - `act`: who acts as the user, where somebody does.
 *
 * @see https://workos.com/docs/reference/authkit/session-tokens/access-token
 */
export const Claims = Wire.Struct({
  iss: Schema.String,
  sub: Schema.String,
  iat: NumericDate,
  exp: NumericDate,
  nbf: Schema.optionalKey(NumericDate),
  jti: Schema.optionalKey(Schema.String),
  sid: Schema.optionalKey(Schema.String),
  clientId: Schema.optionalKey(Schema.String),
  aud: Schema.optionalKey(Schema.Union([Schema.String, Texts])),
  orgId: Schema.optionalKey(Schema.String),
  role: Schema.optionalKey(Schema.String),
  roles: Schema.optionalKey(Texts),
  permissions: Schema.optionalKey(Texts),
  entitlements: Schema.optionalKey(Texts),
  featureFlags: Schema.optionalKey(Texts),
  act: Schema.optionalKey(Schema.Struct({ sub: Schema.String }))
})
export interface Claims extends Schema.Schema.Type<typeof Claims> {}
