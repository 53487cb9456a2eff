// Conversion of an `HttpClientResponse` into a `Response`, and of an error into a `NoResponse`.
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { type Response, type Request, NoResponse } from "../Exchange.ts"
import type { DecodeBody } from "../Target.ts"
import * as ConnectionErrors from "./ConnectionErrors.ts"

/** The maximum size of a body. */
export const maxBodyBytes = 16 * 1024 * 1024

type HttpResponse = HttpClientResponse.HttpClientResponse

/**
 * Returns a response whose `json` is parsed on first access.
 */
export const toResponse = (
  { headers, status }: Pick<Response, "headers" | "status">,
  text: string,
  millis: number
): Response => {
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
 * Returns the decoded text of a body, or "" without a body. A body that may exceed the limit is checked while it is read:
 * a compressed body, or a body without a `Content-Length` below the limit. The headers of a response to HEAD describe the
 * body of the response to GET.
 */
export const readText = (
  response: HttpResponse,
  decodeBody: DecodeBody
): Effect.Effect<string, HttpClientError.HttpClientError | BadBody> => {
  const { "content-encoding": encoding, "content-length": length } = response.headers
  return Effect.catchIf(
    response.request.method === "HEAD" || (encoding === undefined && Number(length ?? Infinity) <= maxBodyBytes)
      ? response.text
      : readBounded(response, encoding, decodeBody),
    (error) => error._tag === "HttpClientError" && error.reason._tag === "EmptyBodyError",
    () => Effect.succeed("")
  )
}

const readBounded = Effect.fnUntraced(function* (
  response: HttpResponse,
  encoding: string | undefined,
  decodeBody: DecodeBody
) {
  const chunks: Array<Uint8Array> = []
  let read = 0
  yield* Stream.runForEach(response.stream, (chunk) => {
    read += chunk.length
    if (read > maxBodyBytes) return Effect.fail(badBody("TooLarge", encoding))
    chunks.push(chunk)
    return Effect.void
  })
  return yield* Effect.fromResult(
    Result.mapError(decodeBody(chunks, encoding, maxBodyBytes), (problem) => badBody(problem, encoding))
  )
})

type Problem = Result.Result.Failure<ReturnType<DecodeBody>>

/** A body that is too long, or that cannot be decoded. */
interface BadBody {
  readonly _tag: "BadBody"
  readonly problem: Problem
  readonly encoding: string | undefined
}

const badBody = (problem: Problem, encoding: string | undefined): BadBody => ({
  _tag: "BadBody",
  problem,
  encoding
})

/**
 * Returns the `NoResponse` for a request that timed out, or that the end of the time budget interrupted.
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

/**
 * Returns the `NoResponse` for a failed connection, or for a body that is too long or cannot be decoded.
 */
export const toNoResponse = (request: Request, error: HttpClientError.HttpClientError | BadBody): NoResponse => {
  if (error._tag === "BadBody") {
    const { encoding, problem } = error
    switch (problem) {
      case "TooLarge":
        return new NoResponse({ request, reason: "body-too-long", message: "the body is longer than 16 MB" })
      case "Truncated":
        return new NoResponse({ request, reason: "connection-error", message: `the ${encoding} body is truncated` })
      case "Unsupported":
        return new NoResponse({
          request,
          reason: "connection-error",
          message: `the content encoding ${JSON.stringify(encoding)} cannot be decoded`
        })
    }
  }
  const name = ConnectionErrors.nameOf(error)
  if (ConnectionErrors.isUnreachable(name)) {
    const message = `the connection failed (${name})${ConnectionErrors.hintOf(name)}`
    return new NoResponse({ request, reason: "unreachable", message })
  }
  // The Fetch standard forbids some methods, such as TRACE.
  if (/method is unsupported/i.test(name)) {
    return new NoResponse({ request, reason: "unsupported", message: `the HTTP client cannot send ${request.method}` })
  }
  const problem = name.endsWith("_OVERFLOW") ? "the headers of the response are too large" : "the connection was closed"
  return new NoResponse({ request, reason: "connection-error", message: `${problem} (${name})` })
}
