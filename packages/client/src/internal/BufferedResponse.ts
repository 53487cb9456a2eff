// HTTP responses whose body has been read completely, within a size limit.
import * as ContentEncoding from "@effect-workos/domain/ContentEncoding"
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Headers from "effect/http/Headers"
import type * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as Json from "./Json.ts"

/**
 * A response with its whole body.
 */
export interface BufferedResponse {
  readonly status: number
  readonly headers: Headers.Headers
  readonly text: string
  /** The parsed body, or the reason why the body is not JSON. */
  readonly json: Result.Result<unknown, Json.ParseFailure>
}

/**
 * Returns the status and headers of a response whose body has not been read. The headers are
 * read once, because platforms rebuild `headers` on each access.
 */
export const fromHeaders = ({ headers, status }: HttpClientResponse.HttpClientResponse): BufferedResponse => ({
  status,
  headers,
  text: "",
  json: emptyBody
})

const emptyBody = Result.fail("EmptyBody" as const)

/** The reason why a body was not read or not decoded. */
export type ReadFailure = HttpClientError.HttpClientError | ContentEncoding.Problem

/**
 * Reads the text of the body. The rest of a body of more than `limit` bytes is not read.
 */
export const text = (
  { headers }: BufferedResponse,
  response: HttpClientResponse.HttpClientResponse,
  limit: number
): Effect.Effect<string, ReadFailure> => {
  const length = contentLength(headers)
  if (length === undefined) return readBounded(response, limit, headers["content-encoding"])
  return length > limit ? Effect.andThen(discard(response), tooLarge) : response.text
}

const tooLarge = Effect.fail("TooLarge" as const)

/**
 * Adds the body to a response.
 */
export const complete = (head: BufferedResponse, text: string): BufferedResponse => ({
  status: head.status,
  headers: head.headers,
  text,
  json: Json.parse(text, head.headers["content-type"])
})

// The `Content-Length` of a compressed response is the length of the compressed body.
const contentLength = (headers: Headers.Headers): number | undefined => {
  const length = headers["content-length"]
  return length !== undefined && headers["content-encoding"] === undefined && /^\d{1,15}$/.test(length)
    ? Number(length)
    : undefined
}

const readBounded = (
  response: HttpClientResponse.HttpClientResponse,
  limit: number,
  contentEncoding: string | undefined
): Effect.Effect<string, ReadFailure> =>
  Effect.suspend(() => {
    const chunks: Array<Uint8Array> = []
    let bytes = 0
    return response.stream.pipe(
      Stream.takeWhile((chunk) => (bytes += chunk.length) <= limit),
      Stream.runForEachArray((some) => Effect.sync(() => void chunks.push(...some))),
      Effect.catch((error) => (error.reason._tag === "EmptyBodyError" ? Effect.void : Effect.fail(error))),
      Effect.flatMap(() =>
        bytes > limit ? tooLarge : Effect.fromResult(ContentEncoding.text(chunks, contentEncoding, limit))
      )
    )
  })

// An unread body can keep its socket open, so reading starts and is cancelled immediately.
const discard = (response: HttpClientResponse.HttpClientResponse): Effect.Effect<void> =>
  Effect.flatMap(
    Effect.forkChild(Effect.exit(Stream.runDrain(response.stream)), { startImmediately: true }),
    (reading) => Effect.andThen(Effect.yieldNow, Fiber.interrupt(reading))
  )

/**
 * Tests whether the status is 2xx.
 */
export const isSuccess = ({ status }: Pick<BufferedResponse, "status">): boolean => status >= 200 && status < 300

/**
 * Tests whether the status says that the server failed or gave up: 408, 425 or 5xx.
 */
export const isServerError = ({ status }: Pick<BufferedResponse, "status">): boolean =>
  status >= 500 || status === 408 || status === 425

/**
 * Returns the request id for WorkOS's support, unless the header is malformed or contains a secret.
 */
export const requestId = (
  { headers }: Pick<BufferedResponse, "headers">,
  secrets: ReadonlyArray<string>
): string | undefined => {
  const id = headers["x-request-id"]
  return id !== undefined && /^[\x21-\x7e]{1,200}$/.test(id) && !secrets.some((secret) => id.includes(secret))
    ? id
    : undefined
}

/**
 * Reads `Retry-After`, in seconds or as a date, as milliseconds from now.
 *
 * @see https://workos.com/docs/reference/rate-limits
 */
export const retryAfterMillis = (clock: Clock.Clock, headers: Headers.Headers): number | undefined => {
  const value = headers["retry-after"]
  const parsed = value === undefined ? undefined : Result.getOrUndefined(Headers.parseRetryAfter(value))
  return parsed && Duration.toMillis(Headers.retryAfterDelay(parsed, clock.currentTimeMillisUnsafe()))
}
