import { assert, describe, it } from "@effect/vitest"
import * as Similar from "../src/Similar.ts"

const names = ["lists", "lists/limit", "lists/any-cursor", "input", "input/limit", "input/unknown-cursor"]

describe("Similar", () => {
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
  ])("%j: %j", (text, meant) => {
    assert.deepStrictEqual(Similar.to(text, names), meant)
  })
})
