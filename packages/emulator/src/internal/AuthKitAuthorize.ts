// Rules of `/user_management/authorize`: the way to sign in, and users who sign in without a page.
import type {
  AuthenticationMethod,
  AuthKitAuthorizationQuery
} from "@effect-workos/domain/user-management/Authentication"
import { AuthenticationErrors } from "@effect-workos/domain/user-management/AuthenticationError"
import type { Connection } from "@effect-workos/domain/sso/Connection"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { AuthKit } from "./AuthKit.ts"
import type { Attempt } from "./AuthKitAttempt.ts"
import * as AuthKitIdentity from "./AuthKitIdentity.ts"
import * as AuthKitOrganizations from "./AuthKitOrganizations.ts"
import * as AuthKitSteps from "./AuthKitSteps.ts"
import * as AuthKitUsers from "./AuthKitUsers.ts"
import * as Authorization from "./Authorization.ts"
import * as IdGenerator from "./IdGenerator.ts"
import * as Invitations from "./Invitations.ts"
import * as OrganizationMemberships from "./OrganizationMemberships.ts"
import type { Tables } from "./Tables.ts"
import * as Users from "./Users.ts"

/** A way to sign in: AuthKit's page, an OAuth provider, or a connection. */
export type Way =
  | { readonly kind: "authkit" }
  | { readonly kind: "provider"; readonly provider: AuthenticationMethod }
  | { readonly kind: "connection"; readonly connection: Connection }

type Selection = Pick<AuthKitAuthorizationQuery, "provider" | "connectionId" | "organizationId">

/** Returns the way to sign in that a request selects. */
export const wayFor = (
  store: Tables,
  { connectionId, organizationId, provider }: Selection
): Way | Authorization.AuthorizationError => {
  if (organizationId !== undefined && store.organizations.get(organizationId) === undefined) {
    return Authorization.authorizationError("organization_invalid", "No organization has the provided ID.")
  }
  if (connectionId === undefined && provider !== undefined) {
    return provider === "authkit" ? { kind: "authkit" } : { kind: "provider", provider }
  }
  const connection = Authorization.connectionFor(
    store,
    connectionId === undefined ? { organization: organizationId } : { connection: connectionId }
  )
  return Authorization.isError(connection) ? connection : { kind: "connection", connection }
}

/** The facts that all attempts of an authorization request share. */
export const originOf = ({
  clientId,
  invitationToken,
  organizationId
}: AuthKitAuthorizationQuery): AuthKitIdentity.Origin => ({ clientId, invitationToken, organizationId })

/** The email address of the default user. */
const defaultEmail = "ada.lovelace@example.com"

/** Issues a code for an authentication. */
export const issueCode = Effect.fnUntraced(function* (attempt: Attempt, codeChallenge: string | undefined) {
  const { codes } = yield* AuthKit
  const { id } = yield* IdGenerator.current
  const code = id("").slice(1)
  yield* codes.set(code, { attempt, codeChallenge })
  return code
})

// The user who signs in to AuthKit: the hinted or invited one, the oldest member of the organization, or the oldest user.
const emailFor = Effect.fnUntraced(function* ({ invitationToken, loginHint = "", organizationId }: AutoOptions) {
  const { store } = yield* AuthKit
  if (Users.isEmail(loginHint)) return loginHint
  const invitation =
    invitationToken === undefined ? undefined : Invitations.findByToken(store, Redacted.make(invitationToken))
  if (invitation !== undefined) return invitation.email
  if (organizationId === undefined) return store.users.rows[0]?.email ?? defaultEmail
  const [member] = store.organizationMemberships
    .findBy("organizationId", organizationId)
    .filter(({ status }) => status === "active")
  return store.users.get(member?.userId ?? "")?.email
})

interface AutoOptions extends AuthKitIdentity.Origin {
  readonly loginHint?: string | undefined
}

/**
 * Signs a user in to AuthKit without a page: the user takes all steps, and selects the oldest organization.
 */
export const signInAutomatically = Effect.fnUntraced(function* (options: AutoOptions) {
  const { store } = yield* AuthKit
  const { invitationToken, organizationId } = options
  const email = yield* emailFor(options)
  const user = yield* AuthKitUsers.vouchedFor(store, {
    email: email ?? defaultEmail,
    ...Users.namesOf(email ?? defaultEmail)
  })
  // An organization without members gets one.
  if (email === undefined && organizationId !== undefined) {
    const ids = yield* IdGenerator.current
    OrganizationMemberships.join({ ids, store }, user.id, organizationId, "active")
  }
  const [oldest] = invitationToken === undefined ? AuthKitOrganizations.memberships(store, user.id) : []
  const { attempt } = yield* AuthKitSteps.proceed({
    ...AuthKitIdentity.attemptOf(options, user, "Password"),
    organizationId: organizationId ?? oldest?.organizationId,
    passed: ["radar", "mfa"]
  })
  return attempt
})

type IdentityProvider = Exclude<Way, { readonly kind: "authkit" }>

/** The email address of the default user of an identity provider. */
export const defaultEmailOf = (way: IdentityProvider): Effect.Effect<string> =>
  way.kind === "connection" ? Users.defaultEmail(way.connection) : Effect.succeed(defaultEmail)

/**
 * Signs a user in with an identity provider: the user with an email address, or the default user. The attempt may have
 * further steps.
 */
export const signInWith = Effect.fnUntraced(function* (
  way: IdentityProvider,
  origin: AuthKitIdentity.Origin,
  hint: string
) {
  const email = Users.isEmail(hint) ? hint : yield* defaultEmailOf(way)
  return way.kind === "connection"
    ? yield* AuthKitIdentity.withConnection(origin, way.connection, email)
    : yield* AuthKitIdentity.withProvider(origin, way.provider, email)
})

/** Converts an error of an authentication to an error that is appended to the redirect URI. */
export const toAuthorizationError = (
  error: Parameters<typeof AuthenticationErrors.toBody>[0]
): Authorization.AuthorizationError => {
  const body = AuthenticationErrors.toBody(error)
  return Authorization.authorizationError("error" in body ? body.error : (body.code ?? "server_error"), error.message)
}
