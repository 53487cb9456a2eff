/**
 * The errors that WorkOS documents, one class per status.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import * as Lazy from "./Lazy.ts"

/**
 * The message of an error in a response: a text, or a list of texts, which are joined.
 *
 * **Example** (A response with several messages)
 *
 * ```ts
 * import * as ApiError from "@effect-workos/domain/ApiError"
 * import * as Schema from "effect/Schema"
 *
 * Schema.decodeSync(ApiError.Message)(["user_id must be a string", "scopes must be an array"])
 * // => "user_id must be a string; scopes must be an array"
 * ```
 */
export const Message = Lazy.schema(() =>
  Schema.Union([Schema.String, Schema.Array(Schema.String)]).pipe(
    Schema.decodeTo(
      Schema.String,
      SchemaTransformation.transform({
        decode: (message: string | ReadonlyArray<string>) =>
          typeof message === "string" ? message : message.join("; "),
        encode: (message): string | ReadonlyArray<string> => message
      })
    )
  )
)

/**
 * The fields of all errors.
 */
export const errorFields = {
  /** The message from WorkOS. */
  message: Schema.String,
  /** The error code from WorkOS, if the response has one. */
  code: Schema.optionalKey(Schema.String),
  /** The id of the request, for WorkOS's support. */
  requestId: Schema.optionalKey(Schema.String),
  /** The number of requests that the client sent, including the one with this response. */
  attempts: Schema.optionalKey(Schema.Int),
  /** The duration of the call, including retries and delays. */
  elapsed: Schema.optionalKey(Schema.Duration)
}

/**
 * 400: the request is invalid, for example because a parameter is missing.
 *
 * **Example** (The status with which a backend responds to each error)
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
 *     // Misconfiguration: the API key is invalid or lacks a permission.
 *     case "Unauthorized":
 *     case "Forbidden":
 *       return 500
 *   }
 * }
 * ```
 *
 * @see https://workos.com/docs/reference/errors
 */
export class BadRequest extends Schema.TaggedError<BadRequest>()("BadRequest", errorFields) {
  static readonly status = 400
}

/**
 * 401: the API key is missing or invalid.
 *
 * @see https://workos.com/docs/reference/errors
 */
export class Unauthorized extends Schema.TaggedError<Unauthorized>()("Unauthorized", errorFields) {
  static readonly status = 401
}

/**
 * 403: the API key has no permission for the request.
 *
 * @see https://workos.com/docs/reference/errors
 */
export class Forbidden extends Schema.TaggedError<Forbidden>()("Forbidden", errorFields) {
  static readonly status = 403
}

/**
 * 404: the resource does not exist.
 *
 * @see https://workos.com/docs/reference/errors
 */
export class NotFound extends Schema.TaggedError<NotFound>()("NotFound", errorFields) {
  static readonly status = 404
}

/**
 * 409: the request conflicts with the state of the resource.
 *
 * @see https://workos.com/docs/reference/errors
 */
export class Conflict extends Schema.TaggedError<Conflict>()("Conflict", errorFields) {
  static readonly status = 409
}

/**
 * 422: a parameter failed validation. `errors` contains the details from WorkOS, whose form is not documented.
 *
 * @see https://workos.com/docs/reference/errors
 */
export class UnprocessableEntity extends Schema.TaggedError<UnprocessableEntity>()("UnprocessableEntity", {
  ...errorFields,
  errors: Schema.optionalKey(Schema.Array(Schema.Unknown))
}) {
  static readonly status = 422
}

/**
 * 429: too many requests. `retryAfter` is a delay or an instant; `Headers.retryAfterDelay` of `effect/http` converts both
 * to a `Duration`.
 *
 * @see https://workos.com/docs/reference/rate-limits
 */
export class TooManyRequests extends Schema.TaggedError<TooManyRequests>()("TooManyRequests", {
  ...errorFields,
  retryAfter: Schema.optionalKey(Schema.RetryAfter)
}) {
  static readonly status = 429
}

/**
 * The classes of the errors that endpoints document by status.
 */
export type ErrorClass =
  | typeof BadRequest
  | typeof Unauthorized
  | typeof Forbidden
  | typeof NotFound
  | typeof Conflict
  | typeof UnprocessableEntity
  | typeof TooManyRequests

/**
 * The fields of a documented error.
 */
export interface ErrorFields {
  readonly message: string
  readonly code?: string
  readonly requestId?: string
}

/**
 * The body of a named error: its name in `error` or in `code`.
 */
export type NamedErrorBody =
  | { readonly error: string; readonly error_description?: string | null }
  | { readonly message: string; readonly code?: string }

/**
 * Errors that share a status and differ by a name in the body, such as the errors of OAuth. `NamedErrors.make` makes them.
 */
export interface NamedErrors<out E extends ErrorFields = ErrorFields> {
  readonly status: number
  /** The schema of all errors, for servers and OpenAPI documents. */
  readonly schema: Schema.Codec<E, unknown>
  /** The name of an error whose body has none. */
  readonly defaultName: string
  /** Makes an error. `body` is the whole body, for errors with their own fields. */
  readonly fromName: (name: string, fields: ErrorFields, body: unknown) => E
  // A method, because its parameter may be narrower: it receives only errors of `fromName`.
  toBody(error: E): NamedErrorBody
}

/**
 * The error, or the named errors, that an endpoint documents for one status.
 */
export type ErrorResponse = ErrorClass | NamedErrors

/**
 * The type of the errors of an {@link ErrorResponse}.
 */
export type ErrorOf<Response> = Response extends abstract new (...args: never) => infer E
  ? E
  : Response extends { readonly fromName: (...args: never) => infer E }
    ? E
    : never
