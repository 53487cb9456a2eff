// Sign-ins under way. Each is kept in a cookie of its own, signed, so that two at once do not disturb one another.
import type { AuthorizationRequest } from "@effect-workos/client/SignIn"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Mac from "effect/crypto/Mac"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { Settings } from "./Settings.ts"

type Cookies = Readonly<Record<string, string>>

const lifetime = Duration.minutes(10)

// A browser that begins and begins must not end up with more cookies than a server reads.
const atOnce = 8

const bytesOf = (...parts: ReadonlyArray<string>) => new TextEncoder().encode(parts.join(" "))

export class Attempts extends Context.Service<Attempts>()("example/Attempts", {
  make: Effect.gen(function* () {
    const { cookie, cookiePrefix } = yield* Settings
    const mac = yield* Mac.Mac
    const key = yield* Effect.orDie(mac.generateKey(Mac.hmacSha256))

    const prefix = `${cookiePrefix}attempt-`
    const forget = HttpServerResponse.expireCookieUnsafe

    return {
      /** Sends the browser away, with what it has to bring back. */
      send: Effect.fnUntraced(function* ({ codeVerifier, state, url }: AuthorizationRequest, cookies: Cookies) {
        const verifier = Redacted.value(codeVerifier)
        const endsAt = String((yield* Clock.currentTimeMillis) + Duration.toMillis(lifetime))
        const tag = yield* Effect.orDie(mac.sign(key, bytesOf(state, endsAt, verifier)))
        const value = [endsAt, verifier, Base64Url.encode(tag)].join(" ")
        const older = Object.keys(cookies).filter((name) => name.startsWith(prefix) && /^[\w-]+$/.test(name))
        return older
          .slice(0, 1 - atOnce)
          .reduce((response, name) => forget(response, name, cookie), HttpServerResponse.redirect(url))
          .pipe(HttpServerResponse.setCookieUnsafe(prefix + state, value, { ...cookie, maxAge: lifetime }))
      }),
      /** The verifier of the attempt with this state, if this browser began it, and not too long ago. */
      find: Effect.fnUntraced(function* (state: string, cookies: Cookies) {
        const [endsAt = "", verifier = "", tag = ""] = (cookies[prefix + state] ?? "").split(" ")
        const signature = Result.getOrElse(Base64Url.decode(tag), () => new Uint8Array())
        const isOurs = yield* Effect.orDie(mac.verify(key, signature, bytesOf(state, endsAt, verifier)))
        return isOurs && Number(endsAt) > (yield* Clock.currentTimeMillis) ? Redacted.make(verifier) : undefined
      }),
      /** The response that ends the attempt with this state, which `find` has found. */
      end: (state: string) => forget(prefix + state, cookie)
    }
  })
}) {
  static readonly layer = Layer.effect(this, this.make).pipe(
    Layer.provide(Mac.layerWebCrypto),
    Layer.provide(SecureRandom.layerWebCrypto)
  )
}
