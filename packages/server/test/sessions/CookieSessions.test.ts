// Authentication, refresh and sign-out of sessions, without HTTP.
import { assert, describe, it } from "@effect/vitest"
import { runs } from "@effect-workos/testing/Sample"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import type { CookieValue } from "../../src/Session.ts"
import * as SealedSession from "../../src/SealedSession.ts"
import { CookieSessions } from "../../src/CookieSessions.ts"
import { claims, clientId } from "../tokens.ts"
import { otherPassword, password } from "./sealed.ts"
import { firstOrganization, lifetime, makeWorkOs, organizationWithSso, otherOrganization } from "./workos.ts"

// Waits for an effect that needs this much time.
const after = <A, E>(duration: string & `${number} seconds`, effect: Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect)
    yield* TestClock.adjust(duration)
    return yield* Fiber.join(fiber)
  })

const tagOf = <A, E extends { readonly _tag: string }>(effect: Effect.Effect<A, E>) =>
  Effect.match(effect, { onFailure: ({ _tag }) => _tag, onSuccess: () => "accepted" as const })

const environment = {
  WORKOS_API_KEY: "sk_test_1",
  WORKOS_CLIENT_ID: clientId,
  WORKOS_COOKIE_PASSWORD: Redacted.value(password)
}

const fromEnvironment = (variables: Readonly<Record<string, string>>) =>
  Layer.build(CookieSessions.layerConfig()).pipe(
    Effect.provide([FetchHttpClient.layer, ConfigProvider.layer(ConfigProvider.fromUnknown(variables))])
  )

