// The sign-in page of the emulated identity provider, and the admin API for key rotation.
import type { Connection } from "@effect-workos/domain/sso/Connection"
import { Jwk } from "@effect-workos/domain/sso/Jwks"
import * as ApiErrorResponse from "@effect-workos/domain/ApiErrorResponse"
import { OAuthErrors } from "@effect-workos/domain/sso/OAuthError"
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
import * as Html from "./Html.ts"
import * as Users from "./Users.ts"
import { SignIn } from "./SignIn.ts"
import * as SignInPage from "./SignInPage.ts"
import { Store } from "../Store.ts"

/**
 * Responds to invalid requests to the identity provider.
 */
export class InvalidSignIns extends HttpApiMiddleware.Service<InvalidSignIns>()(
  "@effect-workos/emulator/InvalidSignIns"
) {}

const Page = Schema.String.pipe(HttpApiSchema.asText({ contentType: "text/html" }))

const SignInForm = Schema.Struct({
  action: Schema.Literals(["sign-in", "deny"]),
  email: Schema.optionalKey(Schema.String)
})

/**
 * Serves the sign-in page with the parameters of `/sso/authorize`, and rotates keys.
 */
const SignInApi = HttpApi.make("emulator-sign-in")
  .add(
    HttpApiGroup.make("signIn").add(
      HttpApiEndpoint.get("page", SignInPage.path, {
        query: AuthorizationQuery,
        success: Page,
        error: ApiErrorResponse.of(OAuthErrors)
      }),
      HttpApiEndpoint.post("fill", SignInPage.path, {
        query: AuthorizationQuery,
        payload: SignInForm.pipe(HttpApiSchema.asFormUrlEncoded()),
        success: HttpApiSchema.WithHeaders(HttpApiSchema.Empty(303), { location: Schema.String }),
        error: ApiErrorResponse.of(OAuthErrors)
      }),
      HttpApiEndpoint.post("rotateKeys", "/_emulator/keys/rotate", { success: Jwk })
    )
  )
  .middleware(InvalidSignIns)

const pageFor = (url: string, connection: Connection, email: string, problem?: string) =>
  Html.respond(
    SignInPage.render({ action: `${SignInPage.path}${Authorization.searchOf(url)}`, connection, email, problem }),
    problem === undefined ? 200 : 422
  )

const redirectTo = (url: string) => HttpServerResponse.redirect(url, { status: 303, headers: Authorization.noStore })

const layerGroup = HttpApiBuilder.group(
  SignInApi,
  "signIn",
  Effect.fnUntraced(function* (handlers) {
    const store = yield* Store
    const signIn = yield* SignIn

    // The form has the same checks as the page: the connection may have changed, and a form can be sent without the page.
    const connectionFor = Effect.fnUntraced(function* (query: AuthorizationQuery) {
      yield* Authorization.validateClient(signIn.clients, query)
      return Authorization.connectionFor(store, query)
    })

    return handlers
      .handle(
        "page",
        Effect.fnUntraced(function* ({ query, request }) {
          const found = yield* connectionFor(query)
          return Authorization.isError(found)
            ? yield* Authorization.redirect(Authorization.errorUrl(query, found))
            : pageFor(request.url, found, query.loginHint ?? (yield* Users.defaultEmail(found)))
        })
      )
      .handle(
        "fill",
        Effect.fnUntraced(function* ({ payload: { action, email = "" }, query, request }) {
          const found = yield* connectionFor(query)
          if (Authorization.isError(found)) return redirectTo(Authorization.errorUrl(query, found))
          if (action === "deny") return redirectTo(Authorization.errorUrl(query, Authorization.denied))
          if (!Users.isEmail(email)) {
            return pageFor(request.url, found, email, "Enter a valid email address.")
          }
          return redirectTo(Authorization.codeUrl(query, yield* signIn.issueCode(found, email, query)))
        })
      )
      .handle("rotateKeys", () => signIn.keys.rotate)
  })
)

const invalidForm = HttpServerResponse.jsonUnsafe(
  { message: 'Expected a form with the fields action, which is "sign-in" or "deny", and email.' },
  { status: 422 }
)

const layerInvalidSignIns = Layer.effect(
  InvalidSignIns,
  Effect.map(
    SignIn,
    ({ clients }) =>
      (httpEffect) =>
        httpEffect.pipe(
          Effect.map((response) => (response.status === 415 ? invalidForm : response)),
          Effect.catch((error) => {
            if (!HttpApiError.HttpApiSchemaError.is(error)) return Effect.fail(error)
            return error.kind === "Query"
              ? Authorization.respondToInvalidQuery(clients, error.cause, Authorization.ssoRules)
              : Effect.succeed(invalidForm)
          })
        )
  )
)

/** The routes. */
export const layer = HttpApiBuilder.layer(SignInApi).pipe(Layer.provide(layerGroup), Layer.provide(layerInvalidSignIns))
