// Text that is wrapped to the width of a terminal.
import { assert, describe, it } from "@effect/vitest"
import * as CliOutput from "effect/cli/CliOutput"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { wrapText } from "../src/WrapText.ts"

// `^` stands for a control character.
const Text = Schema.String.check(Schema.isPattern(/^[a-z大阪&/, \n^]{0,200}$/u))

const letters = (text: string) => text.replaceAll(/\s/g, "")

describe("wrapText", () => {
  it.effect.prop(
    "`wrapText` stays within the width of the terminal, and keeps all letters",
    [Schema.Int.check(Schema.isBetween({ minimum: 30, maximum: 200 })), Text],
    ([columns, text]) =>
      Effect.sync(() => {
        const lines = wrapText(text.replaceAll("^", "\u001B"), columns, "  actual  ")
        for (const line of lines) assert.isAtMost(CliOutput.displayWidth(line), Math.min(columns, 120))
        assert.strictEqual(letters(lines.join("")), `actual${letters(text)}`.replaceAll("^", "␛"))
      })
  )

  it("`wrapText` breaks between words, and indents the following lines", () => {
    assert.deepStrictEqual(wrapText("A page has at most the requested number of rows.", 32, "  source  "), [
      "  source  A page has at most the",
      "          requested number of",
      "          rows."
    ])
  })

  it("`wrapText` breaks a long word after a punctuation mark instead of moving the word to the next line", () => {
    assert.deepStrictEqual(wrapText("GET /connections?limit=100&order=desc&after=conn_01: no row", 30), [
      "GET /connections?limit=100&",
      "order=desc&after=conn_01: no",
      "row"
    ])
  })

  it("`wrapText` shows control characters as visible symbols", () => {
    assert.deepStrictEqual(wrapText("\u001B[2J\u0007 \u009B31m \u202Etxt", 80), ["␛[2J␇ \uFFFD31m \uFFFDtxt"])
  })
})
