// The routes of AuthKit's hosted pages: sign-in, and the connection of devices.
import * as ApiErrorResponse from "@effect-workos/domain/ApiErrorResponse"
import { AuthKitAuthorizationQuery } from "@effect-workos/domain/user-management/Authentication"
import { OAuthErrors } from "@effect-workos/domain/sso/OAuthError"
import * as Effect from "effect/Effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
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
import { AuthKit } from "./AuthKit.ts"
import * as AuthKitAuthorize from "./AuthKitAuthorize.ts"
import * as AuthKitFlow from "./AuthKitFlow.ts"
import * as AuthKitPage from "./AuthKitPage.ts"
import * as Authorization from "./Authorization.ts"
import * as Html from "./Html.ts"
import * as SignInPage from "./SignInPage.ts"
import * as Users from "./Users.ts"

/** Responds to invalid requests to the hosted pages. */
class InvalidPages extends HttpApiMiddleware.Service<InvalidPages>()("@effect-workos/emulator/InvalidPages") {}

const Page = Schema.String.pipe(HttpApiSchema.asText({ contentType: "text/html" }))

const Redirection = HttpApiSchema.WithHeaders(HttpApiSchema.Empty(303), { location: Schema.String })

const DeviceQuery = Schema.Struct({ user_code: Schema.optionalKey(Schema.String) })

const payload = AuthKitPage.Form.pipe(HttpApiSchema.asFormUrlEncoded())

const error = ApiErrorResponse.of(OAuthErrors)

const AuthKitPageApi = HttpApi.make("emulator-authkit")
  .add(
    HttpApiGroup.make("authkit").add(
      HttpApiEndpoint.get("page", AuthKitPage.path, { query: AuthKitAuthorizationQuery, success: Page, error }),
      HttpApiEndpoint.post("fill", AuthKitPage.path, {
        query: AuthKitAuthorizationQuery,
        payload,
        success: [Page, Redirection],
        error
      }),
      HttpApiEndpoint.get("device", AuthKitPage.devicePath, { query: DeviceQuery, success: Page }),
      HttpApiEndpoint.post("fillDevice", AuthKitPage.devicePath, { query: DeviceQuery, payload, success: Page })
    )
  )
  .middleware(InvalidPages)

const redirectTo = (url: string) => HttpServerResponse.redirect(url, { status: 303, headers: Authorization.noStore })

const flowOf = (query: AuthKitAuthorizationQuery, { url }: HttpServerRequest): AuthKitFlow.Flow => ({
  action: `${AuthKitPage.path}${Authorization.searchOf(url)}`,
  origin: AuthKitAuthorize.originOf(query),
  loginHint: query.loginHint,
  startsWithSignUp: query.screenHint === "sign-up",
  finish: (attempt) =>
    Effect.map(AuthKitAuthorize.issueCode(attempt, query.codeChallenge), (code) =>
      redirectTo(Authorization.codeUrl(query, code))
    ),
  deny: Effect.succeed(redirectTo(Authorization.errorUrl(query, Authorization.denied)))
})

const identityProviderPage = (
  way: Exclude<AuthKitAuthorize.Way, { readonly kind: "authkit" }>,
  { url }: HttpServerRequest,
  email: string,
  problem?: string
) =>
  Html.respond(
    SignInPage.render({
      action: `${AuthKitPage.path}${Authorization.searchOf(url)}`,
      connection:
        way.kind === "connection"
          ? way.connection
          : { connectionType: way.provider, name: way.provider.replace(/OAuth$/, "") },
      email,
      problem
    }),
    problem === undefined ? 200 : 422
  )

const devicePage = (userCode: string | undefined, problem?: string) =>
  Html.respond(
    AuthKitPage.render(AuthKitPage.device(userCode), AuthKitPage.devicePath, problem),
    problem === undefined ? 200 : 422
  )

