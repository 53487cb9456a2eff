// The calls of an operation: a request is made and sent, and its response is decoded to a value or a typed error.
//
// Successes are decoded here, since callers want them in two representations, and since a page of a hundred rows is worth
// a fast path.
import * as ExactJson from "@effect-workos/domain/ExactJson"
import * as Wire from "@effect-workos/domain/Wire"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Tracer from "effect/Tracer"
import * as Attempt from "./Attempt.ts"
import { type BufferedResponse, isSuccess } from "./BufferedResponse.ts"
import type { Received } from "./Call.ts"
import { monotonicMillis } from "./Timer.ts"
import type { ClientError, InvalidRequest, InvalidResponse, InvalidResponseReason } from "../ClientError.ts"
import * as ErrorResponse from "./ErrorResponse.ts"
import * as Failure from "./Failure.ts"
import * as Json from "./Json.ts"
import type { PathLimit } from "../RateLimit.ts"
import { withIdempotencyKey } from "./Retry.ts"
import * as Telemetry from "./Telemetry.ts"
import type { Transport } from "./Transport.ts"

/**
 * Decodes a success. `fail` makes the error of a reason.
 */
export type ResponseDecoder<A> = (response: BufferedResponse, fail: Fail) => Effect.Effect<A, InvalidResponseReason>

type Fail = (reason: InvalidResponseReason) => InvalidResponse

/**
 * A success whose body is ignored. An HTML body means that a proxy responded, so the request was not applied.
 */
export const empty: ResponseDecoder<void> = ({ json, text }) => {
  if (text.trimStart().startsWith("<")) return Effect.fail({ _tag: "Html" })
  // A body that could not be decoded may be HTML.
  return Result.isFailure(json) && json.failure === "UnsupportedEncoding"
    ? Effect.fail({ _tag: json.failure })
    : Effect.void
}

/**
 * A JSON success, decoded by a schema. Numbers have the precision of JavaScript.
 */
export const decoded = <A>(schema: Schema.ConstraintDecoder<A>): ResponseDecoder<A> => {
  const decode = Schema.decodeUnknownEffect(schema)
  return withoutPrototypes(json((value) => Effect.mapErrorEager(decode(value), Failure.wrongShape)))
}

/**
 * Removes keys called `__proto__` before a decoder reads a response.
 */
export const withoutPrototypes =
  <A>(decode: ResponseDecoder<A>): ResponseDecoder<A> =>
  (response, fail) =>
    decode({ ...response, json: Json.withoutPrototypes(response) }, fail)

/**
 * A JSON success in its encoded form: valid, and with every field and every digit that the server sent.
 */
export const encoded = <S extends Schema.Constraint>(schema: S): ResponseDecoder<S["Encoded"]> => {
  const isEncoded = Wire.isEncoded(schema)
  const explain = Schema.decodeUnknownEffect(Schema.toEncoded(schema))
  return json((value, { text }) =>
    isEncoded(value)
      ? // The rounded numbers have been validated, and the exact ones calculate like them.
        Effect.succeed(ExactJson.restore(text, value))
      : Effect.mapError(explain(value), Failure.wrongShape)
  )
}

/**
 * A JSON success, decoded by a function of the value, the response and `fail`.
 */
export const json =
  <A>(
    decode: (value: unknown, response: BufferedResponse, fail: Fail) => Effect.Effect<A, InvalidResponseReason>
  ): ResponseDecoder<A> =>
  (response, fail) =>
    Result.isSuccess(response.json)
      ? decode(response.json.success, response, fail)
      : Effect.fail({ _tag: response.json.failure })

/**
 * Options of one call.
 */
export interface CallOptions {
  /** Attributes of its span. */
  readonly attributes?: (() => Record<string, unknown>) | undefined
  /** Texts of its request that no error and no span may contain. */
  readonly secrets?: ReadonlyArray<string> | undefined
  /** Limits in addition to the overall limit. A key contains the parameter if a limit is per parameter value. */
  readonly rateLimits?: ReadonlyArray<PathLimit> | undefined
}

/**
 * Properties in which an operation differs from most.
 */
export interface OperationOptions {
  /** A 404 is a success if an earlier attempt may have been applied, as it is for a deletion. */
  readonly ignoreNotFoundOnRetry?: boolean | undefined
  /** The server must apply a request only once, so a request that may have been applied is not retried. */
  readonly retryUnsafe?: boolean | undefined
  /** Successes contain personal data, so errors do not quote them. */
  readonly containsPii?: boolean | undefined
}

/**
 * Runs an operation: sends the request that an effect makes, with its credentials, and decodes the response, a 2xx by
 * `success` and any other status by `errors`. The call is one span, named after the operation.
 */
export const run = <A, E>({
  containsPii = false,
  errors,
  ignoreNotFoundOnRetry = false,
  operation,
  retryUnsafe = false,
  success,
  transport
}: OperationOptions & {
  readonly operation: string
  readonly transport: Transport["Service"]
  readonly success: ResponseDecoder<A>
  readonly errors: ErrorResponse.ErrorDecoders<E>
}) => {
  const decode = (received: Received): Effect.Effect<A, E | ClientError> => {
    const { attempts, response } = received
    const isDone = response.status === 404 && ignoreNotFoundOnRetry && wasMaybeApplied(attempts)
    const fail = (reason: InvalidResponseReason) => Failure.invalidResponse(received, reason)
    return isDone || isSuccess(response)
      ? Effect.mapErrorEager(success(response, fail), fail)
      : ErrorResponse.fail(received, errors)
  }

  return (
    request: Effect.Effect<HttpClientRequest.HttpClientRequest, InvalidRequest | Schema.SchemaError>,
    { attributes, rateLimits = [], secrets = [] }: CallOptions = {}
  ): Effect.Effect<A, E | ClientError> =>
    Effect.withFiber((fiber) => {
      const clock = fiber.getRef(Clock.Clock)
      const startedAt = monotonicMillis(clock)

      const runIn = (context: Context.Context<never>, span: Tracer.Span | undefined) => {
        const call = {
          operation,
          secrets: secrets.length === 0 ? transport.secrets : [...transport.secrets, ...secrets],
          retryUnsafe,
          containsPii,
          rateLimits,
          context,
          span,
          clock,
          startedAt
        }
        return request.pipe(
          Effect.matchEffect({
            onFailure: (error) =>
              Effect.fail(Schema.isSchemaError(error) ? Failure.invalidRequest(operation, error) : error),
            onSuccess: (request) =>
              Effect.flatMap(transport.send({ ...call, request: withIdempotencyKey(request, retryUnsafe) }), decode)
          }),
          Effect.onExit((exit) => {
            Telemetry.callEnded(call, exit)
            return Effect.void
          })
        )
      }

      // Spans are a good part of the cost of a call, and without a tracer they are not recorded.
      if (Context.getOrUndefined(fiber.context, Tracer.Tracer) === undefined) return runIn(fiber.context, undefined)
      return Effect.useSpan(operation, { kind: "client", attributes: attributes?.() }, (span) =>
        Effect.withParentSpan(
          Effect.withFiber(({ context }) => runIn(context, span)),
          span,
          { captureStackTrace: false }
        )
      )
    })
}

const wasMaybeApplied = (attempts: ReadonlyArray<Attempt.Attempt>): boolean =>
  attempts.slice(0, -1).some(({ outcome }) => outcome._tag !== "Interrupted" && Attempt.maybeApplied(outcome))
