// Responses that are not successful: each is decoded to the error that WorkOS documents, or becomes an error that
// describes the problem.
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import { isServerError, requestId } from "./BufferedResponse.ts"
import type { Received } from "./Call.ts"
import type { InvalidResponse, InvalidResponseReason, ServerError } from "../ClientError.ts"
import * as Excerpt from "./Excerpt.ts"
import * as Failure from "./Failure.ts"
import * as Json from "./Json.ts"

/**
 * The body of an error without secrets of the request, and the headers. `details` is the body as the server sent it, for
 * fields that are redacted in programs: a server may repeat a token that is still needed.
 */
export interface ErrorBody {
  readonly body: unknown
  readonly details: unknown
  readonly headers: Readonly<Record<string, string>>
}

/**
 * The decoders of an endpoint's documented errors, by status.
 */
export type ErrorDecoders<E> = ReadonlyMap<number, (response: ErrorBody) => Effect.Effect<E, Schema.SchemaError>>

/**
 * Fails with the error of a response that is not successful.
 */
export const fail = <E>(
  received: Received,
  decoders: ErrorDecoders<E>
): Effect.Effect<never, E | ServerError | InvalidResponse> => {
  const { response } = received
  const { json, status } = response
  const invalid = (reason: InvalidResponseReason) => Effect.fail(Failure.invalidResponse(received, reason))
  if (isServerError(response)) return Effect.fail(Failure.serverError(received))
  // Browsers do not reveal the target of a redirect, and report the status 0.
  if (status < 400) return invalid({ _tag: "Redirect", ...locationOf(received) })
  const decode = decoders.get(status)
  if (decode === undefined) {
    const isUnreadable = Result.isFailure(json) && ["Html", "UnsupportedEncoding"].includes(json.failure)
    return invalid({ _tag: isUnreadable ? json.failure : "UndocumentedStatus" })
  }
  return Effect.matchEffect(
    decode({ body: redactedBody(received), details: Result.getOrUndefined(json), headers: redactedHeaders(received) }),
    {
      onFailure: (error) => invalid(Result.isFailure(json) ? { _tag: json.failure } : Failure.wrongShape(error)),
      onSuccess: (error) => Effect.fail(Failure.withEffort(received, error))
    }
  )
}

// Documented errors are a few lines long, and redacting all texts of a larger body would take too long.
const maxErrorLength = 1024 * 1024

// Servers may repeat secrets of the request, and programs log error messages. So each text is redacted and put on one line.
const redactedBody = ({ call: { secrets }, response: { json, status, text } }: Received): unknown => {
  if (text.length > maxErrorLength) return undefined
  const body = Result.getOrUndefined(json)
  // A proxy in front of WorkOS may send a 429 with another body.
  if (status === 429 && !hasMessage(body)) return { message: "Too many requests." }
  return Json.mapTexts(body, (text) => Excerpt.onOneLine(Excerpt.redact(text, secrets)))
}

const isMessage = (value: unknown): boolean =>
  Predicate.isString(value) || (Array.isArray(value) && value.every(Predicate.isString))

const hasMessage = (json: unknown): boolean =>
  (Predicate.hasProperty(json, "message") && isMessage(json.message)) ||
  (Predicate.hasProperty(json, "error") && Predicate.isString(json.error))

const redactedHeaders = ({ call, response }: Received): Readonly<Record<string, string>> => {
  const { "x-request-id": _, ...rest } = response.headers
  const id = requestId(response, call.secrets)
  return id === undefined ? rest : { ...rest, "x-request-id": id }
}

// Only the origin, because a path or a query may contain secrets.
const locationOf = ({ call, response }: Received): { readonly location?: string } => {
  const { location } = response.headers
  if (location === undefined || !URL.canParse(location, call.request.url)) return {}
  const { origin } = new URL(location, call.request.url)
  return call.secrets.some((secret) => origin.includes(secret.toLowerCase())) ? {} : { location: origin }
}
