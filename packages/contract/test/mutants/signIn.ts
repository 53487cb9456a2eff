// Mutants with faults of signing in.
import {
  respond,
  makeMutant,
  type Mutant,
  rewriteResponse,
  rewriteBody,
  rewriteJson,
  rewriteQuery,
  withHeader,
  without
} from "./Mutant.ts"
import { requestTo, authorize, exchange, key } from "./Probe.ts"

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

const jwks = (): Request => requestTo("/sso/jwks/client_emulator", { authorization: undefined })

// Makes a mutant from a function that serves requests.
const both =
  (outer: Mutant["mutate"], inner: Mutant["mutate"]): Mutant["mutate"] =>
  (fetch, store) =>
    outer(inner(fetch, store), store)

const verifierWithoutAChallenge = "a".repeat(43)

const codes: ReadonlyArray<Mutant> = [
  {
    id: "codes-can-be-exchanged-twice",
    law: "workos/code-once",
    operation: "sso.profileAndToken",
    summary: "Exchanges a code a second time",
    writes: true,
    mutate: makeMutant((emulator) => {
      const given = new Map<string, string>()
      return async (parsed) => {
        if (parsed.operation !== "sso.profileAndToken") return emulator(parsed.request)
        const text = await parsed.request.clone().text()
        const original = await emulator(parsed.request)
        if (original.ok) given.set(text, await original.clone().text())
        const before = given.get(text)
        return original.ok || before === undefined
          ? original
          : new Response(before, { status: 200, headers: original.headers })
      }
    }),
    shows: (store) => [authorize(store), exchange, exchange]
  },
  {
    id: "verifiers-are-not-compared",
    law: "workos/code-challenge",
    operation: "sso.profileAndToken",
    summary: "Accepts any verifier for a code with a PKCE challenge",
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
    id: "keys-with-other-ids",
    law: "workos/token-verifies",
    operation: "sso.jwks",
    summary: "Returns keys with ids that differ from those in tokens",
    writes: true,
    mutate: rewriteKeys((key) => ({ ...key, kid: "sso_oidc_key_pair_01HZY4QZJ8W0E3K2M5N7P9R1TV" })),
    shows: () => [jwks()]
  },
  {
    id: "other-keys-with-the-same-id",
    law: "workos/token-verifies",
    operation: "sso.jwks",
    summary: "Returns another key with the id of the signing key",
    writes: true,
    subtle: true,
    mutate: rewriteKeys((key) => ({ ...key, n: [...String(key["n"])].toReversed().join("") })),
    shows: () => [jwks()]
  },
  {
    id: "tokens-are-not-signed",
    law: "workos/token-verifies",
    operation: "sso.jwks",
    summary: "Issues unsigned tokens, with the alg none",
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
    id: "profile-of-another-user",
    law: "workos/profile-of-token",
    operation: "sso.profile",
    summary: "Returns another profile with the same name",
    writes: true,
    mutate: rewriteJson("sso.profile", 200, (body) => ({ ...Object(body), id: "prof_01HZY4QZJ8W0E3K2M5N7P9R1TV" })),
    shows: (store) => [authorize(store), exchange, profile]
  },
  {
    id: "tokens-are-identified-by-their-signature",
    law: "workos/profile-of-token",
    operation: "sso.profile",
    summary: "Verifies only the signature part of an access token",
    writes: true,
    subtle: true,
    mutate: makeMutant((emulator) => {
      const bySignature = new Map<string, string>()
      return async (parsed) => {
        if (parsed.operation === "sso.profile") {
          const given = bySignature.get(signatureOf(parsed.request.headers.get("authorization") ?? ""))
          return emulator(given === undefined ? parsed.request : withHeader(parsed, "authorization", `Bearer ${given}`))
        }
        const original = await emulator(parsed.request)
        if (parsed.operation === "sso.profileAndToken" && original.ok) {
          const { access_token: token }: { readonly access_token: string } = await original.clone().json()
          bySignature.set(signatureOf(token), token)
        }
        return original
      }
    }),
    shows: (store) => [authorize(store), exchange, forged]
  }
]

const signatureOf = (token: string) => token.split(".")[2] ?? ""

const tokenOf = (body: unknown): string => (isRecord(body) ? String(body["access_token"]) : "")

function profile(earlier: ReadonlyArray<{ readonly body: unknown }>): Request {
  return requestTo("/sso/profile", { authorization: `Bearer ${tokenOf(earlier[1]?.body)}` })
}

function forged(earlier: ReadonlyArray<{ readonly body: unknown }>): Request {
  const [head, , signature] = tokenOf(earlier[1]?.body).split(".")
  return requestTo("/sso/profile", { authorization: `Bearer ${head}.e30.${signature}` })
}

/**
 * Mutants for input/missing-parameter.
 */
const missing: ReadonlyArray<Mutant> = [
  {
    id: "signs-out-without-a-token",
    law: "input/missing-parameter",
    operation: "sso.logout",
    summary: "Returns 200 for signing out without a token",
    mutate: rewriteResponse("sso.logout", 422, respond(200)),
    shows: () => [requestTo("/sso/logout", { authorization: undefined })]
  }
]

export const signIn: ReadonlyArray<Mutant> = [...codes, ...keys, ...profiles, ...missing]
