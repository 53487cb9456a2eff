// Who may be sent to which identity provider, and what a browser is told that may not.
import type { Connection } from "@effect-workos/domain/sso/Connection"
import { issuesOf } from "@effect-workos/domain/Issue"
import { InvalidClient, InvalidRedirectUri } from "@effect-workos/domain/sso/OAuthError"
import type { AuthorizationQuery } from "@effect-workos/domain/sso/Sso"
import * as Effect from "effect/Effect"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Option from "effect/Option"
import type * as Schema from "effect/Schema"
import * as Clients from "../Clients.ts"
import type { Store } from "../Store.ts"

/**
 * What the redirect URI is told in place of a code.
 *
 * @see https://workos.com/docs/reference/sso/get-authorization-url/error-codes
 */
export interface Refusal {
  readonly error: string
  readonly description: string
}

/** Where an answer goes. */
interface Return {
  readonly redirectUri: string
  readonly state?: string | undefined
}

const refusal = (error: string, description: string): Refusal => ({ error, description })

/** What is told where somebody did not want to sign in. */
export const denied = refusal("access_denied", "The user denied the sign-in at the identity provider.")

// -----------------------------------------------------------------------------
// Answers
// -----------------------------------------------------------------------------

const withParameters = (uri: string, parameters: Readonly<Record<string, string>>): string =>
  `${uri}${uri.includes("?") ? "&" : "?"}${new URLSearchParams(parameters)}`

const withState = ({ state }: Return) => (state === undefined ? {} : { state })

/** The redirect URI with the code. */
export const codeUrl = (to: Return, code: string): string => withParameters(to.redirectUri, { code, ...withState(to) })

/** The redirect URI with what went wrong. */
export const refusalUrl = (to: Return, { description, error }: Refusal): string =>
  withParameters(to.redirectUri, { error, error_description: description, ...withState(to) })

/** A path of the emulator, as it is called from outside. */
export const urlOf = (path: string): Effect.Effect<string, never, HttpServerRequest.HttpServerRequest> =>
  Effect.map(HttpServerRequest.HttpServerRequest, (request) =>
    Option.match(HttpServerRequest.toURL(request), { onNone: () => path, onSome: ({ origin }) => `${origin}${path}` })
  )

const wantsJson = (accept: string | undefined): boolean =>
  accept !== undefined && /\bapplication\/json\b/i.test(accept) && !/\btext\/html\b/i.test(accept)

/** Sends a browser there, and tells a program that asks for JSON where to send it. */
export const send = (
  url: string
): Effect.Effect<HttpServerResponse.HttpServerResponse, never, HttpServerRequest.HttpServerRequest> =>
  Effect.map(HttpServerRequest.HttpServerRequest, ({ headers }) =>
    wantsJson(headers["accept"])
      ? HttpServerResponse.jsonUnsafe({ url }, { headers: unstored })
      : HttpServerResponse.redirect(url, { headers: unstored })
  )

// What a handler would answer with the error, where there is none.
const toErrorResponse = (error: InvalidClient | InvalidRedirectUri) =>
  HttpServerResponse.jsonUnsafe(
    {
      error: error._tag === "InvalidClient" ? "invalid_client" : "invalid_redirect_uri",
      error_description: error.message
    },
    { status: 400 }
  )

/** Of answers that hold codes and tokens. */
export const unstored = { "cache-control": "no-store" }

// -----------------------------------------------------------------------------
// Rules
// -----------------------------------------------------------------------------

export const unknownClient = "There is no client with this client_id."

/** What a URL asks for, with its question mark. */
export const searchOf = (url: string): string => (url.includes("?") ? url.slice(url.indexOf("?")) : "")

/**
 * Fails where the application or the redirect URI is not known: then nobody is sent anywhere.
 */
export const known = Effect.fnUntraced(function* (
  clients: Clients.Clients,
  { clientId, redirectUri }: Pick<AuthorizationQuery, "clientId" | "redirectUri">
) {
  const client = clients.find(clientId)
  if (client === undefined) return yield* new InvalidClient({ message: unknownClient })
  if (!Clients.isRedirectUri(client, redirectUri)) {
    const message = Clients.isAddressable(redirectUri)
      ? "The redirect_uri is not among those that the client registered."
      : "The redirect_uri is no URL of visible ASCII without a #."
    return yield* new InvalidRedirectUri({ message })
  }
})

