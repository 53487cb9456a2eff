// A shared timer for many effects with time limits.
//
// `Effect.timeout` starts a fiber and a timer for each effect, which takes a large part of the CPU time of a fast
// request. Here a single fiber sleeps until the earliest time limit, while any effect is running.
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { constVoid } from "effect/Function"

/**
 * Returns the milliseconds of a clock that is never set back.
 */
export const monotonicMillis = (clock: Clock.Clock): number => Number(clock.monotonicTimeNanosUnsafe()) / 1e6

interface Entry {
  /** Returns the end of the time limit, which may become later while the effect runs. */
  readonly end: () => number
  readonly stop: () => void
}

interface Watch {
  readonly entries: Set<Entry>
  sleeper: Fiber.Fiber<void> | undefined
  wakesAt: number
  /** True while a check is scheduled that stops the sleeping fiber if no effect is running. */
  isStopping: boolean
}

/**
 * A timer. Each clock has its own sleeping fiber, since tests have several clocks.
 */
export interface Timer {
  /**
   * Runs an effect in a context. After the time limit, interrupts the effect and returns `onTimeout()`. `end` returns the
   * end of the time limit by `monotonicMillis`. Later calls of `end` may return a later time, but not an earlier one.
   */
  readonly timeoutTo: <A, E>(
    self: Effect.Effect<A, E>,
    context: Context.Context<never>,
    clock: Clock.Clock,
    end: () => number,
    onTimeout: () => A
  ) => Effect.Effect<A, E>
}

// A resolved promise, because `queueMicrotask` costs several times as much in Node.
const resolved = Promise.resolve()

const stopIfIdle = (watch: Watch): void => {
  watch.isStopping = false
  if (watch.entries.size > 0) return
  watch.sleeper?.interruptUnsafe()
  watch.sleeper = undefined
}

export const make = (): Timer => {
  const watches = new WeakMap<Clock.Clock, Watch>()

  const watchOf = (clock: Clock.Clock): Watch => {
    const known = watches.get(clock)
    if (known !== undefined) return known
    const watch: Watch = { entries: new Set(), sleeper: undefined, wakesAt: Infinity, isStopping: false }
    watches.set(clock, watch)
    return watch
  }

  const sleep = (watch: Watch, clock: Clock.Clock): void => {
    watch.sleeper?.interruptUnsafe()
    watch.wakesAt = Infinity
    for (const { end } of watch.entries) watch.wakesAt = Math.min(watch.wakesAt, end())
    // Rounded up, because timers count whole milliseconds and no effect may be stopped early.
    const sleeping = Effect.flatMap(Effect.sleep(Math.max(1, Math.ceil(watch.wakesAt - monotonicMillis(clock)))), () =>
      Effect.sync(() => {
        watch.sleeper = undefined
        const now = monotonicMillis(clock)
        for (const { end, stop } of watch.entries) if (end() <= now) stop()
        if (watch.entries.size > 0) sleep(watch, clock)
      })
    )
    watch.sleeper = Effect.runForkWith(Context.make(Clock.Clock, clock))(sleeping)
  }

  const add = (watch: Watch, clock: Clock.Clock, entry: Entry): void => {
    watch.entries.add(entry)
    if (watch.sleeper === undefined || entry.end() < watch.wakesAt) sleep(watch, clock)
  }

  const remove = (watch: Watch, entry: Entry): void => {
    watch.entries.delete(entry)
    if (watch.entries.size > 0 || watch.isStopping) return
    watch.isStopping = true
    // After two microtasks, because programs that make one call after another start the next call within that time.
    void resolved.then(constVoid).then(() => stopIfIdle(watch))
  }

  return {
    timeoutTo: (self, context, clock, end, onTimeout) =>
      Effect.callback((resume) => {
        const watch = watchOf(clock)
        const child = Effect.runForkWith(context)(self)
        const done = child.pollUnsafe()
        if (done !== undefined) return resume(done)
        let isTimedOut = false
        const entry: Entry = {
          end,
          stop: () => {
            isTimedOut = true
            remove(watch, entry)
            child.interruptUnsafe()
          }
        }
        add(watch, clock, entry)
        child.addObserver((exit) => {
          remove(watch, entry)
          resume(isTimedOut ? Effect.succeed(onTimeout()) : exit)
        })
        return Fiber.interrupt(child)
      })
  }
}
