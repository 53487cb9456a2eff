// Properties of baselines: known failures, fixed ones, and entries that a run did not check.
import { assert, describe, it } from "@effect/vitest"
import * as Baseline from "../src/Baseline.ts"
import { type Report, summarize } from "../src/Report.ts"
import { type Result, Status } from "../src/Result.ts"
import * as Verdict from "../src/report/Verdict.ts"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const keys = ["lists/limit", "lists/order", "access/no-key", "responses/body"].flatMap((law) =>
  ["connections.list", "connections.get", "notes.list"].map((operation) => ({ law, operation }))
)

const idOf = ({ law, operation }: { readonly law: string; readonly operation: string }) => `${law} ${operation}`

// For each law and operation an optional result and an optional entry in the baseline.
const Chosen = Schema.Array(
  Schema.Struct({
    status: Schema.optionalKey(Status),
    message: Schema.String,
    isBaseline: Schema.Boolean,
    known: Schema.String
  })
).check(Schema.isMinLength(keys.length), Schema.isMaxLength(keys.length))

const Scene = Arbitrary.map(Arbitrary.schema(Chosen), (chosen) => {
  const all = keys.flatMap((key, index) => {
    const one = chosen[index]
    return one === undefined ? [] : [{ ...key, ...one }]
  })
  const results = all.flatMap(({ law, message, operation, status }): ReadonlyArray<Result> =>
    status === undefined
      ? []
      : [
          {
            law,
            operation,
            status,
            message,
            runs: 1,
            requests: 1,
            sentence: "",
            source: { kind: "expected", text: "" }
          }
        ]
  )
  const failures = all.flatMap(({ isBaseline, known, law, operation }) =>
    isBaseline ? [{ law, operation, message: known }] : []
  )
  const report: Report = {
    target: "http://workos.test",
    seed: 1,
    startedAt: "2026-01-15T12:00:00.000Z",
    durationMillis: 1,
    requests: 1,
    summary: summarize(results),
    results,
    fixed: []
  }
  return { baseline: { failures }, report, statusOf: new Map(results.map((result) => [idOf(result), result.status])) }
})

const isBroken = ({ status }: Result) => status === "failed" || status === "drift"

const newsOf = ({ results }: Report) => results.filter((result) => Verdict.isNewFailure(result, { strict: true }))

const counterexample = { curl: "", expected: "", actual: "", replay: "" }
const resultWith = (...kinds: ReadonlyArray<string>): Result => ({
  law: "responses/body",
  operation: "notes.list",
  status: "failed",
  message: "wrong",
  runs: 1,
  requests: 1,
  counterexample: { ...counterexample, kind: kinds[0] ?? "" },
  others: kinds.slice(1).map((kind) => ({ ...counterexample, message: "wrong", kind })),
  sentence: "",
  source: { kind: "expected", text: "" }
})
const reportOf = (...results: ReadonlyArray<Result>): Report => ({
  target: "http://notes.test",
  seed: 1,
  startedAt: "2026-01-15T12:00:00.000Z",
  durationMillis: 1,
  requests: 1,
  summary: summarize(results),
  results,
  fixed: []
})

