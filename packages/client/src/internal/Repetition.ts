// Which requests are sent again, and when: a policy, as calls read it.
import * as Duration from "effect/Duration"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { Policy } from "../RetryPolicy.ts"

/**
 * Statuses that may be others the next time.
 */
export const isTransient = (status: number): boolean =>
  status === 408 || status === 429 || status === 500 || status === 502 || status === 503 || status === 504

/**
 * Whether doing a request twice comes to the same as doing it once.
 */
export const isRepeatable = ({ headers, method }: HttpClientRequest.HttpClientRequest): boolean =>
  method === "GET" || method === "PUT" || method === "DELETE" || headers["idempotency-key"] !== undefined

/**
 * A policy in milliseconds.
 */
export interface Millis {
  readonly attempts: number
  readonly base: number
  readonly maxDelay: number
  readonly maxRetryAfter: number
  readonly attemptTimeout: number
  readonly deadline: number
}

// A program has few policies, and calls read theirs again and again.
const read = new WeakMap<Policy, Millis>()

/**
 * Reads a policy.
 */
export const inMillis = (policy: Policy): Millis => {
  const known = read.get(policy)
  if (known !== undefined) return known
  const millis = {
    // What is no number is no reason to go on for ever.
    attempts: policy.attempts >= 1 ? policy.attempts : 1,
    base: millisOf(policy.base),
    maxDelay: millisOf(policy.maxDelay),
    maxRetryAfter: millisOf(policy.maxRetryAfter),
    attemptTimeout: millisOf(policy.attemptTimeout),
    deadline: millisOf(policy.deadline)
  }
  read.set(policy, millis)
  return millis
}

const millisOf = (duration: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(duration))

/**
 * How long to wait after so many attempts, in milliseconds: `random` is from 0 to 1, and `retryAfter` what the server asks
 * for.
 */
export const delayAfter = (
  { base, maxDelay, maxRetryAfter }: Millis,
  attempts: number,
  random: number,
  retryAfter: number | undefined
): number =>
  random * Math.min(maxDelay, base * 2 ** Math.min(attempts - 1, 60)) +
  Math.min(Math.max(0, retryAfter ?? 0), maxRetryAfter)
