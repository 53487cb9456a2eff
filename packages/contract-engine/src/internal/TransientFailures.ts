// Transient failures: server errors and closed connections that do not occur again if the request is repeated.
import * as Result from "effect/Result"
import type { Attempt, Exchange, NoResponse, Request } from "../Exchange.ts"

type Outcome = Result.Result<Exchange, NoResponse>

export interface TransientFailures {
  /** Returns whether a request failed in a way that may be transient, and is safe to repeat. */
  readonly isWorthRepeating: (request: Request, outcome: Outcome) => boolean
  /** Adds the outcomes of a request and of its repetition. */
  readonly record: (request: Request, first: Outcome, second: Outcome) => void
  /** Returns the transient failures of an operation, or of all operations. */
  readonly of: (operation?: string) => ReadonlyArray<Attempt>
  /** Returns the number of requests of an operation. */
  readonly requestsOf: (operation: string) => number
}

/** The delay before a repetition, in milliseconds. */
export const delay = 100

/** After this number of failures that occurred again, an operation is known to fail. */
const maxPersistentFailures = 3

/**
 * Makes an empty record of transient failures.
 */
export const make = (): TransientFailures => {
  const attempts: Array<Attempt> = []
  const persistent = new Map<string, number>()
  const requests = new Map<string, number>()
  return {
    isWorthRepeating: (request, outcome) => {
      increment(requests, request.operation)
      return (
        isFailure(outcome) &&
        safeMethods.has(request.method) &&
        (persistent.get(request.operation) ?? 0) < maxPersistentFailures
      )
    },
    record: (request, first, second) => {
      if (isFailure(second)) increment(persistent, request.operation)
      else {
        attempts.push(
          Result.isSuccess(first) ? { request, exchange: first.success } : { request, noResponse: first.failure }
        )
      }
    },
    of: (operation) => attempts.filter(({ request }) => operation === undefined || request.operation === operation),
    requestsOf: (operation) => requests.get(operation) ?? 0
  }
}

const increment = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1)

// A write request may have been applied in spite of its failure.
const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"])

const isFailure = (outcome: Outcome): boolean =>
  Result.isSuccess(outcome) ? outcome.success.response.status >= 500 : outcome.failure.reason === "connection-error"
