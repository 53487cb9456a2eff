/**
 * Claims of access tokens.
 *
 * @module
 */
import * as Wire from "@effect-workos/domain/Wire"
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"

/** The latest time that a `Date` can represent, in seconds since 1970. */
const lastSecond = 8.64e12

/** An instant, encoded as seconds since 1970. */
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

/** A claim that may be missing or `null`, so that a user is not locked out because of an unused claim. */
const maybe = <S extends Schema.Top>(claim: S) => Schema.optionalKey(Schema.NullOr(claim))

/**
 * The claims of an access token.
 *
 * **Details**
 *
 * - `iss`: issuer. `sub`: id of the user or profile. `sid`: session id, `session_…`. `jti`: token id.
 * - `iat`, `nbf`, `exp`: times of issue, of first validity and of expiry. `iat` is not verified.
 * - `clientId` and `aud`: intended client and audience. WorkOS sends neither, one or both.
 * - `orgId`, `role`, `roles`, `permissions`, `entitlements` and `featureFlags`: the organization, and the user's roles and
 *   rights in it. `null` means the same as a missing claim.
 * - `act`: the impersonating user, if any.
 *
 * **Example** (Checking a permission)
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
