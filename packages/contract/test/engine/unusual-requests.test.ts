// Unusual requests: which are sent, over which clients, and their `curl` commands.
import { sample } from "@effect-workos/testing/Sample"
import { linesOf, ofLaw } from "@effect-workos/testing/Results"
import { assert, describe, it } from "@effect/vitest"
import * as Contract from "@effect-workos/contract-engine/Contract"
import * as Exchange from "@effect-workos/contract-engine/Exchange"
import type { Settings } from "@effect-workos/contract-engine/Settings"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import { spawnSync } from "node:child_process"
import * as WorkOs from "../../src/WorkOs.ts"
import { emulated, recording, smallStore } from "./running.ts"
import { emulator, type Handle, serve, verify } from "./sockets.ts"

const methodLaws = ["input/head", "input/options", "input/undocumented-safe-method", "input/trailing-slash"]

/** The requests that a run sends to the emulator, and its report. */
const requestsOf = Effect.fnUntraced(function* (settings: Settings) {
  const requests: Array<Request> = []
  const operations = WorkOs.suite.operations.filter(({ id }) => /^(?:connections|portal)\./.test(id))
  const report = yield* Contract.verify({ ...WorkOs.suite, operations }, { runs: 1, ...settings }).pipe(
    Effect.provide(emulated(recording(requests))),
    Effect.provideService(Store.Store, yield* smallStore())
  )
  return { requests, report }
})

describe("a run that may not write", () => {
  it.live("a run that may not write sends only safe methods, also to paths that only allow writing", () =>
    Effect.gen(function* () {
      const { report, requests } = yield* requestsOf({ laws: [...methodLaws, "input/accept"] })
      const methods = new Set(requests.map(({ method }) => method))
      assert.deepStrictEqual([...methods].toSorted(), ["GET", "HEAD", "OPTIONS", "QUERY"])
      const passed = linesOf(report, "passed").join("\n")
      assert.include(passed, "input/options portal.generateLink")
      assert.include(passed, "input/undocumented-safe-method portal.generateLink")
    })
  )
})

describe("a run that may write", () => {
  it.live("a run that may write deletes no collection on another machine", () =>
    Effect.gen(function* () {
      const { report, requests } = yield* requestsOf({ writes: true, laws: ["input/delete-collection"] })
      assert.isNotEmpty(report.results)
      for (const { message } of report.results) assert.strictEqual(message, "the server is not on this machine")
      assert.notInclude(
        requests.map(({ method }) => method),
        "DELETE"
      )
    })
  )
})

// A server that repeats the request in the response to TRACE.
const tracing =
  (handle: Handle): Handle =>
  (request, response) =>
    request.method === "TRACE"
      ? response.writeHead(200, { "content-type": "message/http" }).end(request.rawHeaders.join("\r\n"))
      : handle(request, response)

describe("TRACE", () => {
  it.live("a server that responds to TRACE fails a law, with a client that can send TRACE", () =>
    Effect.gen(function* () {
      const url = yield* serve(tracing(yield* emulator()))
      const [list] = ofLaw(yield* verify(url, { laws: methodLaws }), "input/undocumented-safe-method")
      assert.strictEqual(list?.status, "failed")
      assert.match(list?.counterexample?.curl ?? "", /^curl -X TRACE .*\/connections'$/)
      assert.match(list?.counterexample?.actual ?? "", /authorization/i)
      assert.notInclude(JSON.stringify(list), "sk_test_emulator")
    })
  )
})

// The arguments that a shell passes to `curl`.
const argumentsOf = (line: string): ReadonlyArray<string> =>
  spawnSync("sh", ["-c", `curl() { printf '%s\\n' "$@"; }\n${line}`], { encoding: "utf8" }).stdout.split("\n")

describe("a curl command", () => {
  const request: Exchange.Request = {
    operation: "connections.list",
    method: "GET",
    path: "/connections",
    query: [],
    access: "none"
  }
  const line = (other: Partial<Exchange.Request>) =>
    Exchange.curl({ ...request, ...other }, "http://workos.test", undefined)

  it("a HEAD request is a curl command that does not wait for a body", () => {
    assert.strictEqual(line({ method: "HEAD" }), "curl --head 'http://workos.test/connections'")
  })

  it("a repeated parameter is repeated in the curl command", () => {
    const repeated = line({
      query: [
        ["limit", "1"],
        ["limit", "101"]
      ]
    })
    assert.strictEqual(repeated, "curl 'http://workos.test/connections?limit=1&limit=101'")
  })

  it("a large header is a short curl command with which the shell sends the whole header", () => {
    for (const length of sample([1001, 8000, 20_000], 1)) {
      const value = "a".repeat(length)
      const command = line({ headers: { "x-large": value } })
      assert.isBelow(command.length, 150)
      assert.include(argumentsOf(command), `x-large: ${value}`)
    }
  })

  it("a text with a content type is a curl command with that type", () => {
    const body = { text: "<name>It's</name>", type: "application/xml" }
    assert.includeMembers(
      [...argumentsOf(line({ method: "POST", body }))],
      ["POST", "Content-Type: application/xml", "<name>It's</name>"]
    )
  })
})
