// The attempts of a call. Each attempt sends at most one request. Its outcome determines whether another attempt may succeed.
import * as Effect from "effect/Effect"
import type * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as BufferedResponse from "./BufferedResponse.ts"
import { isTransient } from "./Retry.ts"

/**
 * The outcome of an attempt.
 *
 * - `Responded`: the whole response was read. Its text is empty if its encoding is not supported.
 * - `Truncated`: the body ends early.
 * - `TooLarge`: the body exceeds the size limit.
 * - `ConnectionFailed`: no response. `isSent` is false if no connection was established.
 * - `TimedOut`: no response in time.
 */
export type Outcome =
  | { readonly _tag: "Responded" | "Truncated" | "TooLarge"; readonly response: BufferedResponse.BufferedResponse }
  | { readonly _tag: "ConnectionFailed"; readonly cause: unknown; readonly isSent: boolean }
  | { readonly _tag: "TimedOut"; readonly limit: "attempt" | "deadline" }

/**
 * One attempt. Times are milliseconds by `monotonicMillis`.
 */
export interface Attempt {
  /** `Interrupted` if the calling fiber was interrupted first. */
  readonly outcome: Outcome | { readonly _tag: "Interrupted" }
  /** `undefined` if the deadline passed before the request could be sent. */
  readonly sentAt: number | undefined
  readonly endedAt: number
  /** The time that the request waited for a permit and for the rate limiter. */
  readonly queuedMillis: number
}

/**
 * The attempts of a call, and the outcome of the call: that of the last attempt that sent a request, if any did.
 */
export interface Attempted {
  readonly attempts: ReadonlyArray<Attempt>
  readonly outcome: Outcome
}

/**
 * The attempts that sent a request. Only the last attempt of a call can be an unsent one.
 */
export const sent = (attempts: ReadonlyArray<Attempt>): ReadonlyArray<Attempt> =>
  attempts.at(-1)?.sentAt === undefined ? attempts.slice(0, -1) : attempts

/**
 * Reads the response to a request.
 */
export const read = (
  head: BufferedResponse.BufferedResponse,
  response: HttpClientResponse.HttpClientResponse,
  limit: number
): Effect.Effect<Outcome> =>
  Effect.match(BufferedResponse.text(head, response, limit), {
    onSuccess: (text): Outcome => {
      const response = BufferedResponse.complete(head, text)
      return { _tag: completeness(response), response }
    },
    onFailure: (failure): Outcome =>
      failure === "Unsupported"
        ? { _tag: "Responded", response: { ...head, json: Result.fail("UnsupportedEncoding") } }
        : { _tag: failure === "TooLarge" ? failure : "Truncated", response: head }
  })

// A proxy that loses the connection to WorkOS can end its response normally, in the middle of the JSON.
const completeness = (response: BufferedResponse.BufferedResponse): "Responded" | "Truncated" =>
  BufferedResponse.isSuccess(response) && Result.isFailure(response.json) && response.json.failure === "Truncated"
    ? "Truncated"
    : "Responded"

/**
 * Returns the outcome of a request without a response.
 */
export const connectionFailed = ({ reason }: HttpClientError.HttpClientError): Outcome => {
  const cause = "cause" in reason ? reason.cause : undefined
  return { _tag: "ConnectionFailed", cause, isSent: !unsentCodes.has(codeOf(cause) ?? "") }
}

/** Error codes of Node, undici and proxies for connections that were never established. */
const unsentCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "PROXY_UNAVAILABLE",
  "UND_ERR_CONNECT_TIMEOUT"
])

const codeOf = (error: unknown): string | undefined =>
  causeChain(error)
    .map((cause) => (Predicate.hasProperty(cause, "code") && Predicate.isString(cause.code) ? cause.code : undefined))
    .findLast((code) => code !== undefined)

// Certificates that are not trusted, response headers that are too large, plain text instead of TLS, and a proxy's refusal.
const permanentCodes = /CERT|^UNABLE_TO_|_OVERFLOW$|_WRONG_VERSION_NUMBER$|^PROXY_REFUSED$/

/**
 * Tests whether a connection fails for a reason that another attempt cannot change.
 */
export const isPermanent = (cause: unknown): boolean => permanentCodes.test(codeOf(cause) ?? "")

/**
 * Tests whether a connection fails because the host name does not resolve.
 */
export const isUnresolved = (cause: unknown): boolean => /^(ENOTFOUND|EAI_)/.test(codeOf(cause) ?? "")

/**
 * Returns an error and its causes, the innermost last. At most ten, because an error can be a cause of itself.
 */
export const causeChain = (error: unknown): ReadonlyArray<object> => {
  const chain: Array<object> = []
  let next = error
  while (Predicate.isObject(next) && chain.length < 10) {
    chain.push(next)
    next = Predicate.hasProperty(next, "cause") ? next.cause : undefined
  }
  return chain
}

/**
 * Tests whether the outcome is a response with a status below 400.
 */
export const isSuccess = (outcome: Attempt["outcome"]): boolean =>
  outcome._tag === "Responded" && outcome.response.status < 400

/**
 * Tests whether another attempt may have another outcome.
 */
export const isRetryable = (outcome: Outcome): boolean => {
  switch (outcome._tag) {
    case "Responded":
      return isTransient(outcome.response.status)
    case "Truncated":
      return true
    case "ConnectionFailed":
      return !isPermanent(outcome.cause)
    case "TimedOut":
      return outcome.limit === "attempt"
    case "TooLarge":
      return false
  }
}

/**
 * Tests whether the server may have applied the request. A server that received no request, or refused it with 408 or
 * 429, has not applied it.
 */
export const maybeApplied = (outcome: Outcome): boolean =>
  outcome._tag === "ConnectionFailed"
    ? outcome.isSent
    : outcome._tag !== "Responded" || (outcome.response.status !== 429 && outcome.response.status !== 408)

/**
 * Returns the outcome as one word for metrics, spans and logs: the status, or the reason why no response was read.
 */
export const nameOf = (outcome: Attempt["outcome"]): string => {
  switch (outcome._tag) {
    case "Responded":
      return String(outcome.response.status)
    case "Truncated":
      return "truncated"
    case "TooLarge":
      return "too_large"
    case "ConnectionFailed":
      return "connection_failed"
    case "TimedOut":
      return "timed_out"
    case "Interrupted":
      return "interrupted"
  }
}
