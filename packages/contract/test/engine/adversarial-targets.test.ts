// Servers that do what servers should not, over real sockets: whatever they do, a run ends in time, and says what it saw.
import { assert, describe, it } from "@effect/vitest"
import type { Report } from "../../src/Report.ts"
import * as WorkOs from "../../src/WorkOs.ts"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Queue from "effect/Queue"
import { gzipSync } from "node:zlib"
import { idOf, ofLaw, told, unfounded } from "./running.ts"
import { connections } from "../suites.ts"
import { accept, connection, emulator, type Handle, nowhere, sendJson, serve, verify } from "./sockets.ts"

const statusOf = (report: Report, law: string) => ofLaw(report, law).map(({ status }) => status)

/** The laws that fail, whatever operation they fail for. */
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

const limited =
  (retryAfter: string | undefined): Handle =>
  (_, response) =>
    sendJson(
      response,
      429,
      { message: "Too many requests" },
      retryAfter === undefined ? {} : { "retry-after": retryAfter }
    )

const numbers = (query: URLSearchParams, first: number) => Array.from({ length: limitOf(query) }, (_, i) => first - i)

// Going down for ever; whichever way it is asked.
const fresh = () => {
  let next = 900_000
  return pages((query) => {
    const ids = numbers(query, next)
    next -= ids.length
    return { ids, after: ids.at(-1) ?? 0 }
  })
}

/** What a busy machine may add to the time that anything takes, in milliseconds. */
const busy = 10_000

describe("where nobody is", () => {
  it.live("one sentence says so, at once", () =>
    Effect.gen(function* () {
      const url = yield* nowhere
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

  it.live("who speaks http and not https is not there either", () =>
    Effect.gen(function* () {
      const url = (yield* serve((_, response) => sendJson(response, 200, {}))).replace("http:", "https:")
      const error = yield* Effect.flip(verify(url))
      assert.deepInclude(error, { _tag: "TargetError", reason: "unreachable" })
      assert.match(error.message, /^No response from https:.*: the connection failed \(ERR_SSL_\w+\)\./)
    })
  )

  it.live.each(["not a url", "http://127.0.0.1:99999", "ftp://127.0.0.1", "http://", "http://a b"])(
    "since %s is no address, a sentence says so",
    (url) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(verify(url))
        assert.match(error.message, /^.* is not a valid URL of a server: it must begin with http:\/\/ or https:\/\/\.$/)
      })
  )

  it.live("who does not accept the key is asked nothing more", () =>
    Effect.gen(function* () {
      let requests = 0
      const url = yield* serve((_, response) => {
        requests++
        sendJson(response, 401, { message: "Unauthorized" })
      })
      const error = yield* Effect.flip(verify(url))
      assert.deepInclude(error, { _tag: "TargetError", reason: "unauthorized" })
      assert.strictEqual(error.message, `${url} does not accept the key: GET /connections returned 401.`)
      assert.strictEqual(requests, 1)
    })
  )
})

/** The laws that are about the ends of lists. */
const ends = ["lists/cursors-end", "lists/complete"]

describe("pages without an end", () => {
  it.live("are found out by what follows the newest row", () =>
    Effect.gen(function* () {
      const report = yield* verify(yield* serve(fresh()), { maxRows: 300, only: ends })
      assert.isBelow(report.millis, 15_000 + busy)
      const [law] = ofLaw(report, "lists/cursors-end")
      assert.strictEqual(law?.status, "failed", law?.message)
      assert.match(law?.message ?? "", /the list continues after conn_\d+, which is first in the other order/)
      assert.notInclude(statusOf(report, "lists/complete"), "passed")
    })
  )

  it.live("are not taken for complete where there is no order to find it out by", () =>
    Effect.gen(function* () {
      const { lists } = WorkOs.conventions
      assert.isDefined(lists)
      const { order: _, ...unordered } = lists
      const suite = { ...connections, conventions: { ...WorkOs.conventions, lists: unordered } }
      const report = yield* verify(yield* serve(fresh()), { maxRows: 300, suite, only: ends })
      for (const law of ends) assert.notInclude(statusOf(report, law), "passed")
    })
  )

  it.live("of a list that is long and sound are none", () =>
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
      const report = yield* verify(url, { maxRows: 200, only: ends })
      assert.deepStrictEqual(passing(report), ["lists/complete connections.list", "lists/cursors-end connections.list"])
      for (const { message } of report.results) assert.include(message, "among the first 200 rows from either end")
    })
  )

  it.live("are found out where a cursor comes twice", () =>
    Effect.gen(function* () {
      const url = yield* serve(pages((query) => ({ ids: numbers(query, 500), after: 400 })))
      const report = yield* verify(url, { only: ends })
      assert.deepStrictEqual(statusOf(report, "lists/cursors-end"), ["failed"])
      assert.match(ofLaw(report, "lists/cursors-end")[0]?.message ?? "", /the cursor conn_01.* was returned twice/)
      assert.notInclude(statusOf(report, "lists/complete"), "passed")
    })
  )

  it.live("are found out where they are empty", () =>
    Effect.gen(function* () {
      let next = 900_000
      const url = yield* serve(pages(() => ({ ids: [], after: next-- })))
      const report = yield* verify(url, { only: ends })
      assert.deepStrictEqual(statusOf(report, "lists/cursors-end"), ["failed"])
      assert.include(ofLaw(report, "lists/cursors-end")[0]?.message, "an empty page has a cursor to a next page")
      assert.notInclude(statusOf(report, "lists/complete"), "passed")
    })
  )
})

