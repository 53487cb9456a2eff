// Followers of events: their requests, events and errors.
import { assert, describe, it } from "@effect/vitest"
import * as Ulid from "@effect-workos/emulator/Ulid"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import type { Following } from "../src/Events.ts"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import { constantRandom } from "./random.ts"
import { firstEventAt, numberOf } from "./numbered-events.ts"
import { withClient, runToEnd, server, type Step } from "./scripted-server.ts"

const idOf = (number: number) => `event_${String(number).padStart(26, "0")}`

const wire = (number: number, created = number) => ({
  object: "event",
  id: idOf(number),
  event: "future.created",
  data: { number },
  created_at: new Date(firstEventAt + created * 1000).toISOString()
})

const page = (events: ReadonlyArray<object>, hasMore = false): Step => ({
  status: 200,
  body: JSON.stringify({ object: "list", data: events, list_metadata: { after: hasMore ? idOf(9) : null } })
})

const nothing = page([])

// The numbers of the events that a follower has received after a time, and the times and cursors of its requests.
const watching = Effect.fnUntraced(function* (steps: ReadonlyArray<Step>, time: Duration.Input) {
  const scripted = server(steps)
  const seen: Array<unknown> = []
  yield* TestClock.setTime(firstEventAt)
  const fiber = yield* Effect.forkChild(
    withClient(scripted, ({ events }) =>
      Stream.runForEach(events.follow({ after: idOf(0) }), (event) => Effect.sync(() => seen.push(numberOf(event))))
    ).pipe(Effect.provideService(RetryPolicy.RetryPolicy, RetryPolicy.none))
  )
  yield* TestClock.adjust(time)
  const isRunning = fiber.pollUnsafe() === undefined
  yield* Fiber.interrupt(fiber)
  const seconds = scripted.received.map(({ time }) => (time - firstEventAt) / 1000)
  const after = scripted.received.map(({ request }) => new URL(request.url).searchParams.get("after"))
  return { seen, seconds, after, isRunning }
})

// The events that a form of `follow` emits within ten seconds.
const watchingForm = Effect.fnUntraced(function* (
  steps: ReadonlyArray<Step>,
  follow: (events: Following) => Stream.Stream<object, unknown>
) {
  const seen: Array<object> = []
  const fiber = yield* Effect.forkChild(
    withClient(server(steps), ({ events }) =>
      Stream.runForEach(follow(events), (event) => Effect.sync(() => seen.push(event)))
    )
  )
  yield* TestClock.adjust("10 seconds")
  assert.isUndefined(fiber.pollUnsafe())
  yield* Fiber.interrupt(fiber)
  return seen
})

