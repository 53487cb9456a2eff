// Rules of `/sso/authorize` and `/user_management/authorize`: clients, redirect URIs, connections, and errors in the query of the redirect URI.
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
import type { Tables } from "./Tables.ts"

/**
 * An error that is appended to the redirect URI.
 *
 * @see https://workos.com/docs/reference/sso/get-authorization-url/error-codes
 */
export interface AuthorizationError {
  readonly error: string
  readonly description: string
}

interface Target {
  readonly redirectUri: string
  readonly state?: string | undefined
}

/** Makes an error. */
export const authorizationError = (error: string, description: string): AuthorizationError => ({ error, description })

/** The error when the user denies the sign-in. */
export const denied = authorizationError("access_denied", "The user denied the sign-in.")

// -----------------------------------------------------------------------------
// Responses
// -----------------------------------------------------------------------------

const withParameters = (uri: string, parameters: Readonly<Record<string, string>>): string =>
  `${uri}${uri.includes("?") ? "&" : "?"}${new URLSearchParams(parameters)}`

const withState = ({ state }: Target) => (state === undefined ? {} : { state })

/** Appends the code to the redirect URI. */
export const codeUrl = (target: Target, code: string): string =>
  withParameters(target.redirectUri, { code, ...withState(target) })

/** Appends an error to the redirect URI. */
export const errorUrl = (target: Target, { description, error }: AuthorizationError): string =>
  withParameters(target.redirectUri, { error, error_description: description, ...withState(target) })

/** Returns the URL of a path of the emulator, with the origin of the request. */
export const urlOf = (path: string): Effect.Effect<string, never, HttpServerRequest.HttpServerRequest> =>
  Effect.map(HttpServerRequest.HttpServerRequest, (request) =>
    Option.match(HttpServerRequest.toURL(request), { onNone: () => path, onSome: ({ origin }) => `${origin}${path}` })
  )

const wantsJson = (accept: string | undefined): boolean =>
  accept !== undefined && /\bapplication\/json\b/i.test(accept) && !/\btext\/html\b/i.test(accept)

/** Redirects a browser. A program that accepts JSON receives the URL as JSON. */
export const redirect = (
  url: string
): Effect.Effect<HttpServerResponse.HttpServerResponse, never, HttpServerRequest.HttpServerRequest> =>
  Effect.map(HttpServerRequest.HttpServerRequest, ({ headers }) =>
    wantsJson(headers["accept"])
      ? HttpServerResponse.jsonUnsafe({ url }, { headers: noStore })
      : HttpServerResponse.redirect(url, { headers: noStore })
  )

// A middleware cannot fail with such an error, so this response equals that of a handler that fails.
const toErrorResponse = (error: InvalidClient | InvalidRedirectUri) =>
  HttpServerResponse.jsonUnsafe(
    {
      error: error._tag === "InvalidClient" ? "invalid_client" : "invalid_redirect_uri",
      error_description: error.message
    },
    { status: 400 }
  )

/** Headers of responses with codes and tokens. */
export const noStore = { "cache-control": "no-store" }

// -----------------------------------------------------------------------------
// Rules
// -----------------------------------------------------------------------------

export const unknownClient = "Unknown client_id."

/** Returns the query string of a URL with its question mark. */
export const searchOf = (url: string): string => (url.includes("?") ? url.slice(url.indexOf("?")) : "")

/**
 * Fails if the client or the redirect URI is unknown. In this case, the browser must not be redirected.
 */
export const validateClient = Effect.fnUntraced(function* (
  clients: Clients.Clients,
  { clientId, redirectUri }: Pick<AuthorizationQuery, "clientId" | "redirectUri">
) {
  const client = clients.find(clientId)
  if (client === undefined) return yield* new InvalidClient({ message: unknownClient })
  if (!Clients.isRedirectUri(client, redirectUri)) {
    const message = Clients.isAddressable(redirectUri)
      ? "The redirect_uri is not registered for the client."
      : "The redirect_uri must be a URL of visible ASCII characters without a fragment."
    return yield* new InvalidRedirectUri({ message })
  }
})

const isActive = ({ state }: Connection) => state === "active"

/**
 * Selects the connection to sign in with.
 */
