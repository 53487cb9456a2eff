// Prints the report of a verification, and writes report files and the baseline.
import * as Baseline from "@effect-workos/contract-engine/Baseline"
import type { Result } from "@effect-workos/contract-engine/Result"
import type { Report } from "@effect-workos/contract-engine/Report"
import * as Formatting from "@effect-workos/contract-engine/report/Formatting"
import * as GitHub from "@effect-workos/contract-engine/report/GitHub"
import * as Html from "@effect-workos/contract-engine/report/Html"
import * as Json from "@effect-workos/contract-engine/report/Json"
import * as JUnit from "@effect-workos/contract-engine/report/JUnit"
import * as Verdict from "@effect-workos/contract-engine/report/Verdict"
import * as AtomicFile from "@effect-workos/export/AtomicFile"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Stream from "effect/Stream"
import * as Failure from "./Failure.ts"
import * as Output from "./Output.ts"
import * as ReportView from "./ReportView.ts"
import type * as Setting from "./Setting.ts"
import * as Terminal from "./Terminal.ts"
import { type Format, formats, type settings } from "./VerifySettings.ts"

const renderers: Readonly<Record<Format, (report: Report, options: Verdict.Options) => string>> = {
  json: (report) => Json.render(report),
  junit: JUnit.render,
  html: Html.render
}

/**
 * The settings about output.
 */
type Values = Pick<Setting.Values<typeof settings>, "baseline" | "reports" | "showKnown" | "strict">

/**
 * Returns the reason to end a verification early, if `maxFailures` findings are not in the baseline.
 */
export const stopReason =
  (
    known: Baseline.Baseline,
    { maxFailures, strict }: Pick<Setting.Values<typeof settings>, "maxFailures" | "strict">
  ) =>
  (failures: ReadonlyArray<Result>): string | undefined => {
    if (maxFailures === undefined) return undefined
    const { newFindings } = Verdict.findingsOf({ results: Baseline.mark(failures, known) }, { strict })
    const findings = Formatting.count(newFindings.length, "finding")
    return newFindings.length < maxFailures ? undefined : `the run was stopped after ${findings} (--max-failures)`
  }

/**
 * Checks before a verification that its files can be read and written. Returns a function that prints the report, writes
 * the files, and fails if the report has new failures. `files` are other files that the verification writes.
 */
export const prepare = Effect.fnUntraced(function* (
  { baseline, reports: names, showKnown, strict }: Values,
  updateBaseline: boolean,
  files: ReadonlyArray<string> = []
) {
  const known = yield* readBaseline(baseline, updateBaseline)
  const options = { strict }
  const reports = formats.flatMap((format) => {
    const file = names?.[format]
    return file === undefined ? [] : [{ format, file }]
  })
  // Fails before the first request if a file cannot be written.
  yield* writable([
    ...reports.map(({ file }) => file),
    ...(updateBaseline && baseline !== undefined ? [baseline] : []),
    ...files
  ])
  return Effect.fnUntraced(function* (found: Report) {
    const report = Baseline.apply(found, known)
    yield* show(report, { ...options, showKnown })
    yield* Effect.forEach(
      reports,
      ({ file, format }) => AtomicFile.write(file, Stream.succeed(renderers[format](report, options))),
      { discard: true }
    )
    yield* annotate(report, options)
    const { outcome } = Verdict.make(report, options)
    const isWhole = outcome !== "inconclusive" && report.interrupted === undefined
    if (updateBaseline && baseline !== undefined && isWhole) {
      yield* AtomicFile.write(baseline, Stream.succeed(Baseline.format(Baseline.update(found, known))))
      return yield* Output.message(`The current failures are in ${baseline}. Review and commit this file.`)
    }
    if (outcome !== "passed") return yield* new Failure.Failure({ exitCode: 1 })
  })
})

/**
 * Reads the baseline. Without a file, the baseline is empty. A missing file is empty if the run updates the baseline.
 */
export const readBaseline = Effect.fnUntraced(function* (file: string | undefined, isUpdate: boolean) {
  const fs = yield* FileSystem.FileSystem
  if (file === undefined) {
    return isUpdate ? yield* Failure.refuse("--update-baseline requires a file. Add --baseline FILE.") : Baseline.empty
  }
  const text = yield* Effect.catch(fs.readFileString(file), ({ reason }) => {
    if (reason._tag !== "NotFound")
      return Failure.refuse(`Cannot read ${file}. Check that it is a file and that you have permission to read it.`)
    return isUpdate
      ? Effect.succeed(Baseline.format(Baseline.empty))
      : Failure.refuse(`The baseline ${file} does not exist. Add --update-baseline to create it.`)
  })
  return yield* Effect.catch(Baseline.parse(text), ({ message }) => Failure.refuse(`${file}: ${message}`))
})

const writable = Effect.fnUntraced(function* (files: ReadonlyArray<string>) {
  const fs = yield* FileSystem.FileSystem
  for (const [index, file] of files.entries()) {
    if (files.indexOf(file) < index)
      return yield* Failure.refuse(`Two flags write to ${file}. Set a different file for each flag.`)
    const type = yield* Effect.option(Effect.map(fs.stat(file), ({ type }) => type))
    if (Option.contains(type, "Directory")) {
      return yield* Failure.refuse(`Cannot write ${file}: it is a folder. Name a file in it.`)
    }
    // Devices and pipes need no temporary file in their folder.
    if (Option.isSome(type) && type.value !== "File") continue
    yield* Effect.catch(AtomicFile.checkName(file), ({ message }) => Failure.refuse(message))
    const folder = /^(.*)\/[^/]*$/.exec(file)?.[1] ?? "."
    yield* Effect.catch(fs.access(folder === "" ? "/" : folder, { writable: true }), () =>
      Failure.refuse(
        `Cannot write ${file}: the folder ${folder} does not exist or is not writable. Create it, or name another file.`
      )
    )
  }
})

const show = Effect.fnUntraced(function* (report: Report, options: Pick<ReportView.Options, "strict" | "showKnown">) {
  const { colours, columns } = yield* Terminal.stdout
  const text = ReportView.render(report, { ...options, columns: columns ?? 120, colours })
  const { isThere } = yield* gitHub
  const token = Math.abs(yield* Random.nextInt).toString(36)
  yield* Output.results(Stream.succeed(isThere ? GitHub.quote(text, token) : text))
})

const gitHub = Config.all({
  isThere: Config.map(Config.withDefault(Config.String("GITHUB_ACTIONS"), ""), (value) => value === "true"),
  summary: Config.option(Config.String("GITHUB_STEP_SUMMARY"))
})

// In GitHub Actions, adds annotations for failures, and a summary of the job.
const annotate = Effect.fnUntraced(function* (report: Report, options: Verdict.Options) {
  const { isThere, summary } = yield* gitHub
  if (!isThere) return
  yield* Output.results(Stream.succeed(GitHub.annotations(report, options)))
  if (Option.isNone(summary)) return
  const fs = yield* FileSystem.FileSystem
  yield* Effect.ignore(fs.writeFileString(summary.value, GitHub.summary(report, options), { flag: "a" }))
})
