/**
 * Error responses as schemas: body, headers and status of each documented error, for servers and OpenAPI documents.
 *
 * @module
 */
import * as Headers from "effect/http/Headers"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as ApiError from "./ApiError.ts"
import * as Arbitraries from "./Arbitraries.ts"
import * as NamedErrors from "./NamedErrors.ts"

const code = { code: Schema.optionalKey(Schema.String) }

const Message = Schema.Struct({ message: Schema.String, ...code })

// The 400 of widget tokens can have a list of messages.
const Messages = Schema.Struct({ message: ApiError.Message, ...code })

const requestIdHeader = { "x-request-id": Schema.optionalKey(Schema.String) }

type Described = typeof Message.Type

type Identified = { readonly requestId?: string }

const body = ({ code, message }: Described): Described => (code === undefined ? { message } : { message, code })

const toRequestId = (headers: { readonly "x-request-id"?: string }): Identified => {
  const requestId = headers["x-request-id"]
  return requestId === undefined ? {} : { requestId }
}

const fromRequestId = ({ requestId }: Identified) => (requestId === undefined ? {} : { "x-request-id": requestId })

type SimpleClass = Schema.Top & {
  readonly status: number
  readonly Type: Described & Identified
  new (fields: Described & Identified): Described & Identified
}

const responseOf = <E extends SimpleClass>(
  error: E & (new (fields: Described & Identified) => E["Type"]),
  message: Schema.Codec<Described, unknown> = Message
) =>
  error.pipe(
    HttpApiSchema.encodeToWithHeaders(
      { body: message.pipe(HttpApiSchema.status(error.status)), headers: requestIdHeader },
      {
        decode: ({ body, headers }) => new error({ ...body, ...toRequestId(headers) }),
        encode: (error) => ({ body: body(error), headers: fromRequestId(error) })
      }
    )
  )

/**
 * The response of a `BadRequest`.
 */
export const BadRequestResponse = responseOf(ApiError.BadRequest, Messages)
/**
 * The response of a `Forbidden`.
 */
export const ForbiddenResponse = responseOf(ApiError.Forbidden)
/**
 * The response of a `NotFound`.
 */
export const NotFoundResponse = responseOf(ApiError.NotFound)
/**
 * The response of a `Conflict`.
 */
export const ConflictResponse = responseOf(ApiError.Conflict)

/**
 * The response of an `Unauthorized`. Some responses of WorkOS have the body `{ "error": … }`.
 */
export const UnauthorizedResponse = ApiError.Unauthorized.pipe(
  HttpApiSchema.encodeToWithHeaders(
    {
      body: Schema.Union([Message, Schema.Struct({ error: Schema.String })]).pipe(HttpApiSchema.status(401)),
      headers: requestIdHeader
    },
    {
      decode: ({ body, headers }) =>
        new ApiError.Unauthorized({ ...("error" in body ? { message: body.error } : body), ...toRequestId(headers) }),
      encode: (error) => ({ body: body(error), headers: fromRequestId(error) })
    }
  )
)

/**
 * The response of an `UnprocessableEntity`.
 */
export const UnprocessableEntityResponse = ApiError.UnprocessableEntity.pipe(
  HttpApiSchema.encodeToWithHeaders(
    {
      body: Schema.Struct({ ...Message.fields, errors: Schema.optionalKey(Schema.Array(Schema.Unknown)) }).pipe(
        HttpApiSchema.status(422)
      ),
      headers: requestIdHeader
    },
    {
      decode: ({ body, headers }) => new ApiError.UnprocessableEntity({ ...body, ...toRequestId(headers) }),
      encode: (error) => ({
        body: error.errors === undefined ? body(error) : { ...body(error), errors: error.errors },
        headers: fromRequestId(error)
      })
    }
  )
)

// The endpoints of OAuth name their errors.
const OAuthBody = Schema.Struct({ error: Schema.String, error_description: Schema.optionalKey(Schema.String) })

const toMessage = (body: Described | typeof OAuthBody.Type): Described =>
  "error" in body ? { message: body.error_description ?? body.error } : body

