// Resources that the library does not describe: the client and the server derive from one record.
import { assert, describe, it } from "@effect/vitest"
import * as ApiError from "@effect-workos/domain/ApiError"
import { ApiKey } from "@effect-workos/domain/ApiKey"
import * as Endpoint from "@effect-workos/domain/Endpoint"
import * as HttpApiFrom from "@effect-workos/domain/HttpApiFrom"
import * as Id from "@effect-workos/domain/Id"
import * as Lazy from "@effect-workos/domain/Lazy"
import * as Pagination from "@effect-workos/domain/Pagination"
import * as Resource from "@effect-workos/domain/Resource"
import * as resources from "@effect-workos/domain/resources"
import * as Wire from "@effect-workos/domain/Wire"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import * as Client from "../src/Client.ts"
import type { ClientError, CursorRepeated } from "../src/ClientError.ts"
import { RateLimit } from "../src/RateLimit.ts"
import { WorkOs } from "../src/WorkOs.ts"
import * as WorkOsConfig from "../src/WorkOsConfig.ts"
import { server } from "./scripted-server.ts"

const UserId = Id.make("user").pipe(Schema.brand("UserId"))
const SessionId = Id.make("session")

class Session extends Schema.Opaque<Session>()(
  Wire.Struct(() => ({ id: SessionId, startedAt: Schema.FiniteFromString }))
) {}

class Flag extends Schema.Opaque<Flag>()(Wire.Struct(() => ({ text: Schema.String, isOn: Schema.Boolean }))) {}

class SetFlag extends Schema.Opaque<SetFlag>()(
  Wire.Struct(() => ({
    isOn: Schema.Boolean,
    sharedSecret: Schema.optionalKey(Schema.RedactedFromValue(Schema.String))
  }))
) {}

const users = Resource.make("users", {
  /** Returns a page of the sessions of a user. */
  listSessions: Endpoint.get("/users/:user_id/sessions", {
    summary: "List sessions",
    params: { user_id: UserId },
    query: Wire.Struct(() => ({ ...Pagination.query("session"), isActive: Schema.optional(Schema.Boolean) })),
    item: Session
  }),
  /** Returns a flag. */
  getFlag: Endpoint.get("/organizations/:organization_id/flags/:slug", {
    summary: "Get a flag",
    // Not in the order of the path: the order of the path counts.
    params: { slug: Schema.String, organization_id: Schema.String },
    success: Flag,
    errors: [ApiError.NotFound]
  }),
  /** Sets a flag. */
  setFlag: Endpoint.put("/flags/:slug", {
    summary: "Set a flag",
    params: { slug: Schema.String },
    query: Wire.Struct(() => ({ dryRun: Schema.optional(Schema.Boolean) })),
    headers: Schema.Struct({ "idempotency-key": Schema.optional(Schema.String) }),
    payload: SetFlag,
    success: Flag,
    errors: [ApiError.UnprocessableEntity]
  }),
  /** Deletes all flags. */
  deleteFlags: Endpoint.delete("/flags", { summary: "Delete all flags", errors: [ApiError.Conflict] }),
  /** Redirects the browser. */
  leave: Endpoint.get("/leave", { summary: "Leave", access: "public", browser: true, status: 200 })
})

class Users extends Client.Service<Users>()("test/Users", users) {}

const Api = HttpApiFrom.api("test", { users })

const sessions = Array.from({ length: 250 }, (_, index) => ({ id: `session_${index + 1}`, startedAt: index }))

const Handlers = HttpApiBuilder.group(Api, "users", (handlers) =>
  handlers
    .handle("listSessions", ({ params, query: { after, limit = 10 } }) => {
      const start = sessions.findIndex(({ id }) => id === after) + 1
      const data = params.user_id === "user_1" ? sessions.slice(start, start + limit) : []
      const next = start + limit < sessions.length ? (data.at(-1)?.id ?? null) : null
      return Effect.succeed({ object: "list", data, listMetadata: { before: null, after: next } } as const)
    })
    .handle("getFlag", ({ params }) =>
      params.slug === "missing"
        ? Effect.fail(new ApiError.NotFound({ message: "No such flag." }))
        : Effect.succeed({ text: `${params.organization_id} ${params.slug}`, isOn: true })
    )
    .handle("setFlag", ({ headers, params, payload, query }) =>
      payload.sharedSecret === undefined
        ? Effect.succeed({
            text: [params.slug, String(query.dryRun), headers["idempotency-key"]].join(" "),
            isOn: payload.isOn
          })
        : Effect.fail(
            new ApiError.UnprocessableEntity({ message: `'${Redacted.value(payload.sharedSecret)}' is not accepted.` })
          )
    )
    .handle("deleteFlags", () => Effect.fail(new ApiError.Conflict({ message: "Flags are in use." })))
    .handle("leave", () => Effect.void)
)

