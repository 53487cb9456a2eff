// The webhook endpoint on a real socket: responses, and events for its handler.
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import type { Event } from "@effect-workos/domain/events/Event"
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import { createServer, request } from "node:http"
import { vi } from "vitest"
import * as WebhookEndpoint from "../src/WebhookEndpoint.ts"
import { eventText, secret, signed } from "./deliveries.ts"

const path = "/webhooks/workos"

class Seen extends Context.Service<Seen, Array<Event>>()("test/Seen") {}

// The handler requires a service.
const remember = (event: Event) => Effect.map(Seen, (seen) => seen.push(event))

const AsRoute = WebhookEndpoint.layer(path, remember, { secrets: secret, maxBytes: 1000 })

class Webhooks extends HttpApiGroup.make("webhooks").add(WebhookEndpoint.endpoint("workos", path)) {}
class Api extends HttpApi.make("api").add(Webhooks) {}

const AsApi = HttpApiBuilder.layer(Api).pipe(
  Layer.provide(
    HttpApiBuilder.group(
      Api,
      "webhooks",
      Effect.fnUntraced(function* (handlers) {
        const handler = yield* WebhookEndpoint.make(remember, { secrets: secret, maxBytes: 1000 })
        return handlers.handleRaw("workos", ({ request }) => handler(request))
      })
    )
  )
)

interface Received {
  readonly status: number
  readonly body: string
  readonly allow?: string | undefined
}

/** Posts chunks one after the other, and `later` after the response. */
const post = (
  chunks: Iterable<Uint8Array | string>,
  headers: Readonly<Record<string, string | ReadonlyArray<string>>>,
  { later, method = "POST" }: { readonly method?: string; readonly later?: string } = {}
): Effect.Effect<Received, Error, HttpServer.HttpServer> =>
  Effect.flatMap(HttpServer.HttpServer, ({ address }) =>
    Effect.callback((resume) => {
      const port = address._tag === "InetAddressV4" ? address.port : 0
      const sent = request({ host: "127.0.0.1", port, path, method })
      for (const [name, value] of Object.entries(headers)) sent.setHeader(name, value)
      sent.on("error", (error) => resume(Effect.fail(error)))
      sent.on("response", (response) => {
        let body = ""
        response.setEncoding("utf8")
        response.on("data", (chunk: string) => (body += chunk))
        response.on("end", () => {
          sent.end(later)
          resume(Effect.succeed({ status: response.statusCode ?? 0, body, allow: response.headers.allow }))
        })
      })
      sent.setHeader("connection", "close")
      sent.flushHeaders()
      for (const chunk of chunks) sent.write(chunk)
      if (later === undefined) sent.end()
    })
  )

const deliver = ({ body, signature }: { readonly body: Uint8Array; readonly signature: string }) =>
  post([body], { "content-type": "application/json", "workos-signature": signature })

const errorIn = ({ body }: Received): unknown => JSON.parse(body).error

