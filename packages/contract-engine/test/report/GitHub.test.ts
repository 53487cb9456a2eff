// Annotations and summaries for GitHub Actions.
import { runs } from "@effect-workos/testing/Sample"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Report } from "../../src/Report.ts"
import type { Result } from "../../src/Result.ts"
import * as Finding from "../../src/Finding.ts"
import * as GitHub from "../../src/report/GitHub.ts"
import * as PlainText from "../../src/report/PlainText.ts"
import { AnyReport } from "./arbitrary.ts"
import { passedReport, adversarialTexts, report } from "./fixture.ts"

interface Command {
  readonly level: string
  readonly title: string
  readonly message: string
}

// Parses a log like the runner: https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
const read = (log: string): ReadonlyArray<Command> =>
  log
    .split(/\r\n|\r|\n/)
    .filter((line) => line !== "")
    .map((line) => {
      const end = line.indexOf("::", 2)
      const [command = "", ...properties] = line.slice(2, end).split(" ")
      const entries = properties
        .join(" ")
        .split(",")
        .map((property) => property.split(/=(.*)/s))
      assert.isTrue(line.startsWith("::"))
      assert.deepStrictEqual(
        entries.map(([name]) => name),
        ["title"]
      )
      const title = (entries[0]?.[1] ?? "").replaceAll("%3A", ":").replaceAll("%2C", ",")
      return { level: command, title: unescape(title), message: unescape(line.slice(end + 2)) }
    })

const unescape = (text: string) => text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%")

const levels = (commands: ReadonlyArray<Command>) => {
  const count = (level: string) => commands.filter((command) => command.level === level).length
  return { error: count("error"), warning: count("warning"), notice: count("notice") }
}

const many = (count: number, result: Partial<Result>): Report => ({
  ...report,
  fixed: [],
  results: Array.from({ length: count }, (_, index) => ({
    law: `lists/law-${index}`,
    operation: "connections.list",
    status: "failed",
    message: adversarialTexts.join("\n").repeat(20),
    runs: 1,
    requests: 1,
    sentence: adversarialTexts.join("\n").repeat(20),
    source: { kind: "documented", text: adversarialTexts.join("\n").repeat(20) },
    counterexample: {
      curl: "`".repeat(5_000),
      expected: "大".repeat(5_000),
      actual: adversarialTexts.join("\n").repeat(100),
      replay: ""
    },
    ...result
  }))
})

describe("GitHub.annotations", () => {
  it("`GitHub.annotations` renders errors for new failures, warnings for drift, and notices for known and fixed ones", () => {
    const commands = read(GitHub.annotations(report))
    assert.deepStrictEqual(levels(commands), { error: 4, warning: 3, notice: 3 })
    const limit = commands.find(({ title }) => title === "lists/limit on connections.list")
    assert.strictEqual(limit?.level, "error")
    assert.match(limit?.message ?? "", /^8 rows exceed the limit of 7\.\n/)
    assert.include(limit?.message, "curl -H")
    assert.match(commands.at(-1)?.message ?? "", /^fixed: /)
  })

  it("GitHub does not interpret quoted text as commands", () => {
    const quoted = GitHub.quote("::error::no\n##[error]no", "t7")
    assert.strictEqual(quoted, "::stop-commands::t7\n::error::no\n##[error]no\n::t7::\n")
  })

  it("`GitHub.annotations` renders drift as errors when strict", () => {
    assert.deepStrictEqual(levels(read(GitHub.annotations(report, { strict: true }))), {
      error: 7,
      warning: 0,
      notice: 3
    })
  })

  it("`GitHub.annotations` renders nothing for a report without findings", () => {
    assert.strictEqual(GitHub.annotations(passedReport), "")
  })

  it("`GitHub.annotations` escapes commands like GitHub", () => {
    const log = GitHub.annotations({
      ...many(1, { law: "a:b,c%d\r\ne", message: "a:b,c%d\r\ne" })
    })
    assert.isTrue(log.startsWith("::error title=a%3Ab%2Cc%25d%0D%0Ae on connections.list::a:b,c%25d%0D%0Ae%0A"))
  })

  it.each([
    ["error", {}],
    ["warning", { status: "drift" }],
    ["notice", { isKnown: true }]
  ] as const)(
    "`GitHub.annotations` renders at most ten annotations of level %s, the last of which states the number of others",
    (level, result) => {
      assert.strictEqual(read(GitHub.annotations(many(10, result))).length, 10)
      assert.notMatch(read(GitHub.annotations(many(10, result))).at(-1)?.message ?? "", /^and/)
      const commands = read(GitHub.annotations(many(25, result)))
      assert.strictEqual(commands.length, 10)
      assert.strictEqual(commands.at(-1)?.level, level)
      assert.match(commands.at(-1)?.message ?? "", /^and 16 more/)
    }
  )

  it("`GitHub.annotations` keeps each command below the length at which GitHub truncates", () => {
    for (const { message } of read(GitHub.annotations(many(3, {})))) assert.isBelow(message.length, 6_000)
  })

  it.effect.prop(
    "`GitHub.annotations` renders commands that GitHub parses to the original text",
    [AnyReport],
    ([report]) =>
      Effect.sync(() => {
        const results = report.results.slice(0, 4)
        const findings = Finding.ofResults(results).map(({ failure }) => PlainText.title(failure.result))
        const commands = read(GitHub.annotations({ ...report, results, fixed: [] }))
        if (findings.length > 10) return
        assert.sameMembers(
          commands.map(({ title }) => title),
          findings
        )
      })
  )
})

