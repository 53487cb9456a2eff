// One timer for everything that is under way and may not take for ever.
//
// `Effect.timeout` has a fiber and a timer of its own for each effect, and ends both when the effect has ended, as nearly
// all do: for a request that takes a millisecond, that is a good part of it. Here one fiber sleeps until the first of them
// may be over, as long as there is any.
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { millisOf } from "./Call.ts"

interface Entry {
  /** When its time is over, which can change while it is under way. */
  readonly end: () => number
  readonly stop: () => void
}

interface Watch {
  readonly entries: Set<Entry>
  sleeper: Fiber.Fiber<void> | undefined
  wakes: number
}

/**
 * A timer. Each clock has a sleeper of its own: in tests there are several.
 */
export interface Timer {
  /**
   * Runs an effect until its time is over: then it is interrupted, and the result is `late()`. `end` says when that is, in
   * milliseconds by `millisOf`; it may come to say later, and not sooner.
   */
  readonly within: <A, E>(
    self: Effect.Effect<A, E>,
    clock: Clock.Clock,
    end: () => number,
    late: () => A
  ) => Effect.Effect<A, E>
}

export const make = (): Timer => {
  const watches = new WeakMap<Clock.Clock, Watch>()

  const watchOf = (clock: Clock.Clock): Watch => {
    const known = watches.get(clock)
    if (known !== undefined) return known
    const watch: Watch = { entries: new Set(), sleeper: undefined, wakes: Infinity }
    watches.set(clock, watch)
    return watch
  }

  // Sleeps until the first may be over, stops those that are, and again.
  const sleep = (watch: Watch, clock: Clock.Clock): void => {
    watch.sleeper?.interruptUnsafe()
    watch.wakes = Infinity
    for (const { end } of watch.entries) watch.wakes = Math.min(watch.wakes, end())
    // Timers count whole milliseconds, and none may end early.
    const sleeping = Effect.flatMap(Effect.sleep(Math.max(1, Math.ceil(watch.wakes - millisOf(clock)))), () =>
      Effect.sync(() => {
        watch.sleeper = undefined
        const now = millisOf(clock)
        for (const { end, stop } of watch.entries) if (end() <= now) stop()
        if (watch.entries.size > 0) sleep(watch, clock)
      })
    )
    watch.sleeper = Effect.runForkWith(Context.make(Clock.Clock, clock))(sleeping)
  }

  const add = (watch: Watch, clock: Clock.Clock, entry: Entry): void => {
    watch.entries.add(entry)
    if (watch.sleeper === undefined || entry.end() < watch.wakes) sleep(watch, clock)
  }

  const remove = (watch: Watch, entry: Entry): void => {
    watch.entries.delete(entry)
    if (watch.entries.size > 0) return
    watch.sleeper?.interruptUnsafe()
    watch.sleeper = undefined
  }

  return {
    within: (self, clock, end, late) =>
      Effect.withFiber((parent) =>
        Effect.callback((resume) => {
          const watch = watchOf(clock)
          const child = Effect.runForkWith(parent.context)(self)
          const done = child.pollUnsafe()
          if (done !== undefined) return resume(done)
          let isLate = false
          const entry: Entry = {
            end,
            stop: () => {
              isLate = true
              remove(watch, entry)
              child.interruptUnsafe()
            }
          }
          add(watch, clock, entry)
          child.addObserver((exit) => {
            remove(watch, entry)
            resume(isLate ? Effect.succeed(late()) : exit)
          })
          return Fiber.interrupt(child)
        })
      )
  }
}
