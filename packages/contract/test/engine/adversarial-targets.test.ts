// Faulty servers over real sockets: the run ends in time and reports the fault.
import { sample } from "@effect-workos/testing/Sample"
import { assert, describe, it } from "@effect/vitest"
import type { Report } from "@effect-workos/contract-engine/Report"
import * as WorkOs from "../../src/WorkOs.ts"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { brotliCompressSync, constants, gzipSync } from "node:zlib"
import { idOf, ofLaw, unfounded } from "@effect-workos/testing/Results"
import { connections } from "../suites.ts"
import { accept, connection, emulator, type Handle, unusedUrl, sendJson, serve, verify } from "./sockets.ts"

const statusOf = (report: Report, law: string) => ofLaw(report, law).map(({ status }) => status)

/** The ids of the failed laws. */
const failing = ({ results }: Report) => [
  ...new Set(results.flatMap(({ law, status }) => (status === "failed" ? [law] : [])))
]

const passing = (report: Report) => report.results.filter(({ status }) => status === "passed").map(idOf)

const pages =
  (page: (query: URLSearchParams) => { readonly ids: ReadonlyArray<number>; readonly after: number }): Handle =>
  (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost")
    if (pathname !== "/connections") return sendJson(response, 404, { message: "Not Found" })
    const { after, ids } = page(searchParams)
    const metadata = { before: null, after: connection(after).id }
    return sendJson(response, 200, { object: "list", data: ids.map(connection), list_metadata: metadata })
  }

const limitOf = (query: URLSearchParams) => Number(query.get("limit") ?? 10)

const numbers = (query: URLSearchParams, first: number) => Array.from({ length: limitOf(query) }, (_, i) => first - i)

// An endless list in either direction.
const fresh = () => {
  let next = 900_000
  return pages((query) => {
    const ids = numbers(query, next)
    next -= ids.length
    return { ids, after: ids.at(-1) ?? 0 }
  })
}

const fastest = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }

/** Additional time that a busy machine may take, in milliseconds. */
const busy = 10_000

describe("an unreachable target", () => {
  it.live("an unreachable target is reported immediately in one sentence", () =>
    Effect.gen(function* () {
      const url = yield* unusedUrl
      const started = performance.now()
      const error = yield* Effect.flip(verify(url))
      assert.deepInclude(error, { _tag: "TargetError", reason: "unreachable" })
      assert.strictEqual(
        error.message,
        `No response from ${url}: the connection failed (ECONNREFUSED). Check the URL, and whether the server is running.`
      )
      assert.isBelow(performance.now() - started, busy)
    })
  )

  it.live("a server that speaks http instead of https is unreachable", () =>
    Effect.gen(function* () {
      const url = (yield* serve((_, response) => sendJson(response, 200, {}))).replace("http:", "https:")
      const error = yield* Effect.flip(verify(url))
      assert.deepInclude(error, { _tag: "TargetError", reason: "unreachable" })
      assert.match(error.message, /^No response from https:.*: the connection failed \(ERR_SSL_\w+\)\./)
    })
  )

  it.live("a report names response headers that are too large, and requests name the suite as User-Agent", () =>
    Effect.gen(function* () {
      const agents = new Set<string | undefined>()
      const url = yield* serve((request, response) => {
        agents.add(request.headers["user-agent"])
        sendJson(response, 200, {}, { "x-large": "a".repeat(40_000) })
      })
      const report = yield* verify(url, { laws: ["responses"] })
      assert.include(
        ofLaw(report, "responses/complete")[0]?.message,
        "the headers of the response are too large (UND_ERR_HEADERS_OVERFLOW)"
      )
      assert.match([...agents].join(), /^effect-workos\/\d+\.\d+\.\d+$/)
    })
  )

  it.live.each(["not a url", "http://127.0.0.1:99999", "ftp://127.0.0.1", "http://", "http://a b"])(
    "the invalid URL %s is reported in one sentence",
    (url) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(verify(url))
        assert.match(error.message, /^.* is not a valid URL of a server: it must begin with http:\/\/ or https:\/\/\.$/)
      })
  )

  it.live("a server that does not accept the key gets no further requests", () =>
    Effect.gen(function* () {
      let requests = 0
      const url = yield* serve((_, response) => {
        requests++
        sendJson(response, 401, { message: "Unauthorized" })
      })
      const error = yield* Effect.flip(verify(url))
      assert.deepInclude(error, { _tag: "TargetError", reason: "unauthorized" })
      assert.strictEqual(
        error.message,
        `${url} does not accept the key: GET /connections returned 401. Check WORKOS_API_KEY.`
      )
      assert.strictEqual(requests, 1)
    })
  )
})

/** The laws about the ends of lists. */
const ends = ["lists/cursors-end", "lists/complete"]

