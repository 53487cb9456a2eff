// Help in terminals of any width.
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
  description: "List connections, one page or all of them, from the newest to the oldest",
  usage: "effect-workos connections list [flags]",
  annotations: Context.make(Help.Environment, [{ name: "WORKOS_API_KEY", text: "Your secret key" }]),
  flags: [
    flag("limit", "N", "How many, 1 to 100 (default 10)"),
    flag("order", "choice", "From the oldest (asc) or the newest (desc) (choices: asc, desc)"),
    flag("all", "boolean", "All of them"),
    flag("completions", "<bash|zsh|fish|powershell|sh|pwsh>", "Print a script for a shell")
  ],
  examples: [{ command: 'effect-workos emulate --fault "POST /connections status=429" --fault stale' }]
}

describe("Help", () => {
  it("Help is in columns if they fit, and shows choices in place of the value", () => {
    assert.strictEqual(
      Help.render(doc, { columns: 80, colours: false }),
      `List connections, one page or all of them, from the newest to the oldest

USAGE
  effect-workos connections list [flags]

FLAGS
  --limit N         How many, 1 to 100 (default 10)
  --order asc|desc  From the oldest (asc) or the newest (desc)
  --all             All of them
  --completions <bash|zsh|fish|powershell|sh|pwsh>
                    Print a script for a shell

ENVIRONMENT
  WORKOS_API_KEY  Your secret key

EXAMPLES
  effect-workos emulate --fault "POST /connections status=429" --fault stale`
    )
  })

  it("Help in a narrow terminal describes flags below them, and breaks examples so that shells can run them", () => {
    const text = Help.render(doc, { columns: 46, colours: false })
    assert.include(text, "  --order asc|desc\n      From the oldest (asc) or the newest\n      (desc)\n")
    assert.include(text, '  effect-workos emulate \\\n    --fault "POST /connections status=429" \\\n    --fault stale')
  })

  it("Help is no wider than the terminal, and has the same text with colours", () => {
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
