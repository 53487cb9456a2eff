// The ways in which users prove an identity: password, magic code, or an identity provider.
import type { AuthenticationMethod } from "@effect-workos/domain/user-management/Authentication"
import { InvalidCredentials, InvalidOneTimeCode } from "@effect-workos/domain/user-management/AuthenticationError"
import type { User } from "@effect-workos/domain/user-management/User"
import type { Connection } from "@effect-workos/domain/sso/Connection"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { AuthKit } from "./AuthKit.ts"
import type { Attempt } from "./AuthKitAttempt.ts"
import * as AuthKitCodes from "./AuthKitCodes.ts"
import * as AuthKitEvents from "./AuthKitEvents.ts"
import * as AuthKitUsers from "./AuthKitUsers.ts"
import * as IdGenerator from "./IdGenerator.ts"
import * as OneTimeCodes from "./OneTimeCodes.ts"
import * as OrganizationMemberships from "./OrganizationMemberships.ts"
import * as UserEmails from "./UserEmails.ts"
import * as Users from "./Users.ts"

/** The facts of a request that an attempt keeps. */
export interface Origin {
  readonly clientId: string
  readonly organizationId?: string | undefined
  readonly invitationToken?: string | undefined
  readonly ipAddress?: string | undefined
  readonly userAgent?: string | undefined
}

/** Makes the attempt of a user who has proved an identity. */
export const attemptOf = (
  { clientId, invitationToken, ipAddress, organizationId, userAgent }: Origin,
  { id }: User,
  method: AuthenticationMethod
): Attempt => ({ clientId, userId: id, method, organizationId, invitationToken, passed: [], ipAddress, userAgent })

/** Checks a password. */
export const withPassword = Effect.fnUntraced(function* (
  origin: Origin,
  { email, password }: { readonly email: string; readonly password: Redacted.Redacted }
) {
  const { store } = yield* AuthKit
  const user = UserEmails.find(store, email)
  if (user === undefined || store.secrets.passwords.get(user.id) !== Redacted.value(password)) {
    // The same error for an unknown address, so that the error reveals nothing about users.
    const error = new InvalidCredentials({
      code: "invalid_credentials",
      message: "The email address or the password is wrong."
    })
    yield* AuthKitEvents.failed("password", origin, user ?? { email }, error)
    return yield* error
  }
  yield* AuthKitEvents.succeeded("password", origin, user)
  return attemptOf(origin, user, "Password")
})

/** Checks a magic code, which also verifies the email address. */
export const withMagicCode = Effect.fnUntraced(function* (
  origin: Origin,
  { code, email }: { readonly email: string; readonly code: Redacted.Redacted }
) {
  const { store } = yield* AuthKit
  const { now } = yield* IdGenerator.current
  const user = UserEmails.find(store, email)
  const { outcome } = OneTimeCodes.consumeOf(store, now, "magic_auth", email, Redacted.value(code))
  const checked = AuthKitCodes.requireValid(user === undefined ? undefined : outcome)
  yield* Effect.tapError(checked, (error) => AuthKitEvents.failed("magic_auth", origin, user ?? { email }, error))
  if (user === undefined) return yield* new InvalidOneTimeCode({ message: "The code is wrong." })
  yield* AuthKitEvents.succeeded("magic_auth", origin, user)
  if (!user.emailVerified) yield* AuthKitUsers.change(store, user, { emailVerified: true })
  return attemptOf(origin, user, "MagicAuth")
})

/** Trusts a connection, whose organization the user joins. */
export const withConnection = Effect.fnUntraced(function* (origin: Origin, connection: Connection, email: string) {
  const { store } = yield* AuthKit
  const user = yield* AuthKitUsers.vouchedFor(store, yield* Users.profileOf(connection, email))
  const { organizationId } = connection
  if (organizationId !== undefined) {
    const ids = yield* IdGenerator.current
    OrganizationMemberships.join({ ids, store }, user.id, organizationId, "active")
  }
  yield* AuthKitEvents.signedOn(origin, user, connection)
  return attemptOf({ ...origin, organizationId: organizationId ?? origin.organizationId }, user, "SSO")
})

// The names of a provider in identities and in methods of authentication differ.
const identityProviders: Readonly<Record<string, string>> = { GitHubOAuth: "GithubOAuth" }

/** Links the user with the account at an OAuth provider. */
const link = Effect.fnUntraced(function* ({ email, id }: User, method: AuthenticationMethod) {
  const { secrets } = (yield* AuthKit).store
  const provider = identityProviders[method] ?? method
  const known = secrets.identities.get(id) ?? []
  if (known.some((identity) => identity.provider === provider)) return
  const idpId = Array.from(yield* Users.sha256(`${provider} ${email}`), (byte) => byte % 10)
    .join("")
    .slice(0, 21)
  secrets.identities.set(id, [...known, { idpId, type: "OAuth", provider }])
})

/** Trusts an OAuth provider. */
export const withProvider = Effect.fnUntraced(function* (
  origin: Origin,
  provider: AuthenticationMethod,
  email: string
) {
  const { store } = yield* AuthKit
  const user = yield* AuthKitUsers.vouchedFor(store, { email, ...Users.namesOf(email) })
  yield* link(user, provider)
  yield* AuthKitEvents.succeeded("oauth", origin, user)
  return attemptOf(origin, user, provider)
})
