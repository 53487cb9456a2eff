// The page that follows an error of an authentication: the page of the next step, or the same page with a problem.
import type * as AuthenticationError from "@effect-workos/domain/user-management/AuthenticationError"
import type { InvalidGrant, OAuthError } from "@effect-workos/domain/sso/OAuthError"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { AuthKit } from "./AuthKit.ts"
import * as AuthKitCodes from "./AuthKitCodes.ts"
import * as AuthKitFactors from "./AuthKitFactors.ts"
import * as AuthKitPage from "./AuthKitPage.ts"
import type * as OneTimeCodes from "./OneTimeCodes.ts"

/** The errors of all forms. */
export type AnyError =
  | AuthenticationError.EmailVerificationRequired
  | AuthenticationError.InvalidCredentials
  | AuthenticationError.InvalidOneTimeCode
  | AuthenticationError.InvalidPendingAuthentication
  | AuthenticationError.InvitationForAnotherEmail
  | AuthenticationError.InvitationInvalid
  | AuthenticationError.MfaChallengeRequired
  | AuthenticationError.MfaEnrollmentRequired
  | AuthenticationError.OrganizationSelectionRequired
  | AuthenticationError.RadarChallengeRequired
  | AuthenticationError.SsoRequired
  | InvalidGrant
  | OAuthError

/** A page and its problem. Without a page, the user must start again. */
interface Next {
  readonly page?: AuthKitPage.Page | undefined
  readonly problem?: string
}

const tokenOf = ({ pendingAuthenticationToken }: { readonly pendingAuthenticationToken: Redacted.Redacted }): string =>
  Redacted.value(pendingAuthenticationToken)

/** The page of a form, after a wrong code or password. */
const again = Effect.fnUntraced(function* (form: typeof AuthKitPage.Form.Type) {
  const { pending, store } = yield* AuthKit
  const { action, challenge_id: challengeId = "", email = "", pending_authentication_token: token = "" } = form
  const { attempt } = (yield* pending.get(token)) ?? {}
  const user = store.users.get(attempt?.userId ?? "")
  const lastCode = (kind: OneTimeCodes.Kind, recipient: string): string =>
    [...store.secrets.codes.values()].findLast((issued) => issued.kind === kind && issued.recipient === recipient)
      ?.code ?? ""
  if (action === "password") return AuthKitPage.password(email)
  if (action === "magic-code") return AuthKitPage.magicCode(email, lastCode("magic_auth", email))
  if (user === undefined) return undefined
  switch (action) {
    case "verify-email":
      return AuthKitPage.verifyEmail(token, user.email, lastCode("email_verification", user.email))
    case "enrol":
      return AuthKitPage.enrolment(token, form.secret ?? "")
    case "totp":
      return AuthKitPage.secondFactor(token, challengeId)
    case "radar-email":
    case "radar-sms":
      return AuthKitPage.radarChallenge(
        action === "radar-sms" ? "sms" : "email",
        token,
        challengeId,
        store.secrets.codes.get(challengeId)?.code ?? ""
      )
    default:
      return undefined
  }
})

/** Returns the page that follows an error. */
export const after = Effect.fnUntraced(function* (
  error: AnyError,
  form: typeof AuthKitPage.Form.Type
): Effect.fn.Return<Next, never, AuthKit> {
  const { store } = yield* AuthKit
  const codeOf = (id = "") => store.secrets.codes.get(id)?.code ?? ""
  switch (error._tag) {
    case "EmailVerificationRequired": {
      const { email = "", emailVerificationId } = error
      return { page: AuthKitPage.verifyEmail(tokenOf(error), email, codeOf(emailVerificationId)) }
    }
    case "MfaEnrollmentRequired":
      return { page: AuthKitPage.enrolment(tokenOf(error), yield* AuthKitFactors.newSecret) }
    case "MfaChallengeRequired": {
      const [factor] = error.authenticationFactors
      return { page: AuthKitPage.secondFactor(tokenOf(error), yield* AuthKitFactors.challenge(factor?.id ?? "")) }
    }
    case "OrganizationSelectionRequired":
      return { page: AuthKitPage.selectOrganization(tokenOf(error), error.organizations) }
    case "RadarChallengeRequired": {
      const { radarChallengeId } = error
      const id = radarChallengeId ?? (yield* AuthKitCodes.sendSms(error.user?.email ?? ""))
      const type = radarChallengeId === undefined ? "sms" : "email"
      return { page: AuthKitPage.radarChallenge(type, tokenOf(error), id, codeOf(id)) }
    }
    case "SsoRequired": {
      const connections = error.connectionIds.flatMap((id) => store.connections.get(id) ?? [])
      return { page: AuthKitPage.singleSignOn(error.email ?? "", connections) }
    }
    case "InvalidCredentials":
    case "InvalidOneTimeCode":
      return { page: yield* again(form), problem: error.message }
    default:
      return { problem: error.message }
  }
})
