// Deliveries of events over a real socket.
import { assert, describe, it } from "@effect/vitest"
import { Event, UnknownEventName } from "@effect-workos/domain/events/Event"
import * as WebhookSignature from "@effect-workos/domain/webhooks/WebhookSignature"
import { WorkOS } from "@workos-inc/node"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import { TestClock } from "effect/testing"
import * as Emulator from "../src/Emulator.ts"
import * as Webhooks from "../src/Webhooks.ts"
import * as Store from "../src/Store.ts"
import { sendRequest, send } from "./requests.ts"
import { receiver, until } from "./webhook-receiver.ts"

const secret = Redacted.make("whsec_test")

const LayerStore = Store.layer({ connections: 20, organizations: 3, seed: 3 })

const emulated = (webhooks: Emulator.Options["webhooks"]) =>
  Layer.fresh(Emulator.layerHttpClient({ webhooks }).pipe(Layer.provideMerge(LayerStore)))

const named = (name: string) => ({ event: UnknownEventName.make(name), data: { name } })

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Event))

const typesOf = (received: ReadonlyArray<{ readonly body: string }>) => received.map(({ body }) => decode(body).event)

// Sockets have real time to settle before the test clock moves.
const pass = (duration: Duration.Input) =>
  Effect.andThen(Effect.sleep(20).pipe(TestClock.withLive), TestClock.adjust(duration))

