// Sign-ins in progress. Each has a separate cookie, so that sign-ins in several tabs do not interfere.
import { type AuthorizationRequest, StateMismatch } from "@effect-workos/client/SignIn"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Settings } from "./Settings.ts"

/** The pages to which users can return after a sign-in. A list, so that no link leads to another site. */
export const ReturnTo = Schema.Literals(["/account", "/admin"])

const Attempt = Schema.fromJsonString(Schema.Struct({ codeVerifier: Schema.String, returnTo: ReturnTo }))

const lifetime = Duration.minutes(10)

// Maximum number of unfinished sign-ins per browser. Servers reject requests whose headers are too large.
const atOnce = 8

const prefix = Effect.map(Settings, ({ cookiePrefix }) => `${cookiePrefix}sign-in-`)

/** Sends the browser to WorkOS, and stores the code verifier and the page in a cookie. */
export const begin = Effect.fnUntraced(function* (
  { codeVerifier, state, url }: AuthorizationRequest,
  returnTo: typeof ReturnTo.Type
) {
  const { cookie } = yield* Settings
  const { cookies } = yield* HttpServerRequest.HttpServerRequest
  const start = yield* prefix
  const value = yield* Effect.orDie(
    Schema.encodeEffect(Attempt)({ codeVerifier: Redacted.value(codeVerifier), returnTo })
  )
  return Object.keys(cookies)
    .filter((name) => name.startsWith(start) && /^[\w-]+$/.test(name))
    .slice(0, 1 - atOnce)
    .reduce(
      (response, name) => HttpServerResponse.expireCookieUnsafe(response, name, cookie),
      HttpServerResponse.redirect(url)
    )
    .pipe(HttpServerResponse.setCookieUnsafe(start + state, value, { ...cookie, maxAge: lifetime }))
})

/** Returns the code verifier and the page of a sign-in. Fails with `StateMismatch` if this browser has not started it. */
export const find = Effect.fnUntraced(function* (state: string) {
  const { cookies } = yield* HttpServerRequest.HttpServerRequest
  const attempt = Schema.decodeUnknownOption(Attempt)(cookies[(yield* prefix) + state])
  if (Option.isNone(attempt)) return yield* new StateMismatch({ message: "The browser has not started this sign-in." })
  const { codeVerifier, returnTo } = attempt.value
  return { codeVerifier: Redacted.make(codeVerifier), returnTo }
})

/** Deletes the cookie of a sign-in. */
export const end = Effect.fnUntraced(function* (response: HttpServerResponse.HttpServerResponse, state: string) {
  const { cookie } = yield* Settings
  return HttpServerResponse.expireCookieUnsafe(response, (yield* prefix) + state, cookie)
})
