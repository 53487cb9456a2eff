// The calls of an operation: a request is sent, and the response is decoded to a value or a typed error.
//
// Effect's `HttpApiClient` does not decode the responses, because callers choose between two representations, and because
// pages of a hundred rows need a fast path.
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
 * Decodes a successful response. `fail` makes the error for a reason.
 */
export type ResponseDecoder<A> = (response: BufferedResponse, fail: Fail) => Effect.Effect<A, InvalidResponseReason>

type Fail = (reason: InvalidResponseReason) => InvalidResponse

/**
 * Ignores the body. An HTML body fails, because it means that a proxy responded, and that the request was not applied.
 */
export const empty: ResponseDecoder<void> = ({ json, text }) => {
  if (text.trimStart().startsWith("<")) return Effect.fail({ _tag: "Html" })
  // A body that could not be decoded may be HTML.
  return Result.isFailure(json) && json.failure === "UnsupportedEncoding"
    ? Effect.fail({ _tag: json.failure })
    : Effect.void
}

/**
 * Decodes JSON with a schema. Numbers have the precision of JavaScript.
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
 * Validates JSON, and returns it with every field and every digit that the server sent.
 */
export const encoded = <S extends Schema.Constraint>(schema: S): ResponseDecoder<S["Encoded"]> => {
  const isEncoded = Wire.isEncoded(schema)
  const explain = Schema.decodeUnknownEffect(Schema.toEncoded(schema))
  return json((value, { text }) =>
    isEncoded(value)
      ? // The value has rounded numbers. An exact number compares like the rounded one, so the result is valid too.
        Effect.succeed(ExactJson.restore(text, value))
      : Effect.mapError(explain(value), Failure.wrongShape)
  )
}

/**
 * Decodes JSON with a function of the value, the response and `fail`.
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
  /** Attributes of the span of the call. */
  readonly attributes?: (() => Record<string, unknown>) | undefined
  /** Texts of the request that errors and spans must not contain. */
  readonly secrets?: ReadonlyArray<string> | undefined
  /** Limits in addition to the overall limit. If a limit is per parameter value, the key contains the value. */
  readonly rateLimits?: ReadonlyArray<PathLimit> | undefined
}

/**
 * Options of an operation. All default to false.
 */
export interface OperationOptions {
  /** A 404 is a success if an earlier attempt may have been applied. Deletions have this option. */
  readonly ignoreNotFoundOnRetry?: boolean | undefined
  /** The server must apply a request only once, so requests that may have been applied are not retried. */
  readonly retryUnsafe?: boolean | undefined
  /** Successful responses contain personal data, so errors do not quote them. */
  readonly containsPii?: boolean | undefined
}

/**
 * Runs an operation: sends the request that an effect returns, and decodes the response. `success` decodes 2xx responses,
 * and `errors` the others. The call has one span with the name of the operation.
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

      // Spans are expensive, and without a tracer they are not recorded.
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
