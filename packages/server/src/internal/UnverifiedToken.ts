// Reading of access tokens that were just received from WorkOS, or that a seal protects. Their signature is not verified.
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { VerifiedToken } from "../AccessTokens.ts"
import { Claims } from "../Claims.ts"
import { MalformedToken } from "../TokenError.ts"

/**
 * Reads the claims of a token.
 */
export const read = (token: Redacted.Redacted): Effect.Effect<VerifiedToken, MalformedToken> =>
  Effect.suspend(() => {
    const raw = payloadOf(Redacted.value(token))
    return Effect.mapBoth(decodeClaims(raw), {
      // The error contains claims, so it is dropped.
      onFailure: () => new MalformedToken({ message: "The access token lacks required claims." }),
      onSuccess: (claims) => ({ claims, raw })
    })
  })

const decodeClaims = Schema.decodeUnknownEffect(Claims)

const payloadOf = (token: string): Readonly<Record<string, unknown>> => {
  try {
    const json: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"))
    return Predicate.isReadonlyObject(json) ? json : {}
  } catch {
    return {}
  }
}
