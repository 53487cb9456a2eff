/**
 * The endpoint that receives webhooks, for Effect's HTTP servers.
 *
 * The body is read only if the signature header is well-formed and its timestamp is within the tolerance, and only up to
 * the size limit. The body is parsed only after its signature is verified. Responses describe problems of the request, and
 * never contain the cause of a failure of the handler.
 *
 * @module
 */
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
 * A function that handles an event. The handler runs uninterruptibly: if WorkOS receives no response within a few seconds,
 * WorkOS closes the connection, but the handler still completes. Add an `Effect.timeout` to work that may hang.
 *
 * **Example** (Logging events)
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
 * A route that receives webhooks at a path and passes each event to a handler.
 *
 * **Details**
 *
 * Secrets default to `WORKOS_WEBHOOK_SECRET`: one secret, or several separated by commas. The layer fails with a
 * `ConfigError` if settings are missing or invalid. Responses:
 *
 * - 200 if the handler succeeded. For a replay of this delivery, the handler does not run again, and the response is 200.
 * - 400 if the signature or the event is invalid, or the body could not be read. The handler does not run.
 * - 405 for methods other than `POST`, 413 for a body that is too large, 415 for a content type other than JSON.
 * - 409 while the same delivery is being handled.
 * - 500 if the handler failed or was interrupted, so that WorkOS retries. The cause is logged, but not sent.
 * - 503 if the replay window is unavailable.
 *
 * **Example** (Reacting to a deactivated connection)
 *
 * ```ts
 * import { is } from "@effect-workos/domain/events/Event"
 * import * as WebhookEndpoint from "@effect-workos/server/WebhookEndpoint"
 * import * as Effect from "effect/Effect"
 *
 * const Webhooks = WebhookEndpoint.layer("/webhooks/workos", (event) =>
 *   is("connection.deactivated")(event) ? Effect.log(`${event.data.name} no longer signs users in`) : Effect.void
 * )
 * ```
 *
 * @see https://workos.com/docs/events/data-syncing/webhooks
 */
export const layer = <E, R>(path: HttpRouter.PathInput, handler: Handler<E, R>, options?: WebhookConfig.Options) =>
  HttpRouter.use((router) => Effect.flatMap(make(handler, options), (respond) => router.add("*", path, respond)))

/**
 * Describes the endpoint for an `HttpApi`. Implement it with `handleRaw` and {@link make}, so that the body is not parsed
 * before it is verified.
 *
 * **Example** (The endpoint in an existing API)
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
 *     const respond = yield* WebhookEndpoint.make((event) => Effect.log(event.event))
 *     return handlers.handleRaw("workos", ({ request }) => respond(request))
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
 * Body of the response to a rejected webhook: the error's tag and its message.
 *
 * **Example** (Decoding a rejection)
 *
 * ```ts
 * import { Refusal } from "@effect-workos/server/WebhookEndpoint"
 * import * as Schema from "effect/Schema"
 *
 * const refusal: Refusal = Schema.decodeUnknownSync(Refusal)({
 *   error: "ExpiredSignature",
 *   message: "The webhook was signed longer ago than 3 minutes."
 * })
 * ```
 */
export const Refusal = Schema.Struct({ error: Schema.String, message: Schema.String })
export interface Refusal extends Schema.Schema.Type<typeof Refusal> {}

/**
 * Makes the endpoint as a function from a request to a response. {@link layer} lists the responses.
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
    // An invalid header is rejected before the body is read.
    return Webhook.readSignature({ ...settings, signature }).pipe(
      Effect.andThen(readBody(request, settings.maxBytes)),
      Effect.flatMap((body) => Webhook.receive({ ...settings, body, signature }, logged(handler))),
      Effect.as(HttpServerResponse.empty({ status: 200 })),
      Effect.catch(reject)
    )
  })

// -----------------------------------------------------------------------------
// Reading
// -----------------------------------------------------------------------------

// `content-length` may be missing or wrong, so the limit also applies to the bytes that arrive.
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
// Responses
// -----------------------------------------------------------------------------

class HandlerFailed extends Data.TaggedError("HandlerFailed")<{ readonly message: string }> {}

const handlerFailed = Effect.fail(new HandlerFailed({ message: "The webhook could not be handled." }))

const logged =
  <E, R>(handler: Handler<E, R>): Handler<HandlerFailed, R> =>
  (event) =>
    // The handler runs uninterruptibly, so an interruption in the cause is from the handler itself.
    Effect.catchCause(handler(event), (cause) =>
      Effect.logError("The webhook handler failed. WorkOS will retry the delivery.", cause).pipe(
        Effect.annotateLogs({ event: event.event, eventId: event.id }),
        Effect.andThen(handlerFailed)
      )
    )

const statuses: Readonly<Record<(WebhookError | HandlerFailed | HttpServerError)["_tag"], number>> = {
  MissingSignature: 400,
  DuplicateSignature: 400,
  TruncatedSignature: 400,
  MalformedSignature: 400,
  ExpiredSignature: 400,
  FutureSignature: 400,
  WrongSignature: 400,
  InvalidEvent: 400,
  HttpServerError: 400,
  Replayed: 409,
  BodyTooLarge: 413,
  HandlerFailed: 500,
  ReplayWindowError: 503
}

const reject = (
  error: WebhookError | HandlerFailed | HttpServerError
): Effect.Effect<HttpServerResponse.HttpServerResponse> => {
  if (error._tag === "HandlerFailed") return Effect.succeed(refusal(error))
  // The handler has already succeeded, so the response is 200: an error would make WorkOS retry for days.
  if (error._tag === "Replayed" && error.state === "Handled") {
    return Effect.as(Effect.logDebug(error.message), HttpServerResponse.empty({ status: 200 }))
  }
  // The message of an `HttpServerError` contains the request's URL, which may contain secrets.
  const message = error._tag === "HttpServerError" ? "The body could not be read." : error.message
  return Effect.as(
    Effect.annotateLogs(Effect.logWarning(`Rejected a webhook: ${message}`), { error: error._tag }),
    refusal({ _tag: error._tag, message })
  )
}

const refusal = ({ _tag, message }: { readonly _tag: keyof typeof statuses; readonly message: string }) =>
  HttpServerResponse.jsonUnsafe({ error: _tag, message } satisfies Refusal, { status: statuses[_tag] })

const methodNotAllowed = HttpServerResponse.jsonUnsafe(
  { error: "MethodNotAllowed", message: "Webhooks are sent with POST." } satisfies Refusal,
  { status: 405, headers: { allow: "POST" } }
)

const unsupportedMediaType = HttpServerResponse.jsonUnsafe(
  { error: "UnsupportedMediaType", message: "Webhooks are JSON." } satisfies Refusal,
  { status: 415 }
)
