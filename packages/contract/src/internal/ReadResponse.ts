// Conversion of an `HttpClientResponse` or an error into a response or its absence.
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import { type Response, type Request, NoResponse } from "../Exchange.ts"

/** The maximum size of a body. */
const maxBodyBytes = 16 * 1024 * 1024

type HttpResponse = HttpClientResponse.HttpClientResponse

/**
 * Returns a response whose `json` is parsed on first access.
 */
export const toResponse = ({ headers, status }: HttpResponse, text: string, millis: number): Response => {
  let parsed: { readonly json: unknown } | undefined
  return {
    status,
    headers: { ...headers },
    text,
    millis,
    get json() {
      parsed ??= { json: parse(text) }
      return parsed.json
    }
  }
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Returns the text of a body, or "" if there is none. The size is checked while reading if the body may exceed the
 * limit: without a `Content-Length`, or compressed.
 */
export const readText = (response: HttpResponse): Effect.Effect<string, HttpClientError.HttpClientError | TooLong> => {
  const { "content-encoding": encoding, "content-length": length } = response.headers
  return Effect.catchIf(
    encoding === undefined && Number(length ?? Infinity) <= maxBodyBytes ? response.text : readBounded(response),
    (error) => error._tag === "HttpClientError" && error.reason._tag === "EmptyBodyError",
    () => Effect.succeed("")
  )
}

const readBounded = Effect.fnUntraced(function* (response: HttpResponse) {
  const decoder = new TextDecoder()
  let text = ""
  let read = 0
  yield* Stream.runForEach(response.stream, (chunk) => {
    read += chunk.length
    if (read > maxBodyBytes) return Effect.fail<TooLong>({ _tag: "TooLong" })
    text += decoder.decode(chunk, { stream: true })
    return Effect.void
  })
  return text + decoder.decode()
})

interface TooLong {
  readonly _tag: "TooLong"
}

/**
 * A request timed out, or the time budget ended.
 */
export const timedOut = (request: Request, millis: number, isBudget: boolean): NoResponse =>
  isBudget
    ? new NoResponse({
        request,
        reason: "time-budget",
        message: "the time budget was spent before the response was complete"
      })
    : new NoResponse({
        request,
        reason: "timeout",
        message: `no complete response within ${Duration.format(Duration.millis(millis))}`
      })

const unreachable = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"])

// TLS failed: `https` on a server that speaks `http`, or an untrusted certificate.
const tlsError = /^(ERR_SSL_|ERR_TLS_|CERT_|UNABLE_TO_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED_CERT)/

/**
 * The connection failed, or the body is too long.
 */
export const toNoResponse = (request: Request, error: HttpClientError.HttpClientError | TooLong): NoResponse => {
  if (error._tag === "TooLong") {
    return new NoResponse({
      request,
      reason: "body-too-long",
      message: "the body is longer than 16 MB"
    })
  }
  // On some platforms only the cause of the error states the failure.
  const name = nameOf("cause" in error.reason ? error.reason.cause : undefined)
  return unreachable.has(name) || tlsError.test(name)
    ? new NoResponse({ request, reason: "unreachable", message: `the connection failed (${name})` })
    : new NoResponse({ request, reason: "connection-error", message: `the connection was closed (${name})` })
}

// The innermost code or message: `fetch` wraps the cause in "fetch failed".
const nameOf = (error: unknown): string => {
  if (!Predicate.isObject(error)) return "unknown reason"
  if (Predicate.hasProperty(error, "cause") && Predicate.isObject(error.cause)) return nameOf(error.cause)
  if (Predicate.hasProperty(error, "code") && Predicate.isString(error.code)) return error.code
  return Predicate.hasProperty(error, "message") && Predicate.isString(error.message) ? error.message : String(error)
}
