// The errors that WorkOS documents, one per status.
//
// Each stands here twice: the class that programs catch, and the response that carries it. The response's body is
// WorkOS's, and its `x-request-id` header becomes `requestId`.
import * as Headers from "effect/http/Headers"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

/** What all errors say. */
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

/** The header that becomes `requestId`. */
export const requestIdHeader = { "x-request-id": Schema.optionalKey(Schema.String) }

type Described = typeof Message.Type

type Identified = { readonly requestId?: string }

const body = ({ code, message }: Described): Described => (code === undefined ? { message } : { message, code })

export const toRequestId = (headers: { readonly "x-request-id"?: string }): Identified => {
  const requestId = headers["x-request-id"]
  return requestId === undefined ? {} : { requestId }
}

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

export const BadRequestResponse = responseOf(400, BadRequest)
export const ForbiddenResponse = responseOf(403, Forbidden)
export const NotFoundResponse = responseOf(404, NotFound)
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
