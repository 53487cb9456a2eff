// Users that a law creates, and their authentications.
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { isRow, valueAt } from "@effect-workos/contract-engine/ApiConventions"
import { excerpt, type Exchange, type NoResponse } from "@effect-workos/contract-engine/Exchange"
import * as Law from "@effect-workos/contract-engine/Law"
import * as Lifecycle from "@effect-workos/contract-engine/Lifecycle"
import * as Property from "@effect-workos/contract-engine/Property"
import * as Sampling from "@effect-workos/contract-engine/Sampling"
import { Session } from "@effect-workos/contract-engine/Session"
import * as AccessToken from "./accessToken.ts"
import { create, operation } from "./created.ts"
import { digest } from "./signIn.ts"

/** A user that belongs to the run, with a password. */
export interface User extends Lifecycle.Created {
  readonly email: string
  readonly password: string
}

/**
 * Creates a user with a password. Fails with `CannotCheck` if the server refuses.
 */
const createUser = Effect.fnUntraced(function* (isVerified: boolean) {
  const { addSecrets, settings } = yield* Session
  const password = yield* digest(`effect-workos-contract password ${settings.seed}`)
  yield* addSecrets([password])
  const created = yield* create("users", { email: "replaced", email_verified: isVerified, password })
  return { ...created, password, email: String(created.row["email"]) } satisfies User
})

/**
 * Creates a user, runs an effect, and deletes the user.
 */
export const withUser = <A, E, R>(
  use: (user: User) => Effect.Effect<A, E, R>,
  { isVerified = true }: { readonly isVerified?: boolean } = {}
) => Effect.flatMap(createUser(isVerified), (user) => Lifecycle.thenRemove(user, use(user)))

/** The number of users of a law, so that a server cannot confuse them. */
const userCount = 2

/**
 * Checks users that are created for the law and deleted after it.
 */
export const forEachUser = (
  check: (user: User) => Effect.Effect<Property.CaseResult, NoResponse | Law.CannotCheck, Session>
): Effect.Effect<Law.Outcome, NoResponse, Session> =>
  Property.forEach(Array.from({ length: userCount }), () => withUser(check))

// -----------------------------------------------------------------------------
// Authentications
// -----------------------------------------------------------------------------

/** The tokens of an authentication, with the session and the user in the claims of the access token. */
export interface Tokens {
  readonly exchange: Exchange
  readonly accessToken: string
  readonly refreshToken: string
  readonly sessionId: string
}

/**
 * Sends an authentication with the client id and the API key, which reports redact. Fails with `CannotCheck` without them.
 */
export const authenticate = Effect.fnUntraced(function* (grant: Readonly<Record<string, string>>) {
  const { addSecrets, credentials, send, settings } = yield* Session
  const { clientId } = settings
  if (clientId === undefined || credentials === undefined) {
    return yield* new Law.CannotCheck({
      reason: "signing in requires a client id and an API key; set WORKOS_CLIENT_ID"
    })
  }
  const json = { client_id: clientId, client_secret: Redacted.value(credentials.key), ...grant }
  const request = Lifecycle.itemRequest(yield* operation("authentication.authenticate"), "")
  const exchange = yield* send({ ...request, body: { json } })
  const body = [exchange.response.json].filter(isRow)
  const secrets = ["access_token", "refresh_token", "pending_authentication_token"]
  yield* addSecrets(secrets.flatMap((name) => Sampling.fieldValues(body, name)))
  return exchange
})

/** Authenticates with an email address and a password. */
export const withPassword = ({ email, password }: Pick<User, "email" | "password">) =>
  authenticate({ grant_type: "password", email, password })

/** Authenticates with a refresh token, and switches to an organization if given. */
export const withRefreshToken = (refreshToken: string, organizationId?: string) =>
  authenticate({
    grant_type: "refresh_token",
    refresh_token: refreshToken,
    ...(organizationId === undefined ? {} : { organization_id: organizationId })
  })

/**
 * Returns the tokens of a successful authentication.
 */
export const tokensIn = (exchange: Exchange): Tokens | undefined => {
  const { json, status } = exchange.response
  const accessToken = valueAt(json, ["access_token"])
  const refreshToken = valueAt(json, ["refresh_token"])
  if (status >= 300 || typeof accessToken !== "string" || typeof refreshToken !== "string") return undefined
  return { exchange, accessToken, refreshToken, sessionId: String(AccessToken.claimsOf(accessToken)["sid"]) }
}

/**
 * Starts a session of a user with the password. Fails with `CannotCheck` if the server refuses, for example because it
 * requires another step.
 */
export const startSession = (user: User) =>
  Effect.flatMap(withPassword(user), (exchange) => {
    const tokens = tokensIn(exchange)
    const reason = `no user could sign in with a password: authenticating returned ${excerpt(exchange.response, 120)}`
    return tokens === undefined ? Effect.fail(new Law.CannotCheck({ reason })) : Effect.succeed(tokens)
  })

/**
 * Describes the response to an authentication without its tokens.
 */
export const describeAuthentication = ({ response: { json, status } }: Exchange): string => {
  const error = valueAt(json, ["error"]) ?? valueAt(json, ["code"])
  if (status < 300) return `${status}, with tokens`
  return error === undefined ? String(status) : `${status}: ${String(error)}`
}

/**
 * Returns whether a server refused a code or a token as an OAuth server does.
 */
export const isInvalidGrant = ({ response: { json, status } }: Exchange): boolean =>
  status === 400 && valueAt(json, ["error"]) === "invalid_grant"
