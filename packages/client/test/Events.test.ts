import { assert, describe, it, layer } from "@effect/vitest"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Event from "@effect-workos/domain/events/Event"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { WorkOs } from "../src/WorkOs.ts"
import { layerWorkOs } from "./emulated.ts"
import { firstEventAt, numberedEvent, numberOf } from "./numbered-events.ts"

// An account of its own for each test, in which nothing has happened.
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

layer(layerWorkOs())("events.list", (it) => {
  it.effect("returns the events of the account with their types", () =>
    Effect.gen(function* () {
      const { events } = yield* WorkOs
      const store = yield* Store.Store
      const page = yield* events.list({ order: "asc", limit: 100 })
      assert.deepStrictEqual(page.data, store.events.rows.slice(0, 100))
      assert.deepStrictEqual(yield* Stream.runCollect(events.stream({ order: "asc" })), [...store.events.rows])
    })
  )

  it.effect("accepts all filters", () =>
    Effect.gen(function* () {
      const { events } = yield* WorkOs
      const { rows } = (yield* Store.Store).events
      const organizationId = (yield* Store.Store).organizations.rows[3]?.id ?? ""
      const rangeStart = DateTime.toUtc(rows[200]?.createdAt ?? DateTime.makeUnsafe(0))
      const rangeEnd = DateTime.toUtc(rows[900]?.createdAt ?? DateTime.makeUnsafe(0))
      const some = yield* Stream.runCollect(
        events.stream({ order: "asc", events: ["connection.activated", "organization.created"], rangeStart, rangeEnd })
      )
      const isWanted = Event.is("connection.activated", "organization.created")
      assert.isAbove(some.length, 0)
      assert.deepStrictEqual<ReadonlyArray<Event.Event>>(
        some,
        rows.filter(
          (event) =>
            isWanted(event) &&
            DateTime.isGreaterThan(event.createdAt, rangeStart) &&
            DateTime.isLessThan(event.createdAt, rangeEnd)
        )
      )
      const own = yield* Stream.runCollect(events.stream({ organizationId }))
      assert.isAbove(own.length, 0)
      for (const event of own) assert.include(JSON.stringify(event), organizationId)
    })
  )

  it.effect("returns the same events encoded as the server sent them", () =>
    Effect.gen(function* () {
      const { events } = yield* WorkOs
      const encoded = yield* Stream.runCollect(events.list.encoded.stream({ order: "asc" }))
      assert.deepStrictEqual(
        yield* Schema.decodeEffect(Schema.Array(Event.Event))(encoded),
        yield* Stream.runCollect(events.stream({ order: "asc" }))
      )
    })
  )

  it.effect.each([
    [{ events: ["a,b"] }, "events"],
    [{ after: "conn_01E4ZCR3C56J083X43JQXF3JK5" }, "after: Expected an id that starts with event_"],
    [{ limit: 0 }, "limit: Expected a value between 1 and 100"]
  ] as const)("sends no request for the invalid query %j", ([options, message]) =>
    Effect.gen(function* () {
      const { events } = yield* WorkOs
      const error = yield* Effect.flip(events.list(options))
      assert.strictEqual(error._tag, "InvalidRequest")
      assert.include(error.message, `events.list: ${message}`)
    })
  )
})

describe("events.follow", () => {
  const Burst = Schema.Struct({
    // How many events happen, how long nothing happens then, and after how many of them the program is stopped.
    events: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 12 })),
    pause: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 90_000 })),
    stopAfter: Schema.NullOr(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 8 })))
  })

  it.effect.prop(
    "emits every event once and in order, although the program is stopped and restarted",
    [
      Schema.Array(Burst).check(Schema.isMaxLength(6)),
      Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 5 })),
      Schema.Boolean
    ],
    ([bursts, pageSize, isTold]) =>
      quiet(
        Effect.gen(function* () {
          const { events } = yield* WorkOs
          const { emit } = yield* Store.Store
          const seen: Array<unknown> = []
          let lastId: string | undefined
          let budget = Infinity

          // Deals with an event and stores its id, as one step; stops in the middle of a page where it is told to.
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
            if (isTold || fiber.pollUnsafe() !== undefined) {
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
    { arbitrary: { runs: 30 } }
  )

  const followed = Effect.fnUntraced(function* (options: Parameters<WorkOs["Service"]["events"]["follow"]>[0]) {
    const { events } = yield* WorkOs
    const seen: Array<unknown> = []
    const fiber = yield* Effect.forkChild(
      Stream.runForEach(events.follow(options), (event) => Effect.sync(() => seen.push(numberOf(event))))
    )
    return { fiber, seen }
  })

  it.effect("starts now by default", () =>
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

  it.effect("starts with events that were created at the given time or later", () =>
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

  it.effect("emits events of the given types and organization only", () =>
    quiet(
      Effect.gen(function* () {
        const { organizations } = yield* WorkOs
        const one = yield* organizations.create({ name: "One" })
        const other = yield* organizations.create({ name: "Other" })
        const since = DateTime.makeUnsafe(firstEventAt)
        const ofOne = yield* followed({ since, organizationId: one.id })
        const deletions = yield* followed({ since, events: ["organization.deleted", "user.created"] })
        yield* organizations.delete(other.id)
        yield* organizations.delete(one.id)
        yield* TestClock.adjust("1 minute")
        assert.deepStrictEqual(ofOne.seen, ["organization.created", "organization.deleted"])
        assert.deepStrictEqual(deletions.seen, ["organization.deleted", "organization.deleted"])
      })
    )
  )
})
