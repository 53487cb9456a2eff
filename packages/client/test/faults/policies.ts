// The policies under which calls meet the faults. Their numbers are small, so that the matrix takes seconds, and far enough
// from each other that a busy machine does not change what comes out.
import type { Policy } from "../../src/RetryPolicy.ts"

export const policies = {
  /** Where time does not matter: nothing comes near its limits. */
  quick: {
    maxAttempts: 4,
    baseDelay: 2,
    maxDelay: 10,
    maxRetryAfter: "1 minute",
    attemptTimeout: "20 seconds",
    deadline: "40 seconds"
  },
  /** Where an attempt is to be too slow. */
  hurried: {
    maxAttempts: 3,
    baseDelay: 2,
    maxDelay: 10,
    maxRetryAfter: "1 minute",
    attemptTimeout: 700,
    deadline: "40 seconds"
  },
  /** Where the deadline is to come before the last attempt: there is time for two, a second apart. */
  steady: {
    maxAttempts: 10,
    baseDelay: 1000,
    maxDelay: 1000,
    maxRetryAfter: "1 minute",
    attemptTimeout: "20 seconds",
    deadline: 1900
  },
  /** Where every repeat costs a second. */
  sparing: {
    maxAttempts: 2,
    baseDelay: 2,
    maxDelay: 10,
    maxRetryAfter: "1 minute",
    attemptTimeout: "20 seconds",
    deadline: "40 seconds"
  },
  /** Without repeats. */
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
