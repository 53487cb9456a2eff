// The retry policies of the matrix. Their times are small, so that the clock has few steps.
import type { Policy } from "../../src/RetryPolicy.ts"

export const policies = {
  /** Time limits that no call reaches. */
  quick: {
    maxAttempts: 4,
    baseDelay: 2,
    maxDelay: 10,
    maxRetryAfter: "1 minute",
    attemptTimeout: "20 seconds",
    deadline: "40 seconds"
  },
  /** A short time limit of attempts. */
  hurried: {
    maxAttempts: 3,
    baseDelay: 2,
    maxDelay: 10,
    maxRetryAfter: "1 minute",
    attemptTimeout: 700,
    deadline: "40 seconds"
  },
  /** A deadline that allows two attempts, a second apart. */
  steady: {
    maxAttempts: 10,
    baseDelay: 1000,
    maxDelay: 1000,
    maxRetryAfter: "1 minute",
    attemptTimeout: "20 seconds",
    deadline: 1900
  },
  /** Two attempts, for retries that take a second. */
  sparing: {
    maxAttempts: 2,
    baseDelay: 2,
    maxDelay: 10,
    maxRetryAfter: "1 minute",
    attemptTimeout: "20 seconds",
    deadline: "40 seconds"
  },
  /** No retries. */
  single: {
    maxAttempts: 1,
    baseDelay: 2,
    maxDelay: 10,
    maxRetryAfter: "1 minute",
    attemptTimeout: "20 seconds",
    deadline: "40 seconds"
  }
} as const satisfies Readonly<Record<string, Policy>>

export type PolicyName = keyof typeof policies
