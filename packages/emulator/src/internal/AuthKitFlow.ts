// The hosted pages step by step: each form leads to the next page, or to the end of the authentication.
import * as Effect from "effect/Effect"
import type * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Redacted from "effect/Redacted"
import { AuthKit } from "./AuthKit.ts"
import type { Attempt } from "./AuthKitAttempt.ts"
import * as AuthKitCodes from "./AuthKitCodes.ts"
import * as AuthKitContinuation from "./AuthKitContinuation.ts"
import * as AuthKitIdentity from "./AuthKitIdentity.ts"
import * as AuthKitNextPage from "./AuthKitNextPage.ts"
import * as AuthKitPage from "./AuthKitPage.ts"
import * as AuthKitSteps from "./AuthKitSteps.ts"
import * as AuthKitUsers from "./AuthKitUsers.ts"
import * as Html from "./Html.ts"
import * as Invitations from "./Invitations.ts"
import * as Passwords from "./Passwords.ts"
import * as UserEmails from "./UserEmails.ts"
import * as Users from "./Users.ts"

type Form = typeof AuthKitPage.Form.Type

type Respond<R = AuthKit> = Effect.Effect<HttpServerResponse.HttpServerResponse, never, R>

/** An authentication on the hosted pages. */
export interface Flow {
  /** The URL of the forms. */
  readonly action: string
  readonly origin: AuthKitIdentity.Origin
  readonly loginHint?: string | undefined
  readonly startsWithSignUp: boolean
  /** Responds after the last step. */
  readonly finish: (attempt: Attempt) => Respond
  readonly deny: Respond
}

const show = (flow: Flow, page: AuthKitPage.Page, problem?: string) =>
  Html.respond(AuthKitPage.render(page, flow.action, problem), problem === undefined ? 200 : 422)

// -----------------------------------------------------------------------------
// Identity
// -----------------------------------------------------------------------------

const invitationOf = Effect.fnUntraced(function* ({ origin: { invitationToken } }: Flow) {
  const { store } = yield* AuthKit
  return invitationToken === undefined ? undefined : Invitations.findByToken(store, Redacted.make(invitationToken))
})

const canSignUp = Effect.fnUntraced(function* ({ origin: { invitationToken } }: Flow) {
  const { settings } = yield* AuthKit
  return settings.allowSignUp || invitationToken !== undefined
})

/** Shows the first page. */
export const start = Effect.fnUntraced(function* (flow: Flow, problem?: string) {
  const { store } = yield* AuthKit
  const invitation = yield* invitationOf(flow)
  const email = flow.loginHint ?? invitation?.email
  const mayStart = yield* canSignUp(flow)
  if (flow.startsWithSignUp && mayStart && problem === undefined) return show(flow, AuthKitPage.signUp({ email }))
  const organization = store.organizations.get(flow.origin.organizationId ?? invitation?.organizationId ?? "")
  return show(flow, AuthKitPage.start(email, organization?.name, mayStart), problem)
})

const sendCode = Effect.fnUntraced(function* (flow: Flow, email: string) {
  const { store } = yield* AuthKit
  const user = UserEmails.find(store, email)
  if (user === undefined) return yield* start(flow, "No user has this email address.")
  const code = yield* AuthKitCodes.createMagicAuth(user)
  return show(flow, AuthKitPage.magicCode(user.email, Redacted.value(code)))
})

const identify = Effect.fnUntraced(function* (flow: Flow, email: string) {
  const { store } = yield* AuthKit
  if (!Users.isEmail(email)) return yield* start({ ...flow, loginHint: email }, "Enter a valid email address.")
  const user = UserEmails.find(store, email)
  if (user !== undefined) {
    return store.secrets.passwords.has(user.id)
      ? show(flow, AuthKitPage.password(user.email))
      : yield* sendCode(flow, user.email)
  }
  return (yield* canSignUp(flow))
    ? show(flow, AuthKitPage.signUp({ email }))
    : yield* start({ ...flow, loginHint: email }, "No user has this email address.")
})

