// Suggestions for mistyped names.
import { assert, describe, it } from "@effect/vitest"
import { suggest } from "../src/Suggest.ts"

const names = ["lists", "lists/limit", "lists/any-cursor", "input", "input/limit", "input/unknown-cursor"]

describe("suggest", () => {
  it.each<readonly [text: string, meant: ReadonlyArray<string>]>([
    ["lists/limits", ["lists/limit"]],
    ["list/limit", ["lists/limit", "input/limit"]],
    ["limit", ["lists/limit", "input/limit"]],
    ["limt", ["lists/limit", "input/limit"]],
    ["cursor", ["lists/any-cursor", "input/unknown-cursor"]],
    ["unknown-cursors", ["input/unknown-cursor"]],
    ["lsits", ["lists"]],
    ["nonsense", []],
    ["", []]
  ])("`suggest` returns for %j the names %j", (text, meant) => {
    assert.deepStrictEqual(suggest(text, names), meant)
  })
})
