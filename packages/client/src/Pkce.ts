/**
 * PKCE (RFC 7636): proof that an authorization code is used by the application that requested it, without a shared secret.
 *
 * @module
 */
import * as Lazy from "@effect-workos/domain/Lazy"
import { CodeVerifier } from "@effect-workos/domain/sso/Sso"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { InvalidRequest } from "./ClientError.ts"

/**
 * A code verifier, which the application keeps, and its challenge, which is sent to WorkOS.
 *
 * **Example** (The challenge for a URL and the verifier for a cookie)
 *
 * ```ts
 * import * as Pkce from "@effect-workos/client/Pkce"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.map(Pkce.generate, ({ codeChallenge, codeVerifier }: Pkce.Pkce) => ({
 *   query: `code_challenge=${codeChallenge}&code_challenge_method=S256`,
 *   cookie: codeVerifier
 * }))
 * ```
 */
export interface Pkce {
  /** 43 random characters. */
  readonly codeVerifier: Redacted.Redacted
  /** The SHA-256 hash of the verifier, in base64url. */
  readonly codeChallenge: string
}

/**
 * Generates an unguessable string: 256 random bits as 43 characters that need no escaping in URLs. Suitable for code
 * verifiers, for `state` and for `nonce`.
 *
 * **Example** (Generating a state)
 *
 * ```ts
 * import * as Pkce from "@effect-workos/client/Pkce"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.map(Pkce.randomString, (state) => state.length) // => 43
 * ```
 *
 * @see https://www.rfc-editor.org/rfc/rfc7636#section-4.1
 */
export const randomString: Effect.Effect<string> = Effect.sync(() =>
  Base64Url.encode(crypto.getRandomValues(new Uint8Array(32)))
)

const checkVerifier = Lazy.value(() => Schema.decodeUnknownEffect(CodeVerifier))

/**
 * Returns the challenge of a verifier by the method `S256`. Fails with `InvalidRequest` unless the verifier consists of 43 to
 * 128 letters, digits and `-._~`.
 *
 * **Example** (The example of RFC 7636)
 *
 * ```ts
 * import * as Pkce from "@effect-workos/client/Pkce"
 * import * as Redacted from "effect/Redacted"
 *
 * const challenge = Pkce.computeChallenge(Redacted.make("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))
 * // => "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
 * ```
 *
 * @see https://www.rfc-editor.org/rfc/rfc7636#section-4.2
 */
export const computeChallenge = (codeVerifier: Redacted.Redacted): Effect.Effect<string, InvalidRequest> =>
  checkVerifier()(Redacted.value(codeVerifier)).pipe(
    // The schema's error contains the verifier.
    Effect.mapError(
      () =>
        new InvalidRequest({
          operation: "pkce",
          message: "pkce: the code verifier must consist of 43 to 128 letters, digits and -._~"
        })
    ),
    Effect.flatMap(hash)
  )

const encoder = new TextEncoder()

const hash = (verifier: string): Effect.Effect<string> =>
  Effect.map(
    Effect.promise(() => crypto.subtle.digest("SHA-256", encoder.encode(verifier))),
    (digest) => Base64Url.encode(new Uint8Array(digest))
  )

/**
 * Generates a verifier and its challenge.
 *
 * @see https://workos.com/docs/reference/sso/get-authorization-url/pkce
 */
export const generate: Effect.Effect<Pkce> = Effect.flatMap(randomString, (verifier) =>
  Effect.map(hash(verifier), (codeChallenge) => ({ codeVerifier: Redacted.make(verifier), codeChallenge }))
)