describe("a list without an end", () => {
  it.live("a list without an end is detected by the rows after the newest one", () =>
    Effect.gen(function* () {
      const report = yield* verify(yield* serve(fresh()), { maxRows: 300, laws: ends })
      assert.isBelow(report.millis, 15_000 + busy)
      const [law] = ofLaw(report, "lists/cursors-end")
      assert.strictEqual(law?.status, "failed", law?.message)
      assert.match(law?.message ?? "", /the list continues after conn_\d+, which is first in the other order/)
      assert.notInclude(statusOf(report, "lists/complete"), "passed")
    })
  )

  it.live("a list without an end and without an order does not pass as complete", () =>
    Effect.gen(function* () {
      const { lists } = WorkOs.conventions
      assert.isDefined(lists)
      const { order: _, ...unordered } = lists
      const suite = { ...connections, conventions: { ...WorkOs.conventions, lists: unordered } }
      const report = yield* verify(yield* serve(fresh()), { maxRows: 300, suite, laws: ends })
      for (const law of ends) assert.notInclude(statusOf(report, law), "passed")
    })
  )

  it.live("a long list that ends passes", () =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 700 }, (_, index) => connection(index))
      const url = yield* serve((request, response) => {
        const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost")
        if (pathname !== "/connections") return sendJson(response, 404, { message: "Not Found" })
        const ordered = searchParams.get("order") === "asc" ? rows : rows.toReversed()
        const start = ordered.findIndex(({ id }) => id === searchParams.get("after")) + 1
        const data = ordered.slice(start, start + limitOf(searchParams))
        const after = start + data.length < rows.length ? data.at(-1)?.id : null
        return sendJson(response, 200, { object: "list", data, list_metadata: { before: null, after } })
      })
      const report = yield* verify(url, { maxRows: 200, laws: ends })
      assert.deepStrictEqual(passing(report), ["lists/complete connections.list", "lists/cursors-end connections.list"])
      for (const { message } of report.results) assert.include(message, "among the first 200 rows from either end")
    })
  )

  it.live("a list without an end is detected by a repeated cursor", () =>
    Effect.gen(function* () {
      const url = yield* serve(pages((query) => ({ ids: numbers(query, 500), after: 400 })))
      const report = yield* verify(url, { laws: ends })
      assert.deepStrictEqual(statusOf(report, "lists/cursors-end"), ["failed"])
      assert.match(ofLaw(report, "lists/cursors-end")[0]?.message ?? "", /the cursor conn_01.* was returned twice/)
      assert.notInclude(statusOf(report, "lists/complete"), "passed")
    })
  )

  it.live("a list without an end is detected by an empty page with a cursor", () =>
    Effect.gen(function* () {
      let next = 900_000
      const url = yield* serve(pages(() => ({ ids: [], after: next-- })))
      const report = yield* verify(url, { laws: ends })
      assert.deepStrictEqual(statusOf(report, "lists/cursors-end"), ["failed"])
      assert.include(ofLaw(report, "lists/cursors-end")[0]?.message, "an empty page has a cursor to a next page")
      assert.notInclude(statusOf(report, "lists/complete"), "passed")
    })
  )
})

describe("a server that closes connections", () => {
  it.live("a server that closes every connection fails only the law about responses", () =>
    Effect.gen(function* () {
      const url = yield* accept((socket) => socket.once("data", () => socket.resetAndDestroy()))
      const report = yield* verify(url, { writes: true })
      assert.isBelow(report.millis, 15_000 + busy)
      assert.deepStrictEqual(failing(report), ["responses/complete"])
      assert.match(
        ofLaw(report, "responses/complete")[0]?.message ?? "",
        /^the connection was closed \((?:ECONNRESET|.*closed)/
      )
      assert.deepStrictEqual(passing(report), [])
    })
  )

  it.live("a server that closes every third connection fails only the law about responses", () =>
    Effect.gen(function* () {
      const respond = yield* emulator()
      let requests = 0
      const url = yield* serve((request, response) =>
        ++requests % 3 === 0 ? void request.socket.resetAndDestroy() : respond(request, response)
      )
      const report = yield* verify(url)
      assert.isBelow(report.millis, 15_000 + busy)
      assert.deepStrictEqual(failing(report), ["responses/complete"])
      assert.deepStrictEqual(unfounded(report), [])
    })
  )

  it.live("a server with incomplete bodies fails the law about responses", () =>
    Effect.gen(function* () {
      const url = yield* serve((_, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "1000" }).write('{"object":')
        setTimeout(() => response.destroy(), 5)
      })
      const report = yield* verify(url)
      assert.deepStrictEqual(failing(report), ["responses/complete"])
      assert.deepStrictEqual(passing(report), [])
    })
  )

  it.live("a server that does not speak HTTP fails the law about responses", () =>
    Effect.gen(function* () {
      const url = yield* accept((socket) => socket.end("SSH-2.0-OpenSSH_9.7\r\n"))
      const report = yield* verify(url)
      assert.deepStrictEqual(failing(report), ["responses/complete"])
      assert.match(ofLaw(report, "responses/complete")[0]?.message ?? "", /^the connection was closed \(.*HTTP/)
      assert.deepStrictEqual(passing(report), [])
    })
  )
})

