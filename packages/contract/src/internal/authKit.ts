// The laws of AuthKit's grants: codes of the sign-in page, passwords, Magic Auth codes and password resets.
import * as Effect from "effect/Effect"
import { valueAt } from "@effect-workos/contract-engine/ApiConventions"
import type { Exchange } from "@effect-workos/contract-engine/Exchange"
import * as Law from "@effect-workos/contract-engine/Law"
import * as Lifecycle from "@effect-workos/contract-engine/Lifecycle"
import * as Property from "@effect-workos/contract-engine/Property"
import { Session } from "@effect-workos/contract-engine/Session"
import { operation, send, violation } from "./created.ts"
import { defaultRedirectUri, digest, locationOf } from "./signIn.ts"
import * as Users from "./users.ts"

const reference = "https://workos.com/docs/reference/authkit"

const authenticates = ({ id }: { readonly id: string }) => id === "authentication.authenticate"

// -----------------------------------------------------------------------------
// Codes of the sign-in page
// -----------------------------------------------------------------------------

/**
 * Opens the sign-in page for a user, with a PKCE challenge. Fails with `CannotCheck` unless the server redirects with a code
 * immediately, as emulators do.
 */
export const authorize = Effect.fnUntraced(function* ({ email }: Users.User) {
  const session = yield* Session
  const { clientId = "", redirectUri = defaultRedirectUri, seed } = session.settings
  const verifier = yield* digest(`effect-workos-contract ${seed} ${email}`)
  const authorized = yield* session.send({
    ...Lifecycle.itemRequest(yield* operation("authentication.authorize"), ""),
    query: [
      ["client_id", clientId],
      ["redirect_uri", redirectUri],
      ["response_type", "code"],
      ["provider", "authkit"],
      ["login_hint", email],
      ["code_challenge", yield* digest(verifier)],
      ["code_challenge_method", "S256"]
    ]
  })
  const location = locationOf(authorized.response)
  const code = URL.canParse(location) ? new URL(location).searchParams.get("code") : null
  yield* session.addSecrets([code])
  if (code === null || !location.startsWith(redirectUri)) {
    const reason = `the server does not redirect with a code immediately: authorizing returned ${authorized.response.status}`
    return yield* new Law.CannotCheck({ reason })
  }
  return { authorized, code, verifier }
})

/** Exchanges a code of the sign-in page. */
const withCode = (code: string, verifier: string) =>
  Users.authenticate({ grant_type: "authorization_code", code, code_verifier: verifier })

const checkInvalidGrant = (exchange: Exchange, before: readonly [Exchange, ...Array<Exchange>], message: string) => {
  const [first, ...others] = before
  return Users.isInvalidGrant(exchange)
    ? Property.passed
    : violation(message, "400: invalid_grant", [first, ...others, exchange], Users.describeAuthentication(exchange))
}

const codeOnce: Law.Law = {
  id: "workos/authkit-code-once",
  sentence: "A code of AuthKit's sign-in page can be exchanged only once; a second exchange returns `invalid_grant`.",
  source: {
    kind: "expected",
    text: "“Like OAuth and SSO, AuthKit returns you a code that you can exchange for an authenticated user.” RFC 6749, 4.1.2: “The client MUST NOT use the authorization code more than once.”",
    url: `${reference}/authentication/code`
  },
  severity: "error",
  writes: true,
  appliesTo: authenticates,
  check: () =>
    Users.forEachUser((user) =>
      Effect.gen(function* () {
        const { authorized, code, verifier } = yield* authorize(user)
        const first = yield* withCode(code, verifier)
        if (Users.tokensIn(first) === undefined) {
          const actual = Users.describeAuthentication(first)
          return violation("refused a new code", "a user with tokens", [authorized, first], actual)
        }
        const second = yield* withCode(code, verifier)
        return checkInvalidGrant(second, [authorized, first], "accepted a code for the second time")
      })
    )
}

const codeChallenge: Law.Law = {
  id: "workos/authkit-code-challenge",
  sentence: "A code of AuthKit's sign-in page with a PKCE challenge can be exchanged only with the matching verifier.",
  source: {
    kind: "expected",
    text: 'RFC 7636, 4.6: “If the values are not equal, an error response indicating "invalid_grant" … MUST be returned.”',
    url: `${reference}/authentication/get-authorization-url/pkce`
  },
  severity: "error",
  writes: true,
  appliesTo: authenticates,
  check: () =>
    Users.forEachUser((user) =>
      Effect.gen(function* () {
        const { authorized, code, verifier } = yield* authorize(user)
        const last = verifier.endsWith("A") ? "B" : "A"
        const wrong = yield* withCode(code, `${verifier.slice(0, -1)}${last}`)
        return checkInvalidGrant(wrong, [authorized], "accepted a code with a wrong verifier")
      })
    )
}

// -----------------------------------------------------------------------------
// Passwords
// -----------------------------------------------------------------------------

const swapCase = (text: string): string =>
  [...text].map((letter) => (letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase())).join("")

/** Passwords that differ from a password in one respect. */
const wrongPasswords = (password: string): ReadonlyArray<string> => [
  swapCase(password),
  password.slice(0, -1),
  `${password}x`,
  [...password].toReversed().join("")
]

