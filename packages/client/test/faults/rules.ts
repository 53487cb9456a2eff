// The expected results of faults, computed from the documentation of the client and of the emulator, without running either.
//
// All operations may be retried: they are GET, PUT, DELETE, and POST with an Idempotency-Key.
import type { Fault } from "@effect-workos/emulator/Fault"
import * as Duration from "effect/Duration"
import type { Policy } from "../../src/RetryPolicy.ts"
import type { Row } from "./catalogue.ts"
import type { Operation } from "./operations.ts"
import { policies } from "./policies.ts"

/** The expected results of a fault, as far as the program and the server can observe them. */
export interface Expected {
  /** `ok`, or the tag of the error, with the reason of an `InvalidResponse`. */
  readonly outcome: string
  /** The number of requests of the call that failed, or else of the call with the most requests. */
  readonly attempts: number
  /** The number of requests of all calls, and of requests to which the fault was applied. */
  readonly requests: number
  readonly faulty: number
  /** The number of rows that were added, or removed if negative. */
  readonly change: number
  /** The minimum duration in milliseconds. */
  readonly elapsed: number
}

/** The result of one request with a fault, as the client sees it. */
interface Symptom {
  readonly outcome: string
  /** True if another attempt may succeed. */
  readonly isTransient: boolean
  /** True if the server has applied the request. */
  readonly isApplied: boolean
  /** The time until the client sees the result, in milliseconds. */
  readonly takes?: number
  /** The minimum pause before the next request, in milliseconds. */
  readonly pause?: number
}

export const expected = ({ fault, policy: name }: Row, operation: Operation): Expected => {
  const policy: Policy = policies[name]
  const deadline = millis(policy.deadline)
  const limit = millis(policy.attemptTimeout)
  let requests = 0
  let faulty = 0
  let elapsed = 0
  let isApplied = false

  // Runs one call, and returns its outcome and the number of its attempts.
  const call = (index: number): { readonly outcome: string; readonly attempts: number } => {
    const start = elapsed
    for (let attempts = 1; ; attempts++) {
      requests++
      const isFaulty = index >= operation.skip && applies(fault, { index, attempts, elapsed, faulty })
      if (isFaulty) faulty++
      const symptom = isFaulty ? symptomOf(fault, operation, { limit, isApplied }) : undefined
      if (symptom === undefined) {
        isApplied = true
        return { outcome: "ok", attempts }
      }
      isApplied ||= symptom.isApplied
      elapsed += symptom.takes ?? 0
      if (elapsed - start >= deadline) {
        elapsed = start + deadline
        return { outcome: "RequestTimeout", attempts }
      }
      const wait = waitAfter(policy, attempts, symptom)
      const isLast = !symptom.isTransient || attempts >= policy.maxAttempts || elapsed + wait - start >= deadline
      if (isLast) return { outcome: symptom.outcome, attempts }
      elapsed += wait
    }
  }

  let last = { outcome: "ok", attempts: 0 }
  for (let index = 0; index < operation.calls && last.outcome === "ok"; index++) {
    const { attempts, outcome } = call(index)
    last = { outcome, attempts: outcome === "ok" ? Math.max(last.attempts, attempts) : attempts }
  }
  return { ...last, requests, faulty, change: isApplied ? operation.change : 0, elapsed }
}

// -----------------------------------------------------------------------------
// Faulty requests and delays
// -----------------------------------------------------------------------------

interface Progress {
  readonly index: number
  readonly attempts: number
  readonly elapsed: number
  readonly faulty: number
}

const applies = ({ times = Infinity, ...fault }: Fault, { attempts, elapsed, faulty, index }: Progress): boolean => {
  if (faulty >= times) return false
  // Only the idle connection is stale. A retry uses a new connection, and so does the second page, because the connection of
  // the first page is still in use.
  if (fault.kind === "stale") return attempts === 1 && index !== 1
  return fault.kind !== "outage" || elapsed < fault.seconds * 1000
}

