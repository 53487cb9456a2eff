// Server errors and closed connections that do not occur again.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { linesOf, ofLaw } from "@effect-workos/testing/Results"
import { report, smallStore, type Wrap } from "./running.ts"

/** Fails some requests, by their number, but not their repetitions. */
const failing =
  (isFailing: (number: number) => boolean, fail: () => Response): Wrap =>
  (serve) => {
    const failed = new Set<string>()
    let count = 0
    return async (input, init) => {
      const { method, url } = new Request(input, init)
      const key = `${method} ${url}`
      if (failed.delete(key) || !isFailing(++count)) return serve(input, init)
      failed.add(key)
      return fail()
    }
  }

const serverError = () => Response.json({ message: "restarting" }, { status: 503 })

const closedConnection = (): Response => {
  throw new TypeError("reset")
}

const settings = { runs: 5, laws: ["responses", "lists/order"], operations: ["connections.list"] }

describe("a transient failure", () => {
  it.live.each([
    { failure: "a server error", fail: serverError, law: "responses/no-server-error" },
    { failure: "a closed connection", fail: closedConnection, law: "responses/complete" }
  ])("$failure that occurs twice fails no check, and one in ten requests fails $law", ({ fail, law }) =>
    Effect.gen(function* () {
      const store = yield* smallStore()
      const rare = yield* report(
        store,
        settings,
        failing((number) => number === 5 || number === 40, fail)
      )
      assert.deepStrictEqual(linesOf(rare, "failed"), [])
      assert.strictEqual(rare.transientFailures, 2)
      const frequent = yield* report(
        store,
        settings,
        failing((number) => number % 10 === 0, fail)
      )
      assert.deepStrictEqual(
        linesOf(frequent, "failed").map((line) => line.split(" ", 1)[0]),
        [law]
      )
      assert.match(ofLaw(frequent, law)[0]?.message ?? "", /^\d+ of \d+ requests failed, and succeeded when repeated/)
    })
  )
})
