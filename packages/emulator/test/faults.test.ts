// Faults over real sockets: the effects that a client observes, and the success of later requests.
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { connect, type Socket } from "node:net"
import type { Fault } from "../src/Fault.ts"
import { sendRaw, authorization, type RawResponse, oneConnection, served } from "./emulator-server.ts"

const complaints: Array<unknown> = []
const complain = (reason: unknown) => complaints.push(reason)
const events = ["warning", "unhandledRejection", "uncaughtExceptionMonitor"] as const
beforeAll(() => events.forEach((event) => process.on(event, complain)))
afterAll(() => {
  events.forEach((event) => process.off(event, complain))
  assert.deepStrictEqual(complaints, [])
})

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Returns the response with a fault, and the genuine response. */
const seen = Effect.fnUntraced(function* (fault: Fault, path = "/connections?limit=2") {
  const { faults, logged, url } = yield* served()
  const genuine = yield* sendRaw(url, path)
  yield* faults.add({ ...fault, times: 1 })
  const came = yield* sendRaw(url, path)
  const after = yield* sendRaw(url, path)
  assert.strictEqual(after.body, genuine.body)
  assert.strictEqual(after.status, genuine.status)
  assert.strictEqual((yield* faults.list)[0]?.matched, 1)
  assert.deepStrictEqual(logged, [])
  return { came, genuine }
})

