// What WorkOS promises of signing in: codes that are good once, and access tokens that verify.
//
// Only where a server sends the browser back at once, as emulators do: nobody is there to sign in.
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Equal from "effect/Equal"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { at, isRow, type Row } from "../../Convention.ts"
import { type Access, type Answer, type Exchange, type Request, type Unanswered } from "../../Exchange.ts"
import * as Exercise from "../Exercise.ts"
import * as Harvest from "../Harvest.ts"
import * as Law from "../../Law.ts"
import * as Property from "../Property.ts"
import { type Exercises, Session } from "../../Session.ts"
import type { Settled } from "../Settings.ts"
import { operation, violation } from "./own.ts"

const reference = "https://workos.com/docs/reference/sso"

/** What whoever starts a run knows of the client, by the names of parameters. */
export const known = ({ clientId, redirectUri }: Settled): Readonly<Record<string, ReadonlyArray<string>>> =>
  clientId === undefined ? {} : { clientId: [clientId], client_id: [clientId], redirect_uri: [redirectUri ?? nowhere] }

/** Where browsers are sent back to where nothing is said: nobody follows. */
const nowhere = "http://localhost/callback"

/** A code, with all that it takes to exchange it. */
interface Grant {
  readonly clientId: string
  readonly code: string
  readonly verifier: string
  readonly authorized: Exchange
}

const digest = (text: string): Effect.Effect<string> =>
  Effect.map(
    Effect.promise(() => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))),
    (hash) => Base64Url.encode(new Uint8Array(hash))
  )

// A redirection, or for those who ask for JSON the same as such.
const locationOf = ({ headers, json }: Answer): string => headers["location"] ?? String(at(json, ["url"]))

/**
 * Whether an answer is an error that the browser takes to the application.
 */
export const isOAuthError = (answer: Answer): boolean => {
  const location = locationOf(answer)
  return URL.canParse(location) && new URL(location).searchParams.has("error")
}