const { handler } = HttpRouter.toWebHandler(
  HttpApiBuilder.layer(Api).pipe(
    Layer.provide(Handlers),
    Layer.provide(Layer.succeed(ApiKey, ApiKey.of({ bearer: (handler) => handler }))),
    Layer.provide(HttpServer.layerServices)
  ),
  { disableLogger: true }
)

const layerUsers = Users.layer.pipe(
  Layer.provide(WorkOsConfig.layer({ apiKey: Redacted.make("sk_test_key"), rateLimit: "unlimited" })),
  Layer.provide(FetchHttpClient.layer),
  Layer.provide(Layer.succeed(FetchHttpClient.Fetch, (input, init) => handler(new Request(input, init))))
)

describe("resources described by a program", () => {
  it.effect("A described resource has nested lists that stream rows and pages, decoded and encoded", () =>
    Effect.gen(function* () {
      const { listSessions } = yield* Users
      assert.strictEqual(yield* Stream.runCount(listSessions.stream("user_1")), 250)
      assert.strictEqual(yield* Stream.runCount(listSessions.pages("user_1", { pageSize: 50 })), 5)
      assert.strictEqual(yield* Stream.runCount(listSessions.stream("user_2")), 0)
      assert.deepStrictEqual((yield* listSessions("user_1", { limit: 1 })).data, [{ id: "session_1", startedAt: 0 }])
      const [encoded] = yield* Stream.runCollect(Stream.take(listSessions.encoded.stream("user_1"), 1))
      assert.deepStrictEqual(encoded, { id: "session_1", started_at: "0" })
    }).pipe(Effect.provide(layerUsers))
  )

  it.effect("A method takes path parameters in the order of the path and escapes them", () =>
    Effect.gen(function* () {
      const { getFlag } = yield* Users
      assert.deepStrictEqual(yield* getFlag("a/b c", "d?e"), { text: "a/b c d?e", isOn: true })
      assert.deepStrictEqual(yield* getFlag.encoded("a", "b"), { text: "a b", is_on: true })
      assert.strictEqual((yield* Effect.flip(getFlag("a", "missing")))._tag, "NotFound")
    }).pipe(Effect.provide(layerUsers))
  )

  it.effect("A method sends query, headers and payload from one object of options", () =>
    Effect.gen(function* () {
      const { setFlag } = yield* Users
      const flag = yield* setFlag("beta", { isOn: false, dryRun: true, "idempotency-key": "key_1" })
      assert.deepStrictEqual(flag, { text: "beta true key_1", isOn: false })
    }).pipe(Effect.provide(layerUsers))
  )

  it.effect("A method redacts the secrets of its request in its errors", () =>
    Effect.gen(function* () {
      const { setFlag } = yield* Users
      const error = yield* Effect.flip(setFlag("beta", { isOn: true, sharedSecret: Redacted.make("tomato soup") }))
      assert.deepStrictEqual([error._tag, error.message], ["UnprocessableEntity", "'‹redacted›' is not accepted."])
    }).pipe(Effect.provide(layerUsers))
  )

  it.effect("A described resource has no method for an endpoint that browsers open", () =>
    Effect.gen(function* () {
      assert.hasAllKeys(yield* Users, ["listSessions", "getFlag", "setFlag", "deleteFlags"])
    }).pipe(Effect.provide(layerUsers))
  )
})

