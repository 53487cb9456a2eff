// Tables in terminals of any width.
import { assert, describe, it } from "@effect/vitest"
import * as CliOutput from "effect/cli/CliOutput"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as TextTable from "../src/TextTable.ts"

const columns: ReadonlyArray<TextTable.Column<ReadonlyArray<string>>> = [
  { heading: "ID", width: 6, of: ([id = ""]) => id },
  { heading: "NAME", width: 20, minimum: 5, of: ([, name = ""]) => name },
  { heading: "DOMAINS", width: 30, minimum: 7, of: ([, , domains = ""]) => domains }
]
const narrowest = 6 + 5 + 7 + 4

const Text = Schema.String.check(Schema.isPattern(/^[a-zäö大阪 ]{0,40}$/))

describe("TextTable", () => {
  it.effect.prop(
    "TextTable stays within the width of the terminal",
    [Schema.Int.check(Schema.isBetween({ minimum: narrowest, maximum: 90 })), Schema.Array(Text)],
    ([available, row]) =>
      Effect.sync(() => {
        const table = TextTable.make(columns, available)
        for (const line of [table.heading, table.row(row)]) {
          assert.isAtMost(CliOutput.displayWidth(line), available)
        }
      })
  )

  it("TextTable cuts text that does not fit, and marks the cut", () => {
    const wide = TextTable.make(columns, 200)
    assert.strictEqual(wide.heading, "ID      NAME                  DOMAINS")
    assert.strictEqual(wide.row(["1", "Foo Corp", "foo.com"]), "1       Foo Corp              foo.com")
    const narrow = TextTable.make(columns, narrowest)
    assert.strictEqual(narrow.row(["1", "Foo Corp", "foo-corp.com"]), "1       Foo …  foo-co…")
  })

  it("TextTable shrinks columns to their values, and omits the last columns if not all fit", () => {
    const rows = [["1", "Foo Corp", "foo-corp.com"]]
    const lines = (available: number) => {
      const { heading, row } = TextTable.make(columns, available, false, rows)
      return [heading, ...rows.map(row)]
    }
    assert.deepStrictEqual(lines(50), ["ID      NAME      DOMAINS", "1       Foo Corp  foo-corp.com"])
    assert.deepStrictEqual(lines(16), ["ID      NAME", "1       Foo Corp"])
    assert.deepStrictEqual(lines(13), ["ID      NAME", "1       Foo …"])
    assert.deepStrictEqual(lines(12), ["ID      NAME", "1       Foo…"])
  })
})
