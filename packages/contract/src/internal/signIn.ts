// The laws and fixtures of signing in: authorization codes and access tokens.
//
// They require a server that redirects immediately, as emulators do, since no user can sign in.
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Equal from "effect/Equal"
import * as Redacted from "effect/Redacted"
import { valueAt, isRow, type Row } from "@effect-workos/contract-engine/ApiConventions"
import {
  type Access,
  type Response,
  type Exchange,
  type Request,
  type NoResponse
} from "@effect-workos/contract-engine/Exchange"
import * as Lifecycle from "@effect-workos/contract-engine/Lifecycle"
import * as Sampling from "@effect-workos/contract-engine/Sampling"
import * as Law from "@effect-workos/contract-engine/Law"
import * as Property from "@effect-workos/contract-engine/Property"
import { type Fixtures, Session } from "@effect-workos/contract-engine/Session"
import type { ResolvedSettings } from "@effect-workos/contract-engine/Settings"
import * as AccessToken from "./accessToken.ts"
import { operation, violation } from "./created.ts"

const reference = "https://workos.com/docs/reference/sso"

/** Returns the values of parameters that the settings provide. */
export const parameterValues = ({
  clientId,
  redirectUri
}: ResolvedSettings): Readonly<Record<string, ReadonlyArray<string>>> =>
  clientId === undefined
    ? {}
    : { clientId: [clientId], client_id: [clientId], redirect_uri: [redirectUri ?? defaultRedirectUri] }

/** The default redirect URI. The suite never follows the redirect. */
export const defaultRedirectUri = "http://localhost/callback"

/** An authorization code with everything needed to exchange the code. */
interface Grant {
  readonly clientId: string
  readonly code: string
  readonly verifier: string
  readonly authorized: Exchange
}

/** Returns the SHA-256 hash of a text in Base64url. */
export const digest = (text: string): Effect.Effect<string> =>
  Effect.map(
    Effect.promise(() => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))),
    (hash) => Base64Url.encode(new Uint8Array(hash))
  )

/** Returns the location of a redirect, or the URL in the equivalent JSON. */
export const locationOf = ({ headers, json }: Response): string => headers["location"] ?? String(valueAt(json, ["url"]))

/**
 * Returns whether a response is an OAuth error in a redirect to the application.
 */
export const isOAuthError = (response: Response): boolean => {
  const location = locationOf(response)
  return URL.canParse(location) && new URL(location).searchParams.has("error")
}

// PKCE replaces the client secret, so that counterexamples contain no secret.
const authorize = Effect.fnUntraced(function* (clientId: string, connection: string, position: number) {
  const session = yield* Session
  const { redirectUri = defaultRedirectUri, seed } = session.settings
  const verifier = yield* digest(`effect-workos-contract ${seed} ${position}`)
  const request: Request = {
    ...Lifecycle.itemRequest(yield* operation("sso.authorize"), ""),
    query: [
      ["client_id", clientId],
      ["redirect_uri", redirectUri],
      ["response_type", "code"],
      ["connection", connection],
      ["code_challenge", yield* digest(verifier)],
      ["code_challenge_method", "S256"]
    ]
  }
  const authorized = yield* session.send(request)
  const location = locationOf(authorized.response)
  const code = URL.canParse(location) ? new URL(location).searchParams.get("code") : null
  yield* session.addSecrets([code])
  if (code === null || !location.startsWith(redirectUri)) {
    const reason = `the server does not redirect with a code immediately: authorizing returned ${authorized.response.status}`
    return yield* new Law.CannotCheck({ reason })
  }
  return { authorized, clientId, code, verifier }
})

// Active connections; those that support logout first.
const activeConnections = Effect.gen(function* () {
  const { description } = yield* Session
  const rows = yield* Sampling.rowsOf([yield* operation("connections.list")], description.conventions)
  return rows
    .filter(({ state }) => state === "active")
    .toSorted((a, b) => Number(supportsLogout(b)) - Number(supportsLogout(a)))
    .slice(0, connections)
})

// Checks one authorization code for each of some connections.
const forEachCode =
  (check: (grant: Grant, position: number) => Effect.Effect<Property.CaseResult, NoResponse, Session>) =>
  (): Effect.Effect<Law.Outcome, NoResponse, Session> =>
    Effect.gen(function* () {
      const { settings } = yield* Session
      const { clientId } = settings
      if (clientId === undefined) return Law.skipped("signing in requires a client id; set WORKOS_CLIENT_ID")
      const active = yield* activeConnections
      if (active.length === 0) return Law.skipped("signing in requires an active connection")
      return yield* Property.forEach(active.entries(), ([position, { id }]) =>
        Effect.flatMap(authorize(clientId, String(id), position), (grant) => check(grant, position))
      )
    })

const supportsLogout = ({ connection_type: type }: Row): boolean => /SAML$|OIDC$/i.test(String(type))

/** Number of connections to sign in with. */
const connections = 3

