import { assert, describe, it, layer } from "@effect/vitest"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as World from "@effect-workos/emulator/World"
import * as Event from "@effect-workos/domain/Event"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import { WorkOs } from "../src/WorkOs.ts"
import * as Ulid from "@effect-workos/emulator/Ulid"
import { always } from "./chance.ts"
import { layerWorkOs } from "./emulated.ts"
import { asking, ended, server, type Step } from "./scripted.ts"

const cameAbout = Date.UTC(2030, 0, 1)

const happened = (number: number) => ({
  event: Event.OtherEventName.make("user.created"),
  data: { number }
})

const numberOf = (event: Event.Event): unknown =>
  Event.isTyped(event) ? event.event : Predicate.hasProperty(event.data, "number") ? event.data.number : undefined

// An account of its own for each test, in which nothing has happened.
const quiet = <A, E, R>(test: Effect.Effect<A, E, R>) =>
  Effect.provide(
    Effect.andThen(TestClock.setTime(cameAbout), test),
    WorkOs.layer({
      apiKey: Emulator.defaultApiKey,
      baseUrl: new URL("https://workos.test"),
      rateLimit: "unlimited"
    }).pipe(
      Layer.provide(Emulator.layerHttpClient()),
      Layer.provideMerge(World.layer({ connections: 0, organizations: 0, seed: 1 })),
      Layer.fresh
    )
  )

