// The errors that WorkOS documents, one per status.
//
// Each stands here twice: the class that programs catch, and the response that carries it. The response's body is
// WorkOS's, and its `x-request-id` header becomes `requestId`.
import * as Headers from "effect/http/Headers"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

/**
 * What all errors say.
 *
 * **Example** (An error that WorkOS documents for another status)
 *
 * ```ts
 * import * as ApiError from "@effect-workos/domain/ApiError"
 * import * as Schema from "effect/Schema"
 *
 * class Gone extends Schema.TaggedError<Gone>()("Gone", ApiError.errorFields) {}
 * ```
 */
export const errorFields = {
  /** WorkOS's sentence for a human reader. */
  message: Schema.String,
  /** WorkOS's name for the error, where it gives one. */
  code: Schema.optionalKey(Schema.String),
  /** The id under which WorkOS's support finds the request. */
  requestId: Schema.optionalKey(Schema.String),
  /** How many requests the client sent, the one that was answered with this included. */
  attempts: Schema.optionalKey(Schema.Int),
  /** How long the client was at it. */
  elapsed: Schema.optionalKey(Schema.Duration)
}

/**
 * 400: the request was not acceptable, for example because a parameter was missing.
 *
 * **Example** (What each of them means for whoever asked)
 *
 * ```ts
 * import type * as ApiError from "@effect-workos/domain/ApiError"
 *
 * type Documented =
 *   | ApiError.BadRequest
 *   | ApiError.Unauthorized
 *   | ApiError.Forbidden
 *   | ApiError.NotFound
 *   | ApiError.Conflict
 *   | ApiError.UnprocessableEntity
 *   | ApiError.TooManyRequests
 *
 * const statusOf = (error: Documented): number => {
 *   switch (error._tag) {
 *     case "BadRequest":
 *     case "UnprocessableEntity":
 *       return 400
 *     case "NotFound":
 *       return 404
 *     case "Conflict":
 *       return 409
 *     case "TooManyRequests":
 *       return 503
 *     // Nobody else's fault than ours: the key is wrong, or may not do this.
 *     case "Unauthorized":
 *     case "Forbidden":
 *       return 500
 *   }
 * }
 * ```
 *
 * @see https://workos.com/docs/reference/errors
 */
export class BadRequest extends Schema.TaggedError<BadRequest>()("BadRequest", errorFields) {}

/**
 * 401: the API key is missing or invalid.
 *
 * @see https://workos.com/docs/reference/errors
 */
export class Unauthorized extends Schema.TaggedError<Unauthorized>()("Unauthorized", errorFields) {}

/**
 * 403: the API key is valid, and has no permission for this.
 *
 * @see https://workos.com/docs/reference/errors
 */
export class Forbidden extends Schema.TaggedError<Forbidden>()("Forbidden", errorFields) {}

/**
 * 404: there is no such resource.
 *
 * @see https://workos.com/docs/reference/errors
 */
export class NotFound extends Schema.TaggedError<NotFound>()("NotFound", errorFields) {}

/**
 * 409: the request conflicts with the state of the resource.
 *
 * @see https://workos.com/docs/reference/errors
 */
export class Conflict extends Schema.TaggedError<Conflict>()("Conflict", errorFields) {}

/**
 * 422: a parameter failed validation. `errors` holds what WorkOS says of each, in whatever form it says it.
 *
 * @see https://workos.com/docs/reference/errors
 */
export class UnprocessableEntity extends Schema.TaggedError<UnprocessableEntity>()("UnprocessableEntity", {
  ...errorFields,
  errors: Schema.optionalKey(Schema.Array(Schema.Unknown))
}) {}

/**
 * 429: too many requests. `retryAfter` is when to come back: a delay, or an instant; `Headers.retryAfterDelay` of
 * `effect/http` turns either into a `Duration`.
 *
 * **Example** (When to come back)
 *
 * ```ts
 * import type { TooManyRequests } from "@effect-workos/domain/ApiError"
 *
 * const waits = ({ retryAfter }: TooManyRequests): boolean => retryAfter !== undefined
 * ```
 *
 * @see https://workos.com/docs/reference/rate-limits
 */
export class TooManyRequests extends Schema.TaggedError<TooManyRequests>()("TooManyRequests", {
  ...errorFields,
  retryAfter: Schema.optionalKey(Schema.RetryAfter)
}) {}

// -----------------------------------------------------------------------------
// Responses
// -----------------------------------------------------------------------------

const Message = Schema.Struct({
  message: Schema.String,
  code: Schema.optionalKey(Schema.String)
})

/**
 * The header that becomes `requestId`.
 *
 * **Example** (The id of a request, there and back)
 *
 * ```ts
 * import * as ApiError from "@effect-workos/domain/ApiError"
 * import * as Schema from "effect/Schema"
 *
 * const Headers = Schema.Struct(ApiError.requestIdHeader)
 *
 * ApiError.toRequestId({ "x-request-id": "req_1" }) // => { requestId: "req_1" }
 * ApiError.fromRequestId({ requestId: "req_1" }) // => { "x-request-id": "req_1" }
 * ```
 */
