// The endpoint to which WorkOS delivers webhooks, for any of Effect's servers.
//
// The body is read as bytes, no further than to its bound, and not at all where the header is no good; it is parsed once
// its signature is verified. What is answered says what is wrong with a request, and nothing of what went wrong in the handler.
import { Event } from "@effect-workos/domain/events/Event"
import * as WebhookSignature from "@effect-workos/domain/webhooks/WebhookSignature"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { HttpServerError } from "effect/http/HttpServerError"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import type * as Config from "effect/Config"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Webhook from "./Webhook.ts"
import * as WebhookConfig from "./WebhookConfig.ts"
import type { BodyTooLarge, WebhookError } from "./WebhookError.ts"

/**
 * What is done for an event. Once begun it is done to its end, also where the sender goes away meanwhile: WorkOS waits a
 * few seconds for an answer, and half of what was to be done is worse than all of it twice. So let it end: what may hang
 * should have an `Effect.timeout`.
 *
 * **Example** (A handler with a name)
 *
 * ```ts
 * import * as WebhookEndpoint from "@effect-workos/server/WebhookEndpoint"
 * import * as Effect from "effect/Effect"
 *
 * const log: WebhookEndpoint.Handler<never, never> = (event) => Effect.log(event.event)
 *
 * const Webhooks = WebhookEndpoint.layer("/webhooks/workos", log)
 * ```
 */
export type Handler<E, R> = (event: Event) => Effect.Effect<unknown, E, R>

/**
 * The endpoint as a route: WorkOS's webhooks at a path, each event given to a handler.
 *
 * **Details**
 *
 * Where options do not say whom to believe, `WORKOS_WEBHOOK_SECRET` does, one secret or several with commas between; the
 * layer fails with a `ConfigError` where neither does. What is answered:
 *
 * - 200 where the handler has succeeded, also for a delivery that it has succeeded with before: nothing is done then.
 * - 400 where the signature is no good, or the body no event. No handler sees it.
 * - 405 to other methods than `POST`, 413 to a body that is too long, 415 to one that says not to be JSON.
 * - 409 where the same delivery is being handled.
 * - 500 where the handler has failed or was interrupted, so that WorkOS delivers again. The cause is logged, and not shown.
 * - 503 where the memory of deliveries is one outside of the process, and does not answer.
 *
 * **Example** (A server that reacts to a deactivated connection)
 *
 * ```ts
 * import { is } from "@effect-workos/domain/events/Event"
 * import * as WebhookEndpoint from "@effect-workos/server/WebhookEndpoint"
 * import * as Effect from "effect/Effect"
 *
 * const Webhooks = WebhookEndpoint.layer("/webhooks/workos", (event) =>
 *   is("connection.deactivated")(event) ? Effect.log(`${event.data.name} signs nobody in any more`) : Effect.void
 * )
 * ```
 *
 * @see https://workos.com/docs/events/data-syncing/webhooks
 */
export const layer = <E, R>(path: HttpRouter.PathInput, handler: Handler<E, R>, options?: WebhookConfig.Options) =>
  HttpRouter.use((router) => Effect.flatMap(make(handler, options), (answer) => router.add("*", path, answer)))

/**
 * The description of the endpoint in an `HttpApi`. Implement it with `handleRaw` and {@link make}, so that the body is not
 * parsed before it is verified.
 *
 * **Example** (The endpoint in an API of one's own)
 *
 * ```ts
 * import * as WebhookEndpoint from "@effect-workos/server/WebhookEndpoint"
 * import * as Effect from "effect/Effect"
 * import * as HttpApi from "effect/http-api/HttpApi"
 * import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
 * import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
 *
 * class Webhooks extends HttpApiGroup.make("webhooks").add(WebhookEndpoint.endpoint("workos", "/webhooks/workos")) {}
 * class Api extends HttpApi.make("api").add(Webhooks) {}
 *
 * const WebhooksLive = HttpApiBuilder.group(
 *   Api,
 *   "webhooks",
 *   Effect.fnUntraced(function* (handlers) {
 *     const answer = yield* WebhookEndpoint.make((event) => Effect.log(event.event))
 *     return handlers.handleRaw("workos", ({ request }) => answer(request))
 *   })
 * )
 * ```
 *
 * @see https://workos.com/docs/events/data-syncing/webhooks
 */
export const endpoint = <const Name extends string, const Path extends HttpRouter.PathInput>(name: Name, path: Path) =>
  HttpApiEndpoint.post(name, path, {
    payload: Event,
    success: HttpApiSchema.Empty(200),
    error: [400, 409, 413, 415, 500, 503].map((status) => Refusal.pipe(HttpApiSchema.status(status)))
  }).annotateMerge(OpenApi.annotations({ summary: "Receive a webhook of WorkOS", description: "Signed by WorkOS." }))

/**
 * What is answered where a webhook is not accepted: which error it is, and what it means.
 *
 * **Example** (What a sender reads)
 *
 * ```ts
 * import { Refusal } from "@effect-workos/server/WebhookEndpoint"
 * import * as Schema from "effect/Schema"
 *
 * const refusal: Refusal = Schema.decodeUnknownSync(Refusal)({
 *   error: "StaleSignature",
 *   message: "The webhook was signed too long ago."
 * })
 * ```
 */
