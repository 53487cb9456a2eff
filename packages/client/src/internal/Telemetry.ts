// What a client tells of itself: metrics, spans, and quiet log lines.
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Tracer from "effect/Tracer"
import * as Call from "./Call.ts"

// -----------------------------------------------------------------------------
// Metrics
// -----------------------------------------------------------------------------

// From five milliseconds to a minute.
const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/**
 * How long calls take, in seconds, waits and repeats included: by `operation` and `outcome`, which is `ok`, the tag of the
 * error, `interrupted` or `defect`.
 */
const duration = Metric.histogram("workos.client.operation.duration", {
  description: "How long calls of an operation take, waits and repeats included",
  attributes: { unit: "s" },
  boundaries: seconds
})

/**
 * Requests that came to an end: by `operation` and `outcome`, which is the status of the answer, or in its place
 * `truncated`, `too_large`, `broken` or `timed_out`.
 */
const requests = Metric.counter("workos.client.requests", {
  description: "Requests that came to an end",
  attributes: { unit: "{request}" },
  incremental: true
})

/**
 * Requests that were sent because the one before was in vain: by `operation` and `reason`, the outcome of that one.
 */
const retries = Metric.counter("workos.client.retries", {
  description: "Requests that were sent again",
  attributes: { unit: "{request}" },
  incremental: true
})

/**
 * How long requests were held back, in seconds: by `operation` and `reason`, which is `rate_limit` for the time in line
 * and before the gate, or `retry` for that between attempts. Requests that were not held back are not counted.
 */
const waits = Metric.histogram("workos.client.wait.duration", {
  description: "How long requests were held back",
  attributes: { unit: "s" },
  boundaries: seconds
})

// A metric with attributes is found once; looking it up costs ten times as much as updating it.
const attributed = <State>(metric: Metric.Metric<number, State>, name: "outcome" | "reason") => {
  const operations = new Map<string, Map<string, Metric.Metric<number, State>>>()
  return (context: Context.Context<never>, operation: string, value: string, amount: number): void => {
    let values = operations.get(operation)
    if (values === undefined) operations.set(operation, (values = new Map()))
    let one = values.get(value)
    if (one === undefined) {
      one = Metric.withAttributes(metric, { operation, [name]: value })
      values.set(value, one)
    }
    one.updateUnsafe(amount, context)
  }
}

const took = attributed(duration, "outcome")
const sent = attributed(requests, "outcome")
const waited = attributed(waits, "reason")
const repeated = attributed(retries, "reason")

// -----------------------------------------------------------------------------
// Attempts
// -----------------------------------------------------------------------------

/**
 * Writes an attempt that is over down as a span of its own below that of its call. Calls of one attempt have none: the two
 * would say the same.
 */
export const attempted = (call: Call.State, isGood: boolean): Effect.Effect<void> =>
  Effect.withFiber((fiber) => {
    const { outcome } = call
    const span = fiber.getRef(Tracer.Tracer).span({
      name: `${call.operation} attempt`,
      parent: Option.some(call.span),
      annotations: Context.empty(),
      links: [],
      startTime: call.sentAt,
      kind: "client",
      root: false,
      sampled: call.span.sampled
    })
    if (call.attempts > 1) span.attribute("http.request.resend_count", call.attempts - 1)
    if (/^\d/.test(outcome)) span.attribute("http.response.status_code", Number(outcome))
    if (!isGood) span.attribute("error.type", outcome)
    span.end(call.clock.currentTimeNanosUnsafe(), isGood ? Exit.void : Exit.fail(outcome))
    return Effect.void
  })

/**
 * Tells that a request will be sent again after so many milliseconds, and why: a line in the log that is shown at the
 * level `Debug`.
 */
export const repeating = (call: Call.State, wait: number): Effect.Effect<void> =>
  Effect.withFiber(({ context }) => {
    sent(context, call.operation, call.outcome, 1)
    if (wait > 0) waited(context, call.operation, "retry", wait / 1000)
    const annotations = {
      "workos.operation": call.operation,
      "workos.attempt": call.attempts,
      "workos.outcome": call.outcome,
      "workos.wait_ms": Math.round(wait)
    }
    // It has been counted, whatever becomes of the next one.
    call.before = call.outcome
    call.outcome = ""
    return Effect.annotateLogs(Effect.logDebug("The request is sent again"), annotations)
  })

/**
 * Tells that a request is sent again.
 */
export const again = ({ before, operation }: Call.State): Effect.Effect<void> =>
  Effect.withFiber(({ context }) => {
    repeated(context, operation, before, 1)
    return Effect.void
  })

// -----------------------------------------------------------------------------
// Calls
// -----------------------------------------------------------------------------

/**
 * Tells how a call has ended: its time by its outcome, and in its span what came, under which id, and after how many
 * attempts.
 */
export const finished = (call: Call.State, exit: Exit.Exit<unknown, unknown>): Effect.Effect<void> =>
  Effect.withFiber(({ context }) => {
    const { answer, attempts, clock, heldBack, operation, span } = call
    if (heldBack >= 1) {
      span.attribute("workos.rate_limit.waited_ms", Math.round(heldBack))
      waited(context, operation, "rate_limit", heldBack / 1000)
    }
    if (answer !== undefined) {
      span.attribute("http.response.status_code", answer.status)
      const requestId = Call.requestIdOf(call, answer)
      if (requestId !== undefined) span.attribute("workos.request_id", requestId)
    }
    if (attempts > 1) span.attribute("http.request.resend_count", attempts - 1)
    const outcome = outcomeOf(exit)
    if (outcome !== "ok") span.attribute("error.type", outcome)
    if (call.outcome !== "") sent(context, operation, call.outcome, 1)
    took(context, operation, outcome, (Call.millisOf(clock) - call.began) / 1000)
    return call.outcome === "interrupted" && attempts > 1 ? attempted(call, false) : Effect.void
  })

const outcomeOf = (exit: Exit.Exit<unknown, unknown>): string => {
  if (Exit.isSuccess(exit)) return "ok"
  const error = Option.getOrUndefined(Exit.findErrorOption(exit))
  if (Predicate.hasProperty(error, "_tag") && Predicate.isString(error._tag)) return error._tag
  return Exit.hasInterrupts(exit) ? "interrupted" : "defect"
}
