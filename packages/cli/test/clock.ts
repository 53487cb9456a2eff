// Fast time for tests of commands that wait.
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"

/**
 * Runs an effect while the time of `TestClock` passes about twenty times faster than real time. For commands that wait
 * between requests to real sockets.
 */
export const withFastTime = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.raceFirst(
    effect,
    Effect.forever(Effect.andThen(TestClock.withLive(Effect.sleep("5 millis")), TestClock.adjust("100 millis")))
  )
