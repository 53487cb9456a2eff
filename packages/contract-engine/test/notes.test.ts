// The laws for any API, verified on an API that is not WorkOS.
import { runs, seed as seedOfRun } from "@effect-workos/testing/Sample"
import { assert, describe, it } from "@effect/vitest"
import * as Contract from "../src/Contract.ts"
import { laws } from "../src/laws.ts"
import type { Settings } from "../src/Settings.ts"
import * as Effect from "effect/Effect"
import { suite } from "./notes/NotesApi.ts"
import { type Fault, notesOf, target } from "./notes/server.ts"
import { idOf, linesOf, unfounded } from "@effect-workos/testing/Results"

/** A lone surrogate, which JSON can contain. */
const half = "\uD83D"

const verify = (settings: Settings, fault?: Fault) =>
  Effect.suspend(() => {
    const notes = notesOf(70)
    return Effect.map(Effect.provide(Contract.verify(suite, settings), target(notes, fault)), (report) => ({
      notes,
      report
    }))
  })

// Laws about conventions that this API does not have.
const inapplicable = ["responses/undocumented-value", "responses/id-prefix"]

const reasons = [
  // With few runs, no generated search may have results.
  /^responses\/(?:timestamps|created-before-updated) notes\.search: the law applied to no response$/,
  /^responses\/headers .*: no response header is documented$/,
  /^access\/malformed-header .*: the credentials have no scheme that could be malformed$/
]

const seeds = Array.from({ length: runs(5, 1) }, (_, index) => seedOfRun + index)

describe("a conforming server with other conventions", () => {
  it.live("a conforming server fails no generic law with any seed, and skipped laws state the reason", () =>
    Effect.gen(function* () {
      for (const seed of seeds) {
        const { notes, report } = yield* verify({ seed, runs: 5, writes: true })
        assert.deepStrictEqual([...linesOf(report, "failed"), ...linesOf(report, "drift")], [], `seed ${seed}`)
        const unexplained = linesOf(report, "skipped").filter((line) => !reasons.some((reason) => reason.test(line)))
        assert.deepStrictEqual(unexplained, [], `seed ${seed}`)
        assert.deepStrictEqual(unfounded(report), [])
        assert.deepStrictEqual(notes, notesOf(70), "the server has exactly the initial notes")
      }
    })
  )

  it.live("a conforming server is verified against every generic law", () =>
    Effect.gen(function* () {
      const { report } = yield* verify({ seed: 6, runs: 12, writes: true })
      const passed = new Set(report.results.filter(({ status }) => status === "passed").map(({ law }) => law))
      const others = laws.map(({ id }) => id).filter((id) => !passed.has(id))
      assert.deepStrictEqual(others, [
        "responses/headers",
        ...inapplicable,
        "access/malformed-header",
        "input/exclusive-parameters"
      ])
      const operations = new Set(
        report.results.filter(({ status }) => status === "passed").map(({ operation }) => operation)
      )
      assert.deepStrictEqual([...operations].toSorted(), [
        "health.check",
        "notes.create",
        "notes.delete",
        "notes.get",
        "notes.list",
        "notes.search"
      ])
    })
  )

  it.live("a server receives valid values for required headers", () =>
    Effect.gen(function* () {
      for (const seed of [seedOfRun, seedOfRun + 1]) {
        const { report } = yield* verify({
          seed,
          runs: 40,
          laws: ["responses/complete", "responses/accepted", "input/missing-parameter"]
        })
        const searches = report.results.filter(({ operation }) => operation === "notes.search")
        assert.deepStrictEqual(linesOf({ results: searches }, "failed"), [])
        const [missing] = searches.filter(({ law }) => law === "input/missing-parameter")
        assert.include(missing, { status: "passed", runs: 40 })
      }
    })
  )
})

describe("a row with text that no URL can contain", () => {
  it.live("rows with text that no URL can contain do not prevent laws about filters from passing", () =>
    Effect.gen(function* () {
      const notes = notesOf(40).map((note, index) =>
        index % 3 === 0 ? { ...note, author: `half a face ${half}` } : note
      )
      const settings = { runs: 10, writes: true, laws: ["lists", "lifecycle/created-in-list"] }
      const report = yield* Effect.provide(Contract.verify(suite, settings), target(notes))
      assert.deepStrictEqual(linesOf(report, "failed"), [])
      assert.include(linesOf(report, "passed").join("\n"), "lists/filter-complete notes.list")
    })
  )
})

const caught: ReadonlyArray<readonly [fault: Fault, results: ReadonlyArray<string>]> = [
  ["repeats the last row of a page on the next", ["lists/complete notes.list", "lists/any-cursor notes.list"]],
  ["matches prefixes of tags", ["lists/filter-matches notes.list"]],
  ["accepts keys with the prefix of the key", ["access/wrong-key notes.list", "access/wrong-key notes.search"]],
  [
    "keeps deleted notes",
    [
      "lifecycle/deleted-from-get notes.delete",
      "lifecycle/deleted-from-lists notes.delete",
      "lifecycle/model notes.create"
    ]
  ],
  ["returns 202 for a search without results", ["responses/status notes.search"]],
  ["searches without a tenant", ["input/missing-parameter notes.search"]],
  ["returns pages of 51", ["input/limit notes.list"]]
]

describe("a faulty server", () => {
  for (const [fault, results] of caught) {
    it.live(`a server that ${fault} fails ${results[0]}`, () =>
      Effect.gen(function* () {
        const laws = [...new Set(results.map((result) => result.split(" ")[0] ?? ""))]
        const { report } = yield* verify({ seed: 1, runs: 30, writes: true, laws }, fault)
        const failed = report.results.filter(({ status }) => status === "failed")
        assert.includeMembers(failed.map(idOf), [...results])
        for (const { counterexample } of failed) {
          assert.match(counterexample?.curl ?? "", /^curl /)
          assert.notInclude(JSON.stringify(counterexample), "notes_live")
        }
      })
    )
  }
})
