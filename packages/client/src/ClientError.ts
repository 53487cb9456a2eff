/**
 * The errors of calls in addition to those that WorkOS documents (`@effect-workos/domain/ApiError`).
 *
 * @module
 */
import * as Schema from "effect/Schema"

/** The attempts and the time of a call. Errors that WorkOS documents have these fields too. */
const effort = {
  /** The number of requests sent, which may be 0. */
  attempts: Schema.Int,
  /** The time from the call to the failure, including waits. */
  elapsed: Schema.Duration
}

/** The fields of errors that describe a response. */
const response = {
  status: Schema.Int,
  /** The request id for WorkOS's support, if WorkOS sent the response. */
  requestId: Schema.optionalKey(Schema.String),
  /**
   * The first 200 characters of the body on one line, with secrets redacted. Absent if the response is successful and may
   * contain personal data.
   */
  excerpt: Schema.optionalKey(Schema.String)
}

/**
 * The request was not sent, because it is invalid: a malformed id, a limit out of range, an unknown filter. `message` names
 * the parameter and describes a valid value.
 */
export class InvalidRequest extends Schema.TaggedError<InvalidRequest>()("InvalidRequest", {
  /** The operation, for example `connections.get`. */
  operation: Schema.String,
  message: Schema.String
}) {}

/**
 * The connection failed before a response arrived: unknown host, connection refused, connection reset. `cause` is the
 * platform's error, if any. The encoded error does not contain `cause`, because other processes cannot interpret it.
 */
export class TransportError extends Schema.TaggedError<TransportError>()("TransportError", {
  operation: Schema.String,
  message: Schema.String,
  ...effort
}) {}

/**
 * No response arrived in time, or the rate limit or the concurrency limit delayed the request until the deadline. `limit`
 * names the time limit of the `RetryPolicy` that was exceeded: that of an attempt, or the deadline of the call.
 */
export class RequestTimeout extends Schema.TaggedError<RequestTimeout>()("RequestTimeout", {
  operation: Schema.String,
  message: Schema.String,
  ...effort,
  limit: Schema.Literals(["attempt", "deadline"])
}) {}

/**
 * WorkOS, or a proxy, failed: status 408, 425 or 5xx.
 *
 * @see https://workos.com/docs/reference/errors
 */
export class ServerError extends Schema.TaggedError<ServerError>()("ServerError", {
  operation: Schema.String,
  message: Schema.String,
  ...response,
  ...effort
}) {}

/** The position of a row in its page, from 1, and its id, if it has one. */
const rowPosition = { position: Schema.Int, id: Schema.optionalKey(Schema.String) }

/**
 * The reason why a response is invalid.
 *
 * - `EmptyBody`: an empty body where JSON is documented.
 * - `Html`: an HTML page, as proxies, firewalls and captive portals send it.
 * - `NotJson`: a body that is not JSON.
 * - `Truncated`: an incomplete body, because the connection failed or the JSON ends early.
 * - `WrongShape`: JSON that does not match its schema; `path` is the path of the invalid value, and `expected` describes
 *   a valid one. If the value is in a row of a list, `row` has the position of the row in the page, from 1, and the id,
 *   if any.
 * - `UnsupportedEncoding`: a body that is compressed in a way that the platform cannot decode; the message names the
 *   `Content-Encoding`.
 * - `TooLarge`: a body of more than `limit` bytes, which was not read to its end.
 * - `Redirect`: a redirect, which is not followed; `location` is the origin of its target.
 * - `UndocumentedStatus`: a status that WorkOS does not document for the operation.
 */
export const InvalidResponseReason = Schema.Union([
  Schema.TaggedStruct("EmptyBody", {}),
  Schema.TaggedStruct("Html", {}),
  Schema.TaggedStruct("NotJson", {}),
  Schema.TaggedStruct("Truncated", {}),
  Schema.TaggedStruct("UnsupportedEncoding", {}),
  Schema.TaggedStruct("WrongShape", {
    path: Schema.String,
    expected: Schema.String,
    row: Schema.optionalKey(Schema.Struct(rowPosition))
  }),
  Schema.TaggedStruct("TooLarge", { limit: Schema.Int }),
  Schema.TaggedStruct("Redirect", { location: Schema.optionalKey(Schema.String) }),
  Schema.TaggedStruct("UndocumentedStatus", {})
])
export type InvalidResponseReason = typeof InvalidResponseReason.Type

