// Metrics, spans and log lines of calls, as functions of the call and its attempts.
import type * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Tracer from "effect/Tracer"
import * as Attempt from "./Attempt.ts"
import { requestId } from "./BufferedResponse.ts"
import type { Call } from "./Call.ts"
import { monotonicMillis } from "./Timer.ts"

type Attempts = ReadonlyArray<Attempt.Attempt>

// -----------------------------------------------------------------------------
// Metrics
// -----------------------------------------------------------------------------

// From five milliseconds to a minute.
const boundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/**
 * The duration of calls in seconds, including waits and retries: by `operation` and `outcome`, which is `ok`, the tag of
 * the error, `interrupted` or `defect`.
 */
const operationDuration = () =>
  Metric.histogram("workos.client.operation.duration", {
    description: "Duration of calls, including waits and retries",
    attributes: { unit: "s" },
    boundaries
  })

/**
 * Requests that ended: by `operation` and `outcome`, the name of the attempt's outcome.
 */
const requests = () =>
  Metric.counter("workos.client.requests", {
    description: "Requests that ended",
    attributes: { unit: "{request}" },
    incremental: true
  })

/**
 * Retries that were sent: by `operation` and `reason`, the outcome of the attempt before.
 */
const retries = () =>
  Metric.counter("workos.client.retries", {
    description: "Retries that were sent",
    attributes: { unit: "{request}" },
    incremental: true
  })

/**
 * The time that requests waited, in seconds: by `operation` and `reason`, which is `rate_limit` (the wait
 * for a permit included) or `retry`. Requests that did not wait are not counted.
 */
const waitDuration = () =>
  Metric.histogram("workos.client.wait.duration", {
    description: "Wait of requests for the rate limiter or a retry",
    attributes: { unit: "s" },
    boundaries
  })

// Metrics are made on first use, so that imports are fast, and cached by their attributes, because looking up a metric
// costs ten times as much as updating it.
const withAttributes = <State>(make: () => Metric.Metric<number, State>, name: "outcome" | "reason") => {
  const operations = new Map<string, Map<string, Metric.Metric<number, State>>>()
  return (context: Context.Context<never>, operation: string, value: string, amount: number): void => {
    let values = operations.get(operation)
    if (values === undefined) operations.set(operation, (values = new Map()))
    let metric = values.get(value)
    if (metric === undefined) {
      metric = Metric.withAttributes(make(), { operation, [name]: value })
      values.set(value, metric)
    }
    metric.updateUnsafe(amount, context)
  }
}

const recordDuration = withAttributes(operationDuration, "outcome")
const countRequest = withAttributes(requests, "outcome")
const recordWait = withAttributes(waitDuration, "reason")
const countRetry = withAttributes(retries, "reason")

// -----------------------------------------------------------------------------
// Attempts
// -----------------------------------------------------------------------------

/**
 * Records the last attempt. In a call with retries, each attempt has a child span. A call with one attempt has only the
 * span of the call.
 */
export const attemptEnded = (call: Call, attempts: Attempts, isRetried: boolean): void => {
  const attempt = attempts.at(-1)
  if (attempt?.sentAt === undefined) return
  countRequest(call.context, call.operation, Attempt.nameOf(attempt.outcome), 1)
  if (call.span !== undefined && (attempts.length > 1 || isRetried)) {
    recordAttempt(call, call.span, attempt, attempt.sentAt, attempts.length - 1)
  }
}

const recordAttempt = (
  { clock, context, operation }: Call,
  parent: Tracer.Span,
  { endedAt, outcome }: Attempt.Attempt,
  sentAt: number,
  resendCount: number
): void => {
  const span = Context.get(context, Tracer.Tracer).span({
    name: `${operation} attempt`,
    parent: Option.some(parent),
    annotations: Context.empty(),
    links: [],
    startTime: epochNanos(clock, sentAt),
    kind: "client",
    root: false,
    sampled: parent.sampled
  })
  const name = Attempt.nameOf(outcome)
  const isSuccess = Attempt.isSuccess(outcome)
  if (resendCount > 0) span.attribute("http.request.resend_count", resendCount)
  if (outcome._tag === "Responded") span.attribute("http.response.status_code", outcome.response.status)
  if (!isSuccess) span.attribute("error.type", name)
  span.end(epochNanos(clock, endedAt), isSuccess ? Exit.void : Exit.fail(name))
}

const epochNanos = (clock: Clock.Clock, millis: number): bigint =>
  clock.currentTimeNanosUnsafe() - BigInt(Math.round((monotonicMillis(clock) - millis) * 1e6))

/**
 * Records the wait before a retry, and logs the retry at the level `Debug`.
 */
export const retryScheduled = (
  { context, operation }: Call,
  attempts: Attempts,
  delay: number
): Effect.Effect<void> => {
  if (delay > 0) recordWait(context, operation, "retry", delay / 1000)
  return Effect.annotateLogs(Effect.logDebug("The request is retried"), {
    "workos.operation": operation,
    "workos.attempt": attempts.length,
    "workos.outcome": lastOutcome(attempts),
    "workos.wait_ms": Math.round(delay)
  })
}

/**
 * Counts a retry that is sent after the previous attempts.
 */
export const retrySent = ({ context, operation }: Call, previous: Attempts): void =>
  countRetry(context, operation, lastOutcome(previous), 1)

const lastOutcome = (attempts: Attempts): string => {
  const last = attempts.at(-1)
  return last === undefined ? "" : Attempt.nameOf(last.outcome)
}

/**
 * Records the attempts of a call in the span: their waits, their number, and the response.
 */
export const attemptsEnded = ({ context, operation, secrets, span }: Call, attempts: Attempts): void => {
  let queuedMillis = 0
  for (const attempt of attempts) queuedMillis += attempt.queuedMillis
  if (queuedMillis >= 1) {
    span?.attribute("workos.rate_limit.waited_ms", Math.round(queuedMillis))
    recordWait(context, operation, "rate_limit", queuedMillis / 1000)
  }
  if (span === undefined) return
  const sent = Attempt.sent(attempts)
  const outcome = sent.at(-1)?.outcome
  if (outcome?._tag === "Responded") {
    span.attribute("http.response.status_code", outcome.response.status)
    const id = requestId(outcome.response, secrets)
    if (id !== undefined) span.attribute("workos.request_id", id)
  }
  if (sent.length > 1) span.attribute("http.request.resend_count", sent.length - 1)
}

// -----------------------------------------------------------------------------
// Calls
// -----------------------------------------------------------------------------

/**
 * Records the duration of a call and its outcome.
 */
export const callEnded = (
  { clock, context, operation, span, startedAt }: Omit<Call, "request">,
  exit: Exit.Exit<unknown, unknown>
): void => {
  const outcome = outcomeOf(exit)
  if (outcome !== "ok") span?.attribute("error.type", outcome)
  recordDuration(context, operation, outcome, (monotonicMillis(clock) - startedAt) / 1000)
}

const outcomeOf = (exit: Exit.Exit<unknown, unknown>): string => {
  if (Exit.isSuccess(exit)) return "ok"
  const error = Option.getOrUndefined(Exit.findErrorOption(exit))
  if (Predicate.hasProperty(error, "_tag") && Predicate.isString(error._tag)) return error._tag
  return Exit.hasInterrupts(exit) ? "interrupted" : "defect"
}