export const requestIdHeader = { "x-request-id": Schema.optionalKey(Schema.String) }

type Described = typeof Message.Type

type Identified = { readonly requestId?: string }

const body = ({ code, message }: Described): Described => (code === undefined ? { message } : { message, code })

/**
 * The id of a request, out of the headers of its answer.
 */
export const toRequestId = (headers: { readonly "x-request-id"?: string }): Identified => {
  const requestId = headers["x-request-id"]
  return requestId === undefined ? {} : { requestId }
}

/**
 * The headers that name a request.
 */
export const fromRequestId = ({ requestId }: Identified) =>
  requestId === undefined ? {} : { "x-request-id": requestId }

type ErrorClass = Schema.Top & {
  readonly Type: Described & Identified
  new (fields: Described & Identified): Described & Identified
}

const responseOf = <E extends ErrorClass>(
  status: number,
  error: E & (new (fields: Described & Identified) => E["Type"])
) =>
  error.pipe(
    HttpApiSchema.encodeToWithHeaders(
      { body: Message.pipe(HttpApiSchema.status(status)), headers: requestIdHeader },
      {
        decode: ({ body, headers }) => new error({ ...body, ...toRequestId(headers) }),
        encode: (error) => ({ body: body(error), headers: fromRequestId(error) })
      }
    )
  )

/**
 * The answer of a {@link BadRequest}.
 *
 * **Example** (An endpoint with the errors that WorkOS documents)
 *
 * ```ts
 * import * as ApiError from "@effect-workos/domain/ApiError"
 * import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
 * import * as Schema from "effect/Schema"
 *
 * const rename = HttpApiEndpoint.put("rename", "/notes/:id", {
 *   params: { id: Schema.String },
 *   payload: Schema.Struct({ name: Schema.String }),
 *   success: Schema.Struct({ id: Schema.String, name: Schema.String }),
 *   error: [
 *     ApiError.BadRequestResponse,
 *     ApiError.UnauthorizedResponse,
 *     ApiError.ForbiddenResponse,
 *     ApiError.NotFoundResponse,
 *     ApiError.ConflictResponse,
 *     ApiError.UnprocessableEntityResponse,
 *     ApiError.TooManyRequestsResponse
 *   ]
 * })
 * ```
 */
export const BadRequestResponse = responseOf(400, BadRequest)
/**
 * The answer of a {@link Forbidden}.
 */
export const ForbiddenResponse = responseOf(403, Forbidden)
/**
 * The answer of a {@link NotFound}.
 */
export const NotFoundResponse = responseOf(404, NotFound)
/**
 * The answer of a {@link Conflict}.
 */
export const ConflictResponse = responseOf(409, Conflict)

/** WorkOS writes some of its 401s as `{ "error": … }`. */
export const UnauthorizedResponse = Unauthorized.pipe(
  HttpApiSchema.encodeToWithHeaders(
    {
      body: Schema.Union([Message, Schema.Struct({ error: Schema.String })]).pipe(HttpApiSchema.status(401)),
      headers: requestIdHeader
    },
    {
      decode: ({ body, headers }) =>
        new Unauthorized({ ...("error" in body ? { message: body.error } : body), ...toRequestId(headers) }),
      encode: (error) => ({ body: body(error), headers: fromRequestId(error) })
    }
  )
)

/**
 * The answer of an {@link UnprocessableEntity}.
 */
export const UnprocessableEntityResponse = UnprocessableEntity.pipe(
  HttpApiSchema.encodeToWithHeaders(
    {
      body: Schema.Struct({ ...Message.fields, errors: Schema.optionalKey(Schema.Array(Schema.Unknown)) }).pipe(
        HttpApiSchema.status(422)
      ),
      headers: requestIdHeader
    },
    {
      decode: ({ body, headers }) => new UnprocessableEntity({ ...body, ...toRequestId(headers) }),
      encode: (error) => ({
        body: error.errors === undefined ? body(error) : { ...body(error), errors: error.errors },
        headers: fromRequestId(error)
      })
    }
  )
)

/** A `Retry-After` that is neither seconds nor a date says nothing, and costs nothing. */
export const TooManyRequestsResponse = TooManyRequests.pipe(
  HttpApiSchema.encodeToWithHeaders(
    {
      body: Message.pipe(HttpApiSchema.status(429)),
      headers: { ...requestIdHeader, "retry-after": Schema.optionalKey(Schema.String) }
    },
    {
      decode: ({ body, headers }) => {
        const retryAfter = Result.getOrUndefined(Headers.parseRetryAfter(headers["retry-after"] ?? ""))
        return new TooManyRequests({
          ...body,
          ...toRequestId(headers),
          ...(retryAfter === undefined ? {} : { retryAfter })
        })
      },
      encode: (error) => ({
        body: body(error),
        headers: {
          ...fromRequestId(error),
          ...(error.retryAfter === undefined ? {} : { "retry-after": Headers.formatRetryAfter(error.retryAfter) })
        }
      })
    }
  )
)
