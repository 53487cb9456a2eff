// The steps of an authentication: Radar challenge, email verification, second factor and selection of an organization.
import {
  EmailVerificationRequired,
  MfaChallengeRequired,
  MfaEnrollmentRequired,
  OrganizationSelectionRequired,
  RadarChallengeRequired
} from "@effect-workos/domain/user-management/AuthenticationError"
import type { Invitation } from "@effect-workos/domain/user-management/Invitation"
import type { User } from "@effect-workos/domain/user-management/User"
import { InvalidGrant } from "@effect-workos/domain/sso/OAuthError"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { AuthKit } from "./AuthKit.ts"
import type { Attempt, Purpose } from "./AuthKitAttempt.ts"
import * as AuthKitCodes from "./AuthKitCodes.ts"
import * as AuthKitOrganizations from "./AuthKitOrganizations.ts"
import * as AuthKitUsers from "./AuthKitUsers.ts"
import * as IdGenerator from "./IdGenerator.ts"
import * as Invitations from "./Invitations.ts"
import * as InvitationTokens from "./InvitationTokens.ts"

/** An authentication without further steps. */
interface Complete {
  readonly attempt: Attempt
  readonly user: User
  readonly organizationId: string | undefined
}

/** Stores an authentication until its next step, and returns its token. */
const suspend = Effect.fnUntraced(function* (attempt: Attempt, purpose: Purpose) {
  const { pending } = yield* AuthKit
  const { token } = yield* IdGenerator.current
  const pendingAuthenticationToken = token(25)
  yield* pending.set(pendingAuthenticationToken, { attempt, purpose })
  return { pendingAuthenticationToken: Redacted.make(pendingAuthenticationToken) }
})

/** Returns the pending invitation with a token, if it is for the user. */
const invitationFor = Effect.fnUntraced(function* ({ email }: User, token: string) {
  const { store } = yield* AuthKit
  const { now } = yield* IdGenerator.current
  return yield* Effect.fromResult(InvitationTokens.pending(store, now, email, token))
})

const radarChallenge = Effect.fnUntraced(function* (attempt: Attempt, user: User, type: "email" | "sms") {
  const token = yield* suspend(attempt, type === "email" ? "radar_email" : "radar_sms")
  const challenge = type === "email" ? { radarChallengeId: yield* AuthKitCodes.createRadarChallenge(user) } : {}
  return yield* new RadarChallengeRequired({
    code: type === "email" ? "radar_email_challenge" : "radar_sms_challenge",
    message: "The user must solve a Radar challenge.",
    user,
    ...token,
    ...challenge
  })
})

const emailVerification = Effect.fnUntraced(function* (attempt: Attempt, user: User) {
  return yield* new EmailVerificationRequired({
    message: "The user must verify the email address.",
    email: user.email,
    emailVerificationId: yield* AuthKitCodes.createEmailVerification(user),
    ...(yield* suspend(attempt, "email_verification"))
  })
})

const secondFactor = Effect.fnUntraced(function* (attempt: Attempt, user: User) {
  const { settings, store } = yield* AuthKit
  const factors = store.authenticationFactors.findBy("userId", user.id)
  if (factors.length > 0) {
    return yield* new MfaChallengeRequired({
      message: "The user must enter a code of an authentication factor.",
      user,
      authenticationFactors: factors.map(({ id, type }) => ({ id, type })),
      ...(yield* suspend(attempt, "mfa"))
    })
  }
  if (settings.requireMfa) {
    return yield* new MfaEnrollmentRequired({
      message: "The user must enrol an authentication factor.",
      user,
      ...(yield* suspend(attempt, "mfa"))
    })
  }
})

// The organization to sign in to: the requested one, the one of the invitation, or the only one of the user.
const selectOrganization = Effect.fnUntraced(function* (
  attempt: Attempt,
  user: User,
  invitation: Invitation | undefined
) {
  const { settings, store } = yield* AuthKit
  const memberships = AuthKitOrganizations.memberships(store, user.id)
  const [only, another] = memberships
  const organizationId =
    attempt.organizationId ?? invitation?.organizationId ?? (another === undefined ? only?.organizationId : undefined)
  if (organizationId === undefined) {
    if (another === undefined) return undefined
    return yield* new OrganizationSelectionRequired({
      message: "The user must select an organization.",
      user,
      organizations: memberships.flatMap((membership) => {
        const organization = store.organizations.get(membership.organizationId)
        return organization === undefined ? [] : [{ id: organization.id, name: organization.name }]
      }),
      ...(yield* suspend(attempt, "organization_selection"))
    })
  }
  const isInvited = invitation?.organizationId === organizationId
  const error = AuthKitOrganizations.accessError(store, settings, {
    user,
    organizationId,
    method: attempt.method,
    isInvited
  })
  return error === undefined ? organizationId : yield* Effect.fail(error)
})

// The user knows the token from the email, so the address is verified.
const accept = Effect.fnUntraced(function* (invitation: Invitation, user: User) {
  const { store } = yield* AuthKit
  const ids = yield* IdGenerator.current
  Invitations.accept({ ids, store }, invitation, user)
  if (!user.emailVerified) yield* AuthKitUsers.change(store, user, { emailVerified: true })
})

/**
 * Completes an authentication and accepts its invitation, or fails with the error of the next step.
 */
export const proceed = Effect.fnUntraced(function* (attempt: Attempt) {
  const { settings, store } = yield* AuthKit
  const user = store.users.get(attempt.userId)
  if (user === undefined) return yield* new InvalidGrant({ message: "The user does not exist any more." })
  const { invitationToken, method, passed } = attempt
  const invitation = invitationToken === undefined ? undefined : yield* invitationFor(user, invitationToken)
  const isRisky = method === "Password" || method === "MagicAuth"
  if (settings.radarChallenge !== undefined && isRisky && !passed.includes("radar")) {
    return yield* radarChallenge(attempt, user, settings.radarChallenge)
  }
  // The token of an invitation was sent to the address.
  if (settings.requireEmailVerification && !user.emailVerified && invitation === undefined) {
    return yield* emailVerification(attempt, user)
  }
  // The identity provider is responsible for second factors of its users.
  if (method !== "SSO" && !passed.includes("mfa")) yield* secondFactor(attempt, user)
  const organizationId = yield* selectOrganization(attempt, user, invitation)
  if (invitation !== undefined) yield* accept(invitation, user)
  const complete: Complete = {
    attempt: { ...attempt, organizationId, invitationToken: undefined },
    user,
    organizationId
  }
  return complete
})
