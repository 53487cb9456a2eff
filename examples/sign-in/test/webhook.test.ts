// Sessions that a webhook of the emulator ends, over a real socket.
import { assert, describe, it } from "@effect/vitest"
import * as WebhookSignature from "@effect-workos/domain/webhooks/WebhookSignature"
import * as Admin from "@effect-workos/emulator/Admin"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import { TestClock } from "effect/testing"
import { browser, type Browser } from "./browser.ts"
import { secret, serve, type Serving } from "./serving.ts"

const isSignedIn = ({ visit }: Browser) => Effect.map(visit("/account"), ({ status }) => status === 200)

/** Signs in two users of one customer, and one of another. */
const signedIn = Effect.fnUntraced(function* ({ another, app, customer }: Serving) {
  const users = [browser(app), browser(app), browser(app)] as const
  for (const [index, { organization }] of [customer, customer, another].entries()) {
    yield* users[index]?.follow(`/sign-in?organization=${organization.id}`) ?? Effect.void
  }
  const areSignedIn = Effect.forEach(users, isSignedIn)
  assert.deepStrictEqual(yield* areSignedIn, [true, true, true])
  return areSignedIn
})

describe("webhooks", () => {
  it.effect("The webhook of a deactivated connection ends all sessions of the connection", () =>
    Effect.gen(function* () {
      const serving = yield* serve()
      const areSignedIn = yield* signedIn(serving)
      yield* serving.inStore(Admin.setConnectionState(serving.customer.connection.id, "inactive"))
      assert.strictEqual(yield* serving.delivered, 1)
      assert.deepStrictEqual(yield* areSignedIn, [false, false, true])
      assert.match(serving.log.join("\n"), /connection.deactivated: 2 sessions ended/)
    })
  )

  it.effect("The webhook of a deleted connection ends all sessions of the connection", () =>
    Effect.gen(function* () {
      const serving = yield* serve()
      const areSignedIn = yield* signedIn(serving)
      serving.store.organizations.remove(serving.customer.organization.id)
      assert.isAtLeast(yield* serving.delivered, 2)
      assert.deepStrictEqual(yield* areSignedIn, [false, false, true])
    })
  )

  it.effect("The webhook of a deactivated connection ends a sign-in whose session does not exist yet", () =>
    Effect.gen(function* () {
      const asked = Promise.withResolvers<void>()
      const told = Promise.withResolvers<void>()
      const { app, customer, delivered, inStore } = yield* serve({
        fetch: async (input, init) => {
          const response = await fetch(input, init)
          if (!String(input).endsWith("/sso/token")) return response
          asked.resolve()
          await told.promise
          return response
        }
      })
      const user = browser(app)
      const signingIn = yield* Effect.forkChild(user.follow(`/sign-in?organization=${customer.organization.id}`))
      yield* Effect.promise(() => asked.promise)
      yield* inStore(Admin.setConnectionState(customer.connection.id, "inactive"))
      assert.strictEqual(yield* delivered, 1)
      told.resolve()
      const page = yield* Fiber.join(signingIn)
      assert.strictEqual(page.status, 403)
      assert.match(page.text, /has turned its sign-in off/)
      assert.isFalse(yield* isSignedIn(user))
      // An active connection signs users in again.
      yield* inStore(Admin.setConnectionState(customer.connection.id, "active"))
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* user.follow(`/sign-in?organization=${customer.organization.id}`)).status, 200)
    })
  )

  it.effect("A webhook of another connection or another type ends no session", () =>
    Effect.gen(function* () {
      const serving = yield* serve()
      const { inStore, inactive, store } = serving
      const areSignedIn = yield* signedIn(serving)
      yield* inStore(Admin.setConnectionState(inactive.connection.id, "active"))
      yield* inStore(Admin.setConnectionState(inactive.connection.id, "inactive"))
      store.organizations.set({ ...serving.customer.organization, name: "Renamed" })
      assert.strictEqual(yield* serving.delivered, 3)
      assert.deepStrictEqual(yield* areSignedIn, [true, true, true])
    })
  )

  it.effect("A webhook without a valid signature ends no session", () =>
    Effect.gen(function* () {
      const serving = yield* serve()
      const areSignedIn = yield* signedIn(serving)
      const { connection } = serving.customer
      const data = { ...JSON.parse(yield* connectionText(serving)), state: "inactive" }
      const body = JSON.stringify({
        id: "event_01",
        event: "connection.deactivated",
        created_at: "2026-01-01T00:00:00.000Z",
        data
      })
      assert.strictEqual(data.id, connection.id)
      const post = (signature: string) =>
        browser(serving.app).visit("/webhooks/workos", {
          method: "POST",
          body,
          headers: {
            "content-type": "application/json",
            ...(signature === "" ? {} : { "workos-signature": signature })
          }
        })
      const timestamp = yield* Clock.currentTimeMillis
      const sign = (by: Redacted.Redacted) => WebhookSignature.sign({ body, secret: by, timestamp })
      for (const signature of ["", "t=1, v1=00", yield* sign(Redacted.make("whsec_other"))]) {
        assert.strictEqual((yield* post(signature)).status, 400)
        assert.deepStrictEqual(yield* areSignedIn, [true, true, true])
      }
      // The same body with a valid signature.
      assert.strictEqual((yield* post(yield* sign(secret))).status, 200)
      assert.deepStrictEqual(yield* areSignedIn, [false, false, true])
    })
  )
})

const connectionText = ({ customer, workos }: Serving) =>
  Effect.promise(() =>
    fetch(`${workos}/connections/${customer.connection.id}`, {
      headers: { authorization: "Bearer sk_test_emulator" }
    }).then((response) => response.text())
  )