// The verifier takes the place of the client's secret, so that no secret is in anything that is shown.
const authorize = Effect.fnUntraced(function* (clientId: string, connection: string, position: number) {
  const session = yield* Session
  const { redirectUri = nowhere, seed } = session.settings
  const verifier = yield* digest(`effect-workos-contract ${seed} ${position}`)
  const request: Request = {
    ...Exercise.itemRequest(yield* operation("sso.authorize"), ""),
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
  const location = locationOf(authorized.answer)
  const code = URL.canParse(location) ? new URL(location).searchParams.get("code") : null
  if (code !== null) session.secrets.add(code)
  const isBack = location.startsWith(redirectUri)
  return code === null || !isBack ? `${authorized.answer.status}` : { authorized, clientId, code, verifier }
})

// Some connections that are active: those first that can sign somebody out as well.
const activeConnections = Effect.gen(function* () {
  const { description } = yield* Session
  const rows = yield* Harvest.rowsOf([yield* operation("connections.list")], description.convention.lists)
  return rows
    .filter(({ state }) => state === "active")
    .toSorted((a, b) => Number(signsOut(b)) - Number(signsOut(a)))
    .slice(0, connections)
})

// A law about codes: a code each for some connections.
const everyCode =
  (check: (grant: Grant, position: number) => Effect.Effect<Property.Verdict, Unanswered, Session>) =>
  (): Effect.Effect<Law.Finding, Unanswered, Session> =>
    Effect.gen(function* () {
      const { settings } = yield* Session
      const { clientId } = settings
      if (clientId === undefined) return Law.notExercised("no client id was given to sign in with")
      const active = yield* activeConnections
      if (active.length === 0) return Law.notExercised("there is no active connection to sign in with")
      let reason = ""
      const finding = yield* Property.forEach(active.entries(), ([position, { id }]) =>
        Effect.gen(function* () {
          const grant = yield* authorize(clientId, String(id), position)
          if (typeof grant !== "string") return yield* check(grant, position)
          reason = `the server gives no code at once: authorizing was answered with ${grant}, without one`
          return "vacuous"
        })
      )
      return finding._tag === "NotExercised" && reason !== "" ? Law.notExercised(reason) : finding
    })

const signsOut = ({ connection_type: type }: Row): boolean => /SAML$|OIDC$/i.test(String(type))

/** How many connections are signed in with. */
const connections = 3

const exchange = Effect.fnUntraced(function* (grant: Grant, changes: Readonly<Record<string, string>> = {}) {
  const { secrets, send } = yield* Session
  const request = Exercise.itemRequest(yield* operation("sso.token"), "")
  const form = {
    client_id: grant.clientId,
    code: grant.code,
    code_verifier: grant.verifier,
    grant_type: "authorization_code",
    ...changes
  }
  const exchanged = yield* send({ ...request, body: { form } })
  for (const name of ["access_token", "refresh_token"]) {
    for (const token of Harvest.valuesUnder([exchanged.answer.json].filter(isRow), name)) secrets.add(token)
  }
  return exchanged
})

// A token is shown to nobody, whatever is wrong with it.
const hidden = ({ answer: { json, status } }: Exchange): string => {
  const error = at(json, ["error"])
  return error === undefined ? `${status}, with a token` : `${status}: ${String(error)}`
}

const tokenIn = ({ answer: { json, status } }: Exchange): string | undefined => {
  const token = isRow(json) ? json["access_token"] : undefined
  return status === 200 && typeof token === "string" ? token : undefined
}

const refused = (grant: Grant, exchanged: Exchange, before: ReadonlyArray<Exchange>, message: string) =>
  exchanged.answer.status === 400 && at(exchanged.answer.json, ["error"]) === "invalid_grant"
    ? "holds"
    : violation(message, "400 invalid_grant", [grant.authorized, ...before, exchanged], hidden(exchanged))

// -----------------------------------------------------------------------------
// Codes
// -----------------------------------------------------------------------------

const codeOnce: Law.Law = {
  id: "workos/code-once",
  sentence: "A code is exchanged once, and refused as `invalid_grant` the second time.",
  source: {
    kind: "expected",
    text: "RFC 6749, 4.1.2: “The client MUST NOT use the authorization code more than once. If an authorization code is used more than once, the authorization server MUST deny the request”.",
    url: `${reference}/profile/get-profile-and-token`
  },
  severity: "error",
  writes: true,
  appliesTo: ({ id }) => id === "sso.token",
  check: everyCode((grant) =>
    Effect.gen(function* () {
      const first = yield* exchange(grant)
      if (tokenIn(first) === undefined) {
        return violation(
          "refused a code that was just given",
          "a profile and a token",
          [grant.authorized, first],
          hidden(first)
        )
      }
      const second = yield* exchange(grant)
      return refused(grant, second, [first], "took a code for the second time")
    })
  )
}

const codeChallenge: Law.Law = {
  id: "workos/code-challenge",
  sentence: "A code that was asked for with a challenge is exchanged for its verifier, and for no other.",
  source: {
    kind: "expected",
    text: 'RFC 7636, 4.6: “If the values are not equal, an error response indicating "invalid_grant" … MUST be returned.”',
    url: `${reference}/profile/get-profile-and-token`
  },
  severity: "error",
  writes: true,
  appliesTo: ({ id }) => id === "sso.token",
  check: everyCode((grant) =>
    Effect.gen(function* () {
      const last = grant.verifier.endsWith("A") ? "B" : "A"
      const wrong = yield* exchange(grant, { code_verifier: `${grant.verifier.slice(0, -1)}${last}` })
      return refused(grant, wrong, [], "took a code with a verifier that is not its own")
    })
  )
}

// -----------------------------------------------------------------------------
// Tokens
// -----------------------------------------------------------------------------

const parse = (part: string | undefined): Row => {
  const text = Result.getOrElse(Base64Url.decodeString(part ?? ""), () => "")
  try {
    const value: unknown = JSON.parse(text)
    return isRow(value) ? value : {}
  } catch {
    return {}
  }
}

const bytesOf = (part: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Result.getOrElse(Base64Url.decode(part), () => new Uint8Array()))

const isSigned = (token: string, key: Row): Effect.Effect<boolean> => {
  const [head = "", body = "", signature = ""] = token.split(".")
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }
  return Effect.tryPromise(async () => {
    const jwk = { kty: "RSA", n: String(key["n"]), e: String(key["e"]) }
    const imported = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["verify"])
    return crypto.subtle.verify(
      algorithm.name,
      imported,
      bytesOf(signature),
      new TextEncoder().encode(`${head}.${body}`)
    )
  }).pipe(Effect.orElseSucceed(() => false))
}

// What is wrong with a token of a client, by the keys that the client is shown.
const faultOf = Effect.fnUntraced(function* (token: string, clientId: string, keys: ReadonlyArray<Row>) {
  const [head, body] = token.split(".")
  const { alg, kid } = parse(head)
  const { aud, client_id: client, exp, sub } = parse(body)
  if (alg !== "RS256") return `its alg is ${String(alg)}, not RS256`
  const key = keys.find((key) => key["kid"] === kid)
  if (key === undefined) return `its kid ${String(kid)} is none of the keys'`
  if (!(yield* isSigned(token, key))) return "its signature is not that of the key"
  if (typeof exp !== "number" || exp * 1000 <= (yield* Clock.currentTimeMillis)) return `it expires at ${String(exp)}`
  // Either claim names the client.
  const clients = [client, aud].flat().filter((one) => one !== undefined)
  if (!clients.includes(clientId)) return `it is for the client ${clients.join(", ") || "of nobody"}`
  return typeof sub === "string" ? undefined : "it says of nobody that it is theirs"
})

// A law of the tokens that codes are exchanged for, where there is one.
const everyToken = (
  check: (token: string, exchanged: Exchange, grant: Grant) => Effect.Effect<Property.Verdict, Unanswered, Session>
) =>
  everyCode((grant) =>
    Effect.flatMap(exchange(grant), (exchanged) => {
      const token = tokenIn(exchanged)
      return token === undefined ? Effect.succeed<Property.Verdict>("vacuous") : check(token, exchanged, grant)
    })
  )

