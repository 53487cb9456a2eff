// Mutants with faults of AuthKit's grants and sessions.
import * as Clients from "@effect-workos/emulator/Clients"
import type { Store } from "@effect-workos/emulator/Store"
import {
  authenticate,
  createUser,
  listSessions,
  post,
  refresh,
  sessionIn,
  signIn,
  textIn,
  user
} from "./authKitProbes.ts"
import {
  makeMutant,
  type Mutant,
  type Mutate,
  type ParsedRequest,
  rewriteBody,
  rewriteQuery,
  withParts,
  without
} from "./Mutant.ts"
import { type Probe, requestTo } from "./Probe.ts"

type Body = Readonly<Record<string, unknown>>

const parse = async (message: Request | Response): Promise<Body> => {
  const body: unknown = await message.clone().json()
  return typeof body === "object" && body !== null ? { ...body } : {}
}

const authenticates = "authentication.authenticate"

// Rewrites successful authentications with a grant.
const rewriteTokens = (
  grantType: string,
  change: (tokens: Body, grant: Body) => Body,
  onResponse: (tokens: Body) => void = () => undefined
): Mutate =>
  makeMutant((emulator) => async (parsed) => {
    if (parsed.operation !== authenticates) return emulator(parsed.request)
    const grant = await parse(parsed.request)
    const original = await emulator(parsed.request)
    if (!original.ok) return original
    const tokens = await parse(original)
    const changed = grant["grant_type"] === grantType ? change(tokens, grant) : tokens
    onResponse(tokens)
    return withParts(original, { text: JSON.stringify(changed) })
  })

// Repeats the successful response to an equal request.
const repeats = (grantType: string): Mutate =>
  makeMutant((emulator) => {
    const given = new Map<string, string>()
    return async (parsed) => {
      const text = parsed.operation === authenticates ? await parsed.request.clone().text() : ""
      const original = await emulator(parsed.request)
      if (!text.includes(`"${grantType}"`)) return original
      if (original.ok) given.set(text, await original.clone().text())
      const before = given.get(text)
      return original.ok || before === undefined ? original : withParts(original, { status: 200, text: before })
    }
  })

const rewriteGrant = (grantType: string, change: (grant: Body, store: Store["Service"]) => object): Mutate =>
  rewriteBody(authenticates, (grant, _, store) => (grant["grant_type"] === grantType ? change(grant, store) : grant))

// -----------------------------------------------------------------------------
// Codes
// -----------------------------------------------------------------------------

const authorize = (challenge = ""): Request => {
  const query = new URLSearchParams({
    client_id: Clients.defaultClientId,
    redirect_uri: "http://localhost/callback",
    response_type: "code",
    provider: "authkit"
  })
  return requestTo(`/user_management/authorize?${query}${challenge}`, { authorization: undefined })
}

const exchange: Probe = (earlier) => {
  const code = new URL(earlier[0]?.headers["location"] ?? "http://localhost").searchParams.get("code")
  return authenticate({ grant_type: "authorization_code", code })
}

const withoutChallenge = rewriteQuery((query) => {
  query.delete("code_challenge")
  query.delete("code_challenge_method")
}, "authentication.authorize")

const withoutVerifier = rewriteGrant("authorization_code", (grant) => without(grant, "code_verifier"))

const codes: ReadonlyArray<Mutant> = [
  {
    id: "authkit-codes-can-be-exchanged-twice",
    law: "workos/authkit-code-once",
    operation: authenticates,
    summary: "Exchanges a code of the sign-in page a second time",
    writes: true,
    mutate: repeats("authorization_code"),
    shows: () => [authorize(), exchange, exchange]
  },
  {
    id: "authkit-verifiers-are-not-compared",
    law: "workos/authkit-code-challenge",
    operation: authenticates,
    summary: "Accepts any verifier for a code of the sign-in page with a PKCE challenge",
    writes: true,
    mutate: (fetch, store) => withoutChallenge(withoutVerifier(fetch, store), store),
    shows: () => [authorize(`&code_challenge=${"a".repeat(43)}&code_challenge_method=S256`), exchange]
  }
]

// -----------------------------------------------------------------------------
// Passwords and Magic Auth
// -----------------------------------------------------------------------------

const passwordOf = ({ secrets, users }: Store["Service"], email: unknown): string | undefined =>
  secrets.passwords.get(users.rows.find((user) => user.email === email)?.id ?? "")