export const connectionFor = (
  { connections, organizations }: Tables,
  { connection, organization, provider }: Pick<AuthorizationQuery, "connection" | "organization" | "provider">
): Connection | AuthorizationError => {
  if (connection !== undefined) {
    const found = connections.get(connection)
    if (found === undefined) return authorizationError("connection_invalid", "No connection has the provided ID.")
    return isActive(found) ? found : authorizationError("connection_unlinked", "The connection is not active.")
  }
  const findActive = (index: "organizationId" | "connectionType", value: string, limit: number, matches = isActive) =>
    connections.page({ ascending: true, limit, where: [[index, value]], matches }).data
  if (organization !== undefined) {
    if (organizations.get(organization) === undefined) {
      return authorizationError("organization_invalid", "No organization has the provided ID.")
    }
    const [found, another] = findActive("organizationId", organization, 2)
    if (another !== undefined) {
      return authorizationError(
        "ambiguous_connection_selector",
        "The organization has several active connections. Select one with the parameter connection."
      )
    }
    if (found !== undefined) return found
    return findActive("organizationId", organization, 1, () => true).length > 0
      ? authorizationError("connection_unlinked", "The connection of the organization is not active.")
      : authorizationError("organization_invalid", "No connection is associated with the organization.")
  }
  // Connections without an organization are preferred.
  const ofProvider = (matches: (connection: Connection) => boolean) =>
    provider === undefined
      ? undefined
      : findActive("connectionType", provider, 1, (row) => isActive(row) && matches(row))[0]
  return (
    ofProvider(({ organizationId }) => organizationId === undefined) ??
    ofProvider(() => true) ??
    authorizationError("connection_invalid", "The provider has no active connection.")
  )
}

export const isError = <A extends object>(found: A | AuthorizationError): found is AuthorizationError =>
  "error" in found

/** The errors of queries that do not decode. */
export interface Rules {
  /** The error of an invalid selection of the way to sign in, if any. */
  readonly selection: (parameters: URLSearchParams) => AuthorizationError | undefined
  /** The names of the errors of parameters. Other parameters have the error `invalid_request`. */
  readonly errors: Readonly<Record<string, string>>
}

const domainNotAllowed = authorizationError(
  "domain_connection_selector_not_allowed",
  "Use connection or organization instead of domain."
)

const counting = (parameters: URLSearchParams, selectors: ReadonlyArray<string>): number =>
  selectors.filter((name) => parameters.has(name)).length

/** The rules of `/sso/authorize`. */
export const ssoRules: Rules = {
  selection: (parameters) =>
    counting(parameters, ["connection", "organization", "provider"]) === 1
      ? undefined
      : parameters.has("domain")
        ? domainNotAllowed
        : authorizationError(
            "invalid_connection_selector",
            "Exactly one of connection, organization and provider is required."
          ),
  errors: {
    connection: "connection_invalid",
    organization: "organization_invalid",
    provider: "invalid_connection_selector",
    response_type: "unsupported_response_type"
  }
}

/** The rules of `/user_management/authorize`. */
export const authKitRules: Rules = {
  selection: (parameters) =>
    counting(parameters, ["connection_id", "organization_id", "provider"]) > 0
      ? undefined
      : authorizationError(
          "invalid_connection_selector",
          "One of provider, connection_id and organization_id is required."
        ),
  errors: {
    connection_id: "connection_invalid",
    organization_id: "organization_invalid",
    provider: "invalid_connection_selector",
    response_type: "unsupported_response_type"
  }
}

const toError = (parameters: URLSearchParams, cause: Schema.SchemaError, rules: Rules): AuthorizationError => {
  const [{ message, path } = { message: "The request is invalid.", path: "" }] = issuesOf(cause)
  return (
    rules.selection(parameters) ??
    authorizationError(rules.errors[path] ?? "invalid_request", path === "" ? message : `${path}: ${message}`)
  )
}

const only = (parameters: URLSearchParams, name: string): string | undefined => {
  const [value, ...others] = parameters.getAll(name)
  return others.length === 0 ? value : undefined
}

/**
 * Returns the redirect URI with an error for a query that does not decode. Fails if the redirect URI is not allowed.
 */
const invalidQueryUrl = Effect.fnUntraced(function* (
  clients: Clients.Clients,
  url: string,
  cause: Schema.SchemaError,
  rules: Rules
) {
  const parameters = new URLSearchParams(searchOf(url))
  const redirectUri = only(parameters, "redirect_uri") ?? ""
  yield* validateClient(clients, { clientId: only(parameters, "client_id") ?? "", redirectUri })
  return errorUrl({ redirectUri, state: only(parameters, "state") }, toError(parameters, cause, rules))
})

/** Responds to a query that does not decode: with a redirect, or with 400 if the redirect URI is not allowed. */
export const respondToInvalidQuery = (clients: Clients.Clients, cause: Schema.SchemaError, rules: Rules) =>
  Effect.flatMap(HttpServerRequest.HttpServerRequest, ({ url }) => invalidQueryUrl(clients, url, cause, rules)).pipe(
    Effect.flatMap(redirect),
    Effect.catch((error) => Effect.succeed(toErrorResponse(error)))
  )
