// A sign-in, from the moment when the browser is sent away to the one when it is back.
//
// Between the two, the application keeps what `start` gave it where only this browser can bring it back, in a cookie for
// example. `callback` tells whether it is the same.
//
// Some sign-ins start at the identity provider, with a click in its list of applications. They come with a code and without
// a state, and so does an attacker's: `callback` fails with `StateMismatch`. Begin a sign-in of your own then; whoever is
// signed in at the identity provider is mostly back from it without a question.
import * as Effect from "effect/Effect"
import type { InvalidRequest } from "./ClientError.ts"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as AuthorizationUrl from "./AuthorizationUrl.ts"
import * as Excerpt from "./internal/Excerpt.ts"
import * as Pkce from "./Pkce.ts"

/**
 * A sign-in that has request: where to send the browser, and what to keep until it is back.
 *
 * **Example** (What is kept until the browser is back)
 *
 * ```ts
 * import type { AuthorizationRequest } from "@effect-workos/client/SignIn"
 * import * as Redacted from "effect/Redacted"
 *
 * const keep = (request: AuthorizationRequest) => [request.state, Redacted.value(request.codeVerifier)] as const
 * ```
 */
export interface AuthorizationRequest {
  readonly url: URL
  readonly state: string
  readonly codeVerifier: Redacted.Redacted
}

/**
 * Begins a sign-in, with a state and a code verifier of its own, as the official SDK's `getAuthorizationUrlWithPKCE` does.
 *
 * **Details**
 *
 * The verifier is to be kept where only this browser can bring it back. Two tabs are two sign-ins at once, and need a
 * cookie each: so the state is in its name. `examples/sign-in` signs the cookie besides, and lets a browser have eight.
 *
 * **Example** (Sending somebody away)
 *
 * ```ts
 * import * as SignIn from "@effect-workos/client/SignIn"
 * import * as Effect from "effect/Effect"
 * import * as HttpServerResponse from "effect/http/HttpServerResponse"
 * import * as Redacted from "effect/Redacted"
 *
 * const handler = Effect.gen(function* () {
 *   const { codeVerifier, state, url } = yield* SignIn.start({
 *     clientId: "client_01HZBC6N1EB1ZY7KG32X",
 *     organization: "org_01EHWNCE74X7JSDV0X3SZ3KJNY",
 *     redirectUri: "https://your-app.com/callback"
 *   })
 *   return HttpServerResponse.redirect(url).pipe(
 *     HttpServerResponse.setCookieUnsafe(`__Host-sign-in-${state}`, Redacted.value(codeVerifier), {
 *       httpOnly: true,
 *       secure: true,
 *       // Not strict: it is another site that the browser comes back from.
 *       sameSite: "lax",
 *       path: "/",
 *       maxAge: "10 minutes"
 *     })
 *   )
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/sso/get-authorization-url
 */
export const start = Effect.fnUntraced(function* (
  options: StartOptions,
  baseUrl?: URL
): Effect.fn.Return<AuthorizationRequest, InvalidRequest> {
  const state = yield* Pkce.randomString
  const { codeChallenge, codeVerifier } = yield* Pkce.generate
  const url = yield* Effect.fromResult(AuthorizationUrl.make({ ...options, state, codeChallenge }, baseUrl))
  return { url, state, codeVerifier }
})

/**
 * What a sign-in can be request with: all but what `start` makes itself.
 *
 * **Example** (Signing in where an e-mail address says where)
 *
 * ```ts
 * import * as SignIn from "@effect-workos/client/SignIn"
 *
 * const options = (email: string): SignIn.StartOptions => ({
 *   organization: "org_01EHWNCE74X7JSDV0X3SZ3KJNY",
 *   clientId: "client_01HZBC6N1EB1ZY7KG32X",
 *   redirectUri: "https://your-app.com/callback",
 *   loginHint: email
 * })
 *
 * const request = SignIn.start(options("ada@example.com"))
 * ```
 */
export type StartOptions = AuthorizationUrl.Selector & Omit<AuthorizationUrl.Options, "state" | "codeChallenge">

