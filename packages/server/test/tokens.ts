// Keys, and tokens that are signed with them.
import type { Jwk, Jwks } from "@effect-workos/domain/sso/Jwks"
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose"

export interface SigningKey {
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly jwk: Jwk
}

export const signingKey = async (kid: string): Promise<SigningKey> => {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true })
  const { e = "", n = "" } = await exportJWK(publicKey)
  return { kid, privateKey, jwk: { alg: "RS256", kty: "RSA", use: "sig", kid, n, e } }
}

export const published = (...keys: ReadonlyArray<SigningKey>): Jwks => ({ keys: keys.map(({ jwk }) => jwk) })

export const clientId = "client_01H7ZGXFP5C6BBQY6Z7277ZCT0"

const issuer = "https://api.workos.com"

/** Claims of a token that is valid for the first five minutes of the test clock. */
export const claims: JWTPayload = {
  iss: issuer,
  sub: "user_01E4ZCR3C56J083X43JQXF3JK5",
  sid: "session_01E4ZCR3C56J083X43JQXF3JK5",
  org_id: "org_01EHWNCE74X7JSDV0X3SZ3KJNY",
  role: "admin",
  roles: ["admin"],
  permissions: ["posts:write"],
  feature_flags: ["new-editor"],
  client_id: clientId,
  iat: 0,
  exp: 300
}

export const signedWith = ({ kid, privateKey }: SigningKey, payload: JWTPayload = claims): Promise<string> =>
  new SignJWT(payload).setProtectedHeader({ alg: "RS256", kid }).sign(privateKey)