describe("connections that break", () => {
  it.live("all of them, fail the law about answers, and nothing else is said", () =>
    Effect.gen(function* () {
      const url = yield* accept((socket) => socket.once("data", () => socket.resetAndDestroy()))
      const report = yield* verify(url, { writes: true })
      assert.isBelow(report.millis, 15_000 + busy)
      assert.deepStrictEqual(failing(report), ["responses/answered"])
      assert.match(
        ofLaw(report, "responses/answered")[0]?.message ?? "",
        /^the connection was closed \((?:ECONNRESET|.*closed)/
      )
      assert.deepStrictEqual(passing(report), [])
    })
  )

  it.live("every third of them, fail nothing else", () =>
    Effect.gen(function* () {
      const answer = yield* emulator()
      let requests = 0
      const url = yield* serve((request, response) =>
        ++requests % 3 === 0 ? void request.socket.resetAndDestroy() : answer(request, response)
      )
      const report = yield* verify(url)
      assert.isBelow(report.millis, 15_000 + busy)
      assert.deepStrictEqual(failing(report), ["responses/answered"])
      assert.deepStrictEqual(unfounded(report), [])
    })
  )

  it.live("in the middle of a body that was to be longer, fail the same law", () =>
    Effect.gen(function* () {
      const url = yield* serve((_, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "1000" }).write('{"object":')
        setTimeout(() => response.destroy(), 5)
      })
      const report = yield* verify(url)
      assert.deepStrictEqual(failing(report), ["responses/answered"])
      assert.deepStrictEqual(passing(report), [])
    })
  )

  it.live("since there is no HTTP behind them, fail the same law", () =>
    Effect.gen(function* () {
      const url = yield* accept((socket) => socket.end("SSH-2.0-OpenSSH_9.7\r\n"))
      const report = yield* verify(url)
      assert.deepStrictEqual(failing(report), ["responses/answered"])
      assert.match(ofLaw(report, "responses/answered")[0]?.message ?? "", /^the connection was closed \(.*HTTP/)
      assert.deepStrictEqual(passing(report), [])
    })
  )
})

describe("bodies", () => {
  it.live("of a gigabyte are read as far as makes sense", () =>
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
      assert.deepStrictEqual(failing(report), ["responses/answered"])
      assert.include(ofLaw(report, "responses/answered")[0]?.message, "longer than 16 MB")
      // No more than a few of them, and no more of those than what is read and what is under way.
      assert.isBelow(bytes, 12 * 40 * 1024 * 1024)
      assert.isBelow(peak - before, 1024 * 1024 * 1024)
    })
  )

  it.live("that are small until they are unpacked are read as far as makes sense", () =>
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
      const report = yield* verify(url, { client: FetchHttpClient.layer })
      assert.deepStrictEqual(failing(report), ["responses/answered"])
      assert.include(ofLaw(report, "responses/answered")[0]?.message, "longer than 16 MB")
    })
  )

  it.live("that are no UTF-8 are looked at all the same", () =>
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
    it.live(`to somebody else is not followed by ${name}, and the key does not go there`, () =>
      Effect.gen(function* () {
        const visits: Array<string | undefined> = []
        const elsewhere = yield* serve((request, response) => {
          visits.push(request.headers.authorization)
          sendJson(response, 200, {})
        })
        const url = yield* serve((request, response) =>
          response.writeHead(302, { location: `${elsewhere}${request.url}` }).end()
        )
        const report = yield* verify(url, { only: ["responses"], ...(client === undefined ? {} : { client }) })
        assert.deepStrictEqual(visits, [])
        assert.include(failing(report), "responses/status")
        assert.match(ofLaw(report, "responses/status")[0]?.message ?? "", /returned 302, which is undocumented/)
      })
    )
  }
})

