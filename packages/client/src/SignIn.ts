/**
 * The two steps of a sign-in: sending the browser to WorkOS, and handling its return.
 *
 * Between the steps, the application stores the state and the code verifier so that only this browser can send them, for
 * example in a cookie. `callback` compares the stored state with the state in the URL.
 *
 * Users can also start a sign-in at their identity provider. The browser then arrives with a code and without a state, which
 * is indistinguishable from an attack, so `callback` fails with `StateMismatch`. The application should start a new sign-in.
 * Most users are still signed in at the identity provider and do not enter a password again.
 *
 * @module
 */
import * as Effect from "effect/Effect"
import type { InvalidRequest } from "./ClientError.ts"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as AuthorizationUrl from "./AuthorizationUrl.ts"
import * as Excerpt from "./internal/Excerpt.ts"
import * as Pkce from "./Pkce.ts"

/**
 * A started sign-in: the URL to which to send the browser, and the values to store until it returns.
 *
 * **Example** (The values to store)
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
 * Starts a sign-in with a new state and a new code verifier, like `getAuthorizationUrlWithPKCE` of the official SDK.
 *
 * **Details**
 *
 * Store the verifier so that only this browser can send it, for example in a cookie. A user can start sign-ins in several
 * tabs, so use one cookie per sign-in, and put the state into the name of the cookie. `examples/sign-in` also signs the
 * cookies, and keeps at most eight per browser.
 *
 * **Example** (Redirecting to WorkOS)
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
 *       // Not `strict`, because the browser returns from another site.
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
 * Options for `start`: those of `AuthorizationUrl.make` without `state` and `codeChallenge`, which `start` generates.
 *
 * **Example** (A sign-in with an email address)
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
 * WorkOS or the identity provider refused the sign-in.
 *
 * **Details**
 *
 * `error` is WorkOS's name of the reason, for example `access_denied` or `connection_invalid`, or `unknown_error` if the name
 * in the URL is empty. `description` is a sentence about the reason. Do not trust either: anyone can send a browser to the
 * redirect URI.
 *
 * @see https://workos.com/docs/reference/sso/get-authorization-url/error-codes
 */
export class SignInRefused extends Schema.TaggedError<SignInRefused>()("SignInRefused", {
  message: Schema.String,
  error: Schema.String,
  description: Schema.optionalKey(Schema.String)
}) {}

/**
 * The state in the URL is missing or differs from that of the sign-in: the sign-in is forged, has expired, or was started at
 * the identity provider. Start a new sign-in.
 *
 * @see https://workos.com/docs/reference/sso/redirect-uri
 */
export class StateMismatch extends Schema.TaggedError<StateMismatch>()("StateMismatch", { message: Schema.String }) {}

/**
 * The URL contains neither a code nor an error.
 *
 * @see https://workos.com/docs/reference/sso/redirect-uri
 */
export class CodeMissing extends Schema.TaggedError<CodeMissing>()("CodeMissing", { message: Schema.String }) {}

/**
 * The errors of `callback`.
 *
 * **Example** (Messages for users)
 *
 * ```ts
 * import type { CallbackError } from "@effect-workos/client/SignIn"
 *
 * const sentence = (error: CallbackError): string => {
 *   switch (error._tag) {
 *     case "SignInRefused":
 *       return error.error === "access_denied" ? "You have not signed in." : "Your identity provider refused the sign-in."
 *     case "StateMismatch":
 *     case "CodeMissing":
 *       return "This sign-in has expired or is invalid. Start again."
 *   }
 * }
 * ```
 */
export type CallbackError = SignInRefused | StateMismatch | CodeMissing

/**
 * Returns the authorization code in the URL to which the browser returned, if the state in the URL is the given state.
 * Exchange the code with `profileAndToken`.
 *
 * **Details**
 *
 * `url` is the URL of the request, or its query. The state is checked first: if it is missing or differs, the rest of the URL
 * is ignored.
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
 *   // Without the cookie, this browser has not started the sign-in.
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
  // The first error counts, even if the URL also has a code.
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
