// Which requests are retried, and when: a retry policy in the form that calls use.
import * as Duration from "effect/Duration"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { Policy } from "../RetryPolicy.ts"

// 425 says that the request came too early, 520 to 524 and 530 that Cloudflare got no response from the origin, and 529 that
// the server is overloaded.
const transient: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529, 530])

/**
 * Tests whether another request may receive another status.
 */
export const isTransient = (status: number): boolean => transient.has(status)

/**
 * Tests whether sending a request twice has the same effect as sending it once.
 */
export const isIdempotent = ({ headers, method }: HttpClientRequest.HttpClientRequest, retryUnsafe: boolean): boolean =>
  !retryUnsafe &&
  (method === "GET" || method === "PUT" || method === "DELETE" || headers["idempotency-key"] !== undefined)

/**
 * Adds an `Idempotency-Key` to a POST request, the same for all attempts. A request that is not safe to retry gets none.
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

// A program has few policies, and each of its calls reads one.
const converted = new WeakMap<Policy, PolicyMillis>()

/**
 * Converts the durations of a policy to milliseconds.
 */
export const toMillis = (policy: Policy): PolicyMillis => {
  const known = converted.get(policy)
  if (known !== undefined) return known
  const millis = {
    // NaN too counts as 1: it must not mean unlimited.
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
 * The delay after a number of attempts, in milliseconds: exponential backoff with full jitter, after the `Retry-After` of
 * the server. `random` is from 0 to 1.
 */
export const delayAfter = (
  { baseDelay, maxDelay, maxRetryAfter }: PolicyMillis,
  attempts: number,
  random: number,
  retryAfter: number | undefined
): number =>
  random * Math.min(maxDelay, baseDelay * 2 ** Math.min(attempts - 1, 60)) +
  Math.min(Math.max(0, retryAfter ?? 0), maxRetryAfter)
