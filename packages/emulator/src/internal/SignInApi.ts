// The emulated identity provider over HTTP, and the keys: what WorkOS has not, and only the emulator answers.
import type { Connection } from "@effect-workos/domain/sso/Connection"
import { Jwk } from "@effect-workos/domain/sso/Jwks"
import { OAuthErrorResponse } from "@effect-workos/domain/sso/OAuthError"
import { AuthorizationQuery } from "@effect-workos/domain/sso/Sso"
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiError from "effect/http-api/HttpApiError"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Authorization from "./Authorization.ts"
import * as Users from "./Users.ts"
import { SignIn } from "./SignIn.ts"
import * as SignInPage from "./SignInPage.ts"
import { Store } from "../Store.ts"

/** Where the page is. */
export const path = "/_emulator/sign-in"

/**
 * Answers requests to the identity provider that it can't read.
 */
export class InvalidSignIns extends HttpApiMiddleware.Service<InvalidSignIns>()(
  "@effect-workos/emulator/InvalidSignIns"
) {}

const Page = Schema.String.pipe(HttpApiSchema.asText({ contentType: "text/html" }))

const Filled = Schema.Struct({
  action: Schema.Literals(["sign-in", "deny"]),
  email: Schema.optionalKey(Schema.String)
})

/**
 * The page on which somebody signs in or denies it, with the parameters of `/sso/authorize`; and the rotation of keys.
 */
const SignInApi = HttpApi.make("emulator-sign-in")
  .add(
    HttpApiGroup.make("signIn").add(
      HttpApiEndpoint.get("page", path, { query: AuthorizationQuery, success: Page, error: OAuthErrorResponse }),
      HttpApiEndpoint.post("fill", path, {
        query: AuthorizationQuery,
        payload: Filled.pipe(HttpApiSchema.asFormUrlEncoded()),
        success: HttpApiSchema.WithHeaders(HttpApiSchema.Empty(303), { location: Schema.String }),
        error: OAuthErrorResponse
      }),
      HttpApiEndpoint.post("rotateKeys", "/_emulator/keys/rotate", { success: Jwk })
    )
  )
  .middleware(InvalidSignIns)

const pageFor = (url: string, connection: Connection, email: string, problem?: string) =>
  HttpServerResponse.setHeaders(
    HttpServerResponse.html(
      SignInPage.render({ action: `${path}${Authorization.searchOf(url)}`, connection, email, problem })
    ),
    SignInPage.headers
  )

const sendFrom = (url: string) => HttpServerResponse.redirect(url, { status: 303, headers: Authorization.unstored })

const layerGroup = HttpApiBuilder.group(
  SignInApi,
  "signIn",
  Effect.fnUntraced(function* (handlers) {
    const store = yield* Store
    const signIn = yield* SignIn

    // What was allowed when the page was shown may not be any more, and nobody says that the page was shown at all.
    const connectionFor = Effect.fnUntraced(function* (query: AuthorizationQuery) {
      yield* Authorization.known(signIn.clients, query)
      return Authorization.connectionFor(store, query)
    })

    return handlers
      .handle(
        "page",
        Effect.fnUntraced(function* ({ query, request }) {
          const found = yield* connectionFor(query)
          return Authorization.isRefusal(found)
            ? yield* Authorization.send(Authorization.refusalUrl(query, found))
            : pageFor(request.url, found, query.loginHint ?? (yield* Users.defaultEmail(found)))
        })
      )
      .handle(
        "fill",
        Effect.fnUntraced(function* ({ payload: { action, email = "" }, query, request }) {
          const found = yield* connectionFor(query)
          if (Authorization.isRefusal(found)) return sendFrom(Authorization.refusalUrl(query, found))
          if (action === "deny") return sendFrom(Authorization.refusalUrl(query, Authorization.denied))
          if (!Users.isEmail(email)) {
            return HttpServerResponse.setStatus(pageFor(request.url, found, email, "This is no email address."), 422)
          }
          return sendFrom(Authorization.codeUrl(query, yield* signIn.admit(found, email, query)))
        })
      )
      .handle("rotateKeys", () => signIn.keys.rotate)
  })
)

const wrongForm = HttpServerResponse.jsonUnsafe(
  { message: 'Expected a form with action, which is "sign-in" or "deny", and email.' },
  { status: 422 }
)

const layerInvalidSignIns = Layer.effect(
  InvalidSignIns,
  Effect.map(
    SignIn,
    ({ clients }) =>
      (httpEffect) =>
        httpEffect.pipe(
          Effect.map((response) => (response.status === 415 ? wrongForm : response)),
          Effect.catch((error) => {
            if (!HttpApiError.HttpApiSchemaError.is(error)) return Effect.fail(error)
            return error.kind === "Query"
              ? Authorization.respondToInvalidQuery(clients, error.cause)
              : Effect.succeed(wrongForm)
          })
        )
  )
)

/** The routes, on the connections that there are. */
export const layer = HttpApiBuilder.layer(SignInApi).pipe(Layer.provide(layerGroup), Layer.provide(layerInvalidSignIns))
