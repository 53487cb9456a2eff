// The help of commands in terminals of any width.
import { assert, describe, it } from "@effect/vitest"
import * as CliOutput from "effect/cli/CliOutput"
import type * as HelpDoc from "effect/cli/HelpDoc"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { stripVTControlCharacters } from "node:util"
import * as Help from "../src/Help.ts"
import { inProcess } from "./running.ts"

const flag = (name: string, type: string, description: string): HelpDoc.FlagDoc => ({
  name,
  type,
  description: Option.some(description),
  aliases: [],
  required: false
})

const doc: HelpDoc.HelpDoc = {
  description: "List one page of connections, or all of them, newest first or oldest first.",
  usage: "effect-workos connections list [flags]",
  annotations: Context.make(Help.Environment, [{ name: "WORKOS_API_KEY", text: "The secret key." }]),
  flags: [
    flag("limit", "N", "Print N rows. Defaults to 10."),
    flag("order", "choice", "Sort by creation time: oldest or newest first. (choices: asc, desc)"),
    flag("all", "boolean", "Print all rows."),
    flag("completions", "<bash|zsh|fish|powershell|sh|pwsh>", "Print a script for a shell")
  ],
  examples: [{ command: 'effect-workos emulate --fault "POST /connections status=429" --fault stale' }]
}

describe("Help", () => {
  it("Help shows flags in columns, choices in place of the value, and full stops", () => {
    assert.strictEqual(
      Help.render(doc, { columns: 80, colours: false }),
      `List one page of connections, or all of them, newest first or oldest first.

USAGE
  effect-workos connections list [flags]

FLAGS
  --limit N         Print N rows. Defaults to 10.
  --order asc|desc  Sort by creation time: oldest or newest first.
  --all             Print all rows.
  --completions <bash|zsh|fish|powershell|sh|pwsh>
                    Print a script for a shell.

ENVIRONMENT
  WORKOS_API_KEY  The secret key.

EXAMPLES
  effect-workos emulate --fault "POST /connections status=429" --fault stale`
    )
  })

  it("Help in a narrow terminal shows descriptions below flags, and breaks examples with backslashes", () => {
    const text = Help.render(doc, { columns: 46, colours: false })
    assert.include(text, "  --order asc|desc\n      Sort by creation time: oldest or newest\n      first.\n")
    assert.include(text, '  effect-workos emulate \\\n    --fault "POST /connections status=429" \\\n    --fault stale')
  })

  it("Help fits the width of the terminal, and has the same text with colours", () => {
    for (const columns of [60, 80, 100, 200]) {
      const plain = Help.render(doc, { columns, colours: false })
      for (const line of plain.split("\n")) assert.isAtMost(CliOutput.displayWidth(line), columns)
      const painted = Help.render(doc, { columns, colours: true })
      assert.notStrictEqual(painted, plain)
      assert.strictEqual(stripVTControlCharacters(painted), plain)
    }
  })
})

describe("commands that print help", () => {
  it.effect.each(["", "connections", "export", "--help", "connections list --help", "export connections -h"])(
    "`effect-workos %s` prints help on stdout and nothing on stderr",
    (args) =>
      Effect.gen(function* () {
        const { code, stderr, stdout } = yield* inProcess(args)
        assert.match(stdout, /USAGE/)
        assert.strictEqual(stderr, "")
        assert.strictEqual(code, 0)
      })
  )
})
