// Sign-ins in progress. Each has a separate signed cookie, so that concurrent sign-ins do not interfere.
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

// Maximum number of unfinished sign-ins per browser. Servers reject requests whose headers are too large.
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
      /** Redirects the browser to WorkOS, and stores the code verifier in a cookie. */
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
      /** Returns the code verifier for a state, if this browser started the sign-in less than ten minutes ago. */
      find: Effect.fnUntraced(function* (state: string, cookies: Cookies) {
        const [endsAt = "", verifier = "", tag = ""] = (cookies[prefix + state] ?? "").split(" ")
        const signature = Result.getOrElse(Base64Url.decode(tag), () => new Uint8Array())
        const isOurs = yield* Effect.orDie(mac.verify(key, signature, bytesOf(state, endsAt, verifier)))
        return isOurs && Number(endsAt) > (yield* Clock.currentTimeMillis) ? Redacted.make(verifier) : undefined
      }),
      /** Returns a function that deletes the cookie for a state with a response. */
      end: (state: string) => forget(prefix + state, cookie)
    }
  })
}) {
  static readonly layer = Layer.effect(this, this.make).pipe(
    Layer.provide(Mac.layerWebCrypto),
    Layer.provide(SecureRandom.layerWebCrypto)
  )
}
