/**
 * The cookie of sessions: its name and its attributes.
 *
 * @module
 */
import { InvalidConfig } from "@effect-workos/client/WorkOsConfig"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Cookies from "effect/http/Cookies"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Redacted from "effect/Redacted"

/**
 * Options of the cookie. The cookie always has the attribute `HttpOnly`, so that scripts cannot read it.
 *
 * **Example** (A cookie for all subdomains)
 *
 * ```ts
 * import { defaultCookieName, type Options } from "@effect-workos/server/SessionCookie"
 *
 * const options: Options = { cookieName: `${defaultCookieName}-staging`, cookie: { domain: "your-app.com" } }
 * ```
 */
export interface Options {
  /** Defaults to {@link defaultCookieName}. */
  readonly cookieName?: string | undefined
  readonly cookie?:
    | {
        /** Defaults to none: the cookie is for this host only. */
        readonly domain?: string | undefined
        /** Defaults to `/`. */
        readonly path?: string | undefined
        /**
         * Defaults to `lax`: browsers send the cookie when a user follows a link from another site, but not with forms and
         * frames of other sites. With `strict`, the first page after the sign-in at WorkOS has no session.
         */
        readonly sameSite?: "lax" | "strict" | "none" | undefined
        /** Defaults to true: browsers send the cookie over HTTPS only. Use false for development over HTTP. */
        readonly secure?: boolean | undefined
        /** Defaults to {@link defaultMaxAge}. WorkOS's settings limit the length of a session too. */
        readonly maxAge?: Duration.Input | undefined
      }
    | undefined
}

/**
 * The name of the cookie in WorkOS's SDKs: `wos-session`.
 */
export const defaultCookieName = "wos-session"

/**
 * 400 days, the maximum in browsers.
 */
export const defaultMaxAge = Duration.days(400)

/**
 * The name and the attributes of the cookie.
 */
export interface SessionCookie {
  readonly name: string
  readonly attributes: NonNullable<Cookies.Cookie["options"]>
}

/**
 * Makes the name and the attributes of the cookie. Fails with `InvalidConfig` if the name or an attribute is invalid.
 */
export const make = ({
  cookie = {},
  cookieName = defaultCookieName
}: Options): Effect.Effect<SessionCookie, InvalidConfig> => {
  const { domain, maxAge = defaultMaxAge, path = "/", sameSite = "lax", secure = true } = cookie
  const attributes = { httpOnly: true, maxAge, path, sameSite, secure, ...(domain === undefined ? {} : { domain }) }
  return Effect.as(
    Effect.mapError(
      Effect.fromResult(Cookies.makeCookie(cookieName, "", attributes)),
      () =>
        new InvalidConfig({
          option: "cookie",
          message: "cookie: Expected a valid name, domain, path and age of a cookie"
        })
    ),
    { name: cookieName, attributes }
  )
}

/**
 * Sets the cookie on a response, or deletes the cookie if the value is `undefined`. Caches do not store such a response.
 *
 * **Example** (Responding with a new session)
 *
 * ```ts
 * import * as SessionCookie from "@effect-workos/server/SessionCookie"
 * import type { NewSession } from "@effect-workos/server/Session"
 * import type { CookieSessions } from "@effect-workos/server/CookieSessions"
 * import * as HttpServerResponse from "effect/http/HttpServerResponse"
 *
 * const welcome = (sessions: CookieSessions["Service"], { cookie }: NewSession) =>
 *   SessionCookie.set(HttpServerResponse.redirect("/account"), sessions.cookie, cookie)
 * ```
 */
export const set = (
  response: HttpServerResponse.HttpServerResponse,
  { attributes, name }: SessionCookie,
  value: Redacted.Redacted | undefined
): HttpServerResponse.HttpServerResponse => {
  const { maxAge: _, ...scope } = attributes
  const changed =
    value === undefined
      ? HttpServerResponse.expireCookieUnsafe(response, name, scope)
      : HttpServerResponse.setCookieUnsafe(response, name, Redacted.value(value), attributes)
  return HttpServerResponse.setHeader(changed, "cache-control", "no-store")
}
