// A minimal browser: requests, redirects and cookies.
import * as Effect from "effect/Effect"
import * as Cookies from "effect/http/Cookies"

export interface Page {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The URL of the redirect. Defaults to `""`. */
  readonly location: string
}

export interface Browser {
  /** Sends one request without following redirects. Only the application sets and receives cookies. */
  readonly visit: (url: string, init?: RequestInit) => Effect.Effect<Page>
  /** Sends a request and follows redirects. */
  readonly follow: (url: string) => Effect.Effect<Page>
  readonly cookies: Map<string, string>
}

/** Makes a browser without cookies. */
export const browser = (app: string): Browser => {
  const cookies = new Map<string, string>()
  const visit = (url: string, init: RequestInit = {}) =>
    Effect.promise(async (): Promise<Page> => {
      const { href, origin } = new URL(url, app)
      const isApp = origin === app
      const headers = new Headers(init.headers)
      const cookie = Array.from(cookies, ([name, value]) => `${name}=${value}`).join("; ")
      if (isApp && cookie !== "") headers.set("cookie", cookie)
      const response = await fetch(href, { redirect: "manual", ...init, headers })
      const set = Cookies.fromSetCookie(isApp ? response.headers.getSetCookie() : [])
      for (const { name, options, valueEncoded } of Object.values(set.cookies)) {
        if (options?.expires !== undefined && options.expires.getTime() === 0) cookies.delete(name)
        else cookies.set(name, valueEncoded)
      }
      const location = response.headers.get("location")
      return {
        status: response.status,
        headers: response.headers,
        text: await response.text(),
        location: location === null ? "" : new URL(location, href).href
      }
    })
  const follow = (url: string): Effect.Effect<Page> =>
    Effect.flatMap(visit(url), (page) => (page.location === "" ? Effect.succeed(page) : follow(page.location)))
  return { visit, follow, cookies }
}