describe("requests of described endpoints", () => {
  const tokens = Resource.make("tokens", {
    get: Endpoint.get("/tokens/:token/uses/:use", {
      summary: "Get a use",
      params: { token: Schema.RedactedFromValue(Schema.String), use: Schema.String },
      success: Flag,
      errors: [ApiError.NotFound]
    }),
    delete: Endpoint.delete("/tokens/:token", {
      summary: "Delete a token",
      params: { token: Schema.String },
      success: Flag,
      errors: [ApiError.NotFound]
    }),
    rotate: Endpoint.put("/tokens/:token", {
      summary: "Rotate a token",
      params: { token: Schema.String },
      success: Flag,
      retryUnsafe: true
    }),
    redeem: Endpoint.post("/tokens", {
      summary: "Redeem a token",
      headers: Schema.Struct({ "idempotency-key": Schema.optional(Schema.String) }),
      success: Flag,
      retryUnsafe: true
    })
  })

  class Tokens extends Client.Service<Tokens>()("test/Tokens", tokens) {}

  const over = (scripted: ReturnType<typeof server>) =>
    Effect.provide(
      Layer.fresh(Tokens.layer).pipe(
        Layer.provide(WorkOsConfig.layer({ apiKey: Redacted.make("sk_test_key"), rateLimit: "unlimited" })),
        Layer.provide(Layer.succeed(HttpClient.HttpClient, scripted.client))
      )
    )

  const expected = "Expected a path segment: not empty, . or .."

  it.effect.each(["", ".", ".."])(
    "A request is not sent for the path parameter %j, which would lead to another path",
    (text) =>
      Effect.gen(function* () {
        const scripted = server([{ status: 200 }])
        yield* Effect.gen(function* () {
          const tokens = yield* Tokens
          const deleted = yield* Effect.flip(tokens.delete(text))
          assert.deepStrictEqual(
            [deleted._tag, deleted.message],
            ["InvalidRequest", `tokens.delete: token: ${expected}`]
          )
          const read = yield* Effect.flip(tokens.get(Redacted.make("a"), text))
          assert.deepStrictEqual([read._tag, read.message], ["InvalidRequest", `tokens.get: use: ${expected}`])
        }).pipe(over(scripted))
        assert.lengthOf(scripted.received, 0)
      })
  )

  it.effect("An error does not quote a secret from the path of its request", () =>
    Effect.gen(function* () {
      const tokens = yield* Tokens
      const error = yield* Effect.flip(tokens.get(Redacted.make("tomato soup"), "first"))
      assert.deepStrictEqual([error._tag, error.message], ["NotFound", "There is no '‹redacted›'."])
    }).pipe(over(server([{ status: 404, body: JSON.stringify({ message: "There is no 'tomato soup'." }) }])))
  )

  it.effect("A retried deletion whose success has a body fails with NotFound", () =>
    Effect.gen(function* () {
      const { delete: remove } = yield* Tokens
      const call = yield* Effect.forkChild(Effect.flip(remove("a")))
      yield* TestClock.adjust("1 minute")
      const error = yield* Fiber.join(call)
      assert.deepStrictEqual([error._tag, "attempts" in error && error.attempts], ["NotFound", 2])
    }).pipe(over(server([{ status: 500 }, { status: 404 }])))
  )

  it.effect("An unsafe request that may have been applied is not retried, with any method and headers", () =>
    Effect.gen(function* () {
      const scripted = server(["reset"])
      yield* Effect.gen(function* () {
        const tokens = yield* Tokens
        assert.strictEqual((yield* Effect.flip(tokens.rotate("a")))._tag, "TransportError")
        assert.strictEqual((yield* Effect.flip(tokens.redeem({ "idempotency-key": "key_1" })))._tag, "TransportError")
      }).pipe(over(scripted))
      assert.lengthOf(scripted.received, 2)
    })
  )
})

describe("services of one program", () => {
  it.effect("All services share one concurrency limit, including services of described resources", () =>
    Effect.gen(function* () {
      const scripted = server([{ status: 200, after: 1_000 }])
      const layer = Layer.mergeAll(WorkOs.layerNoDeps, Users.layerNoDeps).pipe(
        Layer.provideMerge(RateLimit.layer),
        Layer.provide(WorkOsConfig.layer({ apiKey: Redacted.make("sk_test_key"), maxConcurrency: 1 })),
        Layer.provide(Layer.succeed(HttpClient.HttpClient, scripted.client))
      )
      const { users, workos } = yield* Effect.all({ users: Users, workos: WorkOs }).pipe(
        Effect.provide(Layer.fresh(layer))
      )
      const calls = yield* Effect.forkChild(
        Effect.all([workos.organizations.delete("org_1"), users.deleteFlags()], { concurrency: "unbounded" })
      )
      yield* TestClock.adjust("1 second")
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(calls)
      assert.deepStrictEqual(
        scripted.received.map(({ time }) => time),
        [0, 1_000]
      )
    })
  )
})

describe("resources of the library", () => {
  it("All resources are exported under their names", () => {
    assert.deepStrictEqual(
      Object.values(resources).map(({ name }) => name),
      Object.keys(resources)
    )
  })

  it.effect("`WorkOs` has a method for every operation, and `stream` and `pages` of every `list`", () =>
    Effect.gen(function* () {
      const workos = yield* WorkOs
      for (const { endpoints, name } of Object.values<Resource.Resource>(resources)) {
        const client: unknown = Reflect.get(workos, name)
        for (const [method, { browser }] of Object.entries(endpoints)) {
          if (browser !== true) assert.isFunction(Reflect.get(Object(client), method), `${name}.${method}`)
        }
        if (endpoints["list"]?.item !== undefined) assert.containsAllKeys(Object(client), ["stream", "pages"])
      }
    }).pipe(
      Effect.provide(WorkOs.layer({ apiKey: Redacted.make("sk_test_key") }).pipe(Layer.provide(FetchHttpClient.layer)))
    )
  )
})

