// Runs `verify --replay`: sends the counterexamples of a report again, and prints the verdict on each failure.
import * as Json from "@effect-workos/contract-engine/report/Json"
import * as PlainText from "@effect-workos/contract-engine/report/PlainText"
import * as Formatting from "@effect-workos/contract-engine/report/Formatting"
import * as Replay from "@effect-workos/contract-engine/Replay"
import type { Settings } from "@effect-workos/contract-engine/Settings"
import type { Suite } from "@effect-workos/contract-engine/Suite"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Stream from "effect/Stream"
import * as Failure from "./Failure.ts"
import * as Output from "./Output.ts"
import * as Terminal from "./Terminal.ts"
import * as TextTable from "./TextTable.ts"
import { wrapText } from "./WrapText.ts"

/**
 * Reads a JSON report of `verify`.
 */
export const read = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const text = yield* Effect.catch(fs.readFileString(file), () =>
    Failure.refuse(`Cannot read ${file}. Check that the file exists and that you have permission to read it.`)
  )
  return yield* Effect.catch(Json.parse(text), () =>
    Failure.refuse(`${file} is not a report. Write one with verify --report json=FILE.`)
  )
})

const verdicts = {
  fails: { mark: "✕", text: "still fails", paint: TextTable.red },
  passes: { mark: "✓", text: "passes now", paint: TextTable.green },
  unsent: { mark: "–", text: "could not be sent", paint: TextTable.dim }
}

/**
 * Replays the failures of a report. Fails if one of them still fails.
 */
export const replay = Effect.fnUntraced(function* (
  suite: Suite,
  report: Effect.Success<ReturnType<typeof read>>,
  settings: Settings
) {
  const replayed = yield* Replay.replay(suite, report, settings)
  const { colours, columns = 120 } = yield* Terminal.stdout
  const lines = replayed.flatMap(({ detail, failure: { cases, result }, verdict }) => {
    const { mark, paint, text } = verdicts[verdict]
    const title = `${mark} ${PlainText.title(result)}: ${text}`
    const details = verdict === "passes" ? cases[0].message : detail
    return [colours ? paint(title) : title, ...wrapText(Formatting.truncate(details, 600), columns, "  ")]
  })
  const count = (verdict: Replay.Replayed["verdict"]) => replayed.filter((one) => one.verdict === verdict).length
  const still = count("fails")
  const unsent = count("unsent")
  const failures = Formatting.count(replayed.length, "failure")
  const summary =
    replayed.length === 0
      ? "The report has no failures."
      : `${still} of ${failures} still ${still === 1 ? "fails" : "fail"}${unsent === 0 ? "" : `; ${unsent} could not be sent`}.`
  yield* Output.results(Stream.succeed([...lines, ...wrapText(summary, columns)].map((line) => `${line}\n`).join("")))
  if (still > 0) return yield* new Failure.Failure({ exitCode: 1 })
})
