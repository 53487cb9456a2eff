// Mutants that sign in whom they should not, or whose tokens nobody can verify.
import {
  answer,
  inFront,
  type Mutant,
  rewriteAnswer,
  rewriteBody,
  rewriteJson,
  rewriteQuery,
  withHeader,
  without
} from "./Mutant.ts"
import { ask, authorize, exchange, key } from "./Probe.ts"

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

const jwks = (): Request => ask("/sso/jwks/client_emulator", { authorization: undefined })

// A server in front of another.
const both =
  (outer: Mutant["mutate"], inner: Mutant["mutate"]): Mutant["mutate"] =>
  (fetch, store) =>
    outer(inner(fetch, store), store)

const verifierWithoutAChallenge = "a".repeat(43)

const codes: ReadonlyArray<Mutant> = [
  {
    id: "codes-are-good-twice",
    law: "workos/code-once",
    operation: "sso.profileAndToken",
    summary: "Answers a code that was used before as it did the first time",
    writes: true,
    mutate: inFront((emulator) => {
      const given = new Map<string, string>()
      return async (asked) => {
        if (asked.operation !== "sso.profileAndToken") return emulator(asked.request)
        const text = await asked.request.clone().text()
        const answered = await emulator(asked.request)
        if (answered.ok) given.set(text, await answered.clone().text())
        const before = given.get(text)
        return answered.ok || before === undefined
          ? answered
          : new Response(before, { status: 200, headers: answered.headers })
      }
    }),
    shows: (store) => [authorize(store), exchange, exchange]
  },
  {
    id: "verifiers-are-not-compared",
    law: "workos/code-challenge",
    operation: "sso.profileAndToken",
    summary: "Takes any verifier for a code that was asked for with a challenge",
    writes: true,
    mutate: both(
      rewriteQuery((query) => {
        query.delete("code_challenge")
        query.delete("code_challenge_method")
      }, "sso.authorize"),
      rewriteBody("sso.profileAndToken", (body) => ({ ...without(body, "code_verifier"), client_secret: key }))
    ),
    shows: (store) => [
      authorize(store, `&code_challenge=${verifierWithoutAChallenge}&code_challenge_method=S256`),
      exchange
    ]
  }
]

const keys: ReadonlyArray<Mutant> = [
  {
    id: "keys-are-called-otherwise",
    law: "workos/token-verifies",
    operation: "sso.jwks",
    summary: "Shows keys under other ids than tokens name",
    writes: true,
    mutate: rewriteKeys((key) => ({ ...key, kid: "sso_oidc_key_pair_01HZY4QZJ8W0E3K2M5N7P9R1TV" })),
    shows: () => [jwks()]
  },
  {
    id: "keys-are-others",
    law: "workos/token-verifies",
    operation: "sso.jwks",
    summary: "Shows another key than the one that signs, under its id",
    writes: true,
    subtle: true,
    mutate: rewriteKeys((key) => ({ ...key, n: [...String(key["n"])].toReversed().join("") })),
    shows: () => [jwks()]
  },
  {
    id: "tokens-are-not-signed",
    law: "workos/token-verifies",
    operation: "sso.jwks",
    summary: "Gives out tokens whose alg is none",
    writes: true,
    mutate: rewriteJson("sso.profileAndToken", 200, (body) => {
      const [, claims = ""] = isRecord(body) ? String(body["access_token"]).split(".") : []
      const head = Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url")
      return { ...Object(body), access_token: `${head}.${claims}.` }
    }),
    shows: (store) => [authorize(store), exchange]
  }
]

function rewriteKeys(change: (key: Readonly<Record<string, unknown>>) => unknown): Mutant["mutate"] {
  return rewriteJson("sso.jwks", 200, (body) => ({
    keys: isRecord(body) && Array.isArray(body["keys"]) ? body["keys"].filter(isRecord).map(change) : []
  }))
}

const profiles: ReadonlyArray<Mutant> = [
  {
    id: "profile-is-somebody-elses",
    law: "workos/profile-of-token",
    operation: "sso.profile",
    summary: "Shows the profile of somebody else of the same name",
    writes: true,
    mutate: rewriteJson("sso.profile", 200, (body) => ({ ...Object(body), id: "prof_01HZY4QZJ8W0E3K2M5N7P9R1TV" })),
    shows: (store) => [authorize(store), exchange, profile]
  },
  {
    id: "tokens-are-known-by-their-signature",
    law: "workos/profile-of-token",
    operation: "sso.profile",
    summary: "Looks at nothing of an access token but its signature",
    writes: true,
    subtle: true,
    mutate: inFront((emulator) => {
      const bySignature = new Map<string, string>()
      return async (asked) => {
        if (asked.operation === "sso.profile") {
          const given = bySignature.get(signatureOf(asked.request.headers.get("authorization") ?? ""))
          return emulator(given === undefined ? asked.request : withHeader(asked, "authorization", `Bearer ${given}`))
        }
        const answered = await emulator(asked.request)
        if (asked.operation === "sso.profileAndToken" && answered.ok) {
          const { access_token: token }: { readonly access_token: string } = await answered.clone().json()
          bySignature.set(signatureOf(token), token)
        }
        return answered
      }
    }),
    shows: (store) => [authorize(store), exchange, forged]
  }
]

const signatureOf = (token: string) => token.split(".")[2] ?? ""

const tokenOf = (body: unknown): string => (isRecord(body) ? String(body["access_token"]) : "")

function profile(earlier: ReadonlyArray<{ readonly body: unknown }>): Request {
  return ask("/sso/profile", { authorization: `Bearer ${tokenOf(earlier[1]?.body)}` })
}

function forged(earlier: ReadonlyArray<{ readonly body: unknown }>): Request {
  const [head, , signature] = tokenOf(earlier[1]?.body).split(".")
  return ask("/sso/profile", { authorization: `Bearer ${head}.e30.${signature}` })
}

/**
 * input/missing-parameter: what is required is not optional.
 */
const missing: ReadonlyArray<Mutant> = [
  {
    id: "signs-out-without-a-token",
    law: "input/missing-parameter",
    operation: "sso.logout",
    summary: "Answers 200 to signing out without a token",
    mutate: rewriteAnswer("sso.logout", 422, answer(200)),
    shows: () => [ask("/sso/logout", { authorization: undefined })]
  }
]

export const signIn: ReadonlyArray<Mutant> = [...codes, ...keys, ...profiles, ...missing]
