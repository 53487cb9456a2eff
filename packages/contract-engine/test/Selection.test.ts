// Selections of operations and laws.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Contract from "../src/Contract.ts"
import * as Selection from "../src/Selection.ts"
import type { SelectionOptions } from "../src/Settings.ts"
import { checksOf } from "../src/Suite.ts"
import { suite } from "./notes/NotesApi.ts"
import { notesOf, target } from "./notes/server.ts"

const operationsOf = (selection: SelectionOptions) =>
  suite.operations.filter(Selection.hasOperation(selection)).map(({ id }) => id)

const lawsOf = (selection: SelectionOptions) => suite.laws.filter(Selection.hasLaw(selection)).map(({ id }) => id)

const all = suite.operations.map(({ id }) => id)
const notes = all.filter((id) => id.startsWith("notes."))

describe("a selection of operations", () => {
  it.each<readonly [name: string, selected: ReadonlyArray<string>]>([
    ["notes", notes],
    ["notes.list", ["notes.list"]],
    ["*.list", ["notes.list"]],
    ["not*", notes],
    ["*", all],
    ["/notes", ["notes.list", "notes.create"]],
    ["/notes/:id", ["notes.get", "notes.delete"]],
    ["/notes/{id}", ["notes.get", "notes.delete"]],
    ["/notes*", ["notes.list", "notes.get", "notes.create", "notes.delete"]],
    ["GET /notes*", ["notes.list", "notes.get"]],
    ["get  /notes/:id", ["notes.get"]],
    ["DELETE *", []],
    ["DELETE /*", ["notes.delete"]],
    ["note", []],
    ["notes.lis", []],
    [".*", []],
    ["", []]
  ])("The name %j selects the operations %j", (name, selected) => {
    assert.deepStrictEqual(operationsOf({ operations: [name] }).toSorted(), selected.toSorted())
    const excluded = all.filter((id) => !selected.includes(id))
    assert.deepStrictEqual(operationsOf({ excludeOperations: [name] }), excluded)
    assert.strictEqual(Result.isSuccess(Selection.check(suite, { operations: [name] })), selected.length > 0)
  })

  it("A selection contains the operations of any name, without the excluded ones", () => {
    assert.deepStrictEqual(operationsOf({ operations: ["health", "notes.get"] }), ["health.check", "notes.get"])
    assert.deepStrictEqual(operationsOf({ operations: ["notes"], excludeOperations: ["* /notes*"] }), ["notes.search"])
    assert.deepStrictEqual(operationsOf({ operations: [] }), [])
  })
})

describe("a selection of laws", () => {
  const families = [...new Set(suite.laws.map(({ id }) => id.split("/")[0] ?? ""))]

  it.each(families)("The family %s and its pattern select the same laws", (family) => {
    const selected = lawsOf({ laws: [family] })
    assert.isNotEmpty(selected)
    assert.deepStrictEqual(lawsOf({ laws: [`${family}/*`] }), selected)
    assert.deepStrictEqual(
      lawsOf({ excludeLaws: [family] }),
      suite.laws.map(({ id }) => id).filter((id) => !selected.includes(id))
    )
  })

  it("The id of each law selects this law only", () => {
    for (const { id } of suite.laws) assert.deepStrictEqual(lawsOf({ laws: [id] }), [id])
  })

  it("The checks of a selection are those of the selected laws and operations", () => {
    const checks = checksOf(suite, { operations: ["notes.list"], laws: ["*/limit"], excludeLaws: ["input"] })
    assert.deepStrictEqual(
      checks.map(({ law, operation }) => `${law.id} ${operation.id}`),
      ["lists/limit notes.list"]
    )
  })
})

describe("the settings of one operation", () => {
  it("An operation has the settings of all names that select it, and later ones have precedence", () => {
    const perOperation = { "notes.*": { runs: 5, maxRate: 60 }, "*.list": { runs: 3, excludeLaws: ["access"] } }
    const settings = new Map(
      suite.operations.map((operation) => [operation.id, Selection.settingsOf({ perOperation }, operation)])
    )
    assert.deepStrictEqual(settings.get("notes.list"), { runs: 3, maxRate: 60, excludeLaws: ["access"] })
    assert.deepStrictEqual(settings.get("notes.get"), { runs: 5, maxRate: 60 })
    assert.deepStrictEqual(settings.get("health.check"), {})
    const access = checksOf(suite, { laws: ["access"], perOperation }).map(({ operation }) => operation.id)
    assert.notInclude(access, "notes.list")
    assert.include(access, "notes.get")
  })

  it.live("A run tries the number of cases of each operation", () =>
    Effect.gen(function* () {
      const { results } = yield* Contract.verify(suite, {
        laws: ["resources/reads-agree"],
        runs: 9,
        perOperation: { "notes.list": { runs: 4 } }
      }).pipe(Effect.provide(target(notesOf(30))))
      const runs = Object.fromEntries(results.map(({ operation, runs }) => [operation, runs]))
      assert.strictEqual(runs["notes.list"], 4)
      assert.strictEqual(runs["notes.get"], 9)
    })
  )
})

describe("an unknown name", () => {
  it.each<readonly [selection: SelectionOptions, message: string]>([
    [
      { laws: ["lists", "lists/limits"] },
      'Invalid laws "lists/limits": expected ids, families or patterns of laws. Did you mean lists/limit?'
    ],
    [
      { perOperation: { "notes.lsit": { runs: 1 } } },
      'Invalid perOperation "notes.lsit": expected ids, groups, paths or patterns of operations. Did you mean notes.list?'
    ],
    [{ excludeLaws: ["x*y"] }, 'Invalid excludeLaws "x*y": expected ids, families or patterns of laws.'],
    [
      { excludeOperations: ["note.list"] },
      'Invalid excludeOperations "note.list": expected ids, groups, paths or patterns of operations. Did you mean notes.list?'
    ],
    [
      { operations: ["/note"] },
      'Invalid operations "/note": expected ids, groups, paths or patterns of operations. Did you mean /notes or /notes/:id?'
    ]
  ])("The selection %j is refused with a sentence", (selection, message) => {
    const checked = Selection.check(suite, selection)
    assert.strictEqual(Result.isFailure(checked) ? checked.failure.message : undefined, message)
  })
})