describe.concurrent("a server that takes its time", () => {
  it.live("fails the law about time, and is not waited for longer than the budget lasts", () =>
    Effect.gen(function* () {
      const url = yield* serve((_, response) => {
        const timer = setTimeout(() => sendJson(response, 200, {}), 3000)
        response.on("close", () => clearTimeout(timer))
      })
      const report = yield* verify(url, { requestTimeout: 300, timeBudget: 3000, writes: true })
      assert.isBelow(report.millis, 3000 + busy)
      assert.deepStrictEqual(failing(report), ["responses/time"])
      assert.include(ofLaw(report, "responses/time")[0]?.message, "no complete response within 300ms")
      assert.deepStrictEqual(passing(report), [])
      assert.include(told(report, "skipped").join("\n"), "consecutive requests without a response")
    })
  )

  it.live("with a body that never ends is not waited for either", () =>
    Effect.gen(function* () {
      const url = yield* serve((_, response) => {
        response.writeHead(200, { "content-type": "application/json" }).write('{"object":"list","data":[')
        const timer = setInterval(() => response.write(" "), 20)
        response.on("close", () => clearInterval(timer))
      })
      const report = yield* verify(url, { requestTimeout: 300, timeBudget: 3000 })
      assert.isBelow(report.millis, 3000 + busy)
      assert.deepStrictEqual(failing(report), ["responses/time"])
      assert.deepStrictEqual(passing(report), [])
    })
  )

  it.live("when it creates something is not waited for longer, not even by whoever interrupts", () =>
    Effect.gen(function* () {
      const answer = yield* emulator()
      const posts = yield* Queue.unbounded<void>()
      const url = yield* serve((request, response) => {
        if (request.method === "POST") Queue.offerUnsafe(posts, undefined)
        else answer(request, response)
      })
      const settings = { only: ["lifecycle/created-in-get"], writes: true }
      const report = yield* verify(url, { ...settings, requestTimeout: 800 })
      assert.isBelow(report.millis, 3000 + busy)
      assert.match(told(report, "skipped")[0] ?? "", /POST \/connections: no complete response within 800ms/)

      yield* Queue.takeAll(posts)
      const running = yield* Effect.forkChild(verify(url, { ...settings, requestTimeout: 800 }))
      yield* Queue.take(posts)
      const started = performance.now()
      yield* Fiber.interrupt(running)
      assert.isBelow(performance.now() - started, busy)
    })
  )
})

describe.concurrent("a server that asks to wait", () => {
  it.live("is waited for, and fails nothing", () =>
    Effect.gen(function* () {
      const answer = yield* emulator()
      let requests = 0
      const url = yield* serve((request, response) => {
        if (++requests !== 1 && requests !== 60) return answer(request, response)
        return sendJson(response, 429, { message: "Too many requests" }, { "retry-after": "1" })
      })
      const report = yield* verify(url)
      assert.isAbove(report.millis, 900)
      assert.strictEqual(requests, report.requests)
      assert.deepStrictEqual(failing(report), [])
      assert.isAbove(report.summary.passed, 50)
    })
  )

  for (const [retryAfter, reason] of [
    ["1", /429/],
    ["0", /the server returned 429 5 times in a row/],
    ["3600", /the server returned 429, and the delay of 1h exceeds the time budget/],
    [undefined, /429/]
  ] as const) {
    it.live(`for ever, with Retry-After: ${retryAfter}, is given up in time, and that is what is said`, () =>
      Effect.gen(function* () {
        const report = yield* verify(yield* serve(limited(retryAfter)), { timeBudget: 3000, writes: true })
        assert.isBelow(report.millis, 1500 + busy)
        assert.deepStrictEqual([...passing(report), ...failing(report)], [])
        assert.match(told(report, "skipped").join("\n"), reason)
      })
    )
  }
})

describe.concurrent("a rate", () => {
  it.live("is kept to, however many requests there are to send", () =>
    Effect.gen(function* () {
      const answer = yield* emulator()
      const times: Array<number> = []
      const url = yield* serve((request, response) => {
        times.push(performance.now())
        answer(request, response)
      })
      const report = yield* verify(url, { maxRate: 1200, timeBudget: 1200 })
      assert.isBelow(report.millis, 1500 + busy)
      assert.isAbove(times.length, 3)
      // 50 ms apart: 10 in any half second, and more where the machine was busy with something else.
      const windows = times.map((from) => times.filter((time) => time >= from && time < from + 500).length)
      assert.isAtMost(Math.max(...windows), 20)
      assert.isAtMost(times.length, 26)
    })
  )

  it.live("that leaves time for a request or two is no reason to wait beyond the budget", () =>
    Effect.gen(function* () {
      const url = yield* serve(yield* emulator())
      const report = yield* verify(url, { maxRate: 2, timeBudget: 700 })
      assert.isBelow(report.millis, 700 + busy)
      assert.isAtMost(report.requests, 2)
      assert.deepStrictEqual(failing(report), [])
    })
  )
})
