// Settings of the application: its client id at WorkOS, its URL, and the options of its cookies.
import { isLoopback } from "@effect-workos/client/WorkOsConfig"
import { ClientId } from "@effect-workos/domain/sso/Sso"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"

const AppUrl = Schema.URLFromString.check(
  Schema.makeFilter(
    ({ hostname, protocol }) => protocol === "https:" || (protocol === "http:" && isLoopback(hostname)),
    {
      expected: "a URL that starts with https://, or http://localhost"
    }
  )
)

export class Settings extends Context.Service<Settings>()("example/Settings", {
  make: Effect.gen(function* () {
    const clientId = yield* Config.schema(ClientId, "WORKOS_CLIENT_ID")
    const { origin, protocol } = yield* Config.schema(AppUrl, "APP_URL").pipe(
      Config.withDefault(new URL("http://localhost:3000"))
    )
    const secure = protocol === "https:"
    return {
      clientId,
      origin,
      // This origin is not from the request: an attacker who controls the Host header could redirect codes.
      redirectUri: `${origin}/callback`,
      secure,
      // Browsers accept cookies with this prefix only from this host, and only over HTTPS.
      cookiePrefix: secure ? "__Host-" : "",
      cookie: { httpOnly: true, sameSite: "lax", secure, path: "/" } as const
    }
  })
}) {
  static readonly layer = Layer.effect(this, this.make)
}