/**
 * A response that WorkOS does not document; `reason` says what is wrong.
 *
 * **Example** (Handling the HTML page of a proxy)
 *
 * ```ts
 * import { Connections } from "@effect-workos/client/Connections"
 * import * as Effect from "effect/Effect"
 *
 * const program = Connections.use(({ get }) => get("conn_01E4ZCR3C56J083X43JQXF3JK5")).pipe(
 *   Effect.catchReason("InvalidResponse", "Html", () => Effect.die("A proxy intercepts requests to WorkOS."))
 * )
 * ```
 */
export class InvalidResponse extends Schema.TaggedError<InvalidResponse>()("InvalidResponse", {
  operation: Schema.String,
  message: Schema.String,
  ...response,
  ...effort,
  reason: InvalidResponseReason
}) {}

/**
 * A row of a list that does not have the documented shape. With `invalidRows: "yield"`, lists contain an `InvalidRow`
 * instead of the row. Without that option, lists fail with `InvalidResponse`.
 *
 * **Details**
 *
 * - `position`: the position in the page, from 1.
 * - `id`: the id of the row, if it has one.
 * - `path` and `expected`: the path of the first invalid value in the row, and a description of a valid value.
 * - `row`: the row as the server sent it.
 *
 * **Example** (Skipping malformed rows)
 *
 * ```ts
 * import { InvalidRow } from "@effect-workos/client/ClientError"
 * import { Connections } from "@effect-workos/client/Connections"
 * import * as Effect from "effect/Effect"
 * import * as Result from "effect/Result"
 * import * as Stream from "effect/Stream"
 *
 * const names = Effect.gen(function* () {
 *   const connections = yield* Connections
 *   return yield* connections.stream({ invalidRows: "yield" }).pipe(
 *     Stream.tap((row) => (row instanceof InvalidRow ? Effect.logWarning(row.message) : Effect.void)),
 *     Stream.filterMap((row) => (row instanceof InvalidRow ? Result.failVoid : Result.succeed(row.name))),
 *     Stream.runCollect
 *   )
 * })
 * ```
 */
export class InvalidRow extends Schema.TaggedError<InvalidRow>()("InvalidRow", {
  operation: Schema.String,
  message: Schema.String,
  ...rowPosition,
  path: Schema.String,
  expected: Schema.String,
  row: Schema.Unknown
}) {}

/**
 * The request was not sent, because the circuit breaker that the program provides is open after failed calls, or its store
 * failed. `retryAfter` is the time until the circuit breaker allows the next request, if known.
 */
export class CircuitOpen extends Schema.TaggedError<CircuitOpen>()("CircuitOpen", {
  operation: Schema.String,
  message: Schema.String,
  ...effort,
  retryAfter: Schema.optionalKey(Schema.Duration)
}) {}

/**
 * A list returned the same cursor a second time. The stream emits the rows that the server has sent, and then fails, because
 * the list would never end. `events.follow` fails with this error if the server does not continue after the last event, but
 * returns earlier events.
 *
 * **Example** (Keeping the rows before the failure)
 *
 * ```ts
 * import { Connections } from "@effect-workos/client/Connections"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * const ids = Effect.gen(function* () {
 *   const connections = yield* Connections
 *   return yield* connections.stream().pipe(
 *     Stream.map(({ id }) => id),
 *     Stream.catchTag("CursorRepeated", ({ message }) => Stream.fromEffectDrain(Effect.logError(message))),
 *     Stream.runCollect
 *   )
 * })
 * ```
 */
export class CursorRepeated extends Schema.TaggedError<CursorRepeated>()("CursorRepeated", {
  operation: Schema.String,
  message: Schema.String,
  cursor: Schema.String
}) {}

/**
 * The errors that every operation can fail with, in addition to those that WorkOS documents for the operation.
 *
 * **Example** (A message for users)
 *
 * ```ts
 * import type { ClientError } from "@effect-workos/client/ClientError"
 *
 * const sentence = (error: ClientError): string => {
 *   switch (error._tag) {
 *     case "InvalidRequest":
 *       return "The request to WorkOS was invalid."
 *     case "TransportError":
 *     case "RequestTimeout":
 *     case "CircuitOpen":
 *       return "WorkOS is unreachable. Try again in a minute."
 *     case "ServerError":
 *     case "InvalidResponse":
 *       return `WorkOS failed. The request id for its support: ${error.requestId ?? "unknown"}.`
 *   }
 * }
 * ```
 */
export type ClientError = InvalidRequest | TransportError | RequestTimeout | CircuitOpen | ServerError | InvalidResponse