const isActive = ({ state }: Connection) => state === "active"

/**
 * The connection that a browser signs in with, or why there is none.
 */
export const connectionFor = (
  { connections, organizations }: Store["Service"],
  { connection, organization, provider }: AuthorizationQuery
): Connection | Refusal => {
  if (connection !== undefined) {
    const found = connections.get(connection)
    if (found === undefined) return refusal("connection_invalid", "There is no connection for the provided ID.")
    return isActive(found) ? found : refusal("connection_unlinked", "The connection is not active.")
  }
  const findBy = (index: "organization" | "type", value: string, limit: number, matches = isActive) =>
    connections.page({ ascending: true, limit, where: [[index, value]], matches }).data
  if (organization !== undefined) {
    if (organizations.get(organization) === undefined) {
      return refusal("organization_invalid", "There is no organization matching the provided ID.")
    }
    const [found, another] = findBy("organization", organization, 2)
    if (another !== undefined) {
      return refusal("ambiguous_connection_selector", "The organization has several connections: name one of them.")
    }
    if (found !== undefined) return found
    return findBy("organization", organization, 1, () => true).length > 0
      ? refusal("connection_unlinked", "The connection of the organization is not active.")
      : refusal("organization_invalid", "No connection is associated with the organization.")
  }
  // Those of a provider belong to no organization, where there are such.
  const ofProvider = (matches: (connection: Connection) => boolean) =>
    provider === undefined ? undefined : findBy("type", provider, 1, (row) => isActive(row) && matches(row))[0]
  return (
    ofProvider(({ organizationId }) => organizationId === undefined) ??
    ofProvider(() => true) ??
    refusal("connection_invalid", "There is no active connection of the provider.")
  )
}

export const isRefusal = (found: Connection | Refusal): found is Refusal => "error" in found

const errors: Readonly<Record<string, string>> = {
  connection: "connection_invalid",
  organization: "organization_invalid",
  provider: "invalid_connection_selector",
  response_type: "unsupported_response_type"
}

const selectors = ["connection", "organization", "provider"]

const whyNot = (asked: URLSearchParams, cause: Schema.SchemaError): Refusal => {
  if (selectors.filter((name) => asked.has(name)).length !== 1) {
    return asked.has("domain")
      ? refusal("domain_connection_selector_not_allowed", "Use connection or organization in place of domain.")
      : refusal("invalid_connection_selector", "Exactly one of connection, organization and provider is needed.")
  }
  const [{ message, path } = { message: "The request is wrong.", path: "" }] = issuesOf(cause)
  return refusal(errors[path] ?? "invalid_request", path === "" ? message : `${path}: ${message}`)
}

const only = (asked: URLSearchParams, name: string): string | undefined => {
  const [value, ...others] = asked.getAll(name)
  return others.length === 0 ? value : undefined
}

/**
 * The answer to a query that is no `AuthorizationQuery`: where the browser is sent with it, once it is clear that it may be.
 */
const misread = Effect.fnUntraced(function* (clients: Clients.Clients, url: string, cause: Schema.SchemaError) {
  const asked = new URLSearchParams(searchOf(url))
  const redirectUri = only(asked, "redirect_uri") ?? ""
  yield* known(clients, { clientId: only(asked, "client_id") ?? "", redirectUri })
  return refusalUrl({ redirectUri, state: only(asked, "state") }, whyNot(asked, cause))
})

/** The same as an answer: the browser is sent there, or told that it may not be. */
export const respondToInvalidQuery = (clients: Clients.Clients, cause: Schema.SchemaError) =>
  Effect.flatMap(HttpServerRequest.HttpServerRequest, ({ url }) => misread(clients, url, cause)).pipe(
    Effect.flatMap(send),
    Effect.catch((error) => Effect.succeed(toErrorResponse(error)))
  )