const signUp = Effect.fnUntraced(function* (flow: Flow, form: Form) {
  const { store } = yield* AuthKit
  const { email = "", first_name: firstName, last_name: lastName, password = "" } = form
  const again = (problem: string) => show(flow, AuthKitPage.signUp({ email, firstName, lastName }), problem)
  if (!(yield* canSignUp(flow))) return yield* start(flow, "Signing up is not allowed.")
  if (!Users.isEmail(email)) return again("Enter a valid email address.")
  if (UserEmails.find(store, email) !== undefined) return again("A user with this email address exists.")
  const weakness = Passwords.weakness(password)
  if (weakness !== undefined) return again(weakness.errors.map(({ message }) => message).join(" "))
  const user = yield* AuthKitUsers.create(store, { email, emailVerified: false, firstName, lastName })
  store.secrets.passwords.set(user.id, password)
  return yield* advance(flow, form, Effect.succeed(AuthKitIdentity.attemptOf(flow.origin, user, "Password")))
})

// -----------------------------------------------------------------------------
// Steps
// -----------------------------------------------------------------------------

/** Takes the next step, or finishes. A failure shows the page again. */
const advance = <E extends AuthKitNextPage.AnyError>(
  flow: Flow,
  form: Form,
  identity: Effect.Effect<Attempt, E, AuthKit>
): Respond =>
  identity.pipe(
    Effect.flatMap(AuthKitSteps.proceed),
    Effect.flatMap(({ attempt }) => flow.finish(attempt)),
    Effect.catch((error: AuthKitNextPage.AnyError) =>
      Effect.flatMap(AuthKitNextPage.after(error, form), ({ page, problem }) =>
        page === undefined ? start(flow, problem) : Effect.succeed(show(flow, page, problem))
      )
    )
  )

const redacted = (text = "") => Redacted.make(text)

/** Responds to a form. */
export const submit = Effect.fnUntraced(function* (
  flow: Flow,
  form: Form
): Effect.fn.Return<HttpServerResponse.HttpServerResponse, never, AuthKit> {
  const { store } = yield* AuthKit
  const { clientId } = flow.origin
  const { email = "" } = form
  const [action, choice = ""] = form.action.split(":")
  const code = redacted(form.code)
  const continued = { clientId, code, pendingAuthenticationToken: redacted(form.pending_authentication_token) }
  switch (action) {
    case "deny":
      return yield* flow.deny
    case "start":
      return yield* identify(flow, email)
    case "new":
      return show(flow, AuthKitPage.signUp({ email }))
    case "sign-up":
      return yield* signUp(flow, form)
    case "send-code":
      return yield* sendCode(flow, email)
    case "password":
      return yield* advance(
        flow,
        form,
        AuthKitIdentity.withPassword(flow.origin, { email, password: redacted(form.password) })
      )
    case "magic-code":
      return yield* advance(flow, form, AuthKitIdentity.withMagicCode(flow.origin, { email, code }))
    case "sso": {
      const connection = store.connections.get(choice)
      return connection?.state === "active" && Users.isEmail(email)
        ? yield* advance(flow, form, AuthKitIdentity.withConnection(flow.origin, connection, email))
        : yield* start(flow, "The connection is not active.")
    }
    case "verify-email":
      return yield* advance(flow, form, AuthKitContinuation.withEmailVerification(continued))
    case "enrol":
      return yield* advance(flow, form, AuthKitContinuation.withEnrolment({ ...continued, secret: form.secret ?? "" }))
    case "totp": {
      const { challenge_id: authenticationChallengeId = "" } = form
      return yield* advance(flow, form, AuthKitContinuation.withTotp({ ...continued, authenticationChallengeId }))
    }
    case "organization":
      return yield* advance(
        flow,
        form,
        AuthKitContinuation.withOrganizationSelection({ ...continued, organizationId: choice })
      )
    case "radar-email": {
      const { challenge_id: radarChallengeId = "" } = form
      return yield* advance(flow, form, AuthKitContinuation.withRadarEmailChallenge({ ...continued, radarChallengeId }))
    }
    case "radar-sms":
      return yield* advance(
        flow,
        form,
        AuthKitContinuation.withRadarSmsChallenge({ ...continued, verificationId: form.challenge_id })
      )
    // Also the button that leads back.
    default:
      return yield* start({ ...flow, startsWithSignUp: false })
  }
})
