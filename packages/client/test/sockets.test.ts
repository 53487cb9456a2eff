// Faulty servers on real sockets, over `fetch` and undici.
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Socket } from "node:net"
import { inspect } from "node:util"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import { WorkOs } from "../src/WorkOs.ts"
import { middleRandom } from "./random.ts"
import { platforms } from "./platforms.ts"
import * as sample from "./samples.ts"
import { serve } from "./http-server.ts"

const key = "sk_test_never_to_be_seen"
const { id } = sample

const textOf = async (request: IncomingMessage): Promise<string> => {
  let text = ""
  for await (const chunk of request) text += String(chunk)
  return text
}

const json = (response: ServerResponse, status: number, body: unknown) => {
  response.writeHead(status, { "content-type": "application/json", "x-request-id": "req_1" })
  response.end(JSON.stringify(body))
}

const html = (response: ServerResponse, status: number) => {
  response.writeHead(status, { "content-type": "text/html; charset=utf-8" })
  response.end("<!doctype html><title>Welcome</title>")
}

const later = (millis: number) => Effect.promise(() => new Promise((resolve) => setTimeout(resolve, millis)))

/** The policy of calls that wait for as long as the test may take. */
const until = (condition: () => boolean): Effect.Effect<void> =>
  Effect.suspend(() => (condition() ? Effect.void : Effect.andThen(later(5), until(condition))))

const list = (workos: WorkOs["Service"]) => workos.connections.list()
const remove = (workos: WorkOs["Service"]) => workos.connections.delete(id)
const create = (workos: WorkOs["Service"]) =>
  workos.connections.create({
    organizationId: "org_01EHWNCE74X7JSDV0X3SZ3KJNY",
    oidcOptions: { discoveryEndpoint: "https://idp.example.com", clientId: "0oa1", clientSecret: Redacted.make(key) }
  })

