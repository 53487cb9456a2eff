// Duplicate deliveries of webhooks.
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import * as ReplayWindow from "../src/ReplayWindow.ts"
import * as Webhook from "../src/Webhook.ts"
import { ReplayWindowError } from "../src/WebhookError.ts"
import { eventText, secret, signed } from "./deliveries.ts"

const now = Date.UTC(2026, 0, 15)

/** An endpoint that counts the deliveries that it handled. */
const receiving = (replayWindow = ReplayWindow.makeMemory()) => {
  let handled = 0
  return {
    handled: () => handled,
    receive: <E = never>(delivery: Webhook.WebhookRequest, handler: Effect.Effect<unknown, E> = Effect.void) =>
      Webhook.receive({ ...delivery, secrets: secret, replayWindow }, () =>
        Effect.tap(handler, () => Effect.sync(() => void handled++))
      )
  }
}

describe("Webhook.receive", () => {
  it.effect("Webhook.receive rejects a delivery that was handled", () =>
    Effect.gen(function* () {
      const { handled, receive } = receiving()
      const delivery = yield* signed(eventText())
      yield* receive(delivery)
      const error = yield* Effect.flip(receive(delivery))
      assert.deepInclude(error, { _tag: "Replayed", state: "Handled" })
      assert.strictEqual(handled(), 1)
    })
  )

  it.effect("Webhook.receive rejects a replay until its signature expires, and afterwards as expired", () =>
    Effect.gen(function* () {
      const { handled, receive } = receiving()
      yield* TestClock.setTime(now)
      const delivery = yield* signed(eventText(), { timestamp: now + 180_000 })
      yield* receive(delivery)
      yield* TestClock.adjust("6 minutes")
      assert.strictEqual((yield* Effect.flip(receive(delivery)))._tag, "Replayed")
      yield* TestClock.adjust(1)
      assert.strictEqual((yield* Effect.flip(receive(delivery)))._tag, "ExpiredSignature")
      assert.strictEqual(handled(), 1)
    })
  )

  it.effect("Webhook.receive rejects a replay at the end of the tolerance if the window is slow", () =>
    Effect.gen(function* () {
      const memory = ReplayWindow.makeMemory()
      const { handled, receive } = receiving({
        ...memory,
        claim: (id, expiresAt) => Effect.andThen(TestClock.adjust("30 seconds"), memory.claim(id, expiresAt))
      })
      yield* TestClock.setTime(now)
      const delivery = yield* signed(eventText(), { timestamp: now })
      yield* receive(delivery)
      yield* TestClock.setTime(now + 180_000)
      assert.strictEqual((yield* Effect.flip(receive(delivery)))._tag, "Replayed")
      assert.strictEqual(handled(), 1)
    })
  )

  it.effect("Webhook.receive rejects a delivery that is being handled", () =>
    Effect.gen(function* () {
      const { handled, receive } = receiving()
      const delivery = yield* signed(eventText())
      const started = yield* Deferred.make<void>()
      const done = yield* Deferred.make<void>()
      const first = yield* Effect.forkChild(
        receive(delivery, Effect.andThen(Deferred.succeed(started, undefined), Deferred.await(done)))
      )
      yield* Deferred.await(started)
      assert.deepInclude(yield* Effect.flip(receive(delivery)), { _tag: "Replayed", state: "InProgress" })
      yield* Deferred.succeed(done, undefined)
      yield* Fiber.join(first)
      assert.deepInclude(yield* Effect.flip(receive(delivery)), { _tag: "Replayed", state: "Handled" })
      assert.strictEqual(handled(), 1)
    })
  )

  it.effect("Webhook.receive handles one of a hundred concurrent deliveries", () =>
    Effect.gen(function* () {
      const { handled, receive } = receiving()
      const delivery = yield* signed(eventText())
      yield* Effect.forEach(
        Array.from({ length: 100 }, () => delivery),
        (each) => Effect.exit(receive(each, Effect.yieldNow)),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(handled(), 1)
    })
  )

  it.effect.each([
    { how: "failed", handler: Effect.fail("no database") },
    { how: "died", handler: Effect.die("a bug") },
    { how: "was interrupted", handler: Effect.interrupt }
  ])("Webhook.receive accepts a delivery again after its handler $how", ({ handler }) =>
    Effect.gen(function* () {
      const { handled, receive } = receiving()
      const delivery = yield* signed(eventText())
      yield* Effect.exit(receive(delivery, handler))
      yield* receive(delivery)
      assert.strictEqual(handled(), 1)
    })
  )

  it.effect("Webhook.receive accepts the same event with another timestamp", () =>
    Effect.gen(function* () {
      const { handled, receive } = receiving()
      yield* receive(yield* signed(eventText()))
      yield* receive(yield* signed(eventText(), { timestamp: 1 }))
      assert.strictEqual(handled(), 2)
    })
  )

  it.effect("Webhook.receive does not remember a delivery with a wrong signature", () =>
    Effect.gen(function* () {
      const { handled, receive } = receiving()
      const { body, signature } = yield* signed(eventText())
      yield* Effect.flip(receive({ body: body.slice(1), signature }))
      yield* receive({ body, signature })
      assert.strictEqual(handled(), 1)
    })
  )

  it.effect("Webhook.receive rejects a replay in another process with the same window", () =>
    Effect.gen(function* () {
      const memory = ReplayWindow.makeMemory()
      const delivery = yield* signed(eventText())
      yield* receiving(memory).receive(delivery)
      assert.strictEqual((yield* Effect.flip(receiving(memory).receive(delivery)))._tag, "Replayed")
    })
  )

  it.effect("Webhook.receive does not run the handler if the window is unavailable", () =>
    Effect.gen(function* () {
      const down = Effect.fail(new ReplayWindowError({ message: "The store is unavailable." }))
      const { handled, receive } = receiving({ claim: () => down, complete: () => down, release: () => down })
      assert.strictEqual((yield* Effect.flip(receive(yield* signed(eventText()))))._tag, "ReplayWindowError")
      assert.strictEqual(handled(), 0)
    })
  )

  it.effect("Webhook.receive can be interrupted while the window hangs", () =>
    Effect.gen(function* () {
      const asked = yield* Deferred.make<void>()
      const { handled, receive } = receiving({
        ...ReplayWindow.makeMemory(),
        claim: () => Effect.andThen(Deferred.succeed(asked, undefined), Effect.never)
      })
      const delivery = yield* signed(eventText())
      const waiting = yield* Effect.forkChild(Effect.timeout(Effect.exit(receive(delivery)), "1 second"))
      yield* Deferred.await(asked)
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Effect.flip(Fiber.join(waiting)))._tag, "TimeoutError")
      assert.strictEqual(handled(), 0)
    })
  )

  it.effect.each([
    { how: "fails", complete: Effect.fail(new ReplayWindowError({ message: "The store is unavailable." })) },
    { how: "dies", complete: Effect.die("a bug in the store") },
    { how: "hangs", complete: Effect.never }
  ])("Webhook.receive succeeds if recording the delivery $how", ({ complete }) =>
    Effect.gen(function* () {
      const { handled, receive } = receiving({ ...ReplayWindow.makeMemory(), complete: () => complete })
      const done = yield* Deferred.make<void>()
      const delivery = yield* signed(eventText())
      const receiver = yield* Effect.forkChild(receive(delivery, Deferred.succeed(done, undefined)))
      yield* Deferred.await(done)
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.join(receiver)
      assert.strictEqual(handled(), 1)
    })
  )
})

describe("ReplayWindow.makeMemory", () => {
  it.effect("ReplayWindow.makeMemory forgets the oldest delivery beyond its capacity", () =>
    Effect.gen(function* () {
      const memory = ReplayWindow.makeMemory({ capacity: 2 })
      for (const id of ["a", "b", "c"]) assert.strictEqual(yield* memory.claim(id, 1000), "New")
      assert.strictEqual(yield* memory.claim("c", 1000), "InProgress")
      assert.strictEqual(yield* memory.claim("b", 1000), "InProgress")
      assert.strictEqual(yield* memory.claim("a", 1000), "New")
    })
  )

  it.effect("ReplayWindow.makeMemory forgets an expired delivery", () =>
    Effect.gen(function* () {
      const memory = ReplayWindow.makeMemory()
      yield* memory.claim("a", 1000)
      yield* TestClock.adjust(1000)
      assert.strictEqual(yield* memory.claim("a", 1000), "InProgress")
      yield* TestClock.adjust(1)
      assert.strictEqual(yield* memory.claim("a", 2000), "New")
    })
  )
})
