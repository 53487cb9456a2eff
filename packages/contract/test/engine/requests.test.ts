// Requests of a run: credentials, forms, and rate limits of single operations.
import { runs } from "@effect-workos/testing/Sample"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Contract from "@effect-workos/contract-engine/Contract"
import * as Exchange from "@effect-workos/contract-engine/Exchange"
import * as WorkOs from "../../src/WorkOs.ts"
import * as Clients from "@effect-workos/emulator/Clients"
import * as Store from "@effect-workos/emulator/Store"
import { connections } from "../suites.ts"
import { emulated, recording, smallStore, type Wrap } from "./running.ts"

describe("the key", () => {
  it.live("the key is sent only to operations that require it", () =>
    Effect.gen(function* () {
      const requests: Array<Request> = []
      const report = yield* Contract.verify(WorkOs.suite, {
        runs: runs(3, 1),
        writes: true,
        clientId: Clients.defaultClientId,
        laws: ["responses/status", "input/enum", "input/malformed-body", "workos/code-once"]
      }).pipe(Effect.provide(emulated(recording(requests))), Effect.provideService(Store.Store, yield* smallStore()))
      assert.strictEqual(report.summary.failed, 0)
      const open = requests.filter((request) => /^\/sso\/(?:authorize|token|jwks|logout$)/.test(pathOf(request)))
      assert.isAbove(open.length, 20)
      assert.deepStrictEqual(
        open.filter(({ headers }) => headers.has("authorization")).map(({ url }) => url),
        []
      )
      const forms = open.filter(({ headers }) => headers.get("content-type")?.includes("form") === true)
      assert.isNotEmpty(forms)
      const [form] = forms
      const text = yield* Effect.promise(async () => form?.text() ?? "")
      assert.strictEqual(new URLSearchParams(text).get("grant_type"), "authorization_code")
    })
  )
})

const pathOf = ({ url }: Request): string => new URL(url).pathname

describe("a form", () => {
  it("a form is formatted as a curl command", () => {
    const form = { code: "it's", grant_type: "authorization_code" }
    const line = Exchange.curl(
      {
        operation: "sso.profileAndToken",
        method: "POST",
        path: "/sso/token",
        query: [],
        body: { form },
        access: "none"
      },
      "http://workos.test",
      undefined
    )
    const type = "-H 'Content-Type: application/x-www-form-urlencoded'"
    assert.strictEqual(
      line,
      `curl -X POST ${type} -d 'code=it%27s&grant_type=authorization_code' 'http://workos.test/sso/token'`
    )
  })
})

describe("an operation with a rate limit", () => {
  it.live("an operation with a rate limit is requested within its limit if the run has a maximum rate", () =>
    Effect.gen(function* () {
      const times: Array<number> = []
      const timing: Wrap = (serve) => (input, init) => {
        if (new Request(input, init).method === "DELETE") times.push(performance.now())
        return serve(input, init)
      }
      const rateLimits = { "connections.delete": 1200 }
      const suite = { ...connections, conventions: { ...connections.conventions, rateLimits } }
      yield* Contract.verify(suite, {
        runs: 10,
        writes: true,
        maxRate: 60_000,
        laws: ["lifecycle/deleted-again"]
      }).pipe(Effect.provide(emulated(timing)), Effect.provideService(Store.Store, yield* smallStore()))
      assert.isAtLeast(times.length, 4)
      // 50 ms apart on average; a late request may be followed by a punctual one.
      assert.isAtLeast((times.at(-1) ?? 0) - (times[0] ?? 0), 50 * (times.length - 1) - 25)
    })
  )
})
