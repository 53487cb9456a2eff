// The laws of lists for each style of pagination, on servers that are verified by their OpenAPI documents.
import { isExhaustive, sampleOfEach, seed } from "@effect-workos/testing/Sample"
import { linesOf, unfounded } from "@effect-workos/testing/Results"
import * as Contract from "../../src/Contract.ts"
import type { Settings } from "../../src/Settings.ts"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type Fault, faults, serve, type Style, styles, suiteAndTarget } from "./things.ts"

const verify = Effect.fnUntraced(function* (style: Style, settings: Settings, fault?: Fault) {
  const url = yield* serve(style, fault)
  const { suite, target } = yield* suiteAndTarget(style, url)
  return yield* Effect.provide(Contract.verify(suite, { seed, ...settings }), target)
})

describe("a conforming server", () => {
  for (const style of styles) {
    it.live(`a conforming server with pagination by ${style} passes every law`, () =>
      Effect.gen(function* () {
        const report = yield* verify(style, { runs: isExhaustive ? 100 : 10 })
        assert.deepEqual(linesOf(report, "failed"), [])
        assert.deepEqual(linesOf(report, "drift"), [])
        assert.deepEqual(unfounded(report), [])
        const passed = new Set(report.results.filter(({ status }) => status === "passed").map(({ law }) => law))
        const expected = [
          "lists/limit",
          "lists/default-limit",
          "lists/complete",
          "lists/page-size",
          "lists/cursors-end"
        ]
        for (const law of [...expected, "lists/filter-matches", "lists/filter-complete", "access/wrong-key"])
          assert.isTrue(passed.has(law), law)
        assert.isFalse(report.results.some(({ law }) => law === "lists/any-cursor"))
      })
    )
  }
})

const cases = Object.entries(faults).flatMap(([fault, { laws, styles }]) =>
  // The keys of the record.
  styles.map((style) => ({ fault: fault as Fault, laws: [...laws], style }))
)

describe("a server with a fault", () => {
  for (const { fault, laws, style } of sampleOfEach(cases, ({ style }) => style)) {
    it.live(`a server with pagination by ${style} that ${fault} is detected`, () =>
      Effect.gen(function* () {
        const report = yield* verify(style, { laws }, fault)
        assert.isNotEmpty(linesOf(report, "failed"), JSON.stringify(report.results))
      })
    )
  }
})