describe("layers of clients", () => {
  it.effect("A client uses no schema of an endpoint before the method of the endpoint is first called", () =>
    Effect.gen(function* () {
      const used = new Set<string>()
      const watched = (name: string, schema: Endpoint.AnySchema): Endpoint.AnySchema =>
        Lazy.schema(() => {
          used.add(name)
          return schema
        })
      const watchedEndpoint = (name: string, endpoint: Endpoint.Endpoint): Endpoint.Endpoint => ({
        ...endpoint,
        ...(endpoint.params === undefined
          ? {}
          : {
              params: Object.fromEntries(
                Object.entries(endpoint.params).map(([key, schema]) => [key, watched(name, schema)])
              )
            }),
        ...(endpoint.query === undefined ? {} : { query: watched(name, endpoint.query) }),
        ...(endpoint.payload === undefined ? {} : { payload: watched(name, endpoint.payload) }),
        ...(endpoint.success === undefined ? {} : { success: watched(name, endpoint.success) }),
        ...(endpoint.item === undefined ? {} : { item: watched(name, endpoint.item) })
      })
      for (const resource of [users, ...Object.values(resources)]) {
        const endpoints = Object.fromEntries(
          Object.entries(resource.endpoints).map(([name, endpoint]) => [
            name,
            watchedEndpoint(`${resource.name}.${name}`, endpoint)
          ])
        )
        class Watched extends Client.Service<Watched>()(
          `test/${resource.name}`,
          Resource.make(resource.name, endpoints)
        ) {}
        yield* Layer.build(
          Watched.layer.pipe(
            Layer.provide(WorkOsConfig.layer({ apiKey: Redacted.make("sk_test_key") })),
            Layer.provide(FetchHttpClient.layer)
          )
        )
      }
      assert.deepStrictEqual([...used], [])
    }).pipe(Effect.scoped)
  )
})

// -----------------------------------------------------------------------------
// Types, which the compiler checks
// -----------------------------------------------------------------------------

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const is = <_T extends true>() => {}

type C = Client.Client<typeof resources.connections.endpoints>
type D = Client.Client<typeof resources.organizationDomains.endpoints>
type S = Client.Client<typeof resources.sso.endpoints>
type U = Client.Client<typeof users.endpoints>
type Common = ClientError | ApiError.Unauthorized | ApiError.TooManyRequests

is<Equal<Parameters<C["get"]>, [id: string]>>()
is<Equal<Effect.Error<ReturnType<C["get"]>>, Common | ApiError.NotFound | ApiError.Forbidden>>()
is<Equal<Effect.Error<ReturnType<C["get"]>>, Client.Error<typeof resources.connections, "get">>>()
is<
  Equal<
    ReturnType<C["get"]["encoded"]>,
    Effect.Effect<EncodedConnection, Client.Error<typeof resources.connections, "get">>
  >
>()
is<Equal<C["stream"], C["list"]["stream"]>>()
is<
  Equal<
    Stream.Error<ReturnType<C["stream"]>>,
    CursorRepeated | Common | ApiError.Forbidden | ApiError.UnprocessableEntity
  >
>()
is<Equal<ReturnType<D["delete"]>, Effect.Effect<void, Common | ApiError.NotFound>>>()
is<Equal<Parameters<S["profile"]>, [accessToken: Redacted.Redacted]>>()
is<Equal<Effect.Error<ReturnType<S["jwks"]>>, ClientError | ApiError.NotFound | ApiError.TooManyRequests>>()
is<Equal<Parameters<U["getFlag"]>, [organizationId: string, slug: string]>>()
is<Equal<Parameters<U["deleteFlags"]>, []>>()

type EncodedConnection = (typeof resources.connections.endpoints.get.success)["Encoded"]

declare const client: U & D & S
export const calls = () => [
  client.listSessions.stream("user_1", { isActive: true, pageSize: 20 }),
  // @ts-expect-error a stream has no limit
  client.listSessions.stream("user_1", { limit: 20 }),
  // @ts-expect-error a method without a body has no encoded form
  client.deleteFlags.encoded,
  // @ts-expect-error browsers open this endpoint
  client.leave,
  // @ts-expect-error the path names a parameter that has no schema
  Endpoint.get("/a/:b", { summary: "A", success: Session }),
  // @ts-expect-error the path names another parameter
  Endpoint.get("/a/:b", { summary: "A", params: { c: Schema.String }, success: Session })
]