describe("webhooks", () => {
  it.live(
    "A webhook receives each event as listed, but without its key object, with a signature that the official SDK accepts",
    () =>
      Effect.gen(function* () {
        const { received, url } = yield* receiver()
        yield* Effect.gen(function* () {
          const { events } = yield* Store.Store
          const before = events.rows.length
          yield* send("POST", "/organizations", {
            name: "Łódź",
            domain_data: [{ domain: "lodz.example", state: "verified" }]
          })
          yield* until(() => received.length === 3)
          const { data: listed } = (yield* sendRequest("/events?order=desc&limit=3")).body
          assert.deepStrictEqual<unknown>(
            received.map(({ body }) => ({ object: "event", ...JSON.parse(body) })),
            listed.toReversed()
          )
          assert.deepStrictEqual(Object.keys(JSON.parse(received[0]?.body ?? "")), [
            "id",
            "event",
            "data",
            "created_at"
          ])
          assert.strictEqual(events.rows.length, before + 3)
        }).pipe(Effect.provide(emulated([{ url, secret }])))
        const { webhooks } = new WorkOS("sk_test_emulator")
        for (const { body, headers } of received) {
          assert.match(headers["content-type"] ?? "", /^application\/json/)
          assert.match(headers["user-agent"] ?? "", /^effect-workos\/\d/)
          const sigHeader = String(headers[WebhookSignature.headerName])
          assert.isTrue(Result.isSuccess(WebhookSignature.parse(sigHeader)))
          const verify = (secret: string) =>
            Effect.promise(() =>
              webhooks.constructEvent({ payload: body, sigHeader, secret }).then(
                ({ id }) => id,
                () => ""
              )
            )
          assert.strictEqual(yield* verify(Redacted.value(secret)), decode(body).id)
          assert.strictEqual(yield* verify("whsec_other"), "")
        }
      })
  )

  it.live("A webhook receives events of its types in order, from its addition until its removal", () =>
    Effect.gen(function* () {
      const { received, url } = yield* receiver()
      yield* Effect.gen(function* () {
        const { emit } = yield* Store.Store
        emit(named("user.early"))
        const added = yield* send("POST", "/_emulator/webhooks", {
          url,
          secret: "whsec_test",
          events: Array.from({ length: 50 }, (_, index) => `user.${index}`)
        })
        assert.strictEqual(added.status, 201)
        assert.notInclude(JSON.stringify(added.body), "whsec_test")
        for (let index = 0; index < 100; index++) emit(named(`user.${index}`))
        yield* until(() => received.length >= 50)
        const [registered] = (yield* sendRequest("/_emulator/webhooks"))
          .body as unknown as ReadonlyArray<Webhooks.Registered>
        assert.strictEqual(registered?.id, added.body.id)
        assert.strictEqual(
          (yield* sendRequest(`/_emulator/webhooks/${added.body.id}`, { method: "DELETE" })).status,
          204
        )
        assert.strictEqual(
          (yield* sendRequest(`/_emulator/webhooks/${added.body.id}`, { method: "DELETE" })).status,
          404
        )
        emit(named("user.1"))
        yield* Effect.sleep(30)
      }).pipe(Effect.provide(emulated([])))
      assert.deepStrictEqual<ReadonlyArray<string>>(
        typesOf(received),
        Array.from({ length: 50 }, (_, index) => `user.${index}`)
      )
    })
  )

  it.effect(
    "Deliveries are retried with a new signature after an error, a redirect or a reset, in the same order",
    () =>
      Effect.gen(function* () {
        const { received, url } = yield* receiver(
          (count) => [500, 302, undefined][count - 1] ?? (count < 4 ? undefined : 204)
        )
        yield* Effect.gen(function* () {
          const { emit } = yield* Store.Store
          emit(named("user.first"))
          emit(named("user.second"))
          // Requests do not wait for retries.
          assert.strictEqual((yield* sendRequest("/connections")).status, 200)
          while (received.length < 5) yield* pass("250 millis")
        }).pipe(Effect.provide(emulated([{ url, secret }])))
        assert.deepStrictEqual<ReadonlyArray<string>>(typesOf(received), [
          ...Array.from({ length: 4 }, () => "user.first"),
          "user.second"
        ])
        const signatures = received.slice(0, 4).map(({ headers }) => headers[WebhookSignature.headerName])
        assert.strictEqual(new Set(signatures).size, 4)
      })
  )

  it.live("A webhook receives the next event after a 2xx status, even if the body never ends", () =>
    Effect.gen(function* () {
      const { received, url } = yield* receiver(() => 200, { isEndless: true })
      yield* Effect.gen(function* () {
        const { emit } = yield* Store.Store
        const names = Array.from({ length: 20 }, (_, index) => `user.${index}`)
        for (const name of names) emit(named(name))
        yield* until(() => received.length === names.length)
        assert.deepStrictEqual<ReadonlyArray<string>>(typesOf(received), names)
      }).pipe(Effect.provide(emulated([{ url, secret }])))
    })
  )

  it.live("A webhook receives the next event after one that could not be sent, which is logged", () =>
    Effect.gen(function* () {
      const { received, url } = yield* receiver()
      const logged: Array<unknown> = []
      yield* Effect.gen(function* () {
        const { emit } = yield* Store.Store
        const webhooks = yield* Webhooks.make([{ url, secret }])
        emit({ event: UnknownEventName.make("user.endless"), data: { name: Infinity } })
        emit(named("user.next"))
        yield* until(() => received.length === 1)
        while ((yield* webhooks.list)[0]?.waiting !== 0) yield* Effect.sleep(5)
        assert.include((yield* webhooks.list)[0], { delivered: 1, failed: 1 })
      }).pipe(
        Effect.provide(
          Layer.fresh(
            Layer.mergeAll(
              LayerStore,
              FetchHttpClient.layer,
              Logger.layer([Logger.make(({ message }) => logged.push(message))])
            )
          )
        )
      )
      assert.deepStrictEqual<ReadonlyArray<string>>(typesOf(received), ["user.next"])
      assert.lengthOf(logged, 1)
      assert.match(String(logged[0]), /^Event event_\w+ could not be sent to webhook_1/)
    })
  )

  it.effect("A webhook with invalid options cannot be added", () =>
    Effect.gen(function* () {
      const webhooks = yield* Webhooks.make()
      const wrong: ReadonlyArray<Webhooks.Webhook> = [
        { url: "http://receiver.test/", secret: Redacted.make("") },
        { url: "ftp://receiver.test/", secret },
        { url: "http://receiver.test/", secret, events: [""] }
      ]
      for (const webhook of wrong) assert.isTrue(Exit.hasDies(yield* Effect.exit(webhooks.add(webhook))))
      assert.deepStrictEqual(yield* webhooks.list, [])
    }).pipe(Effect.provide(Layer.fresh(Layer.merge(LayerStore, FetchHttpClient.layer))))
  )

  it.effect("A webhook receives the next event after six failed attempts", () =>
    Effect.gen(function* () {
      const attempts: Array<string> = []
      const refusing: typeof globalThis.fetch = async (_, init) => {
        const { event } = decode(new TextDecoder().decode(init?.body as Uint8Array))
        attempts.push(event)
        return new Response(null, { status: event === "user.refused" ? 503 : 200 })
      }
      yield* Effect.gen(function* () {
        const { emit } = yield* Store.Store
        const webhooks = yield* Webhooks.make([{ url: "http://receiver.test/", secret }])
        emit(named("user.refused"))
        emit(named("user.taken"))
        yield* until(() => attempts.length === 1).pipe(TestClock.withLive)
        assert.include((yield* webhooks.list)[0], { delivered: 0, failed: 0, waiting: 2 })
        for (let attempt = 1; attempt < 6; attempt++) {
          yield* TestClock.adjust(250 * 2 ** (attempt - 1))
          yield* until(() => attempts.length > attempt).pipe(TestClock.withLive)
        }
        yield* until(() => attempts.includes("user.taken")).pipe(TestClock.withLive)
        yield* Effect.yieldNow
      }).pipe(
        Effect.provide(Layer.fresh(Layer.merge(LayerStore, FetchHttpClient.layer))),
        Effect.provideService(FetchHttpClient.Fetch, refusing)
      )
      assert.deepStrictEqual(attempts, [...Array<string>(6).fill("user.refused"), "user.taken"])
    }).pipe(Effect.scoped)
  )

  it.effect("A webhook receives no events after the scope of the emulator is closed", () =>
    Effect.gen(function* () {
      const { received, url } = yield* receiver(() => 500)
      const store = yield* Store.seeded({ connections: 2, organizations: 1, seed: 1 })
      const scope = yield* Scope.make()
      yield* Emulator.fetch({ webhooks: [{ url, secret }] }).pipe(
        Effect.provideService(Store.Store, store),
        Scope.provide(scope)
      )
      store.emit(named("user.first"))
      yield* until(() => received.length === 1).pipe(TestClock.withLive)
      const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void))
      yield* Fiber.join(closing)
      store.emit(named("user.second"))
      for (let second = 0; second < 5; second++) yield* pass("1 second")
      assert.lengthOf(received, 1)
    })
  )

  it.effect.each([
    { url: "nowhere", secret: "s" },
    { url: "ftp://x", secret: "s" },
    { url: "http://x", secret: "" },
    { url: "http://x" },
    { url: "http://x", secret: "s", events: [] }
  ])("The admin API rejects invalid webhook %# with 422 without repeating the secret", (webhook) =>
    Effect.gen(function* () {
      const { body, status } = yield* send("POST", "/_emulator/webhooks", webhook)
      assert.strictEqual(status, 422)
      assert.isString(body.message)
    }).pipe(Effect.provide(emulated([])))
  )
})
