// CPU time of authenticating a session cookie without a request, compared with the official SDK. The SDK fetches its JWKS
// once, from a server in this process.
import type { Jwks } from "@effect-workos/domain/sso/Jwks"
import { User } from "@effect-workos/domain/user-management/User"
import * as AccessTokens from "@effect-workos/server/AccessTokens"
import * as SealedSession from "@effect-workos/server/SealedSession"
import * as CookieSessions from "@effect-workos/server/CookieSessions"
import { WorkOS } from "@workos-inc/node"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { generateKeyPairSync, sign } from "node:crypto"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { promisify } from "node:util"
import * as Measure from "./Measure.ts"

const clientId = "client_01H7ZGXFP5C6BBQY6Z7277ZCT0"
const kid = "key_bench"
const password = Redacted.make("a password of at least 32 characters")

/** The target: at most this part of the SDK's CPU time. */
const target = 0.7

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
const { e = "", n = "" } = publicKey.export({ format: "jwk" })
const jwks: Jwks = { keys: [{ alg: "RS256", kty: "RSA", use: "sig", kid, n: String(n), e: String(e) }] }

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString("base64url")

const accessToken = (session: string): string => {
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    iss: "https://api.workos.com",
    sub: "user_01E4ZCR3C56J083X43JQXF3JK5",
    sid: session,
    jti: "01JA1Q3B5DYS2ZAJ38Q5Z3KV0G",
    org_id: "org_01EHWNCE74X7JSDV0X3SZ3KJNY",
    role: "admin",
    roles: ["admin"],
    permissions: ["posts:create", "posts:update", "posts:delete"],
    entitlements: ["audit-logs"],
    feature_flags: ["new-editor"],
    iat: now,
    exp: now + 3600
  }
  const signed = `${encode({ alg: "RS256", kid })}.${encode(claims)}`
  return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), privateKey).toString("base64url")}`
}

const user = Schema.decodeSync(User)({
  object: "user",
  id: "user_01E4ZCR3C56J083X43JQXF3JK5",
  email: "ada.lovelace@example.com",
  email_verified: true,
  name: "Ada Lovelace",
  first_name: "Ada",
  last_name: "Lovelace",
  profile_picture_url: "https://workoscdn.com/images/v1/123abc",
  last_sign_in_at: "2026-01-15T12:00:00.000Z",
  locale: "en-GB",
  created_at: "2026-01-15T12:00:00.000Z",
  updated_at: "2026-01-15T12:00:00.000Z",
  external_id: null
})

const listening = async () => {
  const server = createServer((_, response) => {
    response.setHeader("content-type", "application/json").end(JSON.stringify(jwks))
  })
  await promisify<number, string>(server.listen.bind(server))(0, "127.0.0.1")
  // A server that listens on a port has an address with a port.
  return { server, port: (server.address() as AddressInfo).port }
}

const byUs = (sessions: CookieSessions.CookieSessions["Service"]) => (cookie: string) =>
  Effect.runPromise(sessions.authenticate(cookie))

export const session = async (rounds: Measure.Rounds): Promise<Measure.Report> => {
  const { port, server } = await listening()
  const { userManagement } = new WorkOS("sk_test_bench", {
    clientId,
    apiHostname: "127.0.0.1",
    port,
    https: false
  })
  const sealer = Effect.runSync(SealedSession.make(password))
  // The SDK opens cookies of `SealedSession`, and both libraries seal the same data.
  const cookies = Array.from({ length: 500 }, (_, index) =>
    Redacted.value(
      Effect.runSync(
        sealer.seal({
          user,
          accessToken: Redacted.make(accessToken(`session_${index}`)),
          refreshToken: Redacted.make("jd8Bv7pSl2Fr5Zc0Qx4Mt9Nw1"),
          authenticationMethod: "Password"
        })
      )
    )
  )
  const [first = ""] = cookies
  const { verify } = AccessTokens.make({ clientId, jwks: Effect.succeed(jwks) })
  const authentication = { logoutUrl: unused, withRefreshToken: unused }
  const make = (cacheCapacity?: number) =>
    Effect.runSync(CookieSessions.make({ clientId, cookiePasswords: password, cacheCapacity, verify, authentication }))

  const bySdk = (sessionData: string) =>
    userManagement.loadSealedSession({ sessionData, cookiePassword: Redacted.value(password) }).authenticate()
  const candidate = (
    name: string,
    authenticate: (cookie: string) => Promise<unknown>,
    cookieOf: (index: number) => string
  ): Measure.Candidate => ({
    name,
    run: async () => {
      for (let index = 0; index < cookies.length; index++) await authenticate(cookieOf(index))
      return cookies.length
    }
  })
  const different = (index: number) => cookies[index] ?? first
  const same = () => first
  const names = {
    sdk: "`CookieSession.authenticate` of the official SDK, different cookies",
    ours: "`CookieSessions.authenticate`, different cookies",
    sdkSame: "`CookieSession.authenticate` of the official SDK, one cookie",
    oursSame: "`CookieSessions.authenticate`, one cookie"
  }
  const results = await Measure.inTurn(
    [
      candidate(names.sdk, bySdk, different),
      // Without a cache, so that no round finds the cookies of an earlier one.
      candidate(names.ours, byUs(make(0)), different),
      candidate(names.sdkSame, bySdk, same),
      candidate(names.oursSame, byUs(make()), same)
    ],
    rounds
  )
  server.close()
  return {
    tables: [Measure.comparison(`a session cookie of ${(first.length / 1000).toFixed(1)} kB`, results)],
    targets: [
      {
        metric: "authentication of different session cookies: CPU relative to the official SDK",
        now: Measure.cpuRatio(results, names.ours, names.sdk).toFixed(2),
        target: `≤ ${target}`
      },
      {
        metric: "authentication of one session cookie: CPU relative to the official SDK",
        now: Measure.cpuRatio(results, names.oursSame, names.sdkSame).toFixed(3),
        target: `≤ ${target}`
      }
    ]
  }
}

/** Authentication with a valid access token sends no request. */
const unused = (): never => {
  throw new Error("The session was refreshed.")
}