const layerGroup = HttpApiBuilder.group(
  AuthKitPageApi,
  "authkit",
  Effect.fnUntraced(function* (handlers) {
    const kit = yield* AuthKit
    const { devices, signIn, store } = kit
    const inKit = Effect.provideService(AuthKit, kit)

    // The form has the same checks as the page: the connection may have changed, and a form can be sent without the page.
    const wayFor = Effect.fnUntraced(function* (query: AuthKitAuthorizationQuery) {
      yield* Authorization.validateClient(signIn.clients, query)
      return AuthKitAuthorize.wayFor(store, query)
    })

    const deviceFlow = (userCode: string, clientId: string): AuthKitFlow.Flow => {
      const decide = (decision: Parameters<typeof devices.decide>[1]) =>
        Effect.map(devices.decide(userCode, decision), (isDone) =>
          Html.respond(AuthKitPage.render(AuthKitPage.deviceDone(isDone && decision !== "denied"), ""))
        )
      return {
        action: `${AuthKitPage.devicePath}?${new URLSearchParams({ user_code: userCode })}`,
        origin: { clientId },
        startsWithSignUp: false,
        finish: decide,
        deny: decide("denied")
      }
    }

    return handlers
      .handle(
        "page",
        Effect.fnUntraced(function* ({ query, request }) {
          const way = yield* wayFor(query)
          if (Authorization.isError(way)) return yield* Authorization.redirect(Authorization.errorUrl(query, way))
          if (way.kind === "authkit") return yield* inKit(AuthKitFlow.start(flowOf(query, request)))
          const email = query.loginHint ?? (yield* AuthKitAuthorize.defaultEmailOf(way))
          return identityProviderPage(way, request, email)
        })
      )
      .handle(
        "fill",
        Effect.fnUntraced(function* ({ payload: form, query, request }) {
          const way = yield* wayFor(query)
          if (Authorization.isError(way)) return redirectTo(Authorization.errorUrl(query, way))
          const flow = flowOf(query, request)
          if (way.kind === "authkit") return yield* inKit(AuthKitFlow.submit(flow, form))
          const { action, email = "" } = form
          if (action === "deny") return yield* inKit(flow.deny)
          if (!Users.isEmail(email)) {
            return identityProviderPage(way, request, email, "Enter a valid email address.")
          }
          return yield* inKit(Effect.flatMap(AuthKitAuthorize.signInWith(way, flow.origin, email), flow.finish))
        })
      )
      .handle("device", ({ query: { user_code: userCode } }) => Effect.succeed(devicePage(userCode)))
      .handle(
        "fillDevice",
        Effect.fnUntraced(function* ({ payload: form, query }) {
          const userCode = form.user_code ?? query.user_code ?? ""
          const device = yield* devices.findPending(userCode)
          if (device === undefined) return devicePage(userCode, "The code is unknown, used or expired.")
          const flow = deviceFlow(device.userCode, device.clientId)
          if (form.action !== "device") return yield* inKit(AuthKitFlow.submit(flow, form))
          if (signIn.showsPage) return yield* inKit(AuthKitFlow.start(flow))
          return yield* inKit(
            AuthKitAuthorize.signInAutomatically(flow.origin).pipe(
              Effect.flatMap(flow.finish),
              Effect.catch((error) => Effect.succeed(devicePage(userCode, error.message)))
            )
          )
        })
      )
  })
)

const invalidForm = HttpServerResponse.jsonUnsafe(
  { message: "Expected a form with the field action." },
  { status: 422 }
)

const layerInvalidPages = Layer.effect(
  InvalidPages,
  Effect.map(
    AuthKit,
    ({ signIn: { clients } }) =>
      (httpEffect) =>
        httpEffect.pipe(
          Effect.map((response) => (response.status === 415 ? invalidForm : response)),
          Effect.catch((error) => {
            if (!HttpApiError.HttpApiSchemaError.is(error)) return Effect.fail(error)
            return error.kind === "Query"
              ? Authorization.respondToInvalidQuery(clients, error.cause, Authorization.authKitRules)
              : Effect.succeed(invalidForm)
          })
        )
  )
)

/** The routes. */
export const layer = HttpApiBuilder.layer(AuthKitPageApi).pipe(
  Layer.provide(layerGroup),
  Layer.provide(layerInvalidPages)
)