const exchange = Effect.fnUntraced(function* (grant: Grant, changes: Readonly<Record<string, string>> = {}) {
  const { addSecrets, send } = yield* Session
  const request = Lifecycle.itemRequest(yield* operation("sso.profileAndToken"), "")
  const form = {
    client_id: grant.clientId,
    code: grant.code,
    code_verifier: grant.verifier,
    grant_type: "authorization_code",
    ...changes
  }
  const exchanged = yield* send({ ...request, body: { form } })
  const body = [exchanged.response.json].filter(isRow)
  yield* addSecrets(["access_token", "refresh_token"].flatMap((name) => Sampling.fieldValues(body, name)))
  return exchanged
})

// Tokens must not appear in reports.
const describeTokenResponse = ({ response: { json, status } }: Exchange): string => {
  const error = valueAt(json, ["error"])
  return error === undefined ? `${status}, with a token` : `${status}: ${String(error)}`
}

const tokenIn = ({ response: { json, status } }: Exchange): string | undefined => {
  const token = isRow(json) ? json["access_token"] : undefined
  return status === 200 && typeof token === "string" ? token : undefined
}

const checkInvalidGrant = (grant: Grant, exchanged: Exchange, before: ReadonlyArray<Exchange>, message: string) =>
  exchanged.response.status === 400 && valueAt(exchanged.response.json, ["error"]) === "invalid_grant"
    ? Property.passed
    : violation(
        message,
        "400 invalid_grant",
        [grant.authorized, ...before, exchanged],
        describeTokenResponse(exchanged)
      )

// -----------------------------------------------------------------------------
// Codes
// -----------------------------------------------------------------------------

const codeOnce: Law.Law = {
  id: "workos/code-once",
  sentence: "An authorization code can be exchanged only once; a second exchange returns `invalid_grant`.",
  source: {
    kind: "expected",
    text: "RFC 6749, 4.1.2: “The client MUST NOT use the authorization code more than once. If an authorization code is used more than once, the authorization server MUST deny the request”.",
    url: `${reference}/profile/get-profile-and-token`
  },
  severity: "error",
  writes: true,
  appliesTo: ({ id }) => id === "sso.profileAndToken",
  check: forEachCode((grant) =>
    Effect.gen(function* () {
      const first = yield* exchange(grant)
      if (tokenIn(first) === undefined) {
        return violation(
          "refused a new code",
          "a profile and a token",
          [grant.authorized, first],
          describeTokenResponse(first)
        )
      }
      const second = yield* exchange(grant)
      return checkInvalidGrant(grant, second, [first], "accepted a code for the second time")
    })
  )
}

const codeChallenge: Law.Law = {
  id: "workos/code-challenge",
  sentence: "An authorization code with a PKCE challenge can be exchanged only with the matching verifier.",
  source: {
    kind: "expected",
    text: 'RFC 7636, 4.6: “If the values are not equal, an error response indicating "invalid_grant" … MUST be returned.”',
    url: `${reference}/profile/get-profile-and-token`
  },
  severity: "error",
  writes: true,
  appliesTo: ({ id }) => id === "sso.profileAndToken",
  check: forEachCode((grant) =>
    Effect.gen(function* () {
      const last = grant.verifier.endsWith("A") ? "B" : "A"
      const wrong = yield* exchange(grant, { code_verifier: `${grant.verifier.slice(0, -1)}${last}` })
      return checkInvalidGrant(grant, wrong, [], "accepted a code with a wrong verifier")
    })
  )
}

// -----------------------------------------------------------------------------
// Tokens
// -----------------------------------------------------------------------------

// Returns the issue of a token of a client, if any, according to the client's keys.
const tokenIssue = Effect.fnUntraced(function* (token: string, clientId: string, keys: ReadonlyArray<Row>) {
  const issue = yield* AccessToken.issueOf(token, keys)
  if (issue !== undefined) return issue
  const { aud, client_id: client, sub } = AccessToken.claimsOf(token)
  // Either claim may contain the client id.
  const clients = [client, aud].flat().filter((one) => one !== undefined)
  if (!clients.includes(clientId)) return `the token is for the client ${clients.join(", ") || "(none)"}`
  return typeof sub === "string" ? undefined : "the token has no sub"
})

// Checks the access token of each code, if there is one.
const forEachToken = (
  check: (token: string, exchanged: Exchange, grant: Grant) => Effect.Effect<Property.CaseResult, NoResponse, Session>
) =>
  forEachCode((grant) =>
    Effect.flatMap(exchange(grant), (exchanged) => {
      const token = tokenIn(exchanged)
      return token === undefined
        ? Effect.succeed<Property.CaseResult>(Property.inconclusive)
        : check(token, exchanged, grant)
    })
  )