// Returns the text outside of fences, and whether every fence is closed.
const outsideFences = (markdown: string): ReadonlyArray<string> => {
  let fence: string | undefined
  const lines: Array<string> = []
  for (const line of markdown.split("\n")) {
    const [run] = line.match(/^`{3,}/) ?? []
    if (fence === undefined && run !== undefined) fence = run
    else if (fence !== undefined && /^`+\s*$/.test(line) && line.trim().length >= fence.length) fence = undefined
    else if (fence === undefined) lines.push(line)
  }
  assert.isUndefined(fence, "a fence does not close")
  return lines
}

describe("GitHub.summary", () => {
  it("`GitHub.summary` begins with the verdict", () => {
    assert.match(GitHub.summary(report), /^## ❌ 4 findings&#58; 4 of 78 checks failed&#46;\n\n/)
    assert.match(GitHub.summary(passedReport), /^## ✅ All 69 checks passed&#46;\n\n/)
    assert.match(GitHub.summary({ ...report, results: [] }), /^## ⚠️ Nothing was checked/)
  })

  it("`GitHub.summary` contains each failure with its curl command", () => {
    const summary = GitHub.summary(report)
    assert.include(summary, '```sh\ncurl -H "Authorization: Bearer $WORKOS_API_KEY"')
    assert.include(
      summary,
      "| ✕ failed | ✕ known | ◐ drift | – skipped | ✓ passed |\n| --- | --- | --- | --- | --- |\n| 4 | 2 | 3 | 28 | 69 |"
    )
  })

  it("`GitHub.summary` stays below the size limit of GitHub", () => {
    const summary = GitHub.summary(many(5_000, {}))
    assert.isBelow(new TextEncoder().encode(summary).length, 1024 * 1024)
    assert.include(summary, "and 4,900 more")
  })

  it.effect.prop(
    "`GitHub.summary` keeps texts within their table cells and elements",
    [AnyReport],
    ([report]) =>
      Effect.sync(() => {
        for (const line of outsideFences(GitHub.summary(report))) {
          assert.notMatch(line.replaceAll(/<\/?(code|details|summary)>/g, ""), /[<>\r]/)
          if (!line.startsWith("| ")) {
            assert.notInclude(line, "|")
            assert.match(line, /^(#{2,3} [^#]|<details><summary>|<\/details>$|\*\*[A-Z][a-z ]+\*\*$|[^#*`~\-+=\s]|$)/u)
          }
        }
        const tables = GitHub.summary(report).matchAll(/^\|.*\|$(?:\n^\|.*\|$)+/gm)
        for (const [table] of tables) {
          const widths = new Set(table.split("\n").map((row) => row.split("|").length))
          if (table.includes("| --- |")) assert.strictEqual(widths.size, 1, table)
        }
      }),
    { arbitrary: { runs: runs(100, 25) } }
  )
})
