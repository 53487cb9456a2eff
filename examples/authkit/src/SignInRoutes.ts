// The routes that begin, change and end a session: sign-in, callback, switch of the organization, and sign-out.
import * as SignIn from "@effect-workos/client/SignIn"
import { WorkOs } from "@effect-workos/client/WorkOs"
import { OrganizationId } from "@effect-workos/domain/organizations/OrganizationId"
import * as RequestSession from "@effect-workos/server/RequestSession"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Attempts from "./Attempts.ts"
import * as Problems from "./Problems.ts"
import { Settings } from "./Settings.ts"

const to = (location: string) => HttpServerResponse.redirect(location, { status: 303 })

const SignInQuery = Schema.Struct({
  returnTo: Schema.optionalKey(Attempts.ReturnTo),
  screenHint: Schema.optionalKey(Schema.Literal("sign-up")),
  organizationId: Schema.optionalKey(OrganizationId)
})

// GET /sign-in, or /sign-in?screenHint=sign-up, or /sign-in?organizationId=…
const signIn = Effect.gen(function* () {
  const { clientId, redirectUri } = yield* Settings
  const { authentication } = yield* WorkOs
  const { returnTo = "/account", ...options } = yield* HttpServerRequest.schemaSearchParams(SignInQuery)
  const request = yield* authentication.start({ clientId, redirectUri, provider: "authkit", ...options })
  return yield* Attempts.begin(request, returnTo)
})

// GET /callback?code=…&state=…
const callback = Effect.gen(function* () {
  const { clientId, origin } = yield* Settings
  const { authentication } = yield* WorkOs
  const { url } = yield* HttpServerRequest.HttpServerRequest
  const query = new URL(url, origin).searchParams
  const state = query.get("state") ?? ""
  const { codeVerifier, returnTo } = yield* Attempts.find(state)
  const code = yield* Effect.fromResult(SignIn.callback(query, { state }))
  yield* RequestSession.signIn(yield* authentication.withCode({ clientId, code, codeVerifier }))
  return yield* Attempts.end(to(returnTo), state)
})

const Selection = Schema.Struct({ organizationId: OrganizationId })

// POST /switch
const switchOrganization = Effect.gen(function* () {
  const { organizationId } = yield* HttpServerRequest.schemaBodyUrlParams(Selection)
  return yield* RequestSession.switchOrganization(organizationId).pipe(
    Effect.as(to("/account")),
    // The organization requires another step, which AuthKit's page performs.
    Effect.catchTag(["SsoRequired", "MfaEnrollmentRequired", "OrganizationAuthenticationMethodsRequired"], () =>
      Effect.succeed(to(`/sign-in?organizationId=${organizationId}`))
    )
  )
})

// POST /sign-out
const signOut = Effect.flatMap(Settings, ({ origin }) => RequestSession.signOut({ returnTo: origin }))

export const layer = Layer.mergeAll(
  HttpRouter.add("GET", "/sign-in", Effect.catch(signIn, Problems.respond)),
  HttpRouter.add("GET", "/callback", Effect.catch(callback, Problems.respond)),
  HttpRouter.add("POST", "/switch", Effect.catch(switchOrganization, Problems.respond)),
  HttpRouter.add("POST", "/sign-out", Effect.catch(signOut, Problems.respond))
)