describe.each(platforms)("over $name", ({ layer: layerPlatform, name: platform }) => {
  const withClient = <A, E>(
    baseUrl: URL,
    use: (workos: WorkOs["Service"]) => Effect.Effect<A, E>,
    policy: RetryPolicy.Policy = RetryPolicy.none
  ) =>
    WorkOs.use(use).pipe(
      Effect.provideService(RetryPolicy.RetryPolicy, policy),
      Effect.provide(WorkOs.layer({ apiKey: Redacted.make(key), baseUrl }).pipe(Layer.provide(layerPlatform)))
    )

  it.effect(`A successful response is decoded over ${platform}`, () =>
    Effect.gen(function* () {
      const server = yield* serve((request, response) =>
        json(response, 200, request.url?.startsWith("/connections/") ? sample.connection : sample.page)
      )
      const connection = yield* withClient(server, (workos) => workos.connections.get(id))
      assert.strictEqual(connection.name, "Foo Corp")
      assert.lengthOf((yield* withClient(server, list)).data, 1)
      yield* withClient(server, (workos) => workos.connections.delete(id))
    })
  )

  it.effect(`A deletion over ${platform} succeeds with 204 and with 200`, () =>
    Effect.gen(function* () {
      const server = yield* serve((_, response) => response.writeHead(204).end())
      yield* withClient(server, (workos) => workos.connections.delete(id))
    })
  )

  it.effect.each([201, 200])(`A creation over ${platform} is sent as JSON, and succeeds with %d`, (status) =>
    Effect.gen(function* () {
      const received: Array<unknown> = []
      const server = yield* serve((request, response) => {
        void textOf(request).then((text) => {
          received.push([request.method, request.url, request.headers["content-type"], JSON.parse(text)])
          json(response, status, { ...sample.connection, external_id: null })
        })
      })
      const connection = yield* withClient(server, create)
      assert.strictEqual(connection.id, id)
      assert.isUndefined(connection.externalId)
      assert.deepStrictEqual(received, [
        [
          "POST",
          "/connections",
          "application/json",
          {
            organization_id: "org_01EHWNCE74X7JSDV0X3SZ3KJNY",
            oidc_options: { discovery_endpoint: "https://idp.example.com", client_id: "0oa1", client_secret: key }
          }
        ]
      ])
    })
  )

  it.effect.each([
    { status: 400, tag: "BadRequest" },
    { status: 403, tag: "Forbidden" },
    { status: 404, tag: "NotFound" },
    { status: 409, tag: "Conflict" },
    { status: 422, tag: "UnprocessableEntity" },
    { status: 500, tag: "ServerError" },
    { status: 204, tag: "InvalidResponse" }
  ])(
    `A creation over ${platform} with the response $status fails with $tag, without quoting the request`,
    ({ status, tag }) =>
      Effect.gen(function* () {
        const server = yield* serve((_, response) => json(response, status, { message: "No.", code: "no" }))
        const error = yield* Effect.flip(withClient(server, create))
        assert.strictEqual(error._tag, tag)
        if ("code" in error)
          assert.deepStrictEqual([error.message, error.code, error.requestId], ["No.", "no", "req_1"])
        assert.notInclude(inspect(error, { depth: 10 }) + JSON.stringify(error) + Cause.pretty(Cause.fail(error)), key)
      })
  )

  it.effect(
    `A 429 over ${platform} delays calls without holding a socket, and fails with TooManyRequests if it persists`,
    () =>
      Effect.gen(function* () {
        let served = 0
        const sockets = new Set<Socket>()
        const server = yield* serve((request, response) => {
          served++
          sockets.add(request.socket)
          json(response, 429, { message: "No.", code: "no" })
        })
        const failing = yield* Effect.forkChild(
          Effect.flip(
            withClient(server, create, RetryPolicy.standard).pipe(Effect.provideService(Random.Random, middleRandom))
          )
        )
        for (const [index, pause] of [1, 2, 4, 8].entries()) {
          yield* until(() => served === index + 1)
          yield* later(20)
          yield* TestClock.adjust(Duration.seconds(pause))
        }
        const error = yield* Fiber.join(failing)
        assert.strictEqual(error._tag, "TooManyRequests")
        assert.strictEqual(served, 5)
        // The socket was free for each retry.
        assert.strictEqual(sockets.size, 1)
        if ("code" in error)
          assert.deepStrictEqual([error.message, error.code, error.requestId], ["No.", "no", "req_1"])
        assert.notInclude(inspect(error, { depth: 10 }) + JSON.stringify(error) + Cause.pretty(Cause.fail(error)), key)
      })
  )

  it.effect(`A 429 over ${platform} whose body never ends is disconnected, and delays no other call`, () =>
    Effect.gen(function* () {
      let served = 0
      let closed = 0
      const server = yield* serve((_, response) => {
        if (++served > 1) return json(response, 200, sample.page)
        response.on("close", () => closed++)
        response.writeHead(429, { "content-type": "application/json", "retry-after": "3" })
        response.write("{")
      })
      const listing = yield* Effect.forkChild(withClient(server, list, RetryPolicy.standard))
      yield* until(() => served === 1)
      yield* later(50)
      yield* TestClock.adjust(RetryPolicy.standard.attemptTimeout)
      const started = performance.now()
      yield* until(() => closed === 1)
      // The garbage collector would close the socket too, but later.
      assert.isBelow(performance.now() - started, 2_000)
      yield* TestClock.adjust("1 second")
      assert.lengthOf((yield* Fiber.join(listing)).data, 1)
    })
  )

  it.effect.each<{
    readonly fault: string
    readonly respond: (request: IncomingMessage, response: ServerResponse) => void
    readonly tag: string
    readonly message: RegExp
  }>([
    {
      fault: "HTML with 200",
      respond: (_, response) => html(response, 200),
      tag: "InvalidResponse",
      message:
        /^connections\.list: http:\/\/127\.0\.0\.1:\d+ returned 200 with text\/html; charset=utf-8, which WorkOS does not/
    },
    {
      fault: "HTML with 403",
      respond: (_, response) => html(response, 403),
      tag: "InvalidResponse",
      message: /returned 403 with text\/html/
    },
    {
      fault: "HTML with 502",
      respond: (_, response) => html(response, 502),
      tag: "ServerError",
      message: /^connections\.list: http:\/\/127\.0\.0\.1:\d+ failed with 502\. Try again later\.$/
    },
    {
      fault: "an empty body with 200",
      respond: (_, response) => response.writeHead(200).end(),
      tag: "InvalidResponse",
      message: /returned 200 with an empty body, but WorkOS documents JSON\.$/
    },
    {
      fault: "JSON of another shape",
      respond: (_, response) => json(response, 200, { object: "list", data: [{ ...sample.connection, state: 7 }] }),
      tag: "InvalidResponse",
      message:
        /returned 200 with JSON that WorkOS does not document: data\.0\.state: Expected a string, in row 1 of the page \(conn_\w+\)\.$/
    },
    {
      fault: "an undocumented status",
      respond: (_, response) => json(response, 418, { message: "short and stout" }),
      tag: "InvalidResponse",
      message: /returned 418 with application\/json, which WorkOS does not document/
    },
    {
      fault: "a documented status with another body",
      respond: (_, response) => json(response, 422, { oops: true }),
      tag: "InvalidResponse",
      message: /returned 422/
    },
    {
      fault: "a documented error",
      respond: (_, response) => json(response, 403, { message: "Not for you.", code: "forbidden" }),
      tag: "Forbidden",
      message: /^Not for you\.$/
    },
    {
      fault: "an older 401",
      respond: (_, response) => json(response, 401, { error: "Unauthorized" }),
      tag: "Unauthorized",
      message: /^Unauthorized$/
    },
    {
      fault: "a connection that is closed before the response",
      respond: (request) => request.socket.destroy(),
      tag: "TransportError",
      message: /^connections\.list: no response from http:\/\/127\.0\.0\.1:\d+ \(/
    },
    {
      fault: "a connection that is closed within the response",
      respond: (request, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": 1000 })
        response.write('{"object":"list","data":[', () => request.socket.destroy())
      },
      tag: "InvalidResponse",
      message: /returned 200 with a truncated body\.$/
    }
  ])(`A call over ${platform} with $fault fails with $tag`, ({ respond, message, tag }) =>
    Effect.gen(function* () {
      const server = yield* serve(respond)
      const error = yield* Effect.flip(withClient(server, list))
      assert.strictEqual(error._tag, tag)
      assert.match(error.message, message)
      for (const text of [
        String(error),
        inspect(error, { depth: 10 }),
        JSON.stringify(error),
        Cause.pretty(Cause.fail(error))
      ]) {
        assert.notInclude(text, key)
      }
    })
  )

  it.effect.each([
    { fault: "an HTML page with 403", status: 403, body: "<p>", reason: "Html" },
    { fault: "an HTML page with an undocumented status", status: 418, body: "<p>", reason: "Html" },
    { fault: "a documented status without a body", status: 403, body: "", reason: "EmptyBody" },
    { fault: "a documented status with other JSON", status: 422, body: "{}", reason: "WrongShape" },
    { fault: "an undocumented status", status: 418, body: "", reason: "UndocumentedStatus" }
  ])(
    `A call over ${platform} with $fault fails with InvalidResponse and the reason $reason`,
    ({ body, reason, status }) =>
      Effect.gen(function* () {
        const server = yield* serve((_, response) => response.writeHead(status).end(body))
        const error = yield* Effect.flip(withClient(server, list))
        assert.strictEqual(error._tag === "InvalidResponse" ? error.reason._tag : error._tag, reason)
      })
  )

  it.effect(
    `An HTML page over ${platform} is not a successful deletion, with 200 or with 404 after a lost response`,
    () =>
      Effect.gen(function* () {
        let served = 0
        const server = yield* serve((request, response) => {
          if (++served === 2) request.socket.destroy()
          else html(response, served === 1 ? 200 : 404)
        })
        const policy = { ...RetryPolicy.standard, baseDelay: 0 }
        for (const status of [200, 404]) {
          const error = yield* Effect.flip(withClient(server, remove, policy))
          assert.deepInclude(error, { _tag: "InvalidResponse", status, reason: { _tag: "Html" } })
        }
        assert.strictEqual(served, 3)
      })
  )

  it.effect(`A call over ${platform} to an unreachable server fails with a TransportError that names the server`, () =>
    Effect.gen(function* () {
      const server = yield* Effect.scoped(serve(() => {}))
      const error = yield* Effect.flip(withClient(server, list))
      assert.strictEqual(error._tag, "TransportError")
      assert.match(error.message, /no response from http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\)\. Check the address/)
    })
  )

  it.effect(`A repeated cursor over ${platform} ends the stream with CursorRepeated, after the rows before it`, () =>
    Effect.gen(function* () {
      // Pages 1, 2, 3, 1, 2, 3, …, but only a few, so that a client without the check fails too.
      let served = 0
      const server = yield* serve((_, response) => {
        served++
        const page = ((served - 1) % 3) + 1
        json(response, served > 20 ? 500 : 200, {
          object: "list",
          data: [{ ...sample.connection, id: `conn_0${page}` }],
          list_metadata: { before: null, after: `conn_0${page}` }
        })
      })
      const seen: Array<string> = []
      const error = yield* withClient(server, ({ connections }) =>
        connections.stream().pipe(
          Stream.runForEach((row) => Effect.sync(() => seen.push(row.id))),
          Effect.flip
        )
      )
      assert.strictEqual(error._tag, "CursorRepeated")
      assert.match(error.message, /conn_01 a second time/)
      assert.deepStrictEqual(seen, ["conn_01", "conn_02", "conn_03", "conn_01"])
      assert.strictEqual(served, 4)
    })
  )

  it.effect(`A cursor over ${platform} that equals the requested one ends the stream with CursorRepeated`, () =>
    Effect.gen(function* () {
      const server = yield* serve((_, response) =>
        json(response, 200, { object: "list", data: [sample.connection], list_metadata: { before: null, after: id } })
      )
      const error = yield* withClient(server, ({ connections }) =>
        Effect.flip(Stream.runDrain(connections.stream({ after: id })))
      )
      assert.strictEqual(error._tag, "CursorRepeated")
    })
  )

  it.effect(`A stream over ${platform} fetches only the next page while a page is consumed`, () =>
    Effect.gen(function* () {
      let served = 0
      const server = yield* serve((_, response) => {
        served++
        const after = served < 6 ? `conn_0${served}` : null
        json(response, 200, { object: "list", data: [sample.connection], list_metadata: { before: null, after } })
      })
      let consumed = 0
      yield* withClient(server, ({ connections }) =>
        connections.pages().pipe(
          Stream.runForEach(() =>
            Effect.gen(function* () {
              consumed++
              yield* until(() => served === Math.min(consumed + 1, 6))
              // Time for one more request, which must not be sent.
              yield* later(20)
              assert.strictEqual(served, Math.min(consumed + 1, 6))
            })
          )
        )
      )
      assert.strictEqual(consumed, 6)
    })
  )

  it.effect(`The end of a stream over ${platform} interrupts its request`, () =>
    Effect.gen(function* () {
      let served = 0
      let closed = 0
      const server = yield* serve((_, response) => {
        response.on("close", () => (response.writableFinished ? undefined : closed++))
        // The server sends the first page, and never the second one.
        if (++served === 1) {
          json(response, 200, { object: "list", data: [sample.connection], list_metadata: { before: null, after: id } })
        }
      })
      yield* withClient(server, ({ connections }) => Stream.runDrain(Stream.take(connections.stream(), 1)))
      const hanging = yield* withClient(server, list).pipe(Effect.forkChild({ startImmediately: true }))
      yield* until(() => served > 1)
      yield* until(() => served > 1)
      yield* Fiber.interrupt(hanging)
      // Every request except the one with a response.
      yield* until(() => closed === served - 1)
    })
  )
})