/**
 * The response of a `TooManyRequests`. A `Retry-After` that is neither seconds nor a date is ignored.
 */
export const TooManyRequestsResponse = ApiError.TooManyRequests.pipe(
  HttpApiSchema.encodeToWithHeaders(
    {
      body: Schema.Union([Message, OAuthBody]).pipe(HttpApiSchema.status(429)),
      headers: { ...requestIdHeader, "retry-after": Schema.optionalKey(Schema.String) }
    },
    {
      decode: ({ body, headers }) => {
        const retryAfter = Result.getOrUndefined(Headers.parseRetryAfter(headers["retry-after"] ?? ""))
        return new ApiError.TooManyRequests({
          ...toMessage(body),
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

// Some of these errors have their own fields.
const rest = Schema.Record(Schema.String, Schema.Unknown)

const NamedBody = Schema.Union([
  Schema.StructWithRest(
    Schema.Struct({
      error: Arbitraries.stringMatching(/[a-z]{4,8}_[a-z]{4,8}/),
      error_description: Schema.optionalKey(Schema.NullOr(Schema.String))
    }),
    [rest]
  ),
  Schema.StructWithRest(Message, [rest])
])

// One schema per `NamedErrors`, so that OpenAPI documents contain each schema once.
const named = new WeakMap<object, Schema.Top>()

const namedResponse = (errors: ApiError.NamedErrors): Schema.Top => {
  const known = named.get(errors)
  if (known !== undefined) return known
  const response = errors.schema.pipe(
    HttpApiSchema.encodeToWithHeaders(
      { body: NamedBody.pipe(HttpApiSchema.status(errors.status)), headers: requestIdHeader },
      {
        decode: ({ body, headers }) => NamedErrors.fromBody(errors, body, toRequestId(headers)),
        encode: (error) => ({ body: errors.toBody(error), headers: fromRequestId(error) })
      }
    )
  )
  named.set(errors, response)
  return response
}

const responses = new Map<unknown, Schema.Top>([
  [ApiError.BadRequest, BadRequestResponse],
  [ApiError.Unauthorized, UnauthorizedResponse],
  [ApiError.Forbidden, ForbiddenResponse],
  [ApiError.NotFound, NotFoundResponse],
  [ApiError.Conflict, ConflictResponse],
  [ApiError.UnprocessableEntity, UnprocessableEntityResponse],
  [ApiError.TooManyRequests, TooManyRequestsResponse]
])

/**
 * Returns the response schema of an error that an endpoint documents.
 *
 * **Example** (An endpoint of another `HttpApi`)
 *
 * ```ts
 * import * as ApiError from "@effect-workos/domain/ApiError"
 * import * as ApiErrorResponse from "@effect-workos/domain/ApiErrorResponse"
 * import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
 * import * as Schema from "effect/Schema"
 *
 * const rename = HttpApiEndpoint.put("rename", "/notes/:id", {
 *   params: { id: Schema.String },
 *   payload: Schema.Struct({ name: Schema.String }),
 *   success: Schema.Struct({ id: Schema.String, name: Schema.String }),
 *   error: [
 *     ApiErrorResponse.BadRequestResponse,
 *     ApiErrorResponse.UnauthorizedResponse,
 *     ApiErrorResponse.ForbiddenResponse,
 *     ApiErrorResponse.NotFoundResponse,
 *     ApiErrorResponse.ConflictResponse,
 *     ApiErrorResponse.UnprocessableEntityResponse,
 *     ApiErrorResponse.TooManyRequestsResponse
 *   ]
 * })
 *
 * const notFound = ApiErrorResponse.of(ApiError.NotFound)
 * ```
 */
export const of = <R extends ApiError.ErrorResponse>(response: R): Schema.Codec<ApiError.ErrorOf<R>, unknown> => {
  const schema = responses.get(response) ?? ("fromName" in response ? namedResponse(response) : Schema.Never)
  return Schema.make<Schema.Codec<ApiError.ErrorOf<R>, unknown>>(schema.ast)
}
