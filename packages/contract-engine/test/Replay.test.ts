// Counterexamples that are sent again, runs that end early, and laws that report every failing value.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Contract from "../src/Contract.ts"
import * as Finding from "../src/Finding.ts"
import * as Json from "../src/report/Json.ts"
import * as Law from "../src/Law.ts"
import * as Property from "../src/Property.ts"
import * as Replay from "../src/Replay.ts"
import type { Settings } from "../src/Settings.ts"
import { checksOf } from "../src/Suite.ts"
import { suite } from "./notes/NotesApi.ts"
import { type Fault, notesOf, target } from "./notes/server.ts"

const faults: ReadonlyArray<readonly [Fault, ReadonlyArray<string>]> = [
  ["returns 202 for a search without results", ["responses/status"]],
  ["accepts keys with the prefix of the key", ["access/wrong-key"]],
  ["returns pages of 51", ["lists/limit", "input/limit"]]
]

const server = (fault?: Fault) => target(notesOf(70), fault)

const verify = (settings: Settings, fault?: Fault, observer: Contract.Observer = {}) =>
  Effect.provide(Contract.verify(suite, { runs: 10, ...settings }, observer), server(fault))

describe("a replay", () => {
  it.live.each(faults)(
    "a replay finds the failures of a server that %s, and none of a conforming one",
    ([fault, laws]) =>
      Effect.gen(function* () {
        // A report is read from a file.
        const report = yield* Json.parse(Json.render(yield* verify({ laws }, fault)))
        const failures = report.results.flatMap(Finding.failuresOf)
        assert.isNotEmpty(failures)
        const verdicts = (fault?: Fault) =>
          Effect.map(Effect.provide(Replay.replay(suite, report), server(fault)), (replayed) =>
            replayed.map(({ verdict }) => verdict)
          )
        assert.deepStrictEqual(
          yield* verdicts(fault),
          failures.map(() => "fails" as const)
        )
        assert.deepStrictEqual(
          yield* verdicts(),
          failures.map(() => "passes" as const)
        )
      })
  )

  it.live("a replay states why a failure was not sent", () =>
    Effect.gen(function* () {
      const report = yield* verify({ laws: ["responses/status"] }, "returns 202 for a search without results")
      const replayed = yield* Effect.provide(Replay.replay({ ...suite, laws: [] }, report), server())
      assert.deepStrictEqual(
        replayed.map(({ detail, verdict }) => `${verdict}: ${detail}`),
        ["unsent: the suite has no law responses/status"]
      )
    })
  )
})

describe("a run", () => {
  it.live("a run ends early for a reason, and reports the results so far", () =>
    Effect.gen(function* () {
      const selection = { laws: ["responses/status", "lists/limit", "input/limit"] }
      const report = yield* verify({ workers: 1, runs: 3, ...selection }, "returns pages of 51", {
        stopReason: (failures) => (failures.length === 1 ? "one failure is enough" : undefined)
      })
      assert.strictEqual(report.summary.failed, 1)
      assert.strictEqual(report.interrupted, "one failure is enough")
      assert.isNotEmpty(report.results.filter(({ status }) => status === "passed"))
      assert.isBelow(report.results.length, checksOf(suite, selection).length)
    })
  )
})

const violation = (value: number) =>
  Law.violation({
    message: `${value} is odd`,
    requests: [{ operation: "notes.list", method: "GET", path: "/notes", query: [], access: "none" }],
    expected: "even",
    actual: String(value)
  })

const custom = (check: Law.Law["check"]) => ({
  ...suite,
  laws: [
    {
      id: "custom/values",
      sentence: "Values are even.",
      source: Law.expected("A rule."),
      severity: "error" as const,
      appliesTo: ({ id }: { readonly id: string }) => id === "notes.list",
      check
    }
  ]
})

const resultOf = (check: Law.Law["check"]) =>
  Effect.map(
    Effect.provide(Contract.verify(custom(check)), server()),
    ({ results }) => results[0] ?? assert.fail("the law has no result")
  )

describe("a law over a list of values", () => {
  it.live("a law over a list of values reports every value that fails", () =>
    Effect.gen(function* () {
      const result = yield* resultOf(() =>
        Property.forEach([2, 3, 4, 5, 7], (value) =>
          Effect.succeed(value % 2 === 0 ? Property.passed : violation(value))
        )
      )
      assert.strictEqual(result.runs, 5)
      assert.strictEqual(result.message, "3 is odd")
      assert.deepStrictEqual(
        result.others?.map(({ message }) => message),
        ["5 is odd", "7 is odd"]
      )
    })
  )

  it.live("a law over a list of values stops at the first failure on request, and reports all faults of a case", () =>
    Effect.gen(function* () {
      const result = yield* resultOf(() =>
        Property.forEach(
          [2, 3, 5],
          (value) =>
            Effect.succeed(value % 2 === 0 ? Property.passed : Law.violations(violation(value), [violation(-value)])),
          { stopAtFirst: true }
        )
      )
      assert.deepStrictEqual(
        Finding.failuresOf(result).flatMap(({ cases }) => cases.map(({ message }) => message)),
        ["3 is odd", "-3 is odd"]
      )
    })
  )
})