// Replaces a wrong password by the right one, if both are similar.
const comparing = (isSimilar: (given: string, right: string) => boolean): Mutate =>
  rewriteGrant("password", (grant, store) => {
    const right = passwordOf(store, grant["email"])
    return right !== undefined && isSimilar(String(grant["password"]), right) ? { ...grant, password: right } : grant
  })

const magic = "urn:workos:oauth:grant-type:magic-auth:code"

const createMagicCode = () => post("/user_management/magic_auth", { email: user.email })

const withMagicCode: Probe = (earlier) =>
  authenticate({ grant_type: magic, email: user.email, code: textIn(earlier, 1, "code") })

// Responds to a reset of a password, but keeps the password.
const keepsPasswords = makeMutant((emulator, { secrets: { passwords } }) => async ({ operation, request }) => {
  const before = operation === "passwordResets.confirm" ? [...passwords] : []
  const response = await emulator(request)
  for (const [user, password] of before) passwords.set(user, password)
  return response
})

const resetPassword: Probe = (earlier) =>
  post("/user_management/password_reset/confirm", {
    token: textIn(earlier, 1, "password_reset_token"),
    new_password: "Infinite-improbability-drive-42"
  })

const identities: ReadonlyArray<Mutant> = [
  {
    id: "password-resets-keep-the-password",
    law: "workos/password-reset",
    operation: "passwordResets.confirm",
    summary: "Responds to a reset of a password, but keeps the password",
    writes: true,
    mutate: keepsPasswords,
    shows: () => [createUser(), post("/user_management/password_reset", { email: user.email }), resetPassword, signIn()]
  },
  {
    id: "any-password-signs-in",
    law: "workos/wrong-password",
    operation: authenticates,
    summary: "Accepts any password of a user",
    writes: true,
    mutate: comparing(() => true),
    shows: () => [createUser(), signIn("wrong")]
  },
  {
    id: "passwords-ignore-case",
    law: "workos/wrong-password",
    operation: authenticates,
    summary: "Compares passwords without regard to upper and lower case",
    writes: true,
    subtle: true,
    mutate: comparing((given, right) => given.toLowerCase() === right.toLowerCase()),
    shows: () => [createUser(), signIn(user.password.toUpperCase())]
  },
  {
    id: "passwords-are-truncated",
    law: "workos/wrong-password",
    operation: authenticates,
    summary: "Compares only as many letters as the password of the user has",
    writes: true,
    subtle: true,
    mutate: comparing((given, right) => given.startsWith(right)),
    shows: () => [createUser(), signIn(`${user.password}!`)]
  },
  {
    id: "magic-codes-work-twice",
    law: "workos/magic-auth-once",
    operation: authenticates,
    summary: "Accepts a Magic Auth code a second time",
    writes: true,
    mutate: repeats(magic),
    shows: () => [createUser(), createMagicCode(), withMagicCode, withMagicCode]
  },
  {
    id: "magic-codes-of-three-digits",
    law: "workos/magic-auth-once",
    operation: authenticates,
    summary: "Compares only the first three digits of a Magic Auth code",
    writes: true,
    subtle: true,
    mutate: rewriteGrant(magic, (grant, { secrets }) => {
      const issued = [...secrets.codes.values()].find(
        ({ code, kind, recipient }) =>
          kind === "magic_auth" &&
          recipient === grant["email"] &&
          code.slice(0, 3) === String(grant["code"]).slice(0, 3)
      )
      return issued === undefined ? grant : { ...grant, code: issued.code }
    }),
    shows: () => [
      createUser(),
      createMagicCode(),
      (earlier) =>
        authenticate({ grant_type: magic, email: user.email, code: `${textIn(earlier, 1, "code").slice(0, 3)}xyz` })
    ]
  }
]

// -----------------------------------------------------------------------------
// Tokens
// -----------------------------------------------------------------------------

// Returns tokens that depend on the tokens returned before.
const remembering =
  (grantType: string, change: (tokens: Body, before: ReadonlyArray<Body>) => Body): Mutate =>
  (fetch, store) => {
    const before: Array<Body> = []
    return rewriteTokens(
      grantType,
      (tokens) => change(tokens, before),
      (tokens) => before.push(tokens)
    )(fetch, store)
  }

