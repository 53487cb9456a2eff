// The errors of calls in addition to those that WorkOS documents (`@effect-workos/domain/ApiError`).
import * as Schema from "effect/Schema"

/** Attempts and time that a call took; errors that WorkOS documents have these fields as well. */
const effort = {
  /** The number of requests sent, 0 included. */
  attempts: Schema.Int,
  /** The time from the call to the failure, with waits. */
  elapsed: Schema.Duration
}

/** A response that is not a documented result. */
const response = {
  status: Schema.Int,
  /** The request id for WorkOS's support, if WorkOS sent the response. */
  requestId: Schema.optionalKey(Schema.String),
  /** The first 200 characters of the body on one line, with secrets redacted. Absent if a success contains personal data. */
  excerpt: Schema.optionalKey(Schema.String)
}

/**
 * The request was not sent, because it is invalid: a malformed id, a limit out of range, an unknown filter. `message` names
 * the parameter and what is expected.
 */
export class InvalidRequest extends Schema.TaggedError<InvalidRequest>()("InvalidRequest", {
  /** The operation, for example `connections.get`. */
  operation: Schema.String,
  message: Schema.String
}) {}

/**
 * The connection failed before a response arrived: unknown host, connection refused, connection reset. `cause` is the
 * platform's error, if any. It is not part of the encoded error, since the error of one process means little to another.
 */
export class TransportError extends Schema.TaggedError<TransportError>()("TransportError", {
  operation: Schema.String,
  message: Schema.String,
  ...effort
}) {}

/**
 * No response arrived in time. `limit` names the time limit of the `RetryPolicy` that was exceeded: that of an attempt, or
 * the deadline of the call.
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
 * - `WrongShape`: JSON that does not match its schema; `path` is the place, and `expected` what should be there. `row` is
 *   present if the place is in a row of a list: its position in the page, from 1, and its id, if it has one.
 * - `UnsupportedEncoding`: a body that is compressed in a way that the platform cannot decode; the message names the
 *   `Content-Encoding`.
 * - `TooLarge`: a body of more than `limit` bytes, which was not read to its end.
 * - `Redirect`: a redirect, which is not followed; `location` is the origin of its target.
 * - `UndocumentedStatus`: a status that WorkOS does not document for the operation.
 *
 * **Example** (Detecting a proxy)
 *
 * ```ts
 * import type { InvalidResponseReason } from "@effect-workos/client/ClientError"
 *
 * const isProxy = (reason: InvalidResponseReason): boolean => reason._tag === "Html" || reason._tag === "Redirect"
 * ```
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
 * **Example** (Distinguishing a proxy's page)
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
 * A row of a list that does not have the documented shape. Lists return it in place of the row with
 * `invalidRows: "yield"`; without that option, they fail with `InvalidResponse`.
 *
 * **Details**
 *
 * - `position`: the position in the page, from 1.
 * - `id`: the id of the row, if it has one.
 * - `path`, `expected`: the first place in the row that is wrong, and what should be there.
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
 * failed. `retryAfter` is the time until it lets a request through again, if known.
 */
export class CircuitOpen extends Schema.TaggedError<CircuitOpen>()("CircuitOpen", {
  operation: Schema.String,
  message: Schema.String,
  ...effort,
  retryAfter: Schema.optionalKey(Schema.Duration)
}) {}

/**
 * A list returned a cursor for the second time. Following the cursor would never end, so the stream fails after the rows
 * that the server sent.
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
 * **Example** (Telling a user)
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