export const Refusal = Schema.Struct({ error: Schema.String, message: Schema.String })
export interface Refusal extends Schema.Schema.Type<typeof Refusal> {}

/**
 * The endpoint as a function of a request, which answers as {@link layer} says.
 */
export const make = <E, R>(
  handler: Handler<E, R>,
  options?: WebhookConfig.Options
): Effect.Effect<
  (request: HttpServerRequest) => Effect.Effect<HttpServerResponse.HttpServerResponse, never, R>,
  Config.ConfigError
> =>
  Effect.map(WebhookConfig.make(options), (settings) => (request) => {
    if (request.method !== "POST") return Effect.succeed(methodNotAllowed)
    if (!mayBeJson(request.headers["content-type"])) return Effect.succeed(unsupportedMediaType)
    const signature = request.headers[WebhookSignature.headerName]
    // What is refused for its header is refused before its body is read.
    return Webhook.readSignature({ ...settings, signature }).pipe(
      Effect.andThen(readBody(request, settings.maxBytes)),
      Effect.flatMap((body) => Webhook.receive({ ...settings, body, signature }, logged(handler))),
      Effect.as(HttpServerResponse.empty({ status: 200 })),
      Effect.catch(refuse)
    )
  })

// -----------------------------------------------------------------------------
// Reading
// -----------------------------------------------------------------------------

// No more than the bound is kept, whatever length is announced or none.
const readBody = (
  { headers, stream }: HttpServerRequest,
  maxBytes: number
): Effect.Effect<Uint8Array, BodyTooLarge | HttpServerError> =>
  Effect.suspend(() => {
    if (Number(headers["content-length"] ?? 0) > maxBytes) return Effect.fail(Webhook.tooLarge(maxBytes))
    const chunks: Array<Uint8Array> = []
    let length = 0
    return Effect.map(
      Stream.runForEach(stream, (chunk) => {
        length += chunk.length
        if (length > maxBytes) return Effect.fail(Webhook.tooLarge(maxBytes))
        chunks.push(chunk)
        return Effect.void
      }),
      () => joined(chunks, length)
    )
  })

const joined = (chunks: ReadonlyArray<Uint8Array>, length: number): Uint8Array => {
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}

const mayBeJson = (contentType: string | undefined): boolean =>
  contentType === undefined || /^\s*application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType)

// -----------------------------------------------------------------------------
// Answers
// -----------------------------------------------------------------------------

class HandlerFailed extends Data.TaggedError("HandlerFailed")<{ readonly message: string }> {}

const handlerFailed = Effect.fail(new HandlerFailed({ message: "The webhook could not be handled." }))

const logged =
  <E, R>(handler: Handler<E, R>): Handler<HandlerFailed, R> =>
  (event) =>
    // An interruption is none of the request here, but of something that the handler waited for.
    Effect.catchCause(handler(event), (cause) =>
      Effect.logError("The handler of a webhook has failed; WorkOS will deliver it again.", cause).pipe(
        Effect.annotateLogs({ event: event.event, eventId: event.id }),
        Effect.andThen(handlerFailed)
      )
    )

const statuses: Readonly<Record<(WebhookError | HandlerFailed | HttpServerError)["_tag"], number>> = {
  MissingSignature: 400,
  DoubledSignature: 400,
  TruncatedSignature: 400,
  MalformedSignature: 400,
  StaleSignature: 400,
  FutureSignature: 400,
  WrongSignature: 400,
  InvalidEvent: 400,
  HttpServerError: 400,
  Replayed: 409,
  BodyTooLarge: 413,
  HandlerFailed: 500,
  ReplayWindowError: 503
}

const refuse = (
  error: WebhookError | HandlerFailed | HttpServerError
): Effect.Effect<HttpServerResponse.HttpServerResponse> => {
  if (error._tag === "HandlerFailed") return Effect.succeed(refusal(error))
  // The answer to the first delivery was lost: an error would have WorkOS send it for days.
  if (error._tag === "Replayed" && error.state === "Handled") {
    return Effect.as(Effect.logDebug(error.message), HttpServerResponse.empty({ status: 200 }))
  }
  // The server's own words say the request's URL, which may hold what is nobody's business.
  const message = error._tag === "HttpServerError" ? "The body broke off." : error.message
  return Effect.as(
    Effect.annotateLogs(Effect.logWarning(`A webhook was refused: ${message}`), { error: error._tag }),
    refusal({ _tag: error._tag, message })
  )
}

const refusal = ({ _tag, message }: { readonly _tag: keyof typeof statuses; readonly message: string }) =>
  HttpServerResponse.jsonUnsafe({ error: _tag, message } satisfies Refusal, { status: statuses[_tag] })

const methodNotAllowed = HttpServerResponse.jsonUnsafe(
  { error: "MethodNotAllowed", message: "Webhooks are posted." } satisfies Refusal,
  { status: 405, headers: { allow: "POST" } }
)

const unsupportedMediaType = HttpServerResponse.jsonUnsafe(
  { error: "UnsupportedMediaType", message: "Webhooks are JSON." } satisfies Refusal,
  { status: 415 }
)