const tokens: ReadonlyArray<Mutant> = [
  {
    id: "refresh-tokens-work-twice",
    law: "workos/refresh-token-once",
    operation: authenticates,
    summary: "Accepts a refresh token a second time",
    writes: true,
    mutate: repeats("refresh_token"),
    shows: () => [createUser(), signIn(), refresh(1), refresh(1)]
  },
  {
    id: "refresh-tokens-are-not-replaced",
    law: "workos/refresh-keeps-session",
    operation: authenticates,
    summary: "Returns the used refresh token instead of a new one",
    writes: true,
    mutate: rewriteTokens("refresh_token", (tokens, grant) => ({ ...tokens, refresh_token: grant["refresh_token"] })),
    shows: () => [createUser(), signIn(), refresh(1)]
  },
  {
    id: "refreshes-return-the-first-session",
    law: "workos/refresh-keeps-session",
    operation: authenticates,
    summary: "Returns the access token of the first session for every refresh",
    writes: true,
    subtle: true,
    mutate: remembering("refresh_token", (tokens, [first]) => ({ ...tokens, access_token: first?.["access_token"] })),
    shows: () => [createUser(), signIn(), signIn(), refresh(2)]
  },
  {
    id: "authkit-tokens-are-not-signed",
    law: "workos/session-token",
    operation: authenticates,
    summary: "Issues unsigned access tokens of sessions, with the alg none",
    writes: true,
    mutate: rewriteTokens("password", (tokens) => {
      const [, claims = ""] = String(tokens["access_token"]).split(".")
      const head = Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url")
      return { ...tokens, access_token: `${head}.${claims}.` }
    }),
    shows: () => [createUser(), signIn()]
  },
  {
    id: "access-token-of-the-previous-user",
    law: "workos/session-token",
    operation: authenticates,
    summary: "Returns the access token of the user who signed in before",
    writes: true,
    subtle: true,
    mutate: remembering("password", (tokens, before) => ({
      ...tokens,
      access_token: (before.at(-1) ?? tokens)["access_token"]
    })),
    shows: () => [createUser(), signIn(), signIn()]
  },
  {
    id: "new-sessions-are-not-listed",
    law: "workos/session-token",
    operation: authenticates,
    summary: "Starts sessions that no list contains",
    writes: true,
    mutate: makeMutant((emulator, store) => async (parsed) => {
      const before = new Set(store.sessions.rows.map(({ id }) => id))
      const original = await emulator(parsed.request)
      for (const { id } of store.sessions.rows) if (!before.has(id)) store.sessions.remove(id)
      return original
    }),
    shows: () => [createUser(), signIn(), listSessions]
  }
]

// -----------------------------------------------------------------------------
// Revoked sessions
// -----------------------------------------------------------------------------

// Treats revoked sessions as active.
const withRevoked = (isMeant: (parsed: ParsedRequest) => boolean): Mutate =>
  makeMutant((emulator, store) => async (parsed) => {
    if (!isMeant(parsed)) return emulator(parsed.request)
    const revoked = store.sessions.rows.filter(({ status }) => status === "revoked")
    for (const session of revoked) store.sessions.set({ ...session, status: "active" })
    const original = await emulator(parsed.request)
    for (const session of revoked) store.sessions.set(session)
    return original
  })

const revoke: Probe = (earlier) => post("/user_management/sessions/revoke", { session_id: sessionIn(earlier, 1) })

const revoked: ReadonlyArray<Mutant> = [
  {
    id: "revoked-sessions-are-listed",
    law: "workos/revoked-session",
    operation: "sessions.revoke",
    summary: "Lists revoked sessions as active",
    writes: true,
    mutate: withRevoked(({ operation }) => operation === "sessions.list"),
    shows: () => [createUser(), signIn(), revoke, listSessions]
  },
  {
    id: "revoked-sessions-can-be-refreshed",
    law: "workos/revoked-session",
    operation: "sessions.revoke",
    summary: "Refreshes a revoked session",
    writes: true,
    subtle: true,
    mutate: withRevoked(({ operation }) => operation === authenticates),
    shows: () => [createUser(), signIn(), revoke, refresh(1)]
  },
  {
    id: "all-sessions-of-a-user-are-revoked",
    law: "workos/revoked-session",
    operation: "sessions.revoke",
    summary: "Ends all sessions of the user with one session",
    writes: true,
    subtle: true,
    mutate: makeMutant((emulator, store) => async (parsed) => {
      const active = store.sessions.rows.filter(({ status }) => status === "active")
      const original = await emulator(parsed.request)
      if (parsed.operation !== "sessions.revoke" || !original.ok) return original
      const ended = active.find(({ id }) => store.sessions.get(id)?.status === "revoked")
      for (const session of active) {
        if (session.userId === ended?.userId) store.sessions.set({ ...session, status: "revoked" })
      }
      return original
    }),
    shows: () => [createUser(), signIn(), signIn(), revoke, listSessions]
  }
]

export const authKit: ReadonlyArray<Mutant> = [...codes, ...identities, ...tokens, ...revoked]
