// The report of `verify` in a terminal.
import { assert, describe, it } from "@effect/vitest"
import type { Report } from "@effect-workos/contract-engine/Report"
import { summarize } from "@effect-workos/contract-engine/Report"
import type { Result } from "@effect-workos/contract-engine/Result"
import * as CliOutput from "effect/cli/CliOutput"
import { stripVTControlCharacters } from "node:util"
import * as ReportView from "../src/ReportView.ts"

const url = `http://127.0.0.1:4100/connections?limit=1&order=desc&after=conn_01JQC0PG3283K0YEFDM6W0Z1TV&search=${"%E5".repeat(40)}`
const curl = `curl -H "Authorization: Bearer $WORKOS_API_KEY" '${url}'`
const replay = "effect-workos verify --seed 1 --runs 20 --laws lists/limit"

const passed = (law: string, operation: string): Result => ({
  law,
  operation,
  status: "passed",
  message: "passed in 20 cases",
  runs: 20,
  requests: 20,
  sentence: "A page has at most the requested number of rows.",
  source: { kind: "documented", text: "WorkOS documents the limit.", url: "https://workos.com/docs/reference" }
})

const broken: Result = {
  ...passed("lists/limit", "connections.list"),
  status: "failed",
  message: "GET /connections?limit=1: 2 rows exceed the limit of 1",
  counterexample: { curl, expected: "at most 1 row", actual: `2 rows: \u001B[2J${"conn_01,".repeat(90)}`, replay }
}

const skipped = (law: string, operation: string): Result => ({
  ...passed(law, operation),
  status: "skipped",
  message: "writing is not allowed"
})

const results: ReadonlyArray<Result> = [
  { ...broken, law: "responses/body", isKnown: true },
  {
    ...broken,
    law: "responses/undocumented-field",
    status: "drift",
    message: "GET /connections?limit=1: beta: undocumented field (true)",
    counterexample: { curl, expected: "documented fields only", actual: "beta: undocumented field (true)", replay }
  },
  passed("responses/body", "connections.get"),
  skipped("responses/body", "connections.create"),
  skipped("responses/body", "connections.delete"),
  broken,
  passed("lists/order", "connections.list"),
  skipped("lifecycle/model", "connections.create"),
  skipped("lifecycle/model", "connections.delete")
]

const report: Report = {
  target: "http://127.0.0.1:4100",
  seed: 1,
  startedAt: "2026-11-24T08:25:31.000Z",
  durationMillis: 1900,
  requests: 1234,
  summary: summarize(results),
  results,
  fixed: [{ law: "lists/order", operation: "connections.list", message: "wrong" }]
}

const plain = { columns: 80, colours: false }

const requestsWith = (limit: string) =>
  [
    {
      operation: "connections.list",
      method: "GET",
      path: "/connections",
      query: [["limit", limit]],
      access: "granted"
    }
  ] as const

describe("ReportView", () => {
  it("ReportView shows a failed law with the command that reproduces the failure", () => {
    const text = ReportView.render(report, plain)
    assert.include(
      text,
      [
        "✕ lists/limit  connections.list",
        "  A page has at most the requested number of rows.",
        "  GET /connections?limit=1: 2 rows exceed the limit of 1",
        "  expected  at most 1 row",
        "  actual    2 rows: ␛[2Jconn_01,conn_01,conn_01,conn_01,conn_01,conn_01,conn_01,",
        ""
      ].join("\n")
    )
    assert.include(text, "  source    WorkOS documents the limit. https://workos.com/docs/reference\n")
    assert.include(text, `\n  ${curl}\n  ${replay}\n`)
  })

  it("ReportView does not repeat the actual value", () => {
    const [, drift = ""] = ReportView.render(report, plain).split("\n\n")
    assert.strictEqual(drift.match(/undocumented field/g)?.length, 1)
    assert.match(drift, /^◐ responses\/undocumented-field {2}connections\.list {2}drift\n/)
  })

  it("ReportView counts known findings, and shows them on request", () => {
    const folded = ReportView.render(report, plain)
    assert.notInclude(folded, "responses/body  connections.list")
    assert.include(folded, "\nThe baseline lists 1 known finding. Add --show-known to print the failures.\n")
    const [, , known = ""] = ReportView.render(report, { ...plain, showKnown: true }).split("\n\n")
    assert.strictEqual(known.split("\n").length, 3)
    assert.match(known, /^✕ responses\/body {2}connections\.list {2}known\n/)
  })

  it("ReportView ends with a table, reasons of skipped checks, fixed failures and a verdict", () => {
    assert.include(
      ReportView.render(report, plain),
      [
        "connections  list      get  create  delete",
        "responses    ✕ 1  ◐ 1  ✓ 1  – 1     – 1",
        "lists        ✓ 1  ✕ 1",
        "lifecycle                   – 1     – 1",
        "",
        "Skipped 4 checks: writing is not allowed.",
        "",
        "Fixed: lists/order connections.list passed, but is in the baseline.",
        "",
        "The baseline lists 1 known finding. Add --show-known to print the failures.",
        "",
        "1 finding: 1 of 5 checks failed. 1 more check failed as in the baseline; 1",
        "showed drift; 4 were skipped; 1 baseline entry passed.",
        "2 passed, 2 failed, 1 drift, 4 skipped: 1,234 requests in 1.9 s, seed 1",
        ""
      ].join("\n")
    )
  })

  it("ReportView shows failures with the same cause once, with their number and the other failing values", () => {
    const at = { parameter: "limit", status: 200 }
    const first = { curl, expected: "422", actual: "200: {}", kind: "parameter limit, status 200", at }
    const failed = (operation: string): Result => ({
      ...passed("input/limit", operation),
      status: "failed",
      message: "GET /connections?limit=0 returned 200",
      counterexample: { ...first, requests: requestsWith("0"), replay },
      others: ["-1", "101", "1.5", "x", ""].map((limit) => ({
        ...first,
        message: `GET /connections?limit=${limit} returned 200`,
        requests: requestsWith(limit)
      }))
    })
    const results = [failed("connections.list"), failed("organizations.list")]
    const text = ReportView.render({ ...report, results, fixed: [] }, plain)
    assert.strictEqual(text.match(/^✕/gm)?.length, 1)
    assert.include(
      text.replaceAll(/\s+/g, " "),
      " also GET /connections?limit=-1, GET /connections?limit=101, GET /connections?limit=1.5, GET /connections?limit=x, and 1 more source "
    )
    assert.include(text, "  1 more check fails for the same cause: input/limit on organizations.list.\n")
    assert.include(text, "\n1 finding: 2 of 2 checks failed.\n")
  })

  it.each([60, 80, 200])("ReportView wraps lines at %i columns, except commands to copy", (columns) => {
    const lines = ReportView.render(report, { ...plain, columns }).split("\n")
    assert.lengthOf(
      lines.filter((line) => line.trim() === curl),
      2
    )
    for (const line of lines) {
      if (/^ {2}(?:curl|effect-workos) /.test(line)) continue
      assert.isAtMost(CliOutput.displayWidth(line), columns)
    }
  })

  it("ReportView renders the same text with colours", () => {
    const coloured = ReportView.render(report, { ...plain, colours: true })
    assert.include(coloured, "\u001B[31m✕ 1\u001B[39m")
    assert.include(coloured, `\n  ${curl}\n`)
    assert.strictEqual(stripVTControlCharacters(coloured), ReportView.render(report, plain))
  })
})
