// `events.follow` over the emulator.
import { assert, describe, it } from "@effect/vitest"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import { runs } from "@effect-workos/testing/Sample"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { WorkOs } from "../src/WorkOs.ts"
import { firstEventAt, numberedEvent, numberOf } from "./numbered-events.ts"

/** Runs a test with a new and empty emulator. */
const quiet = <A, E, R>(test: Effect.Effect<A, E, R>) =>
  Effect.provide(
    Effect.andThen(TestClock.setTime(firstEventAt), test),
    WorkOs.layer({
      apiKey: Emulator.defaultApiKey,
      baseUrl: new URL("https://workos.test"),
      rateLimit: "unlimited"
    }).pipe(
      Layer.provide(Emulator.layerHttpClient()),
      Layer.provideMerge(Store.layer({ connections: 0, organizations: 0, seed: 1 })),
      Layer.fresh
    )
  )

describe("events.follow", () => {
  const Burst = Schema.Struct({
    // The number of events, the pause in milliseconds after them, and the number of events after which the program stops.
    events: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 12 })),
    pause: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 90_000 })),
    stopAfter: Schema.NullOr(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 8 })))
  })

  it.effect.prop(
    "`follow` emits every event once and in order, although the program is stopped and restarted",
    [
      Schema.Array(Burst).check(Schema.isMaxLength(6)),
      Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 5 })),
      Schema.Boolean
    ],
    ([bursts, pageSize, isStopped]) =>
      quiet(
        Effect.gen(function* () {
          const { events } = yield* WorkOs
          const { emit } = yield* Store.Store
          const seen: Array<unknown> = []
          let lastId: string | undefined
          let budget = Infinity

          // Handling an event and storing its id are one step. The program stops within a page if the budget is used up.
          const follow = Effect.suspend(() =>
            events
              .follow({
                pageSize,
                ...(lastId === undefined ? { since: DateTime.makeUnsafe(firstEventAt) } : { after: lastId })
              })
              .pipe(
                Stream.takeWhile(() => budget-- > 0),
                Stream.runForEach((event) =>
                  Effect.sync(() => {
                    seen.push(numberOf(event))
                    lastId = event.id
                  })
                )
              )
          )

          let total = 0
          let fiber = yield* Effect.forkChild(follow)
          for (const { events: count, pause, stopAfter } of bursts) {
            budget = stopAfter ?? Infinity
            for (let i = 0; i < count; i++) emit(numberedEvent(total++))
            yield* TestClock.adjust(pause)
            if (isStopped || fiber.pollUnsafe() !== undefined) {
              yield* Fiber.interrupt(fiber)
              budget = Infinity
              fiber = yield* Effect.forkChild(follow)
            }
          }
          yield* Fiber.interrupt(fiber)
          budget = Infinity
          fiber = yield* Effect.forkChild(follow)
          yield* TestClock.adjust("1 minute")
          assert.isUndefined(fiber.pollUnsafe())
          yield* Fiber.interrupt(fiber)
          assert.deepStrictEqual(
            seen,
            Array.from({ length: total }, (_, number) => number)
          )
        })
      ),
    { arbitrary: { runs: runs(30, 6) } }
  )

  const followed = Effect.fnUntraced(function* (options: Parameters<WorkOs["Service"]["events"]["follow"]>[0]) {
    const { events } = yield* WorkOs
    const seen: Array<unknown> = []
    const fiber = yield* Effect.forkChild(
      Stream.runForEach(events.follow(options), (event) => Effect.sync(() => seen.push(numberOf(event))))
    )
    return { fiber, seen }
  })

  it.effect("`follow` starts now by default", () =>
    quiet(
      Effect.gen(function* () {
        const { emit } = yield* Store.Store
        emit(numberedEvent(0))
        yield* TestClock.adjust("1 second")
        const { seen } = yield* followed({})
        emit(numberedEvent(1))
        yield* TestClock.adjust("1 minute")
        assert.deepStrictEqual(seen, [1])
      })
    )
  )

  it.effect("`follow` starts with events that were created at the given time or later", () =>
    quiet(
      Effect.gen(function* () {
        const { emit } = yield* Store.Store
        const times = yield* Effect.forEach([0, 1, 2, 3], (number) =>
          Effect.as(TestClock.adjust(1), emit(numberedEvent(number)).createdAt)
        )
        const { seen } = yield* followed({ since: times[2] ?? DateTime.makeUnsafe(0) })
        yield* TestClock.adjust("1 minute")
        assert.deepStrictEqual(seen, [2, 3])
      })
    )
  )

  it.effect("`follow` emits events of the given types and organization only", () =>
    quiet(
      Effect.gen(function* () {
        const { organizations } = yield* WorkOs
        const one = yield* organizations.create({ name: "One" })
        const other = yield* organizations.create({ name: "Other" })
        const since = DateTime.makeUnsafe(firstEventAt)
        const ofOne = yield* followed({ since, organizationId: one.id })
        const deletions = yield* followed({ since, events: ["organization.deleted", "future.created"] })
        yield* organizations.delete(other.id)
        yield* organizations.delete(one.id)
        yield* TestClock.adjust("1 minute")
        assert.deepStrictEqual(ofOne.seen, ["organization.created", "organization.deleted"])
        assert.deepStrictEqual(deletions.seen, ["organization.deleted", "organization.deleted"])
      })
    )
  )
})
