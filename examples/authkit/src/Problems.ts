// Errors as pages with one sentence for the user.
import type { AuthenticateError } from "@effect-workos/client/Authentication"
import type * as Client from "@effect-workos/client/Client"
import type { CallbackError } from "@effect-workos/client/SignIn"
import type { organizationMemberships } from "@effect-workos/domain/user-management/OrganizationMembership"
import type { RefreshError, VerifyError } from "@effect-workos/server/Session"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { HttpServerError } from "effect/http/HttpServerError"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import type { SchemaError } from "effect/Schema"
import { html, page } from "./Html.ts"

/** The user is not an administrator of an organization. */
export class NotAdministrator extends Data.TaggedError("NotAdministrator") {}

/** A form on another site sent the request. */
export class ForeignForm extends Data.TaggedError("ForeignForm") {}

export type Problem =
  | AuthenticateError
  | CallbackError
  | Client.Error<typeof organizationMemberships, "list">
  | RefreshError
  | VerifyError
  | HttpServerError
  | SchemaError
  | NotAdministrator
  | ForeignForm

const broken = [500, "Sign-in does not work because of an error on our side."] as const

const explain = (problem: Problem): readonly [status: number, sentence: string] => {
  switch (problem._tag) {
    case "SignInRefused":
      return [403, "You did not sign in, or you are not allowed to sign in here."]
    case "StateMismatch":
    case "CodeMissing":
      return [400, "This sign-in has ended, or was started in another browser."]
    case "InvalidGrant":
      return [400, "This sign-in was already used or took too long."]
    case "HttpServerError":
    case "InvalidRequest":
    case "SchemaError":
      return [400, "This link or form is not valid."]
    case "NoSession":
    case "InvalidSessionCookie":
    case "SessionEnded":
      return [401, "You are not signed in any more."]
    case "OAuthError":
      return problem.error.startsWith("organization_") ? [403, "You are not a member of this organization."] : broken
    case "NotAdministrator":
      return [403, "Only administrators of your organization can see this page."]
    case "ForeignForm":
      return [403, "This request was sent by another site, so it was rejected."]
    case "CircuitOpen":
    case "JwksUnavailable":
    case "RequestTimeout":
    case "ServerError":
    case "TooManyRequests":
    case "TransportError":
      return [503, "Sign-in is unavailable at the moment. Try again in a minute."]
    default:
      return broken
  }
}

/** Returns the page of an error, and logs the error: statuses from 500 at level error, others at level info. */
export const respond = (problem: Problem): Effect.Effect<HttpServerResponse> => {
  const [status, sentence] = explain(problem)
  const log = status >= 500 ? Effect.logError : Effect.logInfo
  const content = html`<p>${sentence}</p>
    <p><a href="/">Home</a></p>`
  return Effect.as(
    Effect.annotateLogs(log("The request was rejected."), { problem: problem._tag, reason: problem.message }),
    page(status === 403 ? "Access denied" : "Something went wrong", content, status)
  )
}
