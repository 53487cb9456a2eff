// Decoders of the errors that an endpoint documents, by status.
import * as ApiError from "@effect-workos/domain/ApiError"
import type * as Endpoint from "@effect-workos/domain/Endpoint"
import * as Lazy from "@effect-workos/domain/Lazy"
import * as NamedErrors from "@effect-workos/domain/NamedErrors"
import * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { ErrorBody, ErrorDecoders } from "./ErrorResponse.ts"

const message = {
  message: ApiError.Message,
  code: Schema.optionalKey(Schema.String)
}

// Built on first use, because most programs receive no error.
const decode = Lazy.value(() => ({
  simple: Schema.decodeUnknownEffect(
    Schema.Struct({ ...message, errors: Schema.optionalKey(Schema.Array(Schema.Unknown)) })
  ),
  // Some 401 responses of WorkOS are `{ "error": … }`.
  unauthorized: Schema.decodeUnknownEffect(
    Schema.Union([Schema.Struct(message), Schema.Struct({ error: Schema.String })])
  ),
  named: Schema.decodeUnknownEffect(
    Schema.Union([
      Schema.Struct({
        error: Schema.String,
        error_description: Schema.optionalKey(Schema.NullOr(Schema.String))
      }),
      Schema.Struct(message)
    ])
  )
}))

type ErrorHeaders = Readonly<Record<string, string>>

const identified = (headers: ErrorHeaders): { readonly requestId?: string } => {
  const requestId = headers["x-request-id"]
  return requestId === undefined ? {} : { requestId }
}

const retryAfter = (headers: ErrorHeaders) => {
  const value = Result.getOrUndefined(Headers.parseRetryAfter(headers["retry-after"] ?? ""))
  return value === undefined ? {} : { retryAfter: value }
}

const read = (
  response: ApiError.ErrorResponse,
  { body, details, headers }: ErrorBody
): Effect.Effect<unknown, Schema.SchemaError> => {
  const requestId = identified(headers)
  if ("fromName" in response) {
    return Effect.map(decode().named(body), (named) => NamedErrors.fromBody(response, named, requestId, details))
  }
  if (response === ApiError.TooManyRequests) {
    return Effect.map(
      decode().named(body),
      (body) =>
        new ApiError.TooManyRequests({
          ...("error" in body ? { message: body.error_description ?? body.error } : body),
          ...requestId,
          ...retryAfter(headers)
        })
    )
  }
  if (response === ApiError.Unauthorized) {
    return Effect.map(
      decode().unauthorized(body),
      (body) => new ApiError.Unauthorized({ ...("error" in body ? { message: body.error } : body), ...requestId })
    )
  }
  return Effect.map(decode().simple(body), ({ errors, ...fields }) => {
    return response === ApiError.UnprocessableEntity
      ? new ApiError.UnprocessableEntity({ ...fields, ...requestId, ...(errors === undefined ? {} : { errors }) })
      : new response({ ...fields, ...requestId })
  })
}

const withKey = [ApiError.Unauthorized, ApiError.TooManyRequests]

/**
 * Makes the decoders of an endpoint's documented errors. `E` is the type of these errors.
 */
export const make = <E>({ access, errors = [] }: Endpoint.Endpoint): ErrorDecoders<E> => {
  const responses: ReadonlyArray<ApiError.ErrorResponse> = access === "public" ? errors : [...withKey, ...errors]
  return new Map(
    responses.map((response) => [
      response.status,
      // `E` is the type of the errors that the endpoint documents.
      (received) => read(response, received) as Effect.Effect<E, Schema.SchemaError>
    ])
  )
}
