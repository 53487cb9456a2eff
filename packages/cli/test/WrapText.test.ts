import { assert, describe, it } from "@effect/vitest"
import * as CliOutput from "effect/cli/CliOutput"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { wrapText } from "../src/WrapText.ts"

// `^` stands for what no terminal should get.
const Text = Schema.String.check(Schema.isPattern(/^[a-z大阪&/, \n^]{0,200}$/u))

const letters = (text: string) => text.replaceAll(/\s/g, "")

describe("wrapText", () => {
  it.effect.prop(
    "keeps to the terminal's width, and every letter in its place",
    [Schema.Int.check(Schema.isBetween({ minimum: 30, maximum: 200 })), Text],
    ([columns, text]) =>
      Effect.sync(() => {
        const lines = wrapText(text.replaceAll("^", "\u001B"), columns, "  actual  ")
        for (const line of lines) assert.isAtMost(CliOutput.displayWidth(line), Math.min(columns, 120))
        assert.strictEqual(letters(lines.join("")), `actual${letters(text)}`.replaceAll("^", "␛"))
      })
  )

  it("breaks between words, and hangs what follows", () => {
    assert.deepStrictEqual(wrapText("A page has at most as many rows as were asked for.", 32, "  source  "), [
      "  source  A page has at most as",
      "          many rows as were",
      "          asked for."
    ])
  })

  it("begins a word that fits nowhere where it would, and parts it after a sign", () => {
    assert.deepStrictEqual(wrapText("GET /connections?limit=100&order=desc&after=conn_01: no row", 30), [
      "GET /connections?limit=100&",
      "order=desc&after=conn_01: no",
      "row"
    ])
  })

  it("shows control characters, and obeys none", () => {
    assert.deepStrictEqual(wrapText("\u001B[2J\u0007 \u009B31m \u202Etxt", 80), ["␛[2J␇ \uFFFD31m \uFFFDtxt"])
  })
})