describe("a baseline", () => {
  it.effect.prop("a baseline updated with a report leaves neither new failures nor fixed entries", [Scene], ([scene]) =>
    Effect.sync(() => {
      const updated = Baseline.update(scene.report, scene.baseline)
      const applied = Baseline.apply(scene.report, updated)
      assert.deepStrictEqual(newsOf(applied), [])
      assert.deepStrictEqual(applied.fixed, [])
      assert.deepStrictEqual(Baseline.update(scene.report, updated), updated)
      assert.deepStrictEqual(applied.summary, scene.report.summary)
    })
  )

  it.effect.prop("a baseline marks exactly its own entries as known", [Scene], ([{ baseline, report }]) =>
    Effect.sync(() => {
      const has = new Set(baseline.failures.map(idOf))
      const applied = Baseline.apply(report, baseline)
      assert.deepStrictEqual(
        applied.results.filter(({ isKnown }) => isKnown === true).map(idOf),
        report.results.filter((result) => isBroken(result) && has.has(idOf(result))).map(idOf)
      )
      assert.deepStrictEqual(
        newsOf(applied).map(idOf),
        report.results.filter((result) => isBroken(result) && !has.has(idOf(result))).map(idOf)
      )
    })
  )

  it.effect.prop("a baseline lists passed entries as fixed, but not skipped ones", [Scene], ([scene]) =>
    Effect.sync(() => {
      const { fixed } = Baseline.apply(scene.report, scene.baseline)
      const passed = scene.baseline.failures.filter((failure) => scene.statusOf.get(idOf(failure)) === "passed")
      assert.deepStrictEqual(fixed, passed)
    })
  )

  it.effect.prop("a baseline keeps entries that were not checked and drops fixed ones", [Scene], ([scene]) =>
    Effect.sync(() => {
      const { failures } = Baseline.update(scene.report, scene.baseline)
      const isUnseen = (one: { readonly law: string; readonly operation: string }) =>
        (scene.statusOf.get(idOf(one)) ?? "skipped") === "skipped"
      assert.deepStrictEqual(
        failures
          .filter(isUnseen)
          .map((one) => JSON.stringify(one))
          .toSorted(),
        scene.baseline.failures
          .filter(isUnseen)
          .map((one) => JSON.stringify(one))
          .toSorted()
      )
      const seen = failures.filter((failure) => !isUnseen(failure)).map(idOf)
      const broken = scene.report.results.filter(isBroken).map(idOf)
      assert.deepStrictEqual(seen, broken.toSorted())
    })
  )

  it.effect.prop(
    "a baseline is formatted with one sorted line per failure and parsed back unchanged",
    [Scene],
    ([scene]) =>
      Effect.gen(function* () {
        const updated = Baseline.update(scene.report, scene.baseline)
        const text = Baseline.format(updated)
        assert.deepStrictEqual(yield* Baseline.parse(text), updated)
        assert.strictEqual(Baseline.format(yield* Baseline.parse(text)), text)
        const lines = text.split("\n").filter((line) => line.startsWith("    "))
        assert.strictEqual(lines.length, updated.failures.length)
        assert.isTrue(lines.every((line, index) => line.includes(updated.failures[index]?.law ?? "")))
        const ids = updated.failures.map(idOf)
        assert.deepStrictEqual(ids, [...new Set(ids)].toSorted())
        // The order of the results does not matter.
        const shuffled = { ...scene.report, results: scene.report.results.toReversed() }
        assert.strictEqual(Baseline.format(Baseline.update(shuffled, scene.baseline)), text)
      })
  )

  it("a baseline with a kind ignores failures of this kind only", () => {
    const known = Baseline.update(reportOf(resultWith("field state")), Baseline.empty)
    assert.include(Baseline.format(known), '"operation":"notes.list","kind":"field state","message":"wrong"')
    const news = (...kinds: ReadonlyArray<string>) =>
      newsOf(Baseline.apply(reportOf(resultWith(...kinds)), known)).length
    assert.strictEqual(news("field state"), 0)
    assert.strictEqual(news("field name"), 1)
    // Another fault of a known law is new, although the known fault is still there.
    assert.strictEqual(news("field state", "field name"), 1)
    const [finding] = Verdict.findingsOf(
      Baseline.apply(reportOf(resultWith("field state", "field name")), known)
    ).newFindings
    assert.strictEqual(finding?.failure.kind, "field name")
    // An entry without a kind lists every failure of the law.
    const old = { failures: known.failures.map(({ law, message, operation }) => ({ law, message, operation })) }
    assert.deepStrictEqual(newsOf(Baseline.apply(reportOf(resultWith("field name")), old)), [])
  })

  it("a baseline without failures is an object with an empty list", () => {
    assert.strictEqual(Baseline.format(Baseline.empty), '{\n  "failures": []\n}\n')
  })
})

describe("a baseline from an editor", () => {
  it.effect.each(["\uFEFF", "\r\n", "  \t"])(
    "a baseline from an editor is parsed with %j before and white space after its text",
    (before) =>
      Effect.gen(function* () {
        const failures = [
          { law: "lists/limit", operation: "connections.list", message: "8 rows exceed the limit of 7" }
        ]
        const text = Baseline.format({ failures }).replaceAll("\n", "\r\n")
        assert.deepStrictEqual(yield* Baseline.parse(`${before}${text}\r\n`), { failures })
      })
  )
})

describe("an invalid baseline", () => {
  it.effect.each([
    "",
    "no JSON",
    "[]",
    "{}",
    "null",
    '{"failures":{}}',
    '{"failures":[{"law":"lists/limit"}]}',
    '{"failures":[{"law":1,"operation":"x","message":"y"}]}',
    '{"failures": []} trailing',
    "<<<<<<< HEAD\n{}\n"
  ])("an invalid baseline fails with a message (%#)", (text) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Baseline.parse(text))
      assert.strictEqual(error._tag, "BaselineError")
      assert.strictEqual(
        error.message,
        "The baseline is invalid: expected JSON with a list of failures, each with law, operation and message."
      )
    })
  )
})