// The longest possible delay, since random numbers have their maximum in the matrix.
const waitAfter = (policy: Policy, attempts: number, { pause = 0, outcome }: Symptom): number => {
  // Without Retry-After, the rate limiter pauses for a second, which doubles with each attempt, and a jitter of half of it.
  if (outcome === "TooManyRequests") return pause >= 1000 ? pause : 1500 * 2 ** (attempts - 1)
  const most = Math.min(millis(policy.maxDelay), millis(policy.baseDelay) * 2 ** (attempts - 1))
  return most + Math.min(pause, millis(policy.maxRetryAfter))
}

const millis = (duration: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(duration))

// -----------------------------------------------------------------------------
// Symptoms
// -----------------------------------------------------------------------------

const invalid = (reason: string, isApplied: boolean): Symptom => ({
  outcome: `InvalidResponse/${reason}`,
  isTransient: reason === "Truncated",
  isApplied
})

const connectionFailed = (isApplied: boolean): Symptom => ({ outcome: "TransportError", isTransient: true, isApplied })

const timedOut = (isApplied: boolean, takes: number): Symptom => ({
  outcome: "RequestTimeout",
  isTransient: true,
  isApplied,
  takes
})

interface Attempt {
  /** The timeout of the attempt in milliseconds. */
  readonly limit: number
  /** True if the server has applied an earlier attempt of the call. */
  readonly isApplied: boolean
}

// Returns `undefined` if the fault does not affect the call: operations without a body ignore faults of bodies.
const symptomOf = (fault: Fault, operation: Operation, { isApplied, limit }: Attempt): Symptom | undefined => {
  const { hasBody } = operation
  switch (fault.kind) {
    case "status":
      return statusOf(fault, operation)
    case "latency":
      return fault.millis > limit ? timedOut(false, limit) : undefined
    case "stall":
      return timedOut(false, limit)
    case "trickle":
      return hasBody && fault.millis > 0 ? timedOut(true, limit) : undefined
    case "reset":
      if (fault.at === "body") return hasBody ? invalid("Truncated", true) : undefined
      return connectionFailed(fault.at === "response")
    case "stale":
      return connectionFailed(false)
    case "outage":
      return fault.as === "503"
        ? { outcome: "ServerError", isTransient: true, isApplied: false }
        : connectionFailed(false)
    case "truncated-json":
      return hasBody ? invalid("Truncated", true) : undefined
    case "invalid-json":
      if (hasBody) return invalid("NotJson", true)
      // The emulator adds the start of a body to a response without one. A retried deletion receives a 404, whose status is
      // sufficient.
      return isApplied ? undefined : invalid("Truncated", true)
    case "wrong-shape":
      return hasBody ? invalid("WrongShape", true) : undefined
    case "empty":
      return hasBody ? invalid("EmptyBody", true) : undefined
    case "html":
      // The emulator applies the request and replaces its response by an HTML page.
      return invalid("Html", true)
    case "content-type":
      return undefined
    case "endless":
      return invalid("TooLarge", false)
    case "redirect":
      return invalid("Redirect", false)
  }
}

const transient = new Set([408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529, 530])

const statusOf = (
  { body, headers = {}, status }: Extract<Fault, { readonly kind: "status" }>,
  { documented }: Operation
): Symptom => ({
  outcome:
    status >= 500 || status === 408 || status === 425 ? "ServerError" : refusalOf(status, body, documented.get(status)),
  isTransient: transient.has(status),
  isApplied: false,
  pause: Number(headers["retry-after"] ?? 0) * 1000
})

// An HTML page indicates a proxy and takes precedence over the status, except for 429, whose status is sufficient.
const refusalOf = (status: number, body: string | undefined, documented: string | undefined): string => {
  if (status === 429) return "TooManyRequests"
  if (body?.startsWith("<") === true) return "InvalidResponse/Html"
  if (documented === undefined) return "InvalidResponse/UndocumentedStatus"
  if (body === undefined) return documented
  return `InvalidResponse/${body === "" ? "EmptyBody" : "WrongShape"}`
}