describe("a fault", () => {
  it.live.each<{ readonly fault: Fault; readonly sees: (came: RawResponse, genuine: RawResponse) => boolean }>([
    {
      fault: { kind: "status", status: 503 },
      sees: ({ body, headers, status }) =>
        status === 503 && headers["content-type"] === "application/json" && isJson(body)
    },
    {
      fault: { kind: "status", status: 418, body: "<p>", headers: { "Content-Type": "text/html", "x-a": "1" } },
      sees: ({ body, headers, status }) =>
        status === 418 && body === "<p>" && headers["content-type"] === "text/html" && headers["x-a"] === "1"
    },
    {
      fault: { kind: "latency", millis: 30, jitter: 5 },
      sees: ({ body }, genuine) => body === genuine.body
    },
    { fault: { kind: "reset", at: "request" }, sees: ({ error, status }) => error === "ECONNRESET" && status === 0 },
    { fault: { kind: "reset", at: "response" }, sees: ({ error, status }) => error === "ECONNRESET" && status === 0 },
    {
      fault: { kind: "reset", at: "body" },
      sees: ({ body, error, headers, status }, genuine) =>
        error === "ECONNRESET" &&
        status === 200 &&
        headers["content-length"] === String(genuine.body.length) &&
        body === genuine.body.slice(0, Math.ceil(genuine.body.length / 2))
    },
    {
      fault: { kind: "truncated-json" },
      sees: ({ body, error, headers }, genuine) =>
        error === undefined &&
        headers["content-length"] === String(body.length) &&
        body === genuine.body.slice(0, Math.floor(genuine.body.length / 2)) &&
        !isJson(body)
    },
    {
      fault: { kind: "invalid-json" },
      sees: ({ body, headers }, genuine) =>
        body.length === genuine.body.length && !isJson(body) && headers["content-type"] === "application/json"
    },
    {
      fault: { kind: "wrong-shape" },
      sees: ({ body, status }, genuine) => status === genuine.status && isJson(body) && body !== genuine.body
    },
    { fault: { kind: "empty" }, sees: ({ body, status }, genuine) => status === genuine.status && body === "" },
    {
      fault: { kind: "html" },
      sees: ({ body, headers, status }, genuine) =>
        status === genuine.status &&
        String(headers["content-type"]).startsWith("text/html") &&
        body.startsWith("<!doctype")
    },
    {
      fault: { kind: "content-type", value: "text/plain" },
      sees: ({ body, headers }, genuine) => headers["content-type"] === "text/plain" && body === genuine.body
    },
    {
      fault: { kind: "trickle", millis: 0 },
      sees: ({ body, headers }, genuine) =>
        body === genuine.body && headers["content-length"] === genuine.headers["content-length"]
    },
    { fault: { kind: "outage", seconds: 60 }, sees: ({ error }) => error === "ECONNRESET" },
    { fault: { kind: "outage", seconds: 60, as: "503" }, sees: ({ status }) => status === 503 },
    {
      fault: { kind: "redirect", location: "https://elsewhere.example/" },
      sees: ({ headers, status }) => status === 302 && headers["location"] === "https://elsewhere.example/"
    },
    {
      fault: { kind: "redirect", location: "/x", status: 308 },
      sees: ({ headers, status }) => status === 308 && headers["location"] === "/x"
    }
  ])("The fault $fault is applied once, and the next request succeeds", ({ fault, sees }) =>
    Effect.gen(function* () {
      const { came, genuine } = yield* seen(fault)
      assert.isTrue(sees(came, genuine), JSON.stringify(came))
    })
  )

  it.live.each<Fault>([
    { kind: "truncated-json" },
    { kind: "invalid-json" },
    { kind: "wrong-shape" },
    { kind: "empty" },
    { kind: "html" },
    { kind: "trickle", millis: 0 },
    { kind: "reset", at: "body" }
  ])("The fault $kind keeps the status of an error", (fault) =>
    Effect.gen(function* () {
      const { came } = yield* seen(fault, "/nowhere")
      assert.strictEqual(came.status, 404)
    })
  )

  it.live.each<{ readonly fault: Fault; readonly code: string }>([
    { fault: { kind: "reset", at: "request" }, code: "ECONNRESET" },
    { fault: { kind: "reset", at: "response" }, code: "ECONNRESET" },
    { fault: { kind: "outage", seconds: 60 }, code: "ECONNRESET" },
    { fault: { kind: "reset", at: "body" }, code: "UND_ERR_SOCKET" }
  ])("The fault $fault fails a plain fetch with $code", ({ code, fault }) =>
    Effect.gen(function* () {
      const { logged, url } = yield* served([{ ...fault, times: 1 }])
      const got = () => fetch(`${url}/connections`, { headers: { authorization } }).then((response) => response.text())
      const { cause: error } = yield* Effect.flip(Effect.tryPromise(got))
      assert.instanceOf(error, TypeError)
      assert.isTrue(error.cause instanceof Error && "code" in error.cause && error.cause.code === code)
      assert.include(yield* Effect.promise(got), "list_metadata")
      assert.deepStrictEqual(logged, [])
    })
  )

  it.live("Latency delays the response in addition to another fault", () =>
    Effect.gen(function* () {
      const { faults, url } = yield* served([
        { kind: "latency", millis: 30 },
        { kind: "status", status: 500 },
        { kind: "latency", millis: 60_000 }
      ])
      const started = performance.now()
      assert.strictEqual((yield* sendRaw(url, "/connections")).status, 500)
      assert.isAtLeast(performance.now() - started, 29)
      assert.deepStrictEqual(
        (yield* faults.list).map(({ matched }) => matched),
        [1, 1, 0]
      )
    })
  )

  it.live("The fault stall never responds, and releases the request when the client disconnects", () =>
    Effect.gen(function* () {
      const { faults, logged, server, url } = yield* served([{ kind: "stall", times: 1 }])
      const waiting = yield* Effect.forkChild(sendRaw(url, "/connections"))
      yield* until(() => Effect.map(faults.list, ([one]) => one?.matched === 1))
      yield* Effect.sleep(20)
      assert.isUndefined(waiting.pollUnsafe())
      yield* Fiber.interrupt(waiting)
      yield* until(() => isIdle(server))
      assert.strictEqual((yield* sendRaw(url, "/connections")).status, 200)
      assert.deepStrictEqual(logged, [])
    })
  )

  it.live("The fault endless produces data as fast as the client reads", () =>
    Effect.gen(function* () {
      const { logged, server, url } = yield* served([{ kind: "endless", times: 1 }])
      const { body, headers, status } = yield* sendRaw(url, "/connections", { enough: 5_000_000 })
      assert.isAtLeast(body.length, 5_000_000)
      assert.isBelow(body.length, 6_000_000)
      assert.strictEqual(status, 200)
      assert.strictEqual(headers["content-type"], "application/json")
      yield* until(() => isIdle(server))
      assert.deepStrictEqual(logged, [])
    })
  )

  it.live("The fault endless stops while the client does not read", () =>
    Effect.gen(function* () {
      const { server, url } = yield* served([{ kind: "endless" }])
      let socket: Socket | undefined
      server.on("connection", (connection) => {
        socket = connection
      })
      const { hostname, port } = new URL(url)
      const client = yield* Effect.acquireRelease(
        Effect.sync(() => connect(Number(port), hostname).pause()),
        (client) => Effect.sync(() => client.destroy())
      )
      client.write("GET /connections HTTP/1.1\r\nHost: emulator\r\n\r\n")
      // The buffers of both sockets limit the number of bytes.
      let before = -1
      const written = () => socket?.bytesWritten ?? 0
      yield* until(() => {
        const isSettled = written() > 0 && written() === before
        before = written()
        return Effect.delay(Effect.succeed(isSettled), 20)
      })
      assert.isBelow(socket?.writableLength ?? Infinity, 1_000_000)
    })
  )

  it.live("The fault stale closes only reused connections", () =>
    Effect.gen(function* () {
      const agent = yield* oneConnection
      const { faults, logged, url } = yield* served([{ kind: "stale" }])
      const statuses: Array<number> = []
      for (let i = 0; i < 6; i++) statuses.push((yield* sendRaw(url, "/connections", { agent })).status)
      assert.deepStrictEqual(statuses, [200, 0, 200, 0, 200, 0])
      assert.strictEqual((yield* sendRaw(url, "/connections")).status, 200)
      assert.strictEqual((yield* faults.list)[0]?.matched, 3)
      assert.deepStrictEqual(logged, [])
    })
  )

  it.live("A reset at the response applies the request, and a reset at the request does not", () =>
    Effect.gen(function* () {
      const { faults, url, store } = yield* served()
      const [one, other] = store.connections.rows
      assert.isDefined(one)
      assert.isDefined(other)
      const remove = (id: string) => sendRaw(url, `/connections/${id}`, { method: "DELETE" })
      yield* faults.add({ method: "DELETE", kind: "reset", at: "request", times: 1 })
      assert.strictEqual((yield* remove(one.id)).status, 0)
      assert.isDefined(store.connections.get(one.id))
      yield* faults.add({ method: "DELETE", kind: "reset", at: "response", times: 1 })
      assert.strictEqual((yield* remove(other.id)).status, 0)
      assert.isUndefined(store.connections.get(other.id))
      assert.strictEqual((yield* remove(other.id)).status, 404)
    })
  )
})

const until = (condition: () => Effect.Effect<boolean>): Effect.Effect<void> =>
  Effect.flatMap(Effect.suspend(condition), (isSo) =>
    isSo ? Effect.void : Effect.andThen(Effect.sleep(2), until(condition))
  )

const isIdle = (server: { readonly getConnections: (tell: (error: unknown, count: number) => void) => unknown }) =>
  Effect.callback<boolean>((resume) => {
    server.getConnections((_, count) => resume(Effect.succeed(count === 0)))
  })
