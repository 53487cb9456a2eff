// One cell of the matrix: the observable results of one operation with one fault, over a socket.
//
// Sockets are real, and time is not: the clock of client and server advances only while the event loop is idle, so that a
// busy machine does not change the results.
import * as Emulator from "@effect-workos/emulator/Emulator"
import type { Fault } from "@effect-workos/emulator/Fault"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import { TestClock } from "effect/testing"
import * as RetryPolicy from "../../src/RetryPolicy.ts"
import { WorkOs } from "../../src/WorkOs.ts"
import type { Row } from "./catalogue.ts"
import type { Failed, Operation } from "./operations.ts"
import type { Platform } from "../platforms.ts"
import { policies } from "./policies.ts"
import { serve } from "./server.ts"
import { watch } from "./watch.ts"

/** The results of a fault. */
export interface Actual {
  /** `ok`, the tag of the error, or `hang`, `interrupted` or `defect`, which no call may end with. */
  readonly outcome: string
  /** The number of attempts in the error, if any. */
  readonly errorAttempts: number | undefined
  /** The number of attempts in the span of each call. */
  readonly spans: ReadonlyArray<number>
  /** The numbers of requests, of requests with the fault, and of added rows, at the server. */
  readonly requests: number
  readonly faulty: number
  readonly change: number
  readonly connectionExists: boolean
  readonly elapsed: number
  /** Fibers, requests, connections and log lines that remain after the client is closed. */
  readonly fibers: number
  readonly underWay: number
  readonly sockets: number
  readonly logged: ReadonlyArray<unknown>
}

/** The maximum time after the deadline until a call ends, in milliseconds. */
export const grace = 1000

const stepMillis = 50

const nextTurn = Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))

// A few milliseconds for the kernel, and then enough turns of the event loop for the processing of a request.
const idle = Effect.andThen(
  Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 4))),
  Effect.repeat(nextTurn, { times: 9 })
)

/** Runs an operation with a fault. */
export const runCell = Effect.fnUntraced(
  function* (
    { fault, policy }: Row,
    operation: Operation,
    { isClosed, layer }: Platform
  ): Effect.fn.Return<Actual, never, Scope.Scope> {
    const { faults, seen, sockets, url, store } = yield* serve
    const subject = {
      connectionId: store.connections.rows[1]?.id ?? "",
      organizationId: store.organizations.rows[0]?.id ?? ""
    }
    const count = operation.count(store)
    const { run, watched } = watch()
    const deadline = Duration.toMillis(Duration.fromInputUnsafe(policies[policy].deadline)) * operation.calls

    const called = Effect.gen(function* () {
      const workos = yield* warm(url, layer)
      const before = seen.requests
      yield* faults.add(forCell(fault, operation, url))
      const call = operation
        .run(workos, subject)
        .pipe(Effect.provideService(RetryPolicy.RetryPolicy, policies[policy]), run)
      return { ...(yield* within(call, deadline + grace)), requests: seen.requests - before }
    })

    const { elapsed, exit, requests } = yield* Effect.scoped(called)
    // The server notices a little later that connections are closed.
    yield* until(
      Effect.map(sockets, (open) => seen.underWay === 0 && watched.fibers() === 0 && (open === 0 || !isClosed))
    )
    return {
      ...read(exit),
      spans: watched.attempts(),
      requests,
      faulty: (yield* faults.list)[0]?.matched ?? 0,
      change: operation.count(store) - count,
      connectionExists: store.connections.get(subject.connectionId) !== undefined,
      elapsed,
      fibers: watched.fibers(),
      underWay: seen.underWay,
      sockets: yield* sockets,
      logged: seen.logged
    }
  },
  Effect.scoped,
  Effect.provide(TestClock.layer({ warningDelay: "1 hour" }))
)

/** A client with an idle connection, as most programs have. */
const warm = Effect.fnUntraced(function* (baseUrl: URL, layerPlatform: Platform["layer"]) {
  const options = {
    apiKey: Emulator.defaultApiKey,
    baseUrl,
    rateLimit: "unlimited",
    maxResponseBytes: 64 * 1024
  } as const
  const workos = Context.get(yield* Layer.build(Layer.provide(WorkOs.layer(options), layerPlatform)), WorkOs)
  yield* workos.connections.list({ limit: 1 })
  return workos
}, Effect.orDie)

// The fault for an operation: from the second page on, if it has pages. Redirects lead to another origin of the same server,
// which counts requests that follow them.
const forCell = (fault: Fault, { skip }: Operation, url: URL): Fault =>
  fault.kind === "redirect"
    ? { ...fault, skip, location: `http://localhost:${url.port}/connections` }
    : { ...fault, skip }

/** The exit of an effect and the time at which it ends, if it ends in time. An effect that hangs may be uninterruptible. */
const within = Effect.fnUntraced(function* <A, E>(effect: Effect.Effect<A, E>, millis: number) {
  const start = yield* Clock.currentTimeMillis
  const fiber = yield* Effect.forkDetach(
    Effect.flatMap(Effect.exit(effect), (exit) =>
      Effect.map(Clock.currentTimeMillis, (end) => ({ exit, elapsed: end - start }))
    )
  )
  for (let elapsed = 0; fiber.pollUnsafe() === undefined && elapsed < millis; elapsed += stepMillis) {
    yield* TestClock.adjust(stepMillis)
    yield* idle
  }
  return fiber.pollUnsafe() === undefined ? { exit: undefined, elapsed: millis } : yield* Fiber.join(fiber)
})

const read = (exit: Exit.Exit<unknown, Failed> | undefined): Pick<Actual, "outcome" | "errorAttempts"> => {
  if (exit === undefined) return { outcome: "hang", errorAttempts: undefined }
  if (Exit.isSuccess(exit)) return { outcome: "ok", errorAttempts: undefined }
  const error = Option.getOrUndefined(Exit.findErrorOption(exit))
  if (error === undefined) {
    const name = Exit.hasInterrupts(exit) ? "interrupted" : "defect"
    return { outcome: `${name}: ${Cause.pretty(exit.cause)}`, errorAttempts: undefined }
  }
  const reason = error._tag === "InvalidResponse" ? `/${error.reason._tag}` : ""
  return { outcome: `${error._tag}${reason}`, errorAttempts: "attempts" in error ? error.attempts : undefined }
}

const until = (condition: Effect.Effect<boolean>, tries = 400): Effect.Effect<void> =>
  Effect.flatMap(condition, (isTrue) =>
    isTrue || tries === 0 ? Effect.void : Effect.andThen(idle, until(condition, tries - 1))
  )
