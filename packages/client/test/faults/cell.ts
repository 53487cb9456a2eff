// One cell of the matrix: one operation meets one fault, over a socket, and everything that can be seen of it.
import * as Emulator from "@effect-workos/emulator/Emulator"
import type { Fault } from "@effect-workos/emulator/Fault"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as RetryPolicy from "../../src/RetryPolicy.ts"
import { WorkOs } from "../../src/WorkOs.ts"
import type { Row } from "./catalogue.ts"
import type { Failed, Operation } from "./operations.ts"
import type { Platform } from "../platforms.ts"
import { policies } from "./policies.ts"
import { serve } from "./server.ts"
import { watch } from "./watch.ts"

/** What came of a fault. */
export interface Actual {
  /** `ok`, the error's tag, or what no call may come to: `hang`, `interrupted`, `defect`. */
  readonly outcome: string
  /** What the error says, where it says it. */
  readonly said: number | undefined
  /** What the spans say, call by call. */
  readonly spans: ReadonlyArray<number>
  /** What the server counted. */
  readonly requests: number
  readonly met: number
  readonly change: number
  readonly isSubjectThere: boolean
  readonly elapsed: number
  /** What is left when the client is gone. */
  readonly fibers: number
  readonly underWay: number
  readonly sockets: number
  readonly logged: ReadonlyArray<unknown>
}

/** The longest that anything may last beyond the deadline. */
export const grace = 2000

// Everything is in one process: a few cells work at a time, so that those that wait hear of it when their time has come.
const turns = Semaphore.makeUnsafe(8)

/** Lets other cells work while this one waits. */
const aside = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.acquireUseRelease(
    turns.release(1),
    () => effect,
    () => turns.take(1)
  )

/** Lets an operation meet a fault. `isWaiting` is whether that is mostly a matter of time. */
export const runCell = Effect.fnUntraced(
  function* (
    { fault, policy }: Row,
    operation: Operation,
    { isClosed, layer }: Platform,
    isWaiting: boolean
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
      const ended = within(call, deadline + grace)
      return { ...(yield* isWaiting ? aside(ended) : ended), requests: seen.requests - before }
    })

    const { elapsed, exit, requests } = yield* Effect.scoped(called)
    // A server hears a little later that nobody listens any more.
    yield* until(
      Effect.map(sockets, (open) => seen.underWay === 0 && watched.fibers() === 0 && (open === 0 || !isClosed))
    )
    return {
      ...read(exit),
      spans: watched.attempts(),
      requests,
      met: (yield* faults.list)[0]?.matched ?? 0,
      change: operation.count(store) - count,
      isSubjectThere: store.connections.get(subject.connectionId) !== undefined,
      elapsed,
      fibers: watched.fibers(),
      underWay: seen.underWay,
      sockets: yield* sockets,
      logged: seen.logged
    }
  },
  Effect.scoped,
  turns.withPermit
)

/** A client that has a connection to use again, as programs have one most of the time. */
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

// The fault as it is for this operation: from its second page on, where there are pages, and with another origin that is
// the same server, which counts whoever comes.
const forCell = (fault: Fault, { skip }: Operation, url: URL): Fault =>
  fault.kind === "redirect"
    ? { ...fault, skip, location: `http://localhost:${url.port}/connections` }
    : { ...fault, skip }

/** How an effect ends, and when, if it ends in time: what hangs may not even be interruptible, and is left behind. */
const within = Effect.fnUntraced(function* <A, E>(effect: Effect.Effect<A, E>, millis: number) {
  const began = performance.now()
  const exit = yield* Effect.timeoutOption(Fiber.await(yield* Effect.forkDetach(effect)), millis)
  return { exit, elapsed: performance.now() - began }
})

const read = (exit: Option.Option<Exit.Exit<unknown, Failed>>): Pick<Actual, "outcome" | "said"> => {
  if (Option.isNone(exit)) return { outcome: "hang", said: undefined }
  if (Exit.isSuccess(exit.value)) return { outcome: "ok", said: undefined }
  const error = Option.getOrUndefined(Exit.findErrorOption(exit.value))
  if (error === undefined) {
    const name = Exit.hasInterrupts(exit.value) ? "interrupted" : "defect"
    return { outcome: `${name}: ${Cause.pretty(exit.value.cause)}`, said: undefined }
  }
  const reason = error._tag === "InvalidResponse" ? `/${error.reason._tag}` : ""
  return { outcome: `${error._tag}${reason}`, said: "attempts" in error ? error.attempts : undefined }
}

const until = (condition: Effect.Effect<boolean>, tries = 400): Effect.Effect<void> =>
  Effect.flatMap(condition, (isSo) =>
    isSo || tries === 0 ? Effect.void : Effect.andThen(Effect.sleep(5), until(condition, tries - 1))
  )