layer(layerWorkOs())("events.list", (it) => {
  it.effect("gives the account's events, each with its own type", () =>
    Effect.gen(function* () {
      const { events } = yield* WorkOs
      const world = yield* World.World
      const page = yield* events.list({ order: "asc", limit: 100 })
      assert.deepStrictEqual(page.data, world.events.rows.slice(0, 100))
      assert.deepStrictEqual(yield* Stream.runCollect(events.stream({ order: "asc" })), [...world.events.rows])
    })
  )

  it.effect("takes every filter", () =>
    Effect.gen(function* () {
      const { events } = yield* WorkOs
      const { rows } = (yield* World.World).events
      const organizationId = (yield* World.World).organizations.rows[3]?.id ?? ""
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

  it.effect("gives the same as it came", () =>
    Effect.gen(function* () {
      const { events } = yield* WorkOs
      const encoded = yield* Stream.runCollect(events.encoded.stream({ order: "asc" }))
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
  ] as const)("is not sent for %j", ([options, message]) =>
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
    "gives every event once and in order, however often the program is stopped and started",
    [
      Schema.Array(Burst).check(Schema.isMaxLength(6)),
      Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 5 })),
      Schema.Boolean
    ],
    ([bursts, pageSize, isTold]) =>
      quiet(
        Effect.gen(function* () {
          const { events } = yield* WorkOs
          const { emit } = yield* World.World
          const seen: Array<unknown> = []
          let lastId: string | undefined
          let budget = Infinity

          // Deals with an event and stores its id, as one step; stops in the middle of a page where it is told to.
          const follow = Effect.suspend(() =>
            events
              .follow({
                pageSize,
                ...(lastId === undefined ? { since: DateTime.makeUnsafe(cameAbout) } : { after: lastId })
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
            for (let i = 0; i < count; i++) emit(happened(total++))
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

  it.effect("begins now where nothing is said", () =>
    quiet(
      Effect.gen(function* () {
        const { emit } = yield* World.World
        emit(happened(0))
        yield* TestClock.adjust("1 second")
        const { seen } = yield* followed({})
        emit(happened(1))
        yield* TestClock.adjust("1 minute")
        assert.deepStrictEqual(seen, [1])
      })
    )
  )

  it.effect("begins with what was created at the time that it is told, or later", () =>
    quiet(
      Effect.gen(function* () {
        const { emit } = yield* World.World
        const times = yield* Effect.forEach([0, 1, 2, 3], (number) =>
          Effect.as(TestClock.adjust(1), emit(happened(number)).createdAt)
        )
        const { seen } = yield* followed({ since: times[2] ?? DateTime.makeUnsafe(0) })
        yield* TestClock.adjust("1 minute")
        assert.deepStrictEqual(seen, [2, 3])
      })
    )
  )

  it.effect("gives those of the types and the organization that are asked for", () =>
    quiet(
      Effect.gen(function* () {
        const { organizations } = yield* WorkOs
        const one = yield* organizations.create({ name: "One" })
        const other = yield* organizations.create({ name: "Other" })
        const since = DateTime.makeUnsafe(cameAbout)
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

// -----------------------------------------------------------------------------
// When, and what ends it
// -----------------------------------------------------------------------------

const idOf = (number: number) => `event_${String(number).padStart(26, "0")}`

const wire = (number: number, created = number) => ({
  object: "event",
  id: idOf(number),
  event: "user.created",
  data: { number },
  created_at: new Date(cameAbout + created * 1000).toISOString()
})

const page = (events: ReadonlyArray<object>, hasMore = false): Step => ({
  status: 200,
  body: JSON.stringify({ object: "list", data: events, list_metadata: { after: hasMore ? idOf(9) : null } })
})

const nothing = page([])

// What a follower of a server has seen after a while, when it asked, and what it asked for.
const watching = Effect.fnUntraced(function* (steps: ReadonlyArray<Step>, time: Duration.Input) {
  const scripted = server(steps)
  const seen: Array<unknown> = []
  yield* TestClock.setTime(cameAbout)
  const fiber = yield* Effect.forkChild(
    asking(scripted, ({ events }) =>
      Stream.runForEach(events.follow({ after: idOf(0) }), (event) => Effect.sync(() => seen.push(numberOf(event))))
    ).pipe(Effect.provideService(RetryPolicy.RetryPolicy, RetryPolicy.off))
  )
  yield* TestClock.adjust(time)
  const isRunning = fiber.pollUnsafe() === undefined
  yield* Fiber.interrupt(fiber)
  const seconds = scripted.received.map(({ time }) => (time - cameAbout) / 1000)
  const after = scripted.received.map(({ request }) => new URL(request.url).searchParams.get("after"))
  return { seen, seconds, after, isRunning }
})

describe("a follower", () => {
  it.effect("asks less and less often while nothing happens, and anew when something has", () =>
    Effect.gen(function* () {
      const { after, seconds, seen } = yield* watching(
        [nothing, nothing, nothing, nothing, nothing, nothing, nothing, page([wire(1)]), nothing],
        "100 seconds"
      )
      assert.deepStrictEqual(seconds, [0, 1, 3, 7, 15, 31, 61, 91, 92, 93, 95, 99])
      assert.deepStrictEqual(seen, [1])
      assert.deepStrictEqual(after, [
        ...Array.from({ length: 8 }, () => idOf(0)),
        ...Array.from({ length: 4 }, () => idOf(1))
      ])
    })
  )

  it.effect("fetches no more than the page after the one that is consumed", () =>
    Effect.gen(function* () {
      const scripted = server([page([wire(1)], true), page([wire(2)], true), page([wire(3)], true), nothing])
      yield* TestClock.setTime(cameAbout)
      const fiber = yield* Effect.forkChild(
        asking(scripted, ({ events }) =>
          Stream.runForEach(events.follow({ after: idOf(0) }), () => Effect.sleep("1 minute"))
        )
      )
      yield* TestClock.adjust("30 seconds")
      assert.lengthOf(scripted.received, 2)
      yield* TestClock.adjust("1 minute")
      assert.lengthOf(scripted.received, 3)
      yield* Fiber.interrupt(fiber)
    })
  )

  it.effect("asks at once where there is more already", () =>
    Effect.gen(function* () {
      const { after, seconds, seen } = yield* watching([page([wire(1), wire(2)], true), page([wire(3)]), nothing], 500)
      assert.deepStrictEqual(seen, [1, 2, 3])
      assert.deepStrictEqual(seconds, [0, 0])
      assert.deepStrictEqual(after, [idOf(0), idOf(2)])
    })
  )

  it.effect.each<Step>([
    { status: 503 },
    { status: 500 },
    { status: 429, headers: { "retry-after": "1" } },
    "reset",
    "refused",
    "stall",
    "breaks",
    { status: 200, headers: { "content-type": "text/html" }, body: "<html>captive</html>" },
    { status: 200, headers: { "content-type": "text/plain" }, body: "upstream connect error" },
    { status: 200, body: "" }
  ])("goes on after an outage: %j", (outage) =>
    Effect.gen(function* () {
      const { isRunning, seen } = yield* watching(
        [outage, outage, page([wire(1)]), outage, page([wire(2)]), nothing],
        "5 minutes"
      )
      assert.isTrue(isRunning)
      assert.deepStrictEqual(seen, [1, 2])
    })
  )

  it.effect.each<Step>([
    { status: 302, headers: { location: "https://captive.example" } },
    { status: 403, headers: { "content-type": "text/plain" }, body: "blocked" }
  ])("goes on after what a wrong address would look like, when it was the right one before: %j", (outage) =>
    Effect.gen(function* () {
      const { isRunning, seen } = yield* watching([page([wire(1)]), outage, page([wire(2)]), nothing], "1 minute")
      assert.isTrue(isRunning)
      assert.deepStrictEqual(seen, [1, 2])
    })
  )

  it.effect.each<readonly [Step, string]>([
    [{ status: 401 }, "Unauthorized"],
    [{ status: 422 }, "UnprocessableEntity"],
    [{ status: 400 }, "BadRequest"],
    [{ status: 200, body: `{"object":"list"}` }, "InvalidResponse"],
    [{ status: 302, headers: { location: "https://elsewhere.example" } }, "InvalidResponse"]
  ])("ends with what would not be over the next time: %j", ([step, tag]) =>
    Effect.gen(function* () {
      const scripted = server([step])
      const exit = yield* ended(
        asking(scripted, ({ events }) => Effect.flip(Stream.runDrain(events.follow({ after: idOf(0) }))))
      )
      assert.strictEqual(exit._tag, "Success")
      if (exit._tag === "Success") assert.strictEqual(exit.value._tag, tag)
    })
  )

  it.effect.each<readonly [string, ReadonlyArray<Step>]>([
    ["that are long gone", [page([wire(200_000)]), page([wire(3), wire(4)])]],
    ["that came a moment ago", [page([wire(1), wire(2)]), page([wire(1), wire(2)])]],
    ["it with the one that is to be gone on after", [page([wire(0)])]]
  ])("ends where a server that does not know the place gives events %s", ([, steps]) =>
    Effect.gen(function* () {
      const exit = yield* ended(
        asking(server(steps), ({ events }) => Effect.flip(Stream.runDrain(events.follow({ after: idOf(0) }))))
      )
      assert.strictEqual(exit._tag, "Success")
      if (exit._tag !== "Success") return
      assert.strictEqual(exit.value._tag, "CursorRepeated")
      assert.include(exit.value.message, "Follow from a time instead")
    })
  )

  it.effect("ends at once where the server begins anew after an id that tells its time", () =>
    Effect.gen(function* () {
      const scripted = server([page([wire(1), wire(2)])])
      // Made ten days later than what the server gives.
      const after = `event_${Ulid.make(cameAbout + 10 * 24 * 3600 * 1000, always(0.5))}`
      const exit = yield* ended(
        asking(scripted, ({ events }) => Effect.flip(Stream.runDrain(events.follow({ after }))))
      )
      assert.strictEqual(exit._tag === "Success" && exit.value._tag, "CursorRepeated")
      assert.lengthOf(scripted.received, 1)
    })
  )

  it.effect("bears events that are told late, and in another order than their times say", () =>
    Effect.gen(function* () {
      const steps = [page([wire(1, 500), wire(2, 4)]), page([wire(3, 3)]), page([wire(4, 600)]), nothing]
      const { isRunning, seen } = yield* watching(steps, "1 minute")
      assert.isTrue(isRunning)
      assert.deepStrictEqual(seen, [1, 2, 3, 4])
    })
  )

  it.effect("leaves out what was created before the time that it begins at, whenever that is told", () =>
    Effect.gen(function* () {
      const scripted = server([page([wire(1, -5)]), page([wire(2, -4)]), page([wire(3, 1), wire(4, -3)]), nothing])
      const seen: Array<unknown> = []
      yield* TestClock.setTime(cameAbout)
      const fiber = yield* Effect.forkChild(
        asking(scripted, ({ events }) =>
          Stream.runForEach(events.follow({ since: DateTime.makeUnsafe(cameAbout) }), (event) =>
            Effect.sync(() => seen.push(numberOf(event)))
          )
        )
      )
      yield* TestClock.adjust("1 minute")
      assert.isUndefined(fiber.pollUnsafe())
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(seen, [3])
      const after = scripted.received.map(({ request }) => new URL(request.url).searchParams.get("after"))
      assert.deepStrictEqual(after.slice(0, 4), [null, idOf(1), idOf(2), idOf(4)])
    })
  )

  it.effect("gives an event once that the server tells of twice", () =>
    Effect.gen(function* () {
      const steps = [page([wire(1), wire(2), wire(2)]), page([wire(2), wire(3)]), page([wire(1), wire(4)]), nothing]
      const { seen } = yield* watching(steps, "1 minute")
      assert.deepStrictEqual(seen, [1, 2, 3, 4])
    })
  )

  it.effect("goes on from the time when nothing had happened, where its place is forgotten meanwhile", () =>
    Effect.gen(function* () {
      const scripted = server([
        page([wire(1)]),
        nothing,
        { status: 422 },
        page([wire(1), wire(2)]),
        page([wire(3)]),
        nothing
      ])
      const seen: Array<unknown> = []
      yield* TestClock.setTime(cameAbout)
      const fiber = yield* Effect.forkChild(
        asking(scripted, ({ events }) =>
          Stream.runForEach(events.follow({ after: idOf(0) }), (event) => Effect.sync(() => seen.push(numberOf(event))))
        )
      )
      yield* TestClock.adjust("1 minute")
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(seen, [1, 2, 3])
      const asked = scripted.received.map(({ request }) => new URL(request.url).searchParams)
      assert.strictEqual(asked[3]?.get("after"), null)
      // An hour before it last heard that there is nothing.
      assert.strictEqual(asked[3]?.get("range_start"), new Date(cameAbout + 1000 - 3_600_000 - 1).toISOString())
      assert.strictEqual(asked[4]?.get("after"), idOf(2))
    })
  )

  it.effect("asks for no time that is long ago, where nothing has happened for long", () =>
    Effect.gen(function* () {
      const scripted = server([nothing])
      yield* TestClock.setTime(cameAbout)
      const fiber = yield* Effect.forkChild(
        asking(scripted, ({ events }) => Stream.runDrain(events.follow({ interval: "1 day", maxInterval: "1 day" })))
      )
      yield* TestClock.adjust("40 days")
      yield* Fiber.interrupt(fiber)
      const last = scripted.received.at(-1)
      const start = Date.parse(new URL(last?.request.url ?? "").searchParams.get("range_start") ?? "")
      assert.isAtMost((last?.time ?? 0) - start, 26 * 3_600_000)
    })
  )

  it.effect("gives the events before one that is not what WorkOS documents, and names that one", () =>
    Effect.gen(function* () {
      const bad = { ...wire(3), event: "connection.deactivated" }
      const scripted = server([
        page([wire(1), wire(2), bad, wire(4)], true),
        page([wire(1), wire(2)], true),
        page([bad, wire(4)])
      ])
      const seen: Array<unknown> = []
      const exit = yield* ended(
        asking(scripted, ({ events }) =>
          Effect.flip(
            Stream.runForEach(events.follow({ after: idOf(0) }), (event) =>
              Effect.sync(() => seen.push(numberOf(event)))
            )
          )
        )
      )
      assert.deepStrictEqual(seen, [1, 2])
      assert.strictEqual(new URL(scripted.received[1]?.request.url ?? "").searchParams.get("limit"), "2")
      if (exit._tag !== "Success" || exit.value._tag !== "InvalidResponse") return assert.fail()
      assert.include(exit.value.excerpt ?? "", idOf(3))
    })
  )

  it.effect.each<readonly [string, object]>([
    ["nothing for data", { ...wire(1), data: null }],
    ["a list for data", { ...wire(1), data: [1] }],
    ["no context", { ...wire(1), context: null }]
  ])("gives an event of another type with %s", ([, event]) =>
    Effect.gen(function* () {
      const { isRunning, seen } = yield* watching([page([event]), nothing], "10 seconds")
      assert.isTrue(isRunning)
      assert.lengthOf(seen, 1)
    })
  )
})