const wrongPassword: Law.Law = {
  id: "workos/wrong-password",
  sentence: "A user signs in with the password of the user only; another password returns `invalid_credentials`.",
  source: {
    kind: "documented",
    text: "“Authenticates a user with email and password.” 400 invalid_credentials.",
    url: `${reference}/authentication/password`
  },
  severity: "error",
  writes: true,
  appliesTo: authenticates,
  check: () =>
    Users.forEachUser((user) =>
      Effect.gen(function* () {
        for (const password of wrongPasswords(user.password)) {
          const refused = yield* Users.withPassword({ ...user, password })
          if (refused.response.status === 400 && valueAt(refused.response.json, ["code"]) === "invalid_credentials")
            continue
          const actual = Users.describeAuthentication(refused)
          return violation("accepted a wrong password", "400: invalid_credentials", [user.exchange, refused], actual)
        }
        const accepted = yield* Users.withPassword(user)
        const { json, status } = accepted.response
        // Other steps may be required, such as a second factor.
        if (status === 403) return Property.inconclusive
        return status === 200 && valueAt(json, ["user", "id"]) === user.id
          ? Property.passed
          : violation("refused the password of the user", user.id, [user.exchange, accepted])
      })
    )
}

const passwordReset: Law.Law = {
  id: "workos/password-reset",
  sentence: "The token of a password reset sets a new password once, and the previous password becomes invalid.",
  source: {
    kind: "documented",
    text: "“Sets a new password using the token query parameter from the link that the user received.”",
    url: `${reference}/password-reset/reset-password`
  },
  severity: "error",
  writes: true,
  appliesTo: ({ id }) => id === "passwordResets.confirm",
  check: () =>
    Users.forEachUser((user) =>
      Effect.gen(function* () {
        const { addSecrets } = yield* Session
        const created = yield* send("passwordResets.create", "", { email: user.email })
        const token = valueAt(created.response.json, ["password_reset_token"])
        if (typeof token !== "string") return Property.inconclusive
        const [first, second] = [`${user.password}1`, `${user.password}2`] as const
        yield* addSecrets([token])
        const confirm = (password: string) => send("passwordResets.confirm", "", { token, new_password: password })
        const confirmed = yield* confirm(first)
        if (confirmed.response.status >= 300) {
          return violation("refused an unused token", "the user", [created, confirmed])
        }
        const again = yield* confirm(second)
        if (again.response.status < 400) {
          return violation("accepted a token for the second time", "a 4xx status", [created, confirmed, again])
        }
        const before = yield* Users.withPassword(user)
        if (before.response.status < 400) {
          const actual = Users.describeAuthentication(before)
          return violation("accepted the previous password", "400: invalid_credentials", [confirmed, before], actual)
        }
        const after = yield* Users.withPassword({ ...user, password: first })
        if (after.response.status === 403) return Property.inconclusive
        return after.response.status === 200
          ? Property.passed
          : violation("refused the new password", "tokens", [confirmed, again, after])
      })
    )
}

// -----------------------------------------------------------------------------
// Magic Auth
// -----------------------------------------------------------------------------

/** Authenticates with a Magic Auth code. */
const withMagicCode = ({ email }: Users.User, code: string) =>
  Users.authenticate({ grant_type: "urn:workos:oauth:grant-type:magic-auth:code", email, code })

/** Creates a Magic Auth code for a user. */
export const createMagicCode = Effect.fnUntraced(function* ({ email }: Users.User) {
  const { addSecrets } = yield* Session
  const created = yield* send("magicAuth.create", "", { email })
  const code = valueAt(created.response.json, ["code"])
  yield* addSecrets([code])
  if (typeof code === "string") return { created, code }
  return yield* new Law.CannotCheck({ reason: "the server created no Magic Auth code" })
})

const nextDigit = (digit: string): string => String((Number(digit) + 1) % 10)

const magicCodeOnce: Law.Law = {
  id: "workos/magic-auth-once",
  sentence: "A Magic Auth code signs in the user with its email address once; another code returns an error.",
  source: {
    kind: "documented",
    text: "“a unique, six digit one-time-use code sent to their email inbox”",
    url: `${reference}/magic-auth`
  },
  severity: "error",
  writes: true,
  appliesTo: authenticates,
  check: () =>
    Users.forEachUser((user) =>
      Effect.gen(function* () {
        const { code, created } = yield* createMagicCode(user)
        const wrong = yield* withMagicCode(user, `${code.slice(0, -1)}${nextDigit(code.slice(-1))}`)
        if (wrong.response.status < 400) {
          const actual = Users.describeAuthentication(wrong)
          return violation("accepted a wrong code", "a 4xx status", [created, wrong], actual)
        }
        const first = yield* withMagicCode(user, code)
        if (first.response.status === 403) return Property.inconclusive
        if (valueAt(first.response.json, ["user", "id"]) !== user.id) {
          const actual = Users.describeAuthentication(first)
          return violation("did not sign in the user of a new code", user.id, [created, first], actual)
        }
        const second = yield* withMagicCode(user, code)
        return second.response.status >= 400
          ? Property.passed
          : violation(
              "accepted a code for the second time",
              "a 4xx status",
              [created, first, second],
              Users.describeAuthentication(second)
            )
      })
    )
}

export const authKit: ReadonlyArray<Law.Law> = [codeOnce, codeChallenge, wrongPassword, passwordReset, magicCodeOnce]
