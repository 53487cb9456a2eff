// What has to come of a fault, by rule. It is reckoned here from what is documented of the client and of the emulator,
// with a clock of its own and without either of them.
//
// All operations may be repeated: they are GET, PUT, DELETE, and POSTs that have their Idempotency-Key.
import type { Fault } from "@effect-workos/emulator/Fault"
import * as Duration from "effect/Duration"
import type { Policy } from "../../src/RetryPolicy.ts"
import type { Row } from "./catalogue.ts"
import type { Operation } from "./operations.ts"
import { policies } from "./policies.ts"

/** What has to come of a fault, for all that a user and a server can see of it. */
export interface Expected {
  /** `ok`, or the error's tag, and for an `InvalidResponse` the reason's besides. */
  readonly outcome: string
  /** How many requests the call took that took most, or that failed. */
  readonly attempts: number
  /** How many all calls took together, and how many of them the fault befell. */
  readonly requests: number
  readonly met: number
  /** By how many there are more of what the operation changes. */
  readonly change: number
  /** Milliseconds that are waited at least. */
  readonly elapsed: number
}

/** How one answer, or none, looks to the client. */
interface Symptom {
  readonly outcome: string
  /** Whether the next attempt may do better. */
  readonly isTransient: boolean
  /** Whether the server has done what it was asked for. */
  readonly isDone: boolean
  /** How many milliseconds it takes to see it. */
  readonly takes?: number
  /** How many milliseconds nothing is to be sent then, at least. */
  readonly pause?: number
}

export const expected = ({ fault, policy: name }: Row, operation: Operation): Expected => {
  const policy: Policy = policies[name]
  const deadline = millis(policy.deadline)
  const limit = millis(policy.attemptTimeout)
  let requests = 0
  let met = 0
  let elapsed = 0
  let isDone = false

  // One call, until it is over: its outcome, and how many attempts it took.
  const call = (index: number): { readonly outcome: string; readonly attempts: number } => {
    const began = elapsed
    for (let attempts = 1; ; attempts++) {
      requests++
      const isMet = index >= operation.skip && befalls(fault, { index, attempts, elapsed, met })
      if (isMet) met++
      const symptom = isMet ? symptomOf(fault, operation, { limit, isDone }) : undefined
      if (symptom === undefined) {
        isDone = true
        return { outcome: "ok", attempts }
      }
      isDone ||= symptom.isDone
      elapsed += symptom.takes ?? 0
      if (elapsed - began >= deadline) {
        elapsed = began + deadline
        return { outcome: "RequestTimeout", attempts }
      }
      const wait = waitAfter(policy, attempts, symptom)
      const isLast = !symptom.isTransient || attempts >= policy.maxAttempts || elapsed + wait - began >= deadline
      if (isLast) return { outcome: symptom.outcome, attempts }
      elapsed += wait
    }
  }

  let last = { outcome: "ok", attempts: 0 }
  for (let index = 0; index < operation.calls && last.outcome === "ok"; index++) {
    const { attempts, outcome } = call(index)
    last = { outcome, attempts: outcome === "ok" ? Math.max(last.attempts, attempts) : attempts }
  }
  return { ...last, requests, met, change: isDone ? operation.change : 0, elapsed }
}

// -----------------------------------------------------------------------------
// When
// -----------------------------------------------------------------------------

interface Moment {
  readonly index: number
  readonly attempts: number
  readonly elapsed: number
  readonly met: number
}

const befalls = ({ times = Infinity, ...fault }: Fault, { attempts, elapsed, index, met }: Moment): boolean => {
  if (met >= times) return false
  // The connection is a used one, and whoever asks again has a new one. So has a second page, which is asked for so soon
  // behind the first that its connection is not yet free.
  if (fault.kind === "stale") return attempts === 1 && index !== 1
  return fault.kind !== "outage" || elapsed < fault.seconds * 1000
}

// The longest wait that there can be: chance always says so in the matrix.
const waitAfter = (policy: Policy, attempts: number, { pause = 0, outcome }: Symptom): number => {
  // For a rate limit everybody waits together: where nothing is said a second, twice as long each time, and by chance half
  // as long again.
  if (outcome === "TooManyRequests") return pause >= 1000 ? pause : 1500 * 2 ** (attempts - 1)
  const most = Math.min(millis(policy.maxDelay), millis(policy.baseDelay) * 2 ** (attempts - 1))
  return most + Math.min(pause, millis(policy.maxRetryAfter))
}

const millis = (duration: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(duration))

// -----------------------------------------------------------------------------
// What
// -----------------------------------------------------------------------------

const invalid = (reason: string, isDone: boolean): Symptom => ({
  outcome: `InvalidResponse/${reason}`,
  isTransient: reason === "Truncated",
  isDone
})

const broken = (isDone: boolean): Symptom => ({ outcome: "TransportError", isTransient: true, isDone })

const late = (isDone: boolean, takes: number): Symptom => ({
  outcome: "RequestTimeout",
  isTransient: true,
  isDone,
  takes
})

interface Attempt {
  /** How many milliseconds it may take. */
  readonly limit: number
  /** Whether an attempt before it has done what this one is for. */
  readonly isDone: boolean
}

// `undefined` where it does no harm. What a body says is nothing to those who read none.
const symptomOf = (fault: Fault, operation: Operation, { isDone, limit }: Attempt): Symptom | undefined => {
  const { hasBody } = operation
  switch (fault.kind) {
    case "status":
      return statusOf(fault, operation)
    case "latency":
      return fault.millis > limit ? late(false, limit) : undefined
    case "stall":
      return late(false, limit)
    case "trickle":
      return hasBody && fault.millis > 0 ? late(true, limit) : undefined
    case "reset":
      if (fault.at === "body") return hasBody ? invalid("Truncated", true) : undefined
      return broken(fault.at === "response")
    case "stale":
      return broken(false)
    case "outage":
      return fault.as === "503" ? { outcome: "ServerError", isTransient: true, isDone: false } : broken(false)
    case "truncated-json":
      return hasBody ? invalid("Truncated", true) : undefined
    case "invalid-json":
      if (hasBody) return invalid("NotJson", true)
      // Where there was no body the emulator sends the beginning of one. A deletion that has been done is a 404 then, of
      // which the status is enough.
      return isDone ? undefined : invalid("Truncated", true)
    case "wrong-shape":
      return hasBody ? invalid("WrongShape", true) : undefined
    case "empty":
      return hasBody ? invalid("EmptyBody", true) : undefined
    case "html":
      // WorkOS answers with no page: whose it is has not done anything, as far as anybody knows.
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
  isDone: false,
  pause: Number(headers["retry-after"] ?? 0) * 1000
})

// A page says that something stands between, which is more than any status says but 429: that says all that counts.
const refusalOf = (status: number, body: string | undefined, documented: string | undefined): string => {
  if (status === 429) return "TooManyRequests"
  if (body?.startsWith("<") === true) return "InvalidResponse/Html"
  if (documented === undefined) return "InvalidResponse/UndocumentedStatus"
  if (body === undefined) return documented
  return `InvalidResponse/${body === "" ? "EmptyBody" : "WrongShape"}`
}
