// Findings: failures with the same cause.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Finding from "../src/Finding.ts"
import * as Kind from "../src/internal/Kind.ts"
import { implications } from "../src/internal/laws/implications.ts"
import { laws } from "../src/laws.ts"
import type { Counterexample, Result } from "../src/Result.ts"
import { AnyReport } from "./report/arbitrary.ts"

type Query = NonNullable<Counterexample["requests"]>[number]["query"]

const failed = (
  law: string,
  operation: string,
  { at = {}, query = [] }: { readonly at?: NonNullable<Counterexample["at"]>; readonly query?: Query } = {},
  message = `${law} is violated`
): Result => {
  // Some requests have an empty list of headers.
  const headers = query.length === 0 ? {} : { headers: {} }
  const request = { operation, method: "GET", path: `/${operation}`, query, ...headers, access: "granted" } as const
  return {
    law,
    operation,
    status: law.includes("undocumented") ? "drift" : "failed",
    message,
    runs: 1,
    requests: 1,
    sentence: "",
    source: { kind: "expected", text: "" },
    counterexample: {
      curl: "",
      expected: "",
      actual: "",
      replay: "",
      kind: Kind.of({ at, message, requests: [request] }),
      at,
      requests: [request]
    },
    ...(implications[law] === undefined ? {} : { impliedBy: implications[law] })
  }
}

// The laws of each finding, the most specific first.
const lawsOf = (...results: ReadonlyArray<Result>) =>
  Finding.ofResults(results).map(({ failure, others }) => [failure, ...others].map(({ result }) => result.law))

describe("Finding", () => {
  it("a finding contains the failures of a law on several operations", () => {
    const at = { parameter: "limit", status: 200 }
    assert.deepStrictEqual(
      lawsOf(failed("input/limit", "notes.list", { at }), failed("input/limit", "tags.list", { at })),
      [["input/limit", "input/limit"]]
    )
    assert.lengthOf(
      lawsOf(
        failed("input/limit", "notes.list", { at }),
        failed("input/enum", "notes.list", { at: { parameter: "order", status: 200 } })
      ),
      2
    )
  })

  it("a finding contains the failures of all laws for one field of a resource, the most specific first", () => {
    const at = { fields: ["updated_at"] }
    assert.deepStrictEqual(
      lawsOf(
        failed("responses/body", "notes.list", { at }),
        failed("responses/timestamps", "notes.list", { at }),
        failed("resources/get-matches-list", "notes.get", { at }),
        failed("responses/body", "notes.get", { at: { fields: ["tags.*.id"] } })
      ),
      [["responses/timestamps", "responses/body", "resources/get-matches-list"], ["responses/body"]]
    )
  })

  it("a finding begins with the law that implies the others", () => {
    assert.deepStrictEqual(
      lawsOf(
        failed("lists/page-size", "notes.list"),
        failed("lists/any-cursor", "notes.list"),
        failed("lists/limit", "notes.list"),
        failed("lists/any-cursor", "tags.list", {}, "another message")
      ),
      [["lists/limit", "lists/page-size", "lists/any-cursor"], ["lists/any-cursor"]]
    )
  })

  it("a finding contains the failure of a law about all responses with that of a law with the same status", () => {
    const at = { status: 500 }
    const limit = failed("input/limit", "notes.list", { at, query: [["limit", "0"]] })
    const cursor = failed("input/malformed-cursor", "notes.list", { at, query: [["after", "x"]] })
    const general = (query: Query) => failed("responses/no-server-error", "notes.list", { at, query })
    assert.deepStrictEqual(lawsOf(general([["after", "x"]]), limit, cursor), [
      ["input/malformed-cursor", "responses/no-server-error"],
      ["input/limit"]
    ])
    // A request that fails without parameters is the cause of the others.
    assert.deepStrictEqual(lawsOf(general([]), limit, cursor), [
      ["responses/no-server-error", "input/limit", "input/malformed-cursor"]
    ])
  })

  it("the kind of a violation contains no request, no id and no number", () => {
    const request = {
      operation: "notes.list",
      method: "GET",
      path: "/notes",
      query: [["limit", "7"]],
      access: "none"
    } as const
    const kind = (message: string) => Kind.of({ message, requests: [request] })
    assert.strictEqual(kind("GET /notes?limit=7: 8 rows exceed the limit of 7"), "… rows exceed the limit of …")
    assert.strictEqual(
      kind('GET /notes?limit=7: note_01E4ZCR3 is missing, "a" and "b" too'),
      "… is missing, … and … too"
    )
    assert.strictEqual(
      Kind.of({ message: "", requests: [request], at: { fields: ["b", "a"], status: 200 } }),
      "fields a, b, status 200"
    )
  })

  it("each law that implies others exists", () => {
    const names = new Set(["*", ...laws.flatMap(({ id }) => [id, id.split("/")[0]])])
    for (const [law, causes] of Object.entries(implications)) {
      assert.isTrue(names.has(law), law)
      for (const cause of causes) assert.isTrue(names.has(cause), `${cause} of ${law}`)
    }
  })

  it.effect.prop("each failure of a report is in exactly one finding", [AnyReport], ([{ results }]) =>
    Effect.sync(() => {
      const idOf = ({ kind, result }: Finding.Failure) => `${results.indexOf(result)} ${kind}`
      const found = Finding.ofResults(results).flatMap(({ failure, others }) => [failure, ...others])
      assert.sameMembers(found.map(idOf), results.flatMap(Finding.failuresOf).map(idOf))
    })
  )
})
