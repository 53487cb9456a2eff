// The JUnit report.
import { runs } from "@effect-workos/testing/Sample"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Report } from "../../src/Report.ts"
import * as JUnit from "../../src/report/JUnit.ts"
import { AnyReport } from "./arbitrary.ts"
import { report } from "./fixture.ts"
import * as Xml from "./xml.ts"

const caseOf = (root: Xml.Element, operation: string, law: string): Xml.Element => {
  const found = Xml.all(root, "testcase").find(
    ({ attributes }) => attributes["classname"] === operation && attributes["name"]?.startsWith(`${law}: `)
  )
  if (found === undefined) throw new Error(`No case for ${law} on ${operation}`)
  return found
}

// The characters that XML 1.0 allows, according to an independent parser.
const allowed = (text: string): string =>
  Array.from(text, (character) =>
    /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]$/u.test(character) ? character : "\uFFFD"
  ).join("")

describe("JUnit", () => {
  const root = Xml.read(JUnit.render(report))

  it("a JUnit report has a suite for each operation with the counts of its cases", () => {
    const suites = Xml.all(root, "testsuite")
    assert.deepStrictEqual(
      suites.map(({ attributes }) => attributes["name"]),
      ["connections.list", "connections.get", "connections.delete", "organizations.list"]
    )
    for (const element of [root, ...suites]) {
      const { failures, skipped, tests } = element.attributes
      assert.strictEqual(tests, String(Xml.all(element, "testcase").length))
      assert.strictEqual(failures, String(Xml.all(element, "failure").length))
      assert.strictEqual(skipped, String(Xml.all(element, "skipped").length))
    }
  })

  it("a JUnit report contains the counterexample of a failure", () => {
    const [failure] = caseOf(root, "connections.list", "lists/limit").children
    assert.strictEqual(failure?.name, "failure")
    assert.deepStrictEqual(failure?.attributes, { message: "8 rows exceed the limit of 7.", type: "lists/limit" })
    for (const part of [
      "8 rows exceed the limit of 7.",
      `curl -H "Authorization: Bearer $WORKOS_API_KEY" 'http://127.0.0.1:4100/connections?limit=7'`,
      "effect-workos verify --laws lists/limit --seed 42 --runs 1",
      `expected:\n{\n  "data": [`,
      `actual:\n{\n  "data": [`,
      "https://workos.com/docs/reference/pagination"
    ]) {
      assert.include(failure?.text, part)
    }
  })

  it("a JUnit report shows known failures and skipped checks as skipped with the reason", () => {
    const [known] = caseOf(root, "organizations.list", "input/limit-bounds").children
    assert.deepStrictEqual(known?.attributes, { message: "known: A limit of 101 is treated as 100." })
    const [skipped] = caseOf(root, "organizations.list", "lists/filter-complete").children
    assert.strictEqual(skipped?.name, "skipped")
    assert.match(skipped?.attributes["message"] ?? "", /^No organization has a domain/)
  })

  it("a JUnit report shows drift as passed, or as failed when strict", () => {
    const [drift] = caseOf(root, "connections.list", "responses/undocumented-value").children
    assert.strictEqual(drift?.name, "system-out")
    assert.match(drift?.text ?? "", /^drift: connection_type is "QuantumSAML"/)
    const strict = Xml.read(JUnit.render(report, { strict: true }))
    assert.strictEqual(strict.attributes["failures"], "7")
    const [failure] = caseOf(strict, "connections.list", "responses/undocumented-value").children
    assert.strictEqual(failure?.name, "failure")
  })

  it("a JUnit report shows fixed entries of the baseline", () => {
    const [fixed] = caseOf(root, "connections.list", "lists/reversal").children
    assert.match(fixed?.text ?? "", /^fixed: .*in different orders\.$/)
  })

  it("a JUnit report distributes the duration by requests", () => {
    assert.strictEqual(root.attributes["time"], "47.300")
    const sum = Xml.all(root, "testcase").reduce((sum, { attributes }) => sum + Number(attributes["time"]), 0)
    assert.closeTo(sum, 47.3, 0.06)
    const [idle] = Xml.all(Xml.read(JUnit.render(withoutRequests(report))), "testcase")
    assert.strictEqual(idle?.attributes["time"], "0")
  })

  it("a JUnit report without results is valid", () => {
    assert.strictEqual(Xml.read(JUnit.render({ ...report, results: [] })).attributes["tests"], "0")
  })

  it.effect.prop(
    "a JUnit report is well-formed XML with unchanged names",
    [AnyReport],
    ([report]) =>
      Effect.sync(() => {
        for (const strict of [false, true]) {
          const root = Xml.read(JUnit.render(report, { strict }))
          const names = Xml.all(root, "testcase").map(
            ({ attributes }) => `${attributes["classname"]}\n${attributes["name"]}`
          )
          assert.sameMembers(
            names,
            report.results.map(({ law, operation, sentence }) => allowed(`${operation}\n${law}: ${sentence}`))
          )
        }
      }),
    { arbitrary: { runs: runs(100, 25) } }
  )
})

const withoutRequests = (report: Report): Report => ({
  ...report,
  results: report.results.map((result) => ({ ...result, requests: 0 }))
})
