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

/** A claim that may be missing, or `null`: nobody is locked out for what the application may not ask. */
const maybe = <S extends Schema.Top>(claim: S) => Schema.optionalKey(Schema.NullOr(claim))

/**
 * The claims of an access token.
 *
 * **Details**
 *
 * - `iss`: who issued it. `sub`: the id of the user or profile. `sid`: the session, `session_…`. `jti`: the token itself.
 * - `iat`, `nbf`, `exp`: when it was issued, and from when until when it is good. `iat` is told and decides nothing.
 * - `clientId` and `aud`: whom it is for; WorkOS writes neither, one or both.
 * - `orgId`, `role`, `roles`, `permissions`, `entitlements` and `featureFlags`: the organization that was signed in to, and
 *   what the user is and may do there. `null` is nothing, as where they are missing.
 * - `act`: who acts as the user, where somebody does.
 *
 * **Example** (Whether somebody may change what others pay for)
 *
 * ```ts
 * import type { Claims } from "@effect-workos/server/Claims"
 *
 * const mayBill = ({ permissions, role }: Claims): boolean =>
 *   role === "admin" || permissions?.includes("billing") === true
 * ```
 *
 * @see https://workos.com/docs/reference/authkit/session-tokens/access-token
 */
export const Claims = Wire.Struct({
  iss: Schema.String,
  sub: Schema.String,
  iat: NumericDate,
  exp: NumericDate,
  nbf: Schema.optionalKey(NumericDate),
  jti: maybe(Schema.String),
  sid: maybe(Schema.String),
  clientId: Schema.optionalKey(Schema.String),
  aud: Schema.optionalKey(Schema.Union([Schema.String, Texts])),
  orgId: maybe(Schema.String),
  role: maybe(Schema.String),
  roles: maybe(Texts),
  permissions: maybe(Texts),
  entitlements: maybe(Texts),
  featureFlags: maybe(Texts),
  act: maybe(Schema.Struct({ sub: Schema.String }))
})
export interface Claims extends Schema.Schema.Type<typeof Claims> {}
