// Rules for retries: transient statuses, idempotent requests, and delays.
import * as Duration from "effect/Duration"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { Policy } from "../RetryPolicy.ts"

// 425: the request was sent too early. 520 to 524 and 530: Cloudflare received no response from the origin. 529: the
// server is overloaded.
const transient: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529, 530])

/**
 * Tests whether a retry may receive another status.
 */
export const isTransient = (status: number): boolean => transient.has(status)

/**
 * Tests whether sending a request twice has the same effect as sending it once.
 */
export const isIdempotent = ({ headers, method }: HttpClientRequest.HttpClientRequest, retryUnsafe: boolean): boolean =>
  !retryUnsafe &&
  (method === "GET" || method === "PUT" || method === "DELETE" || headers["idempotency-key"] !== undefined)

/**
 * Adds an `Idempotency-Key` to a POST request. All attempts of a call send the same key. Requests that are not safe to retry
 * get no key.
 */
export const withIdempotencyKey = (
  request: HttpClientRequest.HttpClientRequest,
  retryUnsafe: boolean
): HttpClientRequest.HttpClientRequest =>
  request.method === "POST" && !retryUnsafe && request.headers["idempotency-key"] === undefined
    ? HttpClientRequest.setHeader(request, "idempotency-key", crypto.randomUUID())
    : request

/**
 * A policy whose durations are milliseconds.
 */
export interface PolicyMillis {
  readonly maxAttempts: number
  readonly baseDelay: number
  readonly maxDelay: number
  readonly maxRetryAfter: number
  readonly attemptTimeout: number
  readonly deadline: number
}

// Cached, because a program has few policies and many calls.
const converted = new WeakMap<Policy, PolicyMillis>()

/**
 * Converts the durations of a policy to milliseconds.
 */
export const toMillis = (policy: Policy): PolicyMillis => {
  const known = converted.get(policy)
  if (known !== undefined) return known
  const millis = {
    // NaN counts as 1, because it must not mean unlimited.
    maxAttempts: policy.maxAttempts >= 1 ? policy.maxAttempts : 1,
    baseDelay: durationMillis(policy.baseDelay),
    maxDelay: durationMillis(policy.maxDelay),
    maxRetryAfter: durationMillis(policy.maxRetryAfter),
    attemptTimeout: durationMillis(policy.attemptTimeout),
    deadline: durationMillis(policy.deadline)
  }
  converted.set(policy, millis)
  return millis
}

const durationMillis = (duration: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(duration))

/**
 * Returns the delay after a number of attempts, in milliseconds: the `Retry-After` of the server, and exponential backoff
 * with full jitter. `random` is from 0 to 1.
 */
export const delayAfter = (
  { baseDelay, maxDelay, maxRetryAfter }: PolicyMillis,
  attempts: number,
  random: number,
  retryAfter: number | undefined
): number =>
  random * Math.min(maxDelay, baseDelay * 2 ** Math.min(attempts - 1, 60)) +
  Math.min(Math.max(0, retryAfter ?? 0), maxRetryAfter)
