// The reverse proxy forwards requests and responses unchanged, over real sockets.
import { runs, seed } from "@effect-workos/testing/Sample"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { request as send, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http"
import { gzipSync } from "node:zlib"
import * as ForwardingProxy from "../src/ForwardingProxy.ts"
import { listen } from "./proxy.ts"

/** Headers that concern one connection, and that Node adds. */
const ownHeaders = new Set(["connection", "date", "host", "keep-alive", "transfer-encoding"])

const pairsOf = (raw: ReadonlyArray<string>) =>
  raw
    .flatMap((name, index) => (index % 2 === 0 ? [`${name.toLowerCase()}: ${raw[index + 1]}`] : []))
    .filter((line) => !ownHeaders.has(line.split(":")[0] ?? ""))
    .toSorted()

const bytesOf = async (message: IncomingMessage) => {
  const chunks: Array<Buffer> = []
  for await (const chunk of message) chunks.push(chunk)
  return Buffer.concat(chunks)
}

interface Sent {
  readonly method: string
  readonly path: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

const request = (url: string, { body, headers, method, path }: Sent) =>
  Effect.promise(
    () =>
      new Promise<object>((resolve, reject) => {
        const { hostname, port } = new URL(url)
        const framing = body === "" ? {} : { "content-length": Buffer.byteLength(body) }
        const sent = send({ hostname, port, method, path, headers: { ...headers, ...framing } }, (response) => {
          const { rawHeaders, statusCode, statusMessage } = response
          bytesOf(response).then(
            (bytes) =>
              resolve({ statusCode, statusMessage, headers: pairsOf(rawHeaders), body: bytes.toString("base64") }),
            reject
          )
        })
        sent.on("error", reject).end(body)
      })
  )

/** Responds with the request that the server received, compressed, and with the status of the path. */
const echo: RequestListener = (incoming, outgoing) => {
  void bytesOf(incoming).then((bytes) => {
    const { method, rawHeaders, url = "" } = incoming
    const status = Number(/^\/(\d+)/.exec(url)?.[1] ?? 200)
    const body = JSON.stringify({ method, url, headers: pairsOf(rawHeaders), body: bytes.toString("base64") })
    outgoing.writeHead(
      status,
      "Perfectly Fine",
      [
        ["Set-Cookie", "a=1"],
        ["Set-Cookie", "b=2"],
        ["Content-Encoding", "gzip"],
        ["X-Long", "x".repeat(5000)]
      ].flat()
    )
    outgoing.end(method === "HEAD" || status === 204 || status === 304 ? undefined : gzipSync(body))
  })
}

const Token = Schema.String.check(Schema.isPattern(/^[a-z]{1,8}$/))

const Case = Schema.Struct({
  method: Schema.Literals(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
  status: Schema.Literals([200, 201, 204, 302, 304, 404, 418, 422, 429, 500, 503]),
  path: Schema.Literals(["", "/..", "//a", "/%2F%00", "?a=b&a=c", "?q=%20+%C3%BC"]),
  header: Token,
  body: Schema.String
})

const serve = (target: string) =>
  Effect.gen(function* () {
    const seen: Array<ForwardingProxy.Forwarded> = []
    const onForwarded = (forwarded: ForwardingProxy.Forwarded) => void seen.push(forwarded)
    return { seen, url: yield* ForwardingProxy.serve({ port: 0, target: new URL(target), onForwarded }) }
  })

describe("the forwarding proxy", () => {
  it.live.prop(
    "the server receives the request of the client, and the client the response of the server",
    [Case],
    ([{ body, header, method, path, status }]) =>
      Effect.gen(function* () {
        const server = yield* listen(echo)
        const { seen, url } = yield* serve(server)
        const headers = { authorization: "Bearer sk_test_0123456789", [`x-${header}`]: header, accept: "*/*" }
        const one = {
          method,
          path: `/${status}${path}`,
          body: method === "GET" || method === "HEAD" ? "" : body,
          headers
        }
        assert.deepStrictEqual(yield* request(url, one), yield* request(server, one))
        const [forwarded] = seen
        assert.strictEqual(forwarded?.path, one.path)
        assert.strictEqual(forwarded?.request.body?.toString(), one.body.toWellFormed())
        assert.deepInclude(forwarded?.outcome, { _tag: "Response", status, statusText: "Perfectly Fine" })
      }),
    { arbitrary: { runs: runs(200, 15), seed: `proxy ${seed}` } }
  )

  it.live("the first part of a response arrives before the server has sent the rest", () =>
    Effect.gen(function* () {
      const waiting: Array<ServerResponse> = []
      const server = yield* listen((_, outgoing) => {
        outgoing.write("first,")
        waiting.push(outgoing)
      })
      const { seen, url } = yield* serve(server)
      const response = yield* Effect.promise(() => fetch(url))
      const parts: Array<string> = []
      const decoder = new TextDecoder()
      yield* Effect.promise(async () => {
        for await (const part of response.body ?? []) {
          parts.push(decoder.decode(part))
          waiting.pop()?.end("second")
        }
      })
      assert.deepStrictEqual(parts, ["first,", "second"])
      assert.strictEqual(seen.length, 1)
    })
  )

  it.live("a server that closes connections causes a 502, and a client that goes away is not reported", () =>
    Effect.gen(function* () {
      const server = yield* listen(({ socket, url }) => void (url === "/close" && socket.destroy()))
      const { seen, url } = yield* serve(server)
      const response = yield* Effect.promise(() => fetch(`${url}/close`))
      assert.strictEqual(response.status, 502)
      assert.match(
        yield* Effect.promise(() => response.text()),
        /no response from http:\/\/127\.0\.0\.1:\d+: UND_ERR_SOCKET/
      )
      const gone = AbortSignal.timeout(30)
      yield* Effect.promise(() =>
        fetch(url, { signal: gone }).then(
          () => assert.fail("a response"),
          () => {}
        )
      )
      yield* Effect.sleep(30)
      assert.deepStrictEqual(
        seen.map(({ outcome }) => outcome),
        [{ _tag: "NoResponse", reason: "UND_ERR_SOCKET" }]
      )
    })
  )
})