describe("a body", () => {
  it.live("a body of a gigabyte is read up to the limit only", () =>
    Effect.gen(function* () {
      const chunk = Buffer.alloc(256 * 1024, " ")
      let bytes = 0
      const url = yield* serve((_, response) => {
        let left = 4096
        const more = () => {
          while (left-- > 0) {
            bytes += chunk.length
            if (!response.write(chunk)) return void response.once("drain", more)
          }
          response.end()
        }
        response.writeHead(200, { "content-type": "application/json" })
        more()
      })
      const before = process.memoryUsage().rss
      let peak = 0
      const sampling = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20)
      const report = yield* Effect.ensuring(
        verify(url),
        Effect.sync(() => clearInterval(sampling))
      )
      assert.isBelow(report.millis, 15_000 + busy)
      assert.deepStrictEqual(failing(report), ["responses/complete"])
      assert.include(ofLaw(report, "responses/complete")[0]?.message, "longer than 16 MB")
      // A few requests, each read up to the limit and what is in flight.
      assert.isBelow(bytes, 12 * 40 * 1024 * 1024)
      assert.isBelow(peak - before, 1024 * 1024 * 1024)
    })
  )

  it.live("a body that is small until decompressed is read up to the limit only", () =>
    Effect.gen(function* () {
      const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024, " "), { level: 1 })
      const url = yield* serve((_, response) =>
        response
          .writeHead(200, {
            "content-type": "application/json",
            "content-encoding": "gzip",
            "content-length": bomb.length
          })
          .end(bomb)
      )
      const report = yield* verify(url, { client: FetchHttpClient.layer, laws: ["responses/complete"] })
      assert.deepStrictEqual(failing(report), ["responses/complete"])
      assert.include(ofLaw(report, "responses/complete")[0]?.message, "longer than 16 MB")
    })
  )

  it.live("a body that is compressed by gzip or br without being requested passes the same laws", () =>
    Effect.gen(function* () {
      const compressions = [
        { encoding: "gzip", compress: gzipSync },
        { encoding: "br", compress: (body: Uint8Array) => brotliCompressSync(body, fastest) }
      ]
      const [expected, ...compressed] = yield* Effect.forEach([undefined, ...sample(compressions, 1)], (compression) =>
        Effect.gen(function* () {
          const url = yield* serve(yield* emulator(compression))
          return passing(yield* verify(url, { runs: 2, laws: ["responses", "lists/complete", "lists/order"] }))
        })
      )
      assert.isAbove(expected?.length ?? 0, 5)
      for (const passed of compressed) assert.deepStrictEqual(passed, expected)
    })
  )

  it.live("a body with an unknown compression or a truncated body is reported with its encoding", () =>
    Effect.gen(function* () {
      for (const [encoding, message] of [
        ["compress", 'the content encoding "compress" cannot be decoded'],
        ["gzip", "the gzip body is truncated"]
      ] as const) {
        const body = gzipSync(JSON.stringify({ data: [] }))
        const url = yield* serve((_, response) =>
          response.writeHead(200, { "content-encoding": encoding }).end(body.subarray(0, body.length - 4))
        )
        const report = yield* verify(url)
        assert.include(ofLaw(report, "responses/complete")[0]?.message, message)
      }
    })
  )

  it.live("a body that is not UTF-8 fails the law about bodies", () =>
    Effect.gen(function* () {
      const url = yield* serve((_, response) =>
        response
          .writeHead(200, { "content-type": "application/json" })
          .end(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0xc0, 0x80, 0x22, 0x3a, 0x31, 0x7d]))
      )
      const report = yield* verify(url)
      assert.includeMembers(failing(report), ["responses/body", "responses/headers"])
    })
  )
})

describe("a redirect", () => {
  for (const [name, client] of [
    ["undici", undefined],
    ["fetch", FetchHttpClient.layer]
  ] as const) {
    it.live(`a redirect to another server is not followed by ${name}, so that the key is not sent there`, () =>
      Effect.gen(function* () {
        const visits: Array<string | undefined> = []
        const elsewhere = yield* serve((request, response) => {
          visits.push(request.headers.authorization)
          sendJson(response, 200, {})
        })
        const url = yield* serve((request, response) =>
          response.writeHead(302, { location: `${elsewhere}${request.url}` }).end()
        )
        const report = yield* verify(url, { laws: ["responses"], ...(client === undefined ? {} : { client }) })
        assert.deepStrictEqual(visits, [])
        assert.include(failing(report), "responses/status")
        assert.match(ofLaw(report, "responses/status")[0]?.message ?? "", /returned 302, which is undocumented/)
      })
    )
  }
})

describe("a slow server", () => {
  it.live("a server with an endless body fails the law about time within the time budget", () =>
    Effect.gen(function* () {
      const url = yield* serve((_, response) => {
        response.writeHead(200, { "content-type": "application/json" }).write('{"object":"list","data":[')
        const timer = setInterval(() => response.write(" "), 20)
        response.on("close", () => clearInterval(timer))
      })
      const report = yield* verify(url, { requestTimeout: 100, timeBudget: 3000 })
      assert.isBelow(report.millis, 3000 + busy)
      assert.deepStrictEqual(failing(report), ["responses/time"])
      assert.deepStrictEqual(passing(report), [])
    })
  )
})
