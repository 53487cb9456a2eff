// The grants that continue a pending authentication with the result of its next step.
import { InvalidPendingAuthentication } from "@effect-workos/domain/user-management/AuthenticationError"
import type { User } from "@effect-workos/domain/user-management/User"
import { OAuthError } from "@effect-workos/domain/sso/OAuthError"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { AuthKit } from "./AuthKit.ts"
import type { Attempt, Purpose } from "./AuthKitAttempt.ts"
import * as AuthKitCodes from "./AuthKitCodes.ts"
import * as AuthKitEvents from "./AuthKitEvents.ts"
import * as AuthKitFactors from "./AuthKitFactors.ts"
import * as AuthKitOrganizations from "./AuthKitOrganizations.ts"
import * as AuthKitUsers from "./AuthKitUsers.ts"
import * as IdGenerator from "./IdGenerator.ts"
import * as OneTimeCodes from "./OneTimeCodes.ts"

/** The client and the token of a pending authentication. */
interface Continued {
  readonly clientId: string
  readonly pendingAuthenticationToken: Redacted.Redacted
}

interface WithCode extends Continued {
  readonly code: Redacted.Redacted
}

const invalidToken = () =>
  new InvalidPendingAuthentication({
    code: "invalid_pending_authentication_token",
    message: "The pending authentication token is invalid: it is unknown, used or expired, or is for another grant."
  })

const isFor =
  ({ clientId }: Continued, purpose: Purpose) =>
  (pending: { readonly attempt: Attempt; readonly purpose: Purpose }) =>
    pending.purpose === purpose && pending.attempt.clientId === clientId

const passing =
  (step: Attempt["passed"][number]) =>
  (attempt: Attempt): Attempt => ({ ...attempt, passed: [...attempt.passed, step] })

/** Uses the token of a pending authentication up if its check succeeds. After a wrong code, the user can try again. */
const continued = Effect.fnUntraced(function* <E>(
  request: Continued,
  purpose: Purpose,
  check: (attempt: Attempt, user: User) => Effect.Effect<void, E, AuthKit>
) {
  const { pending, store } = yield* AuthKit
  const token = Redacted.value(request.pendingAuthenticationToken)
  const found = yield* pending.get(token)
  const user = store.users.get(found?.attempt.userId ?? "")
  if (found === undefined || user === undefined || !isFor(request, purpose)(found)) return yield* invalidToken()
  yield* check(found.attempt, user)
  const taken = yield* pending.takeIf(token, isFor(request, purpose))
  return taken === undefined ? yield* invalidToken() : taken.attempt
})

const checking = Effect.fnUntraced(function* (
  method: "email_verification" | "mfa",
  attempt: Attempt,
  user: User,
  outcome: OneTimeCodes.Outcome
) {
  yield* Effect.tapError(AuthKitCodes.requireValid(outcome), (error) =>
    AuthKitEvents.failed(method, attempt, user, error)
  )
  yield* AuthKitEvents.succeeded(method, attempt, user)
})

/** Continues with the code of an email verification. */
export const withEmailVerification = (request: WithCode) =>
  continued(
    request,
    "email_verification",
    Effect.fnUntraced(function* (attempt, user) {
      const { store } = yield* AuthKit
      const { now } = yield* IdGenerator.current
      const { outcome } = OneTimeCodes.consumeOf(
        store,
        now,
        "email_verification",
        user.email,
        Redacted.value(request.code)
      )
      yield* checking("email_verification", attempt, user, outcome)
      yield* AuthKitUsers.change(store, user, { emailVerified: true })
    })
  )

/** Continues with the code of an authentication factor of the user. */
export const withTotp = (request: WithCode & { readonly authenticationChallengeId: string }) =>
  continued(
    request,
    "mfa",
    Effect.fnUntraced(function* (attempt, user) {
      const code = Redacted.value(request.code)
      const outcome = yield* AuthKitFactors.verify(user, request.authenticationChallengeId, code)
      yield* checking("mfa", attempt, user, outcome)
    })
  ).pipe(Effect.map(passing("mfa")))

/** Continues with the first code of a new authenticator app. */
export const withEnrolment = (request: WithCode & { readonly secret: string }) =>
  continued(
    request,
    "mfa",
    Effect.fnUntraced(function* (attempt, user) {
      const outcome = yield* AuthKitFactors.enrol(user, request.secret, Redacted.value(request.code))
      yield* checking("mfa", attempt, user, outcome)
    })
  ).pipe(Effect.map(passing("mfa")))

/** Continues with an organization of the user. */
export const withOrganizationSelection = (request: Continued & { readonly organizationId: string }) =>
  continued(
    request,
    "organization_selection",
    Effect.fnUntraced(function* ({ method }, user) {
      const { settings, store } = yield* AuthKit
      const { organizationId } = request
      const error = AuthKitOrganizations.accessError(store, settings, { user, organizationId, method })
      if (error !== undefined) return yield* Effect.fail(error)
    })
  ).pipe(Effect.map((attempt): Attempt => ({ ...attempt, organizationId: request.organizationId })))

/** Continues with the code of a Radar challenge by email. */
export const withRadarEmailChallenge = (request: WithCode & { readonly radarChallengeId: string }) =>
  continued(
    request,
    "radar_email",
    Effect.fnUntraced(function* (_, user) {
      const { store } = yield* AuthKit
      const { now } = yield* IdGenerator.current
      const challenge = store.radarChallenges.get(request.radarChallengeId)
      const isOwn = challenge?.userId === user.id
      const code = Redacted.value(request.code)
      yield* AuthKitCodes.requireValid(
        isOwn ? OneTimeCodes.consume(store, now, request.radarChallengeId, code) : undefined
      )
    })
  ).pipe(Effect.map(passing("radar")))

/** Continues with the code of a Radar challenge by SMS. */
export const withRadarSmsChallenge = (
  request: WithCode & { readonly verificationId?: string | undefined; readonly phoneNumber?: string | undefined }
) =>
  continued(
    request,
    "radar_sms",
    Effect.fnUntraced(function* () {
      const { store } = yield* AuthKit
      const { now } = yield* IdGenerator.current
      const { phoneNumber, verificationId } = request
      if (verificationId === undefined) {
        return yield* new OAuthError({
          code: "verification_id_required",
          error: "verification_id_required",
          message: "The verification_id is required."
        })
      }
      const sent = store.secrets.codes.get(verificationId)
      const isSent = sent !== undefined && (phoneNumber === undefined || sent.recipient === phoneNumber)
      const code = Redacted.value(request.code)
      yield* AuthKitCodes.requireValid(isSent ? OneTimeCodes.consume(store, now, verificationId, code) : undefined)
    })
  ).pipe(Effect.map(passing("radar")))
