// The results of the programs with the official SDK and with effect-workos, against one emulator.
import { Event, is } from "@effect-workos/domain/events/Event"
import * as WebhookSignature from "@effect-workos/domain/webhooks/WebhookSignature"
import * as Store from "@effect-workos/emulator/Store"
import { sample } from "@effect-workos/testing/Sample"
import { assert, layer } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as ours from "../src/with-effect.ts"
import * as theirs from "../src/with-sdk.ts"
import { clientId, redirectBack, LayerBoth, redirectUri, Sdk } from "./served.ts"

const secret = "whsec_test"

layer(LayerBoth, { excludeTestServices: true })("the SDK and Effect", (it) => {
  it.effect("The SDK and Effect return the same active connections of a customer, across pages", () =>
    Effect.gen(function* () {
      const workos = yield* Sdk
      const { connections, organizations } = yield* Store.Store
      const known = organizations.rows.flatMap(({ externalId }) => (typeof externalId === "string" ? [externalId] : []))
      assert.isNotEmpty(known)
      // The SDK pauses between pages, so the test samples one customer.
      for (const externalId of [...sample(known, 1), "unknown"]) {
        const customer = yield* ours.customer(externalId)
        assert.deepStrictEqual(customer, yield* Effect.promise(() => theirs.customer(workos, externalId)))
        assert.strictEqual(
          customer?.active.length,
          customer && connections.findBy("organizationId", customer.id).filter(({ state }) => state === "active").length
        )
      }
    })
  )

  it.effect("The SDK and Effect sign in the same user, and reject a used code", () =>
    Effect.gen(function* () {
      const workos = yield* Sdk
      const { connections } = yield* Store.Store
      const organization = connections.rows.find(
        ({ organizationId, state }) => state === "active" && organizationId !== undefined
      )?.organizationId
      assert.isDefined(organization)
      // Sign-in by organization requires exactly one active connection.
      for (const { id, state } of connections.findBy("organizationId", organization).toSpliced(0, 1)) {
        if (state === "active") connections.remove(id)
      }
      const first = connections.findBy("organizationId", organization)[0]
      assert.isDefined(first)
      connections.set({ ...first, state: "active" })

      const mine = yield* ours.startSignIn(clientId, organization, redirectUri)
      const other = yield* Effect.promise(() => theirs.startSignIn(workos, clientId, organization, redirectUri))
      const myCode = yield* redirectBack(mine)
      const otherCode = yield* redirectBack(other)
      const person = yield* ours.whoIsBack(clientId, myCode, mine.codeVerifier)
      assert.strictEqual(person?.organizationId, organization)
      assert.deepStrictEqual(
        person,
        yield* Effect.promise(() => theirs.whoIsBack(workos, clientId, otherCode, other.codeVerifier))
      )
      assert.isUndefined(yield* ours.whoIsBack(clientId, myCode, mine.codeVerifier))
      assert.isUndefined(yield* Effect.promise(() => theirs.whoIsBack(workos, clientId, otherCode, other.codeVerifier)))
    })
  )

  it.effect("The SDK and Effect return the same events", () =>
    Effect.gen(function* () {
      const workos = yield* Sdk
      const happened = yield* ours.activations
      assert.lengthOf(happened, 20)
      assert.deepStrictEqual(happened, yield* Effect.promise(() => theirs.activations(workos)))
    })
  )

  it.effect("The SDK and Effect decode the same webhook, and reject a webhook with a wrong signature", () =>
    Effect.gen(function* () {
      const workos = yield* Sdk
      const { events } = yield* Store.Store
      const told = events.rows.filter(is("connection.deactivated", "connection.activated")).slice(-20)
      assert.sameMembers(
        [...new Set(told.map(({ event }) => event))],
        ["connection.activated", "connection.deactivated"]
      )
      for (const event of told) {
        const body = JSON.stringify(yield* Schema.encodeEffect(Event)(event))
        const timestamp = yield* Clock.currentTimeMillis
        for (const by of [secret, "whsec_other"]) {
          const signature = yield* WebhookSignature.sign({ body, secret: Redacted.make(by), timestamp })
          const id = yield* ours.deactivated(body, signature, secret)
          assert.strictEqual(id, yield* Effect.promise(() => theirs.deactivated(workos, body, signature, secret)))
          assert.strictEqual(id, by === secret && event.event === "connection.deactivated" ? event.data.id : undefined)
        }
      }
    })
  )
})