describe("CookieSessions", () => {
  it.effect("CookieSessions authenticates a cookie without a request until its access token expires", () =>
    Effect.gen(function* () {
      const workos = makeWorkOs()
      const sessions = yield* workos.sessions
      const { cookie, session } = yield* sessions.create(yield* workos.signIn)
      assert.strictEqual(session.claims.orgId, firstOrganization)
      for (let second = 0; second < lifetime + 5; second += 5) {
        assert.deepStrictEqual(yield* sessions.authenticate(cookie), session)
        yield* TestClock.adjust("5 seconds")
      }
      assert.strictEqual(yield* tagOf(sessions.authenticate(cookie)), "ExpiredToken")
      assert.strictEqual(workos.refreshes, 0)
    })
  )

  it.effect("CookieSessions rejects missing, modified and foreign cookies with typed errors", () =>
    Effect.gen(function* () {
      const workos = makeWorkOs({ cookiePasswords: [password, otherPassword] })
      const sessions = yield* workos.sessions
      const response = yield* workos.signIn
      const { cookie } = yield* sessions.create(response)
      const sealedBy = (by: Redacted.Redacted) => Effect.flatMap(SealedSession.make(by), ({ seal }) => seal(response))
      yield* sessions.authenticate(cookie)
      const results = yield* Effect.forEach(
        [
          undefined,
          "",
          "text",
          // The verified cookie is in memory, under its last characters.
          `x${Redacted.value(cookie)}`,
          Redacted.value(cookie).replace("*1*", "*2*"),
          yield* sealedBy(otherPassword),
          yield* sealedBy(Redacted.make("p".repeat(32)))
        ],
        (value: CookieValue) => tagOf(sessions.resume(value))
      )
      assert.deepStrictEqual(results, [
        "NoSession",
        "NoSession",
        "InvalidSessionCookie",
        "InvalidSessionCookie",
        "InvalidSessionCookie",
        "accepted",
        "InvalidSessionCookie"
      ])
    })
  )

  it.effect("CookieSessions refreshes before the access token expires, and the new cookie is valid", () =>
    Effect.gen(function* () {
      const workos = makeWorkOs({ refreshBefore: "10 seconds" })
      const sessions = yield* workos.sessions
      const { cookie } = yield* sessions.create(yield* workos.signIn)
      yield* TestClock.setTime((lifetime - 11) * 1000)
      assert.isUndefined((yield* sessions.resume(cookie)).cookie)
      yield* TestClock.adjust("1 second")
      const resumed = yield* after("1 seconds", sessions.resume(cookie))
      assert.isDefined(resumed.cookie)
      assert.deepStrictEqual(yield* sessions.authenticate(resumed.cookie), resumed.session)
      assert.strictEqual(workos.refreshes, 1)
    })
  )

  it.effect(
    "CookieSessions uses an access token that is still valid while WorkOS is unavailable, and fails afterwards",
    () =>
      Effect.gen(function* () {
        const workos = makeWorkOs()
        const sessions = yield* workos.sessions
        const { cookie, session } = yield* sessions.create(yield* workos.signIn)
        workos.isAvailable = false
        yield* TestClock.setTime((lifetime - 5) * 1000)
        assert.deepStrictEqual(yield* after("1 seconds", sessions.resume(cookie)), { session })
        yield* TestClock.adjust("9 seconds")
        assert.strictEqual(yield* after("1 seconds", tagOf(sessions.resume(cookie))), "TransportError")
        workos.isAvailable = true
        assert.strictEqual(yield* after("1 seconds", tagOf(sessions.resume(cookie))), "accepted")
      })
  )

  it.effect("CookieSessions ends a session whose refresh token is dead, and asks WorkOS once per grace period", () =>
    Effect.gen(function* () {
      const workos = makeWorkOs()
      const sessions = yield* workos.sessions
      const { cookie, session } = yield* sessions.create(yield* workos.signIn)
      yield* workos.revoke
      yield* TestClock.setTime(1_000_000)
      const error = yield* Effect.flip(after("1 seconds", sessions.resume(cookie)))
      assert.strictEqual(error._tag, "SessionEnded")
      assert.include(JSON.stringify(error), session.claims.sid ?? "none")
      assert.notInclude(JSON.stringify(error), "refresh1")
      assert.strictEqual(yield* tagOf(sessions.resume(cookie)), "SessionEnded")
      assert.strictEqual(workos.refreshes, 1)
    })
  )

  // Requests of one browser: each uses the current cookie of the browser and stores the cookie of its response, which
  // arrives later.
  const Requests = Schema.Array(
    Schema.Struct({
      start: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 20 })),
      duration: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 8 }))
    })
  ).check(Schema.isMinLength(1), Schema.isMaxLength(12))

  it.effect.prop(
    "Concurrent requests with the same expired cookie refresh once, and none loses the session",
    [Requests, Schema.Boolean],
    ([requests, rotates]) =>
      Effect.gen(function* () {
        const workos = makeWorkOs()
        workos.rotates = rotates
        const sessions = yield* workos.sessions
        const first = yield* sessions.create(yield* workos.signIn)
        yield* TestClock.adjust("1 hour")
        let jar = first.cookie
        const fibers = yield* Effect.forEach(requests, ({ duration, start }) =>
          Effect.forkChild(
            Effect.gen(function* () {
              yield* Effect.sleep(`${start} seconds`)
              const { cookie } = yield* sessions.resume(jar)
              yield* Effect.sleep(`${duration} seconds`)
              const latest = cookie && (yield* sessions.latest(cookie))
              if (latest !== undefined) jar = latest
            })
          )
        )
        yield* TestClock.adjust("40 seconds")
        yield* Fiber.joinAll(fibers)
        assert.strictEqual(workos.refreshes, 1)
        assert.strictEqual(yield* tagOf(sessions.authenticate(jar)), "accepted")
      }),
    { arbitrary: { runs: runs(100, 25) } }
  )

  it.effect.prop(
    "A session that ends during requests is never set again",
    [Requests, Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 25 }))],
    ([requests, signOutAt]) =>
      Effect.gen(function* () {
        const workos = makeWorkOs()
        const sessions = yield* workos.sessions
        let hasEnded = false
        let jar: Redacted.Redacted | undefined = (yield* sessions.create(yield* workos.signIn)).cookie
        yield* TestClock.adjust("1 hour")
        const fibers = yield* Effect.forEach(requests, ({ duration, start }) =>
          Effect.forkChild(
            Effect.gen(function* () {
              yield* Effect.sleep(`${start} seconds`)
              const { cookie } = yield* sessions.resume(jar)
              assert.isFalse(hasEnded)
              yield* Effect.sleep(`${duration} seconds`)
              if (cookie !== undefined) jar = yield* sessions.latest(cookie)
            }).pipe(Effect.catchTag(["NoSession", "SessionEnded"], () => Effect.void))
          )
        )
        yield* TestClock.adjust(`${signOutAt} seconds`)
        const before = jar
        hasEnded = true
        const url = yield* sessions.end(before)
        assert.strictEqual(url?.searchParams.get("session_id"), claims["sid"])
        jar = undefined
        yield* TestClock.adjust("40 seconds")
        yield* Fiber.joinAll(fibers)
        assert.isUndefined(jar)
        assert.strictEqual(yield* tagOf(sessions.resume(before)), "SessionEnded")
      }),
    { arbitrary: { runs: runs(100, 25) } }
  )

  it.effect("A refresh continues if its request is interrupted, and the next request receives its result", () =>
    Effect.gen(function* () {
      const workos = makeWorkOs()
      const sessions = yield* workos.sessions
      const { cookie } = yield* sessions.create(yield* workos.signIn)
      yield* TestClock.adjust("1 hour")
      const fiber = yield* Effect.forkChild(sessions.resume(cookie))
      yield* TestClock.adjust("500 millis")
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("10 seconds")
      assert.isDefined((yield* sessions.resume(cookie)).cookie)
      assert.strictEqual(workos.refreshes, 1)
    })
  )

  it.effect("The result of a refresh is forgotten after the grace period", () =>
    Effect.gen(function* () {
      const workos = makeWorkOs({ gracePeriod: "30 seconds" })
      const sessions = yield* workos.sessions
      const { cookie } = yield* sessions.create(yield* workos.signIn)
      yield* TestClock.adjust("1 hour")
      yield* after("1 seconds", sessions.resume(cookie))
      yield* TestClock.adjust("29 seconds")
      assert.strictEqual(yield* tagOf(sessions.resume(cookie)), "accepted")
      yield* TestClock.adjust("1 seconds")
      assert.strictEqual(yield* after("1 seconds", tagOf(sessions.resume(cookie))), "SessionEnded")
    })
  )

  it.effect.each([true, false])(
    "CookieSessions switches the organization during a refresh of the same session, with rotating refresh tokens: %s",
    (rotates) =>
      Effect.gen(function* () {
        const workos = makeWorkOs()
        workos.rotates = rotates
        const sessions = yield* workos.sessions
        const { cookie } = yield* sessions.create(yield* workos.signIn)
        yield* TestClock.adjust("1 hour")
        const refreshed = yield* Effect.forkChild(sessions.resume(cookie))
        yield* TestClock.adjust("500 millis")
        const switched = yield* after("5 seconds", sessions.refresh(cookie, { organizationId: otherOrganization }))
        assert.strictEqual(switched.session.claims.orgId, otherOrganization)
        assert.strictEqual((yield* Fiber.join(refreshed)).session.claims.orgId, firstOrganization)
        // The response of the first request may arrive last.
        const latest = yield* sessions.latest((yield* Fiber.join(refreshed)).cookie ?? cookie)
        assert.deepStrictEqual(yield* sessions.authenticate(latest), switched.session)
        assert.strictEqual(workos.reuses, 0)
      })
  )

  it.effect("A session remains in its organization if the other organization requires SSO", () =>
    Effect.gen(function* () {
      const workos = makeWorkOs()
      const sessions = yield* workos.sessions
      const { cookie, session } = yield* sessions.create(yield* workos.signIn)
      const switched = yield* Effect.forkChild(tagOf(sessions.refresh(cookie, { organizationId: organizationWithSso })))
      // A refresh without an organization waits, and is then made.
      const refreshed = yield* Effect.forkChild(tagOf(sessions.refresh(cookie)))
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual(yield* Fiber.join(switched), "SsoRequired")
      assert.strictEqual(yield* Fiber.join(refreshed), "accepted")
      assert.deepStrictEqual(yield* sessions.authenticate(cookie), session)
    })
  )

  it.effect("An expired session can be ended, and a request without a session has no URL", () =>
    Effect.gen(function* () {
      const workos = makeWorkOs()
      const sessions = yield* workos.sessions
      const { cookie } = yield* sessions.create(yield* workos.signIn)
      yield* TestClock.adjust("1 hour")
      const url = yield* sessions.end(cookie, { returnTo: "https://example.com/?a=b" })
      assert.strictEqual(url?.searchParams.get("return_to"), "https://example.com/?a=b")
      assert.isUndefined(yield* sessions.end("text"))
      assert.isUndefined(yield* sessions.end(undefined))
    })
  )

  it.effect("CookieSessions logs a warning about a cookie that browsers ignore", () =>
    Effect.gen(function* () {
      const workos = makeWorkOs()
      const sessions = yield* workos.sessions
      const response = yield* workos.signIn
      const logs: Array<string> = []
      const logger = Logger.layer([Logger.make(({ message }) => void logs.push(String(message)))])
      const createWith = (firstName: string) =>
        Effect.provide(sessions.create({ ...response, user: { ...response.user, firstName } }), logger)
      yield* createWith("Ada")
      assert.isEmpty(logs)
      yield* createWith("A".repeat(4_000))
      assert.match(
        logs.join(),
        /^The session cookie has \d+ bytes\. Browsers ignore cookies of more than 4,096 bytes\.$/
      )
    })
  )

  it.effect.each([
    { option: "cookiePasswords", options: { cookiePasswords: Redacted.make("short") } },
    { option: "cookie", options: { cookieName: "a b" } },
    { option: "cookie", options: { cookie: { domain: "a;b" } } }
  ])("CookieSessions fails to start with an invalid option: $option", ({ option, options }) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(makeWorkOs(options).sessions)
      assert.deepStrictEqual([error._tag, error.option], ["InvalidConfig", option])
      assert.notInclude(error.message, "short")
    })
  )

  it.effect("CookieSessions reads its passwords from the environment, also the previous one during a rotation", () =>
    Effect.gen(function* () {
      const { seal } = yield* SealedSession.make(otherPassword)
      const context = yield* fromEnvironment({
        ...environment,
        WORKOS_PREVIOUS_COOKIE_PASSWORD: Redacted.value(otherPassword)
      })
      const sessions = Context.get(context, CookieSessions)
      // The cookie is opened, and its token expired long before the test.
      const cookie = yield* seal(yield* makeWorkOs().signIn)
      assert.isDefined(yield* sessions.end(cookie))
    })
  )

  it.effect.each([
    { name: "WORKOS_CLIENT_ID", value: undefined },
    { name: "WORKOS_COOKIE_PASSWORD", value: undefined },
    { name: "WORKOS_COOKIE_PASSWORD", value: "a short password" },
    { name: "WORKOS_PREVIOUS_COOKIE_PASSWORD", value: "a short password" }
  ])("CookieSessions fails to start with the value $value of $name, and names the variable", ({ name, value }) =>
    Effect.gen(function* () {
      const { [name]: _, ...others }: Readonly<Record<string, string>> = environment
      const error = yield* Effect.flip(fromEnvironment(value === undefined ? others : { ...others, [name]: value }))
      assert.include(error.message, name)
      assert.notInclude(error.message, "a short password")
    })
  )
})
