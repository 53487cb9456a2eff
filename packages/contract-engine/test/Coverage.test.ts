// The coverage of a run.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Contract from "../src/Contract.ts"
import * as Coverage from "../src/Coverage.ts"
import * as CoverageSummary from "../src/report/CoverageSummary.ts"
import type { Attempt, Request } from "../src/Exchange.ts"
import { suite } from "./notes/NotesApi.ts"
import { notesOf, target } from "./notes/server.ts"

const request = (operation: string, query: Request["query"] = []): Request => ({
  operation,
  method: "GET",
  path: "/",
  query,
  access: "none"
})

const responded = (request: Request, status: number, json: unknown): Attempt => ({
  request,
  exchange: { request, response: { status, headers: {}, text: JSON.stringify(json), json, millis: 1 } }
})

const add = Coverage.recorder(suite.operations)

const coverageOf = (...attempts: ReadonlyArray<Attempt>) =>
  Coverage.make(suite.operations, attempts.reduce(add, Coverage.empty), [])

const partsOf = (coverage: Coverage.Coverage, operation: string) =>
  (coverage.find((own) => own.operation === operation)?.parts ?? [])
    .filter(({ isExercised }) => isExercised)
    .map(({ kind, name }) => `${kind} ${name}`)

describe("Coverage", () => {
  it("coverage contains the parameters, statuses and fields of the requests that were sent", () => {
    const coverage = coverageOf(
      responded(request("notes.list", [["sort", "oldest"]]), 200, { items: [{ id: "n-1", tags: ["a"], more: 1 }] }),
      responded(
        request("notes.list", [
          ["tag", "x"],
          ["unknown", "y"]
        ]),
        400,
        { id: "no field of a success" }
      )
    )
    assert.deepStrictEqual(partsOf(coverage, "notes.list"), [
      "parameter sort",
      "parameter tag",
      "parameter-value sort=oldest",
      "status 200",
      "status 400",
      "field items.*.id",
      "field items.*.tags.*"
    ])
    assert.deepStrictEqual(partsOf(coverage, "notes.get"), [])
    const missing = CoverageSummary.missing(coverage)
    assert.deepInclude(missing, {
      operation: "notes.list",
      text: "parameter sort=newest",
      reason: "no generated case has this value; a larger number of cases may"
    })
    assert.deepInclude(missing, {
      operation: "notes.list",
      text: "field items.*.text",
      reason: "no row has this field"
    })
    assert.deepStrictEqual(
      missing.filter(({ operation }) => operation === "notes.get").map(({ text }) => text),
      ["the operation"]
    )
  })

  it("coverage counts a request without a response, but not its method on other operations", () => {
    const sent = request("notes.get")
    const coverage = coverageOf(
      responded({ ...sent, method: "PUT" }, 404, {}),
      responded(request("elsewhere"), 200, {})
    )
    assert.deepStrictEqual(partsOf(coverage, "notes.get"), ["parameter id"])
    assert.deepStrictEqual(CoverageSummary.shares(coverage).operations, {
      exercised: 1,
      total: suite.operations.length
    })
  })

  it.live("coverage of a read-only run states that the rest requires writing", () =>
    Effect.gen(function* () {
      const report = yield* Effect.provide(
        Contract.verify(suite, { runs: 3, laws: ["responses/status", "responses/body"] }),
        target(notesOf(20))
      )
      const coverage = report.coverage ?? assert.fail("the report has no coverage")
      assert.strictEqual(
        coverage.reduce((sum, { requests }) => sum + requests, 0),
        report.requests
      )
      const unused = coverage.filter(({ requests }) => requests === 0)
      assert.deepStrictEqual(
        unused.map(({ operation }) => operation),
        ["notes.create", "notes.delete"]
      )
      for (const { reason } of unused) assert.match(reason ?? "", /--writes/)
      assert.match(
        CoverageSummary.describe(coverage),
        /^4 of 6 operations, \d+ of \d+ parameters, \d+ of \d+ statuses, /
      )
      const fields = CoverageSummary.shares(coverage.filter(({ operation }) => operation === "notes.list")).fields
      assert.strictEqual(fields.exercised, fields.total)
    })
  )
})
