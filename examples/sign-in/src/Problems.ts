// Errors as pages with one sentence for the user.
import type * as Client from "@effect-workos/client/Client"
import type { InvalidRequest } from "@effect-workos/client/ClientError"
import type { CallbackError } from "@effect-workos/client/SignIn"
import type { ProfileAndTokenError } from "@effect-workos/client/Sso"
import type { organizations } from "@effect-workos/domain/organizations/Organization"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import type { SchemaError } from "effect/Schema"
import { html, page } from "./Html.ts"
import type { ConnectionEnded } from "./Sessions.ts"

/** No organization has verified the domain of the email address. */
export class NoOrganization extends Data.TaggedError("NoOrganization") {}

/** A form on another site sent the request. */
export class ForeignForm extends Data.TaggedError("ForeignForm") {}

export type Problem =
  | Client.Error<typeof organizations, "list">
  | InvalidRequest
  | CallbackError
  | ProfileAndTokenError
  | SchemaError
  | NoOrganization
  | ForeignForm
  | ConnectionEnded

const switchedOff = "Your organization has turned its sign-in off. Contact your administrator."

// Sentences for the `error` parameter of the callback.
const refusals: Readonly<Record<string, string>> = {
  access_denied: "You did not sign in, or your organization does not allow it.",
  connection_invalid: "Your organization no longer signs in here. Contact your administrator.",
  connection_unlinked: switchedOff,
  organization_invalid: "Your organization has not set up its sign-in yet. Contact your administrator."
}

const explain = (problem: Problem): readonly [status: number, sentence: string] => {
  switch (problem._tag) {
    case "SignInRefused":
      return [403, refusals[problem.error] ?? "Your organization's sign-in does not work. Contact your administrator."]
    case "ConnectionEnded":
      return [403, switchedOff]
    case "StateMismatch":
    case "CodeMissing":
      return [400, "This sign-in has ended, or was started in another browser."]
    case "InvalidGrant":
      return [400, "This sign-in was already used, took too long, or is no longer allowed."]
    case "SchemaError":
    case "InvalidRequest":
      return [400, "This is not a valid email address or organization."]
    case "NoOrganization":
      return [404, "No organization signs in here with this email address."]
    case "ForeignForm":
      return [403, "This request was sent by another site, so it was rejected."]
    case "CircuitOpen":
    case "RequestTimeout":
    case "ServerError":
    case "TooManyRequests":
    case "TransportError":
      return [503, "Sign-in is unavailable at the moment. Try again in a minute."]
    default:
      return [500, "Sign-in does not work because of an error on our side."]
  }
}

/** Returns the page of an error, and logs the error: statuses from 500 at level error, others at level info. */
export const respond = (problem: Problem): Effect.Effect<HttpServerResponse> => {
  const [status, sentence] = explain(problem)
  const log = status >= 500 ? Effect.logError : Effect.logInfo
  const content = html`<p>${sentence}</p>
    <p><a href="/">Sign in</a></p>`
  return Effect.as(
    Effect.annotateLogs(log("The request was rejected."), { problem: problem._tag, reason: problem.message }),
    page("Something went wrong", content, status)
  )
}
