// What can go wrong beside the errors that WorkOS documents (`@effect-workos/domain/ApiError`).
import * as Schema from "effect/Schema"

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
 * No answer came, or none that could be read to its end: the host is unknown, the connection was refused or broke.
 */
export class TransportError extends Schema.TaggedError<TransportError>()("TransportError", {
  operation: Schema.String,
  message: Schema.String,
  cause: Schema.optionalKey(Schema.Defect())
}) {}

/**
 * WorkOS, or something between, failed with a status from 500 up.
 *
 * @see https://workos.com/docs/reference/errors
 */
export class ServerError extends Schema.TaggedError<ServerError>()("ServerError", {
  operation: Schema.String,
  message: Schema.String,
  status: Schema.Int,
  /** The id under which WorkOS's support finds the request, where WorkOS answered. */
  requestId: Schema.optionalKey(Schema.String)
}) {}

/**
 * An answer came that WorkOS does not document: another status, HTML from a proxy, JSON of another shape.
 */
export class InvalidResponse extends Schema.TaggedError<InvalidResponse>()("InvalidResponse", {
  operation: Schema.String,
  message: Schema.String,
  status: Schema.Int,
  requestId: Schema.optionalKey(Schema.String)
}) {}

/**
 * A list sent a cursor that it had sent before. Following it would never end, so the stream ends here instead; what it
 * emitted is what the server sent.
 */
export class CursorRepeated extends Schema.TaggedError<CursorRepeated>()("CursorRepeated", {
  operation: Schema.String,
  message: Schema.String,
  cursor: Schema.String
}) {}

/**
 * What every operation can fail with.
 */
export type ClientError = InvalidRequest | TransportError | ServerError | InvalidResponse