const tokenVerifies: Law.Law = {
  id: "workos/token-verifies",
  sentence:
    "An access token is signed with RS256 by a key in the JWKS of its client, contains the client id, and is not expired.",
  source: {
    kind: "documented",
    text: "“Returns the JSON Web Key Set (JWKS) containing the public keys used for verifying access tokens.”",
    url: `${reference}/jwks`
  },
  severity: "error",
  writes: true,
  appliesTo: ({ id }) => id === "sso.jwks",
  check: forEachToken((token, exchanged, grant) =>
    Effect.gen(function* () {
      const { jwks, keys } = yield* AccessToken.keysOf(grant.clientId)
      const fault = yield* tokenIssue(token, grant.clientId, keys)
      return fault === undefined
        ? Property.passed
        : violation("returned no key that verifies an access token", "a valid token", [exchanged, jwks], fault)
    })
  )
}

const profileOfToken: Law.Law = {
  id: "workos/profile-of-token",
  sentence:
    "For an access token, the server returns the profile that was issued with the token; for a modified token, it returns 401.",
  source: {
    kind: "documented",
    text: "“Exchange an access token for a user's Profile.” The profile is the one that the code was exchanged for.",
    url: `${reference}/profile/get-user-profile`
  },
  severity: "error",
  writes: true,
  appliesTo: ({ id }) => id === "sso.profile",
  check: forEachToken((token, exchanged) =>
    Effect.gen(function* () {
      const { send } = yield* Session
      const plain = Lifecycle.itemRequest(yield* operation("sso.profile"), "")
      const by = (token: string, shown: string) => send({ ...plain, access: bearer(token, shown) })
      const got = yield* by(token, "$ACCESS_TOKEN")
      const expected = valueAt(exchanged.response.json, ["profile"])
      if (got.response.status !== 200 || !Equal.equals(got.response.json, expected)) {
        return violation(
          `returned ${got.response.status} without the expected profile`,
          "the profile that was issued with the token",
          [exchanged, got]
        )
      }
      const [head = "", body = "", signature = ""] = token.split(".")
      const other = body.startsWith("e") ? "f" : "e"
      const forged = yield* by(`${head}.${other}${body.slice(1)}.${signature}`, "${ACCESS_TOKEN}~")
      return forged.response.status === 401
        ? Property.passed
        : violation("accepted a modified token", "401", [exchanged, forged])
    })
  )
}

// -----------------------------------------------------------------------------
// Fixtures
// -----------------------------------------------------------------------------

// Sends a request for each sign-in, if signing in is possible.
const afterSignIn = (sendNext: (exchanged: Exchange) => Effect.Effect<Exchange | undefined, NoResponse, Session>) =>
  Effect.gen(function* () {
    const { settings } = yield* Session
    const { clientId } = settings
    if (clientId === undefined) return []
    const exchanges: Array<Exchange> = []
    for (const [position, { id }] of (yield* activeConnections).entries()) {
      const grant = yield* Effect.catchTag(
        authorize(clientId, String(id), position),
        "CannotCheck",
        () => Effect.undefined
      )
      if (grant === undefined) return []
      const found = yield* sendNext(yield* exchange(grant))
      if (found !== undefined) exchanges.push(found)
    }
    return exchanges
  })

const profile = Effect.fnUntraced(function* (exchanged: Exchange) {
  const { send } = yield* Session
  const token = tokenIn(exchanged)
  const request = Lifecycle.itemRequest(yield* operation("sso.profile"), "")
  return token === undefined ? undefined : yield* send({ ...request, access: bearer(token, "$ACCESS_TOKEN") })
})

const logoutAuthorize = Effect.fnUntraced(function* (exchanged: Exchange) {
  const { addSecrets, send } = yield* Session
  const request = Lifecycle.itemRequest(yield* operation("sso.logoutAuthorize"), "")
  const profileId = valueAt(exchanged.response.json, ["profile", "id"])
  const prepared = yield* send({ ...request, body: { json: { profile_id: profileId } } })
  yield* addSecrets([valueAt(prepared.response.json, ["logout_token"])])
  return prepared
})

const logout = Effect.fnUntraced(function* (exchanged: Exchange) {
  const { send } = yield* Session
  const token = valueAt((yield* logoutAuthorize(exchanged)).response.json, ["logout_token"])
  const request = Lifecycle.itemRequest(yield* operation("sso.logout"), "")
  return typeof token === "string" ? yield* send({ ...request, query: [["token", token]] }) : undefined
})

const bearer = (token: string, shown: string): Access => ({
  value: Redacted.make(`Bearer ${token}`),
  shown: `Bearer ${shown}`
})

/**
 * Requests of the sign-in flow that succeed, which random generation cannot produce. Signing in changes no resource.
 */
export const fixtures: Fixtures = {
  "sso.profileAndToken": { writes: false, send: afterSignIn(Effect.succeed) },
  "sso.profile": { writes: false, send: afterSignIn(profile) },
  "sso.logoutAuthorize": { writes: true, send: afterSignIn(logoutAuthorize) },
  "sso.logout": { writes: true, send: afterSignIn(logout) }
}

export const signIn: ReadonlyArray<Law.Law> = [codeOnce, codeChallenge, tokenVerifies, profileOfToken]