/** Runs a program while a server serves the routes. Logs are discarded unless a logger is given. */
const served = <A, E, RE, R>(
  effect: Effect.Effect<A, E, HttpServer.HttpServer | Seen>,
  routes: Layer.Layer<never, RE, R>,
  logger: Logger.Logger<unknown, void> = Logger.make(() => undefined)
) =>
  Effect.provide(
    effect,
    HttpRouter.serve(routes, { disableLogger: true, disableListenLog: true }).pipe(
      Layer.provideMerge(Layer.sync(Seen, () => [])),
      Layer.provideMerge(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" })),
      Layer.provide(Logger.layer([logger]))
    )
  )

describe.each([
  ["a route", AsRoute],
  ["an endpoint of an HttpApi", AsApi]
] as const)("the endpoint as %s", (name, routes) => {
  it.effect(`The endpoint as ${name} responds with 200 and passes the event to the handler`, () =>
    served(
      Effect.gen(function* () {
        assert.deepInclude(yield* deliver(yield* signed(eventText())), { status: 200, body: "" })
        const seen = yield* Seen
        assert.deepStrictEqual(
          seen.map(({ event }) => event),
          ["dsync.group.created"]
        )
      }),
      routes
    )
  )

  it.effect(`The endpoint as ${name} rejects an invalid signature with the reason`, () =>
    served(
      Effect.gen(function* () {
        const { body, signature } = yield* signed(eventText())
        const response = yield* deliver({ body: body.slice(1), signature })
        assert.strictEqual(response.status, 400)
        assert.strictEqual(errorIn(response), "WrongSignature")
        assert.deepStrictEqual(yield* Seen, [])
      }),
      routes
    )
  )
})

describe("WebhookEndpoint", () => {
  it.effect("WebhookEndpoint responds with 400 and a distinct error for each problem", () =>
    served(
      Effect.gen(function* () {
        const { body, signature } = yield* signed(eventText())
        const notEvent = yield* signed(`{"object":"event"}`)
        const old = yield* signed(eventText(), { timestamp: 180_001 })
        const responses = {
          MissingSignature: yield* post([body], {}),
          DuplicateSignature: yield* post([body], { "workos-signature": [signature, signature] }),
          TruncatedSignature: yield* deliver({ body, signature: signature.slice(0, -1) }),
          MalformedSignature: yield* deliver({ body, signature: `${signature}0` }),
          FutureSignature: yield* deliver(old),
          InvalidEvent: yield* deliver(notEvent)
        }
        for (const [error, response] of Object.entries(responses)) {
          assert.strictEqual(errorIn(response), error)
          assert.strictEqual(response.status, 400, error)
        }
        assert.deepStrictEqual(yield* Seen, [])
      }),
      AsRoute
    )
  )

  it.effect("WebhookEndpoint never parses an unverified body", () =>
    served(
      Effect.gen(function* () {
        const { signature } = yield* signed("{}")
        const parse = vi.spyOn(JSON, "parse")
        yield* Effect.ensuring(
          Effect.gen(function* () {
            const response = yield* deliver({ body: new TextEncoder().encode(eventText()), signature })
            assert.strictEqual(response.status, 400)
            assert.strictEqual(parse.mock.calls.length, 0)
          }),
          Effect.sync(() => parse.mockRestore())
        )
      }),
      AsRoute
    )
  )

  it.effect("WebhookEndpoint rejects an invalid header before the body arrives", () =>
    served(
      Effect.gen(function* () {
        const { signature } = yield* signed("", { timestamp: 180_001 })
        for (const [error, headers] of Object.entries({
          MissingSignature: {},
          MalformedSignature: { "workos-signature": "none" },
          FutureSignature: { "workos-signature": signature }
        })) {
          const response = yield* post([], { ...headers, "content-length": "100" }, { later: " ".repeat(100) })
          assert.deepInclude({ ...response, error: errorIn(response) }, { status: 400, error })
        }
      }),
      AsRoute
    )
  )

  it.effect("WebhookEndpoint responds with 413 to a large Content-Length before the body arrives", () =>
    served(
      Effect.gen(function* () {
        const { signature } = yield* signed("")
        const response = yield* post(
          [],
          { "workos-signature": signature, "content-length": "1001" },
          { later: " ".repeat(1001) }
        )
        assert.deepInclude({ ...response, error: errorIn(response) }, { status: 413, error: "BodyTooLarge" })
      }),
      AsRoute
    )
  )

  it.effect("WebhookEndpoint responds with 413 as soon as a body without Content-Length is too large", () =>
    served(
      Effect.gen(function* () {
        const { signature } = yield* signed("")
        const response = yield* post(
          Array.from({ length: 11 }, () => " ".repeat(100)),
          { "workos-signature": signature, "transfer-encoding": "chunked" }
        )
        assert.deepInclude({ ...response, error: errorIn(response) }, { status: 413, error: "BodyTooLarge" })
      }),
      AsRoute
    )
  )

  it.effect("WebhookEndpoint reads a body in chunks", () =>
    served(
      Effect.gen(function* () {
        const { body, signature } = yield* signed(eventText())
        const bytes = Array.from(body, (byte) => Uint8Array.of(byte))
        assert.strictEqual((yield* post(bytes, { "workos-signature": signature })).status, 200)
      }),
      AsRoute
    )
  )

  it.effect("WebhookEndpoint responds with 405 to other methods and 415 to other content types", () =>
    served(
      Effect.gen(function* () {
        assert.deepInclude(yield* post([], {}, { method: "GET" }), { status: 405, allow: "POST" })
        const { body, signature } = yield* signed(eventText())
        const headers = { "workos-signature": signature }
        assert.strictEqual((yield* post([body], { ...headers, "content-type": "text/plain" })).status, 415)
        const json = "application/json; charset=utf-8"
        assert.strictEqual((yield* post([body], { ...headers, "content-type": json })).status, 200)
      }),
      AsRoute
    )
  )

  it.effect("WebhookEndpoint responds with 200 to a handled delivery without a second run of the handler", () =>
    served(
      Effect.gen(function* () {
        const delivery = yield* signed(eventText())
        yield* deliver(delivery)
        assert.strictEqual((yield* deliver(delivery)).status, 200)
        assert.strictEqual((yield* Seen).length, 1)
      }),
      AsRoute
    )
  )

  it.effect("WebhookEndpoint responds with 409 to a delivery that is being handled", () =>
    Effect.gen(function* () {
      const started = yield* Deferred.make<void>()
      const done = yield* Deferred.make<void>()
      const slow = WebhookEndpoint.layer(
        path,
        () => Effect.andThen(Deferred.succeed(started, undefined), Deferred.await(done)),
        { secrets: secret }
      )
      yield* served(
        Effect.gen(function* () {
          const delivery = yield* signed(eventText())
          const first = yield* Effect.forkChild(deliver(delivery))
          yield* Deferred.await(started)
          assert.strictEqual((yield* deliver(delivery)).status, 409)
          yield* Deferred.succeed(done, undefined)
          assert.strictEqual((yield* Fiber.join(first)).status, 200)
        }),
        slow
      )
    })
  )

  it.effect(
    "WebhookEndpoint responds with 500 if the handler fails, logs only the cause, and accepts the delivery again",
    () =>
      Effect.gen(function* () {
        const logs: Array<string> = []
        let failures = 0
        const failing = WebhookEndpoint.layer(
          path,
          () => (failures++ === 0 ? Effect.fail("confidential") : Effect.void),
          { secrets: secret }
        )
        yield* served(
          Effect.gen(function* () {
            const delivery = yield* signed(eventText())
            const response = yield* deliver(delivery)
            assert.strictEqual(response.status, 500)
            assert.notInclude(response.body, "confidential")
            assert.strictEqual((yield* deliver(delivery)).status, 200)
          }),
          failing,
          Logger.make(({ cause, message }) => void logs.push(`${String(message)} ${Cause.pretty(cause)}`))
        )
        assert.include(logs.join("\n"), "confidential")
      })
  )

  it.effect("WebhookEndpoint responds with 500 and logs if the handler interrupts itself", () =>
    Effect.gen(function* () {
      const logs: Array<string> = []
      const joining = WebhookEndpoint.layer(
        path,
        () => Effect.flatMap(Effect.forkChild(Effect.interrupt), Fiber.join),
        { secrets: secret }
      )
      yield* served(
        Effect.gen(function* () {
          const response = yield* deliver(yield* signed(eventText()))
          assert.deepInclude({ ...response, error: errorIn(response) }, { status: 500, error: "HandlerFailed" })
        }),
        joining,
        Logger.make(({ message }) => void logs.push(String(message)))
      )
      assert.include(logs.join("\n"), "The webhook handler failed")
    })
  )

  it.effect("WebhookEndpoint completes and records the handler if the sender disconnects", () =>
    Effect.gen(function* () {
      const started = yield* Deferred.make<void>()
      const done = yield* Deferred.make<void>()
      let ended = 0
      const slow = Effect.gen(function* () {
        yield* Deferred.succeed(started, undefined)
        yield* Deferred.await(done)
        ended++
      })
      const handler = yield* WebhookEndpoint.make(() => slow, { secrets: secret })
      const { body, signature } = yield* signed(eventText())
      const sent = () =>
        HttpServerRequest.fromWeb(
          new Request("http://localhost", {
            method: "POST",
            body: Uint8Array.from(body),
            headers: { "workos-signature": signature }
          })
        )
      const first = yield* Effect.forkChild(handler(sent()))
      yield* Deferred.await(started)
      first.interruptUnsafe()
      yield* Deferred.succeed(done, undefined)
      yield* Fiber.await(first)
      assert.strictEqual(ended, 1)
      assert.strictEqual((yield* handler(sent())).status, 200)
      assert.strictEqual(ended, 1)
    })
  )

  it.effect("WebhookEndpoint reads secrets from the environment if options have none", () =>
    served(
      Effect.gen(function* () {
        for (const by of ["old", "new"]) {
          const delivery = yield* signed(eventText(), { by: Redacted.make(by) })
          assert.strictEqual((yield* deliver(delivery)).status, 200, by)
        }
        assert.strictEqual((yield* deliver(yield* signed(eventText(), { by: Redacted.make("other") }))).status, 400)
        const delivery = yield* signed(eventText(), { by: Redacted.make("new"), timestamp: 1001 })
        assert.strictEqual((yield* deliver(delivery)).status, 400)
      }),
      configured({ WORKOS_WEBHOOK_SECRET: "old, new", WORKOS_WEBHOOK_TOLERANCE: "1 second" })
    )
  )

  it.effect.each([
    ["a missing secret", {}],
    ["an empty secret", { WORKOS_WEBHOOK_SECRET: "" }],
    ["an empty secret among others", { WORKOS_WEBHOOK_SECRET: "old," }],
    ["a tolerance of zero", { WORKOS_WEBHOOK_SECRET: "old", WORKOS_WEBHOOK_TOLERANCE: "0 seconds" }],
    ["an infinite tolerance", { WORKOS_WEBHOOK_SECRET: "old", WORKOS_WEBHOOK_TOLERANCE: "Infinity" }]
  ] as const)("WebhookEndpoint does not start with %s", ([, env]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(served(Effect.void, configured(env)))
      assert.include(String(error), "ConfigError")
      assert.notInclude(String(error), "old")
    })
  )
})

const configured = (env: Readonly<Record<string, string>>) =>
  WebhookEndpoint.layer(path, remember).pipe(Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(env))))