/**
 * WorkOS, or the identity provider, signed nobody in. `error` is WorkOS's name for the reason, for example `access_denied`
 * where somebody did not want to, or `connection_invalid`, and `unknown_error` where it is empty; `description` is a
 * sentence about it, which is not to be trusted to be WorkOS's: everybody can send a browser here.
 *
 * @see https://workos.com/docs/reference/sso/get-authorization-url/error-codes
 */
export class SignInRefused extends Schema.TaggedError<SignInRefused>()("SignInRefused", {
  message: Schema.String,
  error: Schema.String,
  description: Schema.optionalKey(Schema.String)
}) {}

/**
 * The browser brings another state than this sign-in began with, or none: it is somebody else's sign-in, an old one, or one
 * that began at the identity provider. Begin another.
 *
 * @see https://workos.com/docs/reference/sso/redirect-uri
 */
export class StateMismatch extends Schema.TaggedError<StateMismatch>()("StateMismatch", { message: Schema.String }) {}

/**
 * The browser brings neither a code nor an error.
 *
 * @see https://workos.com/docs/reference/sso/redirect-uri
 */
export class CodeMissing extends Schema.TaggedError<CodeMissing>()("CodeMissing", { message: Schema.String }) {}

/**
 * Why somebody who is back is not signed in.
 *
 * **Example** (What whoever is back is told)
 *
 * ```ts
 * import type { CallbackError } from "@effect-workos/client/SignIn"
 *
 * const sentence = (error: CallbackError): string => {
 *   switch (error._tag) {
 *     case "SignInRefused":
 *       return error.error === "access_denied" ? "You have not signed in." : "Your identity provider signed nobody in."
 *     case "StateMismatch":
 *     case "CodeMissing":
 *       return "This sign-in is over, or was never ours. Begin again."
 *   }
 * }
 * ```
 */
export type CallbackError = SignInRefused | StateMismatch | CodeMissing

/**
 * The code that the browser brings back to the callback, which is the application's redirect URI, if it is of the sign-in
 * that began with this state. `profileAndToken` gives the profile for it.
 *
 * **Details**
 *
 * `url` is the URL of the request, or its query. The state is looked at first: what comes with another one is nobody's, and
 * neither is what comes without one, as a sign-in does that began at the identity provider.
 *
 * **Example** (The route of the redirect URI)
 *
 * ```ts
 * import * as SignIn from "@effect-workos/client/SignIn"
 * import * as Effect from "effect/Effect"
 * import * as HttpServerRequest from "effect/http/HttpServerRequest"
 *
 * const code = Effect.gen(function* () {
 *   const { cookies, url } = yield* HttpServerRequest.HttpServerRequest
 *   const query = new URL(url, "https://your-app.com").searchParams
 *   const state = query.get("state") ?? ""
 *   // No cookie: this browser began no such sign-in.
 *   const isOurs = cookies[`__Host-sign-in-${state}`] !== undefined
 *   return yield* Effect.fromResult(SignIn.callback(query, { state: isOurs ? state : "" }))
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/sso/redirect-uri
 */
export const callback = (
  url: URL | URLSearchParams,
  { state }: { readonly state: string }
): Result.Result<Redacted.Redacted, CallbackError> => {
  const query = url instanceof URL ? url.searchParams : url
  const only = (name: string): string | undefined => {
    const values = query.getAll(name)
    return values.length === 1 ? values[0] : undefined
  }
  if (state === "" || only("state") !== state) {
    return Result.fail(new StateMismatch({ message: "The state does not match this sign-in. Start a new sign-in." }))
  }
  // Of several, the first: a code beside them is good for nothing.
  const error = query.get("error")
  if (error !== null) {
    const name = Excerpt.of(error, []) || "unknown_error"
    const description = Excerpt.of(query.get("error_description") ?? "", [])
    return Result.fail(
      new SignInRefused({
        message: `The sign-in was refused: ${name}${description === "" ? "" : ` (${description})`}.`,
        error: name,
        ...(description === "" ? {} : { description })
      })
    )
  }
  const code = only("code")
  return code === undefined || code === ""
    ? Result.fail(new CodeMissing({ message: "The browser returned without a code. Start a new sign-in." }))
    : Result.succeed(Redacted.make(code))
}
