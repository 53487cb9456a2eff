// Caching and refreshing of a JWKS.
import type { Jwks } from "@effect-workos/domain/sso/Jwks"
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import * as Keys from "../src/internal/Keys.ts"
import { published, signingKey } from "./tokens.ts"

const [first, second] = await Promise.all([signingKey("key_1"), signingKey("key_2")])

/** A server that responds with the current `response` after a second. */
const publishing = (options?: Keys.Options) => {
  let fetches = 0
  let response: Effect.Effect<Jwks, "down"> = Effect.succeed(published(first))
  const fetch = Effect.delay(
    Effect.suspend(() => {
      fetches++
      return response
    }),
    "1 second"
  )
  const find = Keys.make(fetch, options)
  return {
    fetches: () => fetches,
    publish: (next: Effect.Effect<Jwks, "down">) => void (response = next),
    find: (kid: string) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(find(kid))
        yield* TestClock.adjust("1 second")
        return yield* Fiber.join(fiber)
      }),
    findAtOnce: find
  }
}

describe("Keys", () => {
  it.effect("Keys fetches the JWKS once for a hundred concurrent callers", () =>
    Effect.gen(function* () {
      const { fetches, findAtOnce } = publishing()
      const fibers = yield* Effect.forEach(Array.from({ length: 100 }), () => Effect.forkChild(findAtOnce("key_1")))
      yield* TestClock.adjust("1 second")
      const keys = yield* Effect.forEach(fibers, Fiber.join)
      assert.strictEqual(fetches(), 1)
      assert.strictEqual(new Set(keys).size, 1)
      assert.isDefined(keys[0])
    })
  )

  it.effect("Keys caches the JWKS for timeToLive", () =>
    Effect.gen(function* () {
      const { fetches, find } = publishing({ timeToLive: "10 minutes" })
      yield* find("key_1")
      yield* TestClock.adjust("9 minutes")
      yield* find("key_1")
      assert.strictEqual(fetches(), 1)
      yield* TestClock.adjust("1 minute")
      yield* find("key_1")
      assert.strictEqual(fetches(), 2)
    })
  )

  it.effect("Keys fetches the JWKS again for an unknown key id", () =>
    Effect.gen(function* () {
      const { fetches, find, publish } = publishing()
      yield* find("key_1")
      publish(Effect.succeed(published(first, second)))
      yield* TestClock.adjust("1 minute")
      assert.isDefined(yield* find("key_2"))
      assert.isDefined(yield* find("key_1"))
      assert.strictEqual(fetches(), 2)
    })
  )

  it.effect("Keys no longer finds a key that is no longer published", () =>
    Effect.gen(function* () {
      const { find, publish } = publishing()
      yield* find("key_1")
      publish(Effect.succeed(published(second)))
      yield* TestClock.adjust("1 hour")
      yield* find("key_1")
      assert.isUndefined(yield* find("key_1"))
    })
  )

  it.effect("Keys refreshes an old JWKS in the background", () =>
    Effect.gen(function* () {
      const { fetches, find, findAtOnce } = publishing({ timeToLive: "10 minutes" })
      yield* find("key_1")
      yield* TestClock.adjust("10 minutes")
      for (let i = 0; i < 3; i++) assert.isDefined(yield* findAtOnce("key_1"))
      yield* TestClock.adjust("1 second")
      assert.isDefined(yield* findAtOnce("key_1"))
      assert.strictEqual(fetches(), 2)
    })
  )

  it.effect("Keys fetches the JWKS at most twice a minute for unknown key ids", () =>
    Effect.gen(function* () {
      const { fetches, find } = publishing({ cooldown: "30 seconds" })
      for (let i = 0; i < 60; i++) assert.isUndefined(yield* find(`garbage_${i}`))
      assert.strictEqual(fetches(), 2)
    })
  )

  it.effect("Keys uses old keys while the JWKS cannot be fetched, and retries after the cooldown", () =>
    Effect.gen(function* () {
      const { fetches, find, publish } = publishing({ timeToLive: "1 hour", cooldown: "30 seconds" })
      yield* find("key_1")
      publish(Effect.fail("down"))
      yield* TestClock.adjust("1 hour")
      assert.isDefined(yield* find("key_1"))
      assert.isDefined(yield* find("key_1"))
      assert.strictEqual(fetches(), 2)
      publish(Effect.succeed(published(second)))
      yield* TestClock.adjust("30 seconds")
      yield* find("key_1")
      assert.strictEqual(fetches(), 3)
      assert.isUndefined(yield* find("key_1"))
    })
  )

  it.effect("Keys caches a failed fetch for one second for unknown key ids", () =>
    Effect.gen(function* () {
      const { fetches, find, findAtOnce, publish } = publishing({ cooldown: "30 seconds" })
      yield* find("key_1")
      publish(Effect.fail("down"))
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* Effect.flip(find("key_2")), "down")
      assert.strictEqual(yield* Effect.flip(findAtOnce("key_2")), "down")
      assert.strictEqual(fetches(), 2)
      assert.isDefined(yield* findAtOnce("key_1"))
      publish(Effect.succeed(published(first, second)))
      yield* TestClock.adjust("1 second")
      assert.isDefined(yield* find("key_2"))
    })
  )

  it.effect("Keys fails all concurrent callers with the error of one fetch", () =>
    Effect.gen(function* () {
      const { fetches, find, findAtOnce, publish } = publishing()
      publish(Effect.fail("down"))
      const fibers = yield* Effect.forEach(Array.from({ length: 100 }), () =>
        Effect.forkChild(Effect.flip(findAtOnce("key_1")))
      )
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual([...new Set(yield* Effect.forEach(fibers, Fiber.join))], ["down"])
      assert.strictEqual(fetches(), 1)
      publish(Effect.succeed(published(first)))
      yield* TestClock.adjust("1 second")
      assert.isDefined(yield* find("key_1"))
    })
  )

  it.effect("Keys completes a fetch for callers with a short timeout", () =>
    Effect.gen(function* () {
      const { fetches, findAtOnce } = publishing()
      for (let i = 0; i < 5; i++) {
        const impatient = yield* Effect.forkChild(findAtOnce("key_1"))
        yield* TestClock.adjust("200 millis")
        yield* Fiber.interrupt(impatient)
      }
      assert.isDefined(yield* findAtOnce("key_1"))
      assert.strictEqual(fetches(), 1)
    })
  )

  it.effect("Keys refreshes the JWKS on time if the wall clock is set back", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2026, 0, 15))
      const { fetches, find, publish } = publishing()
      yield* find("key_1")
      publish(Effect.succeed(published(first, second)))
      yield* TestClock.adjust("1 minute")
      const clock = yield* Clock.Clock
      const setBack = { ...clock, currentTimeMillis: Effect.succeed(0), currentTimeMillisUnsafe: () => 0 }
      assert.isDefined(yield* Effect.provideService(find("key_2"), Clock.Clock, setBack))
      assert.strictEqual(fetches(), 2)
    })
  )

  it.effect("Keys fetches the JWKS once if the first caller is interrupted", () =>
    Effect.gen(function* () {
      const { fetches, findAtOnce } = publishing()
      const impatient = yield* Effect.forkChild(findAtOnce("key_1"))
      const patient = yield* Effect.forkChild(findAtOnce("key_1"))
      yield* TestClock.adjust("500 millis")
      yield* Fiber.interrupt(impatient)
      yield* TestClock.adjust("1 second")
      assert.isDefined(yield* Fiber.join(patient))
      assert.strictEqual(fetches(), 1)
    })
  )

  it.effect("Keys accepts keys without alg and use", () =>
    Effect.gen(function* () {
      const { find, publish } = publishing()
      const { alg: _alg, use: _use, ...jwk } = first.jwk
      publish(Effect.succeed({ keys: [jwk] }))
      assert.strictEqual((yield* find("key_1"))?.algorithm.name, "RSASSA-PKCS1-v1_5")
    })
  )

  it.effect("Keys ignores keys that are too short", () =>
    Effect.gen(function* () {
      const { find, publish } = publishing()
      const { jwk } = first
      publish(Effect.succeed({ keys: [{ ...jwk, n: jwk.n.slice(0, 170) }] }))
      assert.isUndefined(yield* find("key_1"))
    })
  )
})
