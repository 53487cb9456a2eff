// The service of customers, also during outages of WorkOS.
import * as Faults from "@effect-workos/emulator/Faults"
import * as Admin from "@effect-workos/emulator/Admin"
import * as Store from "@effect-workos/emulator/Store"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { Customers } from "../src/Customers.ts"
import { aCustomer, layerCustomers } from "./product.ts"

it.effect("An email address in a customer's domain signs in through the customer's active connection", () =>
  Effect.gen(function* () {
    const customers = yield* Customers
    const { connections } = yield* Store.Store
    const { email, id } = yield* aCustomer
    const types = connections
      .findBy("organizationId", id)
      .flatMap(({ connectionType, state }) => (state === "active" ? [connectionType] : []))
    const found = yield* customers.signInMethod(email.toUpperCase())
    assert(found.method === "single-sign-on")
    assert.strictEqual(found.organization, id)
    assert.include(types, found.connectionType)
  }).pipe(Effect.provide(layerCustomers()))
)

it.effect("All other email addresses sign in with a password", () =>
  Effect.gen(function* () {
    const customers = yield* Customers
    const { domain, email, id } = yield* aCustomer
    assert.deepStrictEqual(yield* customers.signInMethod("ada@unknown.example"), { method: "password" })
    yield* Admin.setDomainState(domain.id, "pending")
    assert.deepStrictEqual(yield* customers.signInMethod(email), { method: "password" })
    yield* Admin.setDomainState(domain.id, "verified")
    const { connections } = yield* Store.Store
    for (const connection of connections.findBy("organizationId", id)) {
      yield* Admin.setConnectionState(connection.id, "inactive")
    }
    assert.deepStrictEqual(yield* customers.signInMethod(email), { method: "password" })
  }).pipe(Effect.provide(layerCustomers()))
)

it.effect("The connections of a customer are the connections of its organization", () =>
  Effect.gen(function* () {
    const customers = yield* Customers
    const { connections } = yield* Store.Store
    const { externalId, id } = yield* aCustomer
    const ids = (yield* customers.connections(externalId)).map((connection) => connection.id)
    assert.sameMembers(
      ids,
      connections.findBy("organizationId", id).map((connection) => connection.id)
    )
    assert.strictEqual((yield* Effect.flip(customers.connections("unknown")))._tag, "UnknownCustomer")
  }).pipe(Effect.provide(layerCustomers()))
)

it.effect("A short outage of WorkOS does not fail a request", () =>
  Effect.gen(function* () {
    const customers = yield* Customers
    const { email } = yield* aCustomer
    yield* (yield* Faults.Faults).add({ kind: "status", status: 503, times: 2 })
    const fiber = yield* Effect.forkChild(customers.signInMethod(email))
    yield* TestClock.adjust("1 second")
    assert.strictEqual((yield* Fiber.join(fiber)).method, "single-sign-on")
  }).pipe(Effect.provide(layerCustomers()))
)

it.effect("A request fails with Unavailable after five seconds without a response from WorkOS", () =>
  Effect.gen(function* () {
    const customers = yield* Customers
    const { email } = yield* aCustomer
    yield* (yield* Faults.Faults).add({ kind: "stall" })
    const fiber = yield* Effect.forkChild(Effect.flip(customers.signInMethod(email)))
    yield* TestClock.adjust("5 seconds")
    assert.strictEqual((yield* Fiber.join(fiber))._tag, "Unavailable")
  }).pipe(Effect.provide(layerCustomers()))
)

it.effect("A wrong API key causes a defect that names the error", () =>
  Effect.gen(function* () {
    const customers = yield* Customers
    const { email } = yield* aCustomer
    const defect = yield* Effect.flip(Effect.sandbox(customers.signInMethod(email)))
    assert.include(String(defect), "Unauthorized")
  }).pipe(Effect.provide(layerCustomers(Redacted.make("sk_wrong"))))
)
