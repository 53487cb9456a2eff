// What goes wrong, as a page with one sentence for whoever is at the browser.
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

/** Nobody's organization signs in with this address. */
export class NoOrganization extends Data.TaggedError("NoOrganization") {}

/** A form that was sent from another site. */
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

const switchedOff = "Your organization has switched its sign-in off; ask its administrator."

// WorkOS's names for what an identity provider, or its connection, would not do.
const refusals: Readonly<Record<string, string>> = {
  access_denied: "You did not sign in, or your organization does not let you.",
  connection_invalid: "Your organization does not sign in here any more; ask its administrator.",
  connection_unlinked: switchedOff,
  organization_invalid: "Your organization has not set up its sign-in yet; ask its administrator."
}

const explain = (problem: Problem): readonly [status: number, sentence: string] => {
  switch (problem._tag) {
    case "SignInRefused":
      return [403, refusals[problem.error] ?? "Your organization's sign-in does not work; ask its administrator."]
    case "ConnectionEnded":
      return [403, switchedOff]
    case "StateMismatch":
    case "CodeMissing":
      return [400, "This sign-in is over, or was begun in another browser."]
    case "InvalidGrant":
      return [400, "This sign-in was used before, took too long, or is not allowed any more."]
    case "SchemaError":
    case "InvalidRequest":
      return [400, "Nobody can sign in with this: check the address."]
    case "NoOrganization":
      return [404, "No organization signs in here with this address."]
    case "ForeignForm":
      return [403, "This was asked for by another site, and not done."]
    case "CircuitOpen":
    case "RequestTimeout":
    case "ServerError":
    case "TooManyRequests":
    case "TransportError":
      return [503, "Signing in does not work at the moment; try again in a minute."]
    default:
      return [500, "Signing in does not work; we have been told."]
  }
}

/** The page, and a line in the log: a warning, or an error where it is for us to mend. */
export const answer = (problem: Problem): Effect.Effect<HttpServerResponse> => {
  const [status, sentence] = explain(problem)
  const log = status >= 500 ? Effect.logError : Effect.logInfo
  const content = html`<p>${sentence}</p>
    <p><a href="/">Sign in</a></p>`
  return Effect.as(
    Effect.annotateLogs(log("Nobody was signed in."), { problem: problem._tag, reason: problem.message }),
    page("That did not work", content, status)
  )
}
