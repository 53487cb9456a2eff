// The HTTP API: statuses, bodies, and access.
import * as Faults from "@effect-workos/emulator/Faults"
import * as Store from "@effect-workos/emulator/Store"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiTest from "effect/http-api/HttpApiTest"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Api } from "../src/Api.ts"
import { aCustomer, layerApi, layerCaller } from "./product.ts"

const caller = HttpApiTest.groups(Api, ["login", "admin"])

it.effect("The API returns the sign-in method of an email address", () =>
  Effect.gen(function* () {
    const { login } = yield* caller
    const { email, id } = yield* aCustomer
    const found = yield* login.signInMethod({ query: { email } })
    assert(found.method === "single-sign-on")
    assert.strictEqual(found.organization, id)
  }).pipe(Effect.provide([layerApi(), layerCaller()]))
)

it.effect("The API lists the connections of a customer only with the administrators' token", () =>
  Effect.gen(function* () {
    const { externalId, id } = yield* aCustomer
    const { connections } = yield* Store.Store
    const request = Effect.flatMap(caller, ({ admin }) => admin.connections({ params: { customerId: externalId } }))
    const listed = yield* Effect.provide(request, layerCaller())
    assert.strictEqual(listed.length, connections.findBy("organizationId", id).length)
    const refused = yield* Effect.flip(Effect.provide(request, layerCaller(Redacted.make("a guess"))))
    assert.strictEqual(refused._tag, "NotAdministrator")
  }).pipe(Effect.provide(layerApi()))
)

/** Returns the status of a request to the API. */
const statusOf = Effect.fnUntraced(function* (path: string, headers?: Readonly<Record<string, string>>) {
  const context = yield* Effect.context<Layer.Success<ReturnType<typeof layerApi>>>()
  const { dispose, handler } = HttpRouter.toWebHandler(
    HttpApiBuilder.layer(Api).pipe(Layer.provide(Layer.succeedContext(context))),
    { disableLogger: true }
  )
  const request = new Request(`http://product.test${path}`, headers === undefined ? {} : { headers })
  const { status } = yield* Effect.promise(() => handler(request))
  yield* Effect.promise(dispose)
  return status
})

const administrator = { authorization: "Bearer the administrators' token" }

it.effect("The API responds with 200, 400, 401, 404 and 503", () =>
  Effect.gen(function* () {
    const faults = yield* Faults.Faults
    const { email, externalId } = yield* aCustomer
    const connections = `/admin/customers/${externalId}/connections`
    assert.strictEqual(yield* statusOf("/sign-in-method?email=ada"), 400)
    assert.strictEqual(yield* statusOf(connections), 401)
    assert.strictEqual(yield* statusOf(connections, administrator), 200)
    assert.strictEqual(yield* statusOf("/admin/customers/unknown/connections", administrator), 404)
    // The wait would exceed the deadline of the call, so the call fails immediately.
    const busy = { kind: "status", status: 429, headers: { "retry-after": "50" } } as const
    const { id } = yield* faults.add(busy)
    assert.strictEqual(yield* statusOf(`/sign-in-method?email=${email}`), 503)
    yield* faults.remove(id)
  }).pipe(Effect.provide(layerApi()))
)

it.effect("The API responds with 500 if the API key is wrong", () =>
  Effect.gen(function* () {
    const { email } = yield* aCustomer
    assert.strictEqual(yield* statusOf(`/sign-in-method?email=${email}`), 500)
  }).pipe(Effect.provide(layerApi(Redacted.make("sk_wrong"))))
)