describe("events.follow", () => {
  it.effect.each(["ENOTFOUND", "EAI_AGAIN", "SELF_SIGNED_CERT_IN_CHAIN", "CERT_HAS_EXPIRED", "PROXY_REFUSED"])(
    "A follower fails after the usual attempts if its first request fails with %s, and continues if a later request does",
    (code) =>
      Effect.gen(function* () {
        const never = yield* watching([{ code }], "1 hour")
        assert.isFalse(never.isRunning)
        assert.lengthOf(never.seconds, 1)
        const { isRunning, seen } = yield* watching(
          [page([wire(1)]), { code }, { code }, page([wire(2)]), nothing],
          "1 hour"
        )
        assert.isTrue(isRunning)
        assert.deepStrictEqual(seen, [1, 2])
      })
  )

  it.effect("A follower continues if the first requests are refused, because the server may be starting", () =>
    Effect.gen(function* () {
      const { isRunning, seen } = yield* watching(["refused", "refused", page([wire(1)]), nothing], "1 hour")
      assert.isTrue(isRunning)
      assert.deepStrictEqual(seen, [1])
    })
  )

  it.effect("A follower doubles its interval while no events occur, and resets it after an event", () =>
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

  it.effect("A follower fetches at most one page ahead of the consumer", () =>
    Effect.gen(function* () {
      const scripted = server([page([wire(1)], true), page([wire(2)], true), page([wire(3)], true), nothing])
      yield* TestClock.setTime(firstEventAt)
      const fiber = yield* Effect.forkChild(
        withClient(scripted, ({ events }) =>
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

  it.effect("A follower requests the next page immediately if more events exist", () =>
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
  ])("A follower continues after an outage: %j", (outage) =>
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
  ])(
    "A follower continues after a response that is typical of a wrong address, if a request has succeeded before: %j",
    (outage) =>
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
  ])("A follower fails with a permanent error: %j", ([step, tag]) =>
    Effect.gen(function* () {
      const scripted = server([step])
      const exit = yield* runToEnd(
        withClient(scripted, ({ events }) => Effect.flip(Stream.runDrain(events.follow({ after: idOf(0) }))))
      )
      assert.strictEqual(exit._tag, "Success")
      if (exit._tag === "Success") assert.strictEqual(exit.value._tag, tag)
    })
  )

  it.effect.each<readonly [string, ReadonlyArray<Step>]>([
    ["that are much older", [page([wire(200_000)]), page([wire(3), wire(4)])]],
    ["that were returned before", [page([wire(1), wire(2)]), page([wire(1), wire(2)])]],
    ["that start with the cursor itself", [page([wire(0)])]]
  ])("A follower fails if a server that does not know the cursor returns events %s", ([, steps]) =>
    Effect.gen(function* () {
      const exit = yield* runToEnd(
        withClient(server(steps), ({ events }) => Effect.flip(Stream.runDrain(events.follow({ after: idOf(0) }))))
      )
      assert.strictEqual(exit._tag, "Success")
      if (exit._tag !== "Success") return
      assert.strictEqual(exit.value._tag, "CursorRepeated")
      assert.include(exit.value.message, "Follow from a time instead")
    })
  )

  it.effect(
    "A follower fails immediately if the server returns events that are older than the time in the cursor",
    () =>
      Effect.gen(function* () {
        const scripted = server([page([wire(1), wire(2)])])
        // The time of the id is ten days later than the events of the server.
        const after = `event_${Ulid.make(firstEventAt + 10 * 24 * 3600 * 1000, constantRandom(0.5))}`
        const exit = yield* runToEnd(
          withClient(scripted, ({ events }) => Effect.flip(Stream.runDrain(events.follow({ after }))))
        )
        assert.strictEqual(exit._tag === "Success" && exit.value._tag, "CursorRepeated")
        assert.lengthOf(scripted.received, 1)
      })
  )

  it.effect("A follower accepts events that are published late or out of order", () =>
    Effect.gen(function* () {
      const steps = [page([wire(1, 500), wire(2, 4)]), page([wire(3, 3)]), page([wire(4, 600)]), nothing]
      const { isRunning, seen } = yield* watching(steps, "1 minute")
      assert.isTrue(isRunning)
      assert.deepStrictEqual(seen, [1, 2, 3, 4])
    })
  )

  it.effect("A follower omits events that were created before the start, even if they are published later", () =>
    Effect.gen(function* () {
      const scripted = server([page([wire(1, -5)]), page([wire(2, -4)]), page([wire(3, 1), wire(4, -3)]), nothing])
      const seen: Array<unknown> = []
      yield* TestClock.setTime(firstEventAt)
      const fiber = yield* Effect.forkChild(
        withClient(scripted, ({ events }) =>
          Stream.runForEach(events.follow({ since: DateTime.makeUnsafe(firstEventAt) }), (event) =>
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

  it.effect("A follower emits an event once that the server returns twice", () =>
    Effect.gen(function* () {
      const steps = [page([wire(1), wire(2), wire(2)]), page([wire(2), wire(3)]), page([wire(1), wire(4)]), nothing]
      const { seen } = yield* watching(steps, "1 minute")
      assert.deepStrictEqual(seen, [1, 2, 3, 4])
    })
  )

  it.effect("A follower continues from the last quiet time if the server has forgotten the cursor", () =>
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
      yield* TestClock.setTime(firstEventAt)
      const fiber = yield* Effect.forkChild(
        withClient(scripted, ({ events }) =>
          Stream.runForEach(events.follow({ after: idOf(0) }), (event) => Effect.sync(() => seen.push(numberOf(event))))
        )
      )
      yield* TestClock.adjust("1 minute")
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(seen, [1, 2, 3])
      const queries = scripted.received.map(({ request }) => new URL(request.url).searchParams)
      assert.strictEqual(queries[3]?.get("after"), null)
      // An hour before the last page without events.
      assert.strictEqual(queries[3]?.get("range_start"), new Date(firstEventAt + 1000 - 3_600_000 - 1).toISOString())
      assert.strictEqual(queries[4]?.get("after"), idOf(2))
    })
  )

  it.effect("A follower moves the requested time forward while no events occur", () =>
    Effect.gen(function* () {
      const scripted = server([nothing])
      yield* TestClock.setTime(firstEventAt)
      const fiber = yield* Effect.forkChild(
        withClient(scripted, ({ events }) =>
          Stream.runDrain(events.follow({ interval: "1 day", maxInterval: "1 day" }))
        )
      )
      yield* TestClock.adjust("40 days")
      yield* Fiber.interrupt(fiber)
      const last = scripted.received.at(-1)
      const start = Date.parse(new URL(last?.request.url ?? "").searchParams.get("range_start") ?? "")
      assert.isAtMost((last?.time ?? 0) - start, 26 * 3_600_000)
    })
  )

  it.effect("A follower emits a malformed event as an unknown event with its data, and continues", () =>
    Effect.gen(function* () {
      const malformed = { ...wire(3), event: "connection.deactivated", shard: 7 }
      const withoutTime = { ...wire(4), created_at: "2026-02-30T00:00:00.000Z" }
      const steps = [page([wire(1), wire(2), malformed, withoutTime, wire(5)]), nothing]
      for (const form of ["decoded", "encoded"] as const) {
        const seen = yield* watchingForm(steps, ({ follow }) =>
          form === "decoded" ? follow({ after: idOf(0) }) : follow.encoded({ after: idOf(0) })
        )
        assert.deepStrictEqual(seen.map(numberOf), [1, 2, 3, 4, 5])
        assert.include(seen[2], {
          id: idOf(3),
          event: "connection.deactivated",
          ...(form === "encoded" && { shard: 7 })
        })
        assert.match(String(Reflect.get(seen[2] ?? {}, "issue")), /row 3 of the page .* data\./)
        assert.notProperty(seen[3], "createdAt")
      }
    })
  )

  it.effect("A follower emits malformed events with long numbers and ids of another format, decoded and encoded", () =>
    Effect.gen(function* () {
      const long = JSON.stringify({ ...wire(2), event: "connection.deleted" }).replace(
        '"number":2',
        '"number":2,"n":12345678901234567890'
      )
      const other = { ...wire(3), id: "b1946ac9-2d2f" }
      const text = `{"data":[${JSON.stringify(wire(1))},${long},${JSON.stringify(other)},${JSON.stringify(wire(4))}]}`
      const steps: ReadonlyArray<Step> = [{ status: 200, body: text }, nothing]
      const decoded = yield* watchingForm(steps, ({ follow }) => follow({ after: idOf(0) }))
      assert.deepStrictEqual(decoded.map(numberOf), [1, 2, 3, 4])
      const encoded = yield* watchingForm(steps, ({ follow }) => follow.encoded({ after: idOf(0) }))
      assert.deepStrictEqual(encoded.map(numberOf), [1, 2, 3, 4])
      assert.include(JSON.stringify(encoded[1]), '"n":12345678901234567890')
    })
  )

  it.effect("A follower skips rows without an id at any position, and logs each of them once", () =>
    Effect.gen(function* () {
      const { id: _id, ...withoutId } = wire(2)
      const other = { ...withoutId, data: { number: 7 } }
      const messages: Array<unknown> = []
      const logger = Logger.make(({ logLevel, message }) => void (logLevel === "Error" && messages.push(message)))
      const { after, isRunning, seen } = yield* watching(
        [
          page([wire(1), withoutId, wire(3)], true),
          page([withoutId, other], true),
          page([wire(10), withoutId]),
          page([withoutId]),
          nothing
        ],
        "10 seconds"
      ).pipe(Effect.provide(Logger.layer([logger])))
      assert.isTrue(isRunning)
      assert.deepStrictEqual(seen, [1, 3, 10])
      assert.deepStrictEqual(after.slice(0, 4), [idOf(0), idOf(3), idOf(9), idOf(10)])
      assert.lengthOf(messages, 2)
    })
  )

  it.effect.each<readonly [string, object]>([
    ["null as data", { ...wire(1), data: null }],
    ["a list as data", { ...wire(1), data: [1] }],
    ["null as context", { ...wire(1), context: null }]
  ])("A follower emits an event of an unknown type with %s", ([, event]) =>
    Effect.gen(function* () {
      const { isRunning, seen } = yield* watching([page([event]), nothing], "10 seconds")
      assert.isTrue(isRunning)
      assert.lengthOf(seen, 1)
    })
  )
})
