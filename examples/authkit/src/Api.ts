// An API for programs in the browser, which send the session cookie.
import * as SessionMiddleware from "@effect-workos/server/SessionMiddleware"
import * as Effect from "effect/Effect"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"

const Me = Schema.Struct({
  email: Schema.String,
  organizationId: Schema.NullOr(Schema.String),
  role: Schema.NullOr(Schema.String)
})

const Api = HttpApi.make("api").add(
  HttpApiGroup.make("account")
    .add(HttpApiEndpoint.get("me", "/api/me", { success: Me }))
    .middleware(SessionMiddleware.RequireSession)
)

const account = HttpApiBuilder.group(Api, "account", (handlers) =>
  handlers.handle("me", () =>
    Effect.map(SessionMiddleware.CurrentSession, ({ claims, user }) => ({
      email: user.email,
      organizationId: claims.orgId ?? null,
      role: claims.role ?? null
    }))
  )
)

/** The routes. Requires `CookieSessions`. */
export const layer = HttpApiBuilder.layer(Api).pipe(
  Layer.provide(account),
  Layer.provide(SessionMiddleware.RequireSession.layer())
)
