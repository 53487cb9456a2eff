// What can go wrong beside the errors that WorkOS documents (`@effect-workos/domain/ApiError`).
import * as Schema from "effect/Schema"

/** What a call took until it failed; the errors that WorkOS documents say it too. */
const effort = {
  /** How many requests were sent: 0 where none was. */
  attempts: Schema.Int,
  /** From the call to the failure, waits included. */
  elapsed: Schema.Duration
}

/** An answer that can't be used. */
const answer = {
  status: Schema.Int,
  /** The id under which WorkOS's support finds the request, where WorkOS answered. */
  requestId: Schema.optionalKey(Schema.String),
  /** How the body begins: 200 characters at most, on one line, without what looks like a secret. None of a success that holds somebody's profile. */
  excerpt: Schema.optionalKey(Schema.String)
}

/**
 * The request was not sent, because it could not have been answered: an id that is none, a limit out of bounds, a filter
 * that does not exist. `message` names the parameter and what it has to be.
 */
export class InvalidRequest extends Schema.TaggedError<InvalidRequest>()("InvalidRequest", {
  /** The operation, for example `connections.get`. */
  operation: Schema.String,
  message: Schema.String
}) {}

/**
 * No answer came: the host is unknown, the connection was refused, or it broke before the answer began.
 */
export class TransportError extends Schema.TaggedError<TransportError>()("TransportError", {
  operation: Schema.String,
  message: Schema.String,
  ...effort,
  cause: Schema.optionalKey(Schema.Defect())
}) {}

/**
 * No answer came in time: `limit` says which time was over, the one for an attempt or the one for the whole call. Both
 * are the {@link RetryPolicy}'s.
 */
export class RequestTimeout extends Schema.TaggedError<RequestTimeout>()("RequestTimeout", {
  operation: Schema.String,
  message: Schema.String,
  ...effort,
  limit: Schema.Literals(["attempt", "deadline"])
}) {}

/**
 * WorkOS, or something between, failed or gave up: a status of 408, or from 500 up.
 *
 * @see https://workos.com/docs/reference/errors
 */
export class ServerError extends Schema.TaggedError<ServerError>()("ServerError", {
  operation: Schema.String,
  message: Schema.String,
  ...answer,
  ...effort
}) {}

/**
 * Why an answer can't be used.
 *
 * - `EmptyBody`: nothing where JSON is documented.
 * - `Html`: a page, as proxies, firewalls and captive portals send it.
 * - `NotJson`: something else that is no JSON.
 * - `Truncated`: the body ended in the middle, because the connection broke or the JSON stops short.
 * - `WrongShape`: JSON of another shape than WorkOS documents; `path` is where, and `expected` what should be there.
 * - `TooLarge`: a body of more than `limit` bytes, the rest of which was not read.
 * - `Redirect`: another address, to which no client goes by itself; `location` is its origin.
 * - `UndocumentedStatus`: a status that WorkOS does not document for the operation.
 *
 * **Example** (What stands in the way)
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
  Schema.TaggedStruct("WrongShape", { path: Schema.String, expected: Schema.String }),
  Schema.TaggedStruct("TooLarge", { limit: Schema.Int }),
  Schema.TaggedStruct("Redirect", { location: Schema.optionalKey(Schema.String) }),
  Schema.TaggedStruct("UndocumentedStatus", {})
])
export type InvalidResponseReason = typeof InvalidResponseReason.Type

/**
 * An answer came that WorkOS does not document; `reason` says what is wrong with it.
 *
 * **Example** (Telling a proxy's page from other answers)
 *
 * ```ts
 * import { Connections } from "@effect-workos/client/Connections"
 * import * as Effect from "effect/Effect"
 *
 * const program = Connections.use(({ get }) => get("conn_01E4ZCR3C56J083X43JQXF3JK5")).pipe(
 *   Effect.catchReason("InvalidResponse", "Html", () => Effect.die("Something stands between us and WorkOS."))
 * )
 * ```
 */
export class InvalidResponse extends Schema.TaggedError<InvalidResponse>()("InvalidResponse", {
  operation: Schema.String,
  message: Schema.String,
  ...answer,
  ...effort,
  reason: InvalidResponseReason
}) {}

/**
 * The request was not sent, because the calls before it failed: the circuit breaker, where the program has provided one,
 * is open. `retryAfter` is when it lets a request through again, where it knows.
 */
export class CircuitOpen extends Schema.TaggedError<CircuitOpen>()("CircuitOpen", {
  operation: Schema.String,
  message: Schema.String,
  ...effort,
  retryAfter: Schema.optionalKey(Schema.Duration)
}) {}

/**
 * A list sent a cursor that it had sent before. Following it would never end, so the stream ends here instead; what it
 * emitted is what the server sent.
 *
 * **Example** (Keeping what came before)
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
 * What every operation can fail with.
 *
 * **Example** (What to tell a user, whichever it is)
 *
 * ```ts
 * import type { ClientError } from "@effect-workos/client/ClientError"
 *
 * const sentence = (error: ClientError): string => {
 *   switch (error._tag) {
 *     case "InvalidRequest":
 *       return "We have asked WorkOS for something that it can't have."
 *     case "TransportError":
 *     case "RequestTimeout":
 *     case "CircuitOpen":
 *       return "WorkOS can't be reached. Try again in a minute."
 *     case "ServerError":
 *     case "InvalidResponse":
 *       return `WorkOS does not answer as it should. Its support knows this as ${error.requestId ?? "nothing"}.`
 *   }
 * }
 * ```
 */
export type ClientError = InvalidRequest | TransportError | RequestTimeout | CircuitOpen | ServerError | InvalidResponse
