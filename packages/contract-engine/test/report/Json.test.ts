// The JSON report.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Report } from "../../src/Report.ts"
import * as Json from "../../src/report/Json.ts"
import { AnyReport } from "./arbitrary.ts"
import { report } from "./fixture.ts"

describe("Json", () => {
  it("a JSON report has the documented shape", () => {
    const document = JSON.parse(Json.render(report))
    assert.containsAllKeys(document, ["target", "seed", "summary", "results"])
    assert.deepStrictEqual(document.summary, { passed: 69, failed: 6, drift: 3, skipped: 28 })
    const result = document.results.find(
      (result: Report["results"][number]) => result.law === "lists/limit" && result.operation === "connections.list"
    )
    assert.containsAllKeys(result, ["law", "operation", "status", "message", "runs"])
    assert.hasAllKeys(result.counterexample, ["curl", "expected", "actual", "replay"])
  })

  it("a JSON report is indented and ends with a newline", () => {
    const text = Json.render(report)
    assert.match(text, /^\{\n {2}"target": "http:\/\/127\.0\.0\.1:4100",\n {2}"seed": 42,\n/)
    assert.match(text, /\n\}\n$/)
  })

  it.effect.prop("a JSON report is parsed to an equal report", [AnyReport], ([report]) =>
    Effect.gen(function* () {
      // JSON has no negative zero.
      const written: unknown = JSON.parse(JSON.stringify(report))
      assert.deepStrictEqual<unknown>(yield* Json.parse(Json.render(report)), written)
    })
  )

  it.effect.each(["", "{", "[]", `{"target":"http://127.0.0.1:4100"}`, Json.render(report).replace(/passed/g, "fine")])(
    "an invalid JSON report is not parsed (%#)",
    (text) =>
      Effect.gen(function* () {
        assert.isTrue(Exit.isFailure(yield* Effect.exit(Json.parse(text))))
      })
  )
})