const tokenVerifies: Law.Law = {
  id: "workos/token-verifies",
  sentence:
    "An access token is signed with RS256 by one of its client's keys, names its client, and has not expired when it is given.",
  source: {
    kind: "documented",
    text: "“Returns the JSON Web Key Set (JWKS) containing the public keys used for verifying access tokens.”",
    url: `${reference}/jwks`
  },
  severity: "error",
  writes: true,
  appliesTo: ({ id }) => id === "sso.jwks",
  check: everyToken((token, exchanged, grant) =>
    Effect.gen(function* () {
      const { send } = yield* Session
      const jwks = yield* send(Exercise.itemRequest(yield* operation("sso.jwks"), grant.clientId))
      const keys = at(jwks.answer.json, ["keys"])
      const fault = yield* faultOf(token, grant.clientId, Array.isArray(keys) ? keys.filter(isRow) : [])
      return fault === undefined
        ? "holds"
        : violation("has no key that verifies an access token", "a token that verifies", [exchanged, jwks], fault)
    })
  )
}

const profileOfToken: Law.Law = {
  id: "workos/profile-of-token",
  sentence: "An access token shows the profile that it was given with, and one that was changed shows none.",
  source: {
    kind: "documented",
    text: "“Exchange an access token for a user's Profile.” It is the one that the code was exchanged for.",
    url: `${reference}/profile/get-user-profile`
  },
  severity: "error",
  writes: true,
  appliesTo: ({ id }) => id === "sso.profile",
  check: everyToken((token, exchanged) =>
    Effect.gen(function* () {
      const { send } = yield* Session
      const plain = Exercise.itemRequest(yield* operation("sso.profile"), "")
      const by = (token: string, shown: string) => send({ ...plain, access: bearer(token, shown) })
      const got = yield* by(token, "$ACCESS_TOKEN")
      const expected = at(exchanged.answer.json, ["profile"])
      if (got.answer.status !== 200 || !Equal.equals(got.answer.json, expected)) {
        return violation(
          `was answered with ${got.answer.status}, and another profile or none`,
          "the profile that the token was given with",
          [exchanged, got]
        )
      }
      const [head = "", body = "", signature = ""] = token.split(".")
      const other = body.startsWith("e") ? "f" : "e"
      const forged = yield* by(`${head}.${other}${body.slice(1)}.${signature}`, "${ACCESS_TOKEN}~")
      return forged.answer.status === 401
        ? "holds"
        : violation("took a token that was changed", "401", [exchanged, forged])
    })
  )
}

// -----------------------------------------------------------------------------
// What succeeds
// -----------------------------------------------------------------------------

// With what came of signing in, where it can be done.
const signedIn = (ask: (exchanged: Exchange) => Effect.Effect<Exchange | undefined, Unanswered, Session>) =>
  Effect.gen(function* () {
    const { settings } = yield* Session
    const { clientId } = settings
    if (clientId === undefined) return []
    const exchanges: Array<Exchange> = []
    for (const [position, { id }] of (yield* activeConnections).entries()) {
      const grant = yield* authorize(clientId, String(id), position)
      if (typeof grant === "string") return []
      const found = yield* ask(yield* exchange(grant))
      if (found !== undefined) exchanges.push(found)
    }
    return exchanges
  })

const profile = Effect.fnUntraced(function* (exchanged: Exchange) {
  const { send } = yield* Session
  const token = tokenIn(exchanged)
  const request = Exercise.itemRequest(yield* operation("sso.profile"), "")
  return token === undefined ? undefined : yield* send({ ...request, access: bearer(token, "$ACCESS_TOKEN") })
})

const logoutAuthorize = Effect.fnUntraced(function* (exchanged: Exchange) {
  const { secrets, send } = yield* Session
  const request = Exercise.itemRequest(yield* operation("sso.logoutAuthorize"), "")
  const profileId = at(exchanged.answer.json, ["profile", "id"])
  const prepared = yield* send({ ...request, body: { json: { profile_id: profileId } } })
  const token = at(prepared.answer.json, ["logout_token"])
  if (typeof token === "string") secrets.add(token)
  return prepared
})

const logout = Effect.fnUntraced(function* (exchanged: Exchange) {
  const { send } = yield* Session
  const token = at((yield* logoutAuthorize(exchanged)).answer.json, ["logout_token"])
  const request = Exercise.itemRequest(yield* operation("sso.logout"), "")
  return typeof token === "string" ? yield* send({ ...request, query: [["token", token]] }) : undefined
})

const bearer = (token: string, shown: string): Access => ({
  instead: Redacted.make(`Bearer ${token}`),
  shown: `Bearer ${shown}`
})

/**
 * Requests of the sign-in flow that succeed: chance makes up none.
 */
export const exercises: Exercises = {
  "sso.token": signedIn(Effect.succeed),
  "sso.profile": signedIn(profile),
  "sso.logoutAuthorize": signedIn(logoutAuthorize),
  "sso.logout": signedIn(logout)
}

export const signIn: ReadonlyArray<Law.Law> = [codeOnce, codeChallenge, tokenVerifies, profileOfToken]
