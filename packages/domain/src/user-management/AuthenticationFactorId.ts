/**
 * The id of an authentication factor.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as Id from "../Id.ts"

/**
 * The id of an authentication factor: `auth_factor_…`.
 *
 * @see https://workos.com/docs/reference/authkit/mfa/authentication-factor
 */
export const AuthenticationFactorId = Id.make("auth_factor").pipe(Schema.brand("AuthenticationFactorId"))
export type AuthenticationFactorId = typeof AuthenticationFactorId.Type
