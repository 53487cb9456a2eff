// Runs `verify`: checks its arguments, verifies the server, and prints and writes reports.
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import { ClientId } from "@effect-workos/domain/sso/Sso"
import * as Baseline from "@effect-workos/contract-engine/Baseline"
import * as Contract from "@effect-workos/contract-engine/Contract"
import { familyOf } from "@effect-workos/contract-engine/Law"
import type { Report } from "@effect-workos/contract-engine/Report"
import * as GitHub from "@effect-workos/contract-engine/report/GitHub"
import * as Html from "@effect-workos/contract-engine/report/Html"
import * as Json from "@effect-workos/contract-engine/report/Json"
import * as JUnit from "@effect-workos/contract-engine/report/JUnit"
import * as Verdict from "@effect-workos/contract-engine/report/Verdict"
import { checksOf, lawsOf } from "@effect-workos/contract-engine/Suite"
import * as WorkOs from "@effect-workos/contract/WorkOs"
import * as AtomicFile from "@effect-workos/export/AtomicFile"
import * as ProxyHttpClient from "@effect-workos/server/ProxyHttpClient"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as Failure from "./Failure.ts"
import * as Output from "./Output.ts"
import { wrapText } from "./WrapText.ts"
import * as Terminal from "./Terminal.ts"
import * as ReportView from "./ReportView.ts"
import * as VerifyProgress from "./VerifyProgress.ts"

const { suite } = WorkOs

const renderers = {
  json: (report: Report) => Json.render(report),
  junit: JUnit.render,
  html: Html.render
}

export type Format = keyof typeof renderers

export interface ReportFile {
  readonly format: Format
  readonly file: string
}

/**
 * The values of the flags.
 */
export interface Options {
  readonly seed: number
  readonly runs: number
  readonly only: Option.Option<ReadonlyArray<string>>
  readonly writes: boolean
  readonly yesProduction: boolean
  readonly strict: boolean
  readonly baseline: Option.Option<string>
  readonly updateBaseline: boolean
  readonly report: ReadonlyArray<ReportFile>
  /** The maximum number of requests per minute. Defaults to `politeRate` for other machines. */
  readonly maxRate: Option.Option<number>
  readonly politeRate: number
  readonly timeBudget: number
  readonly list: boolean
}

// The laws about sign-in need the client id of an application.
const SignInClient = Config.option(Config.schema(ClientId, "WORKOS_CLIENT_ID"))

/**
 * Verifies a server, prints the result, and writes report files.
 */
export const verify = Effect.fnUntraced(function* (flags: Options) {
  if (flags.list) return yield* Output.results(Stream.succeed(listing(flags.only, (yield* Terminal.stdout).columns)))
  const { apiKey, baseUrl } = yield* Effect.provide(WorkOsConfig.WorkOsConfig, WorkOsConfig.layerConfig)
  if (flags.writes && !flags.yesProduction) yield* refuseProduction(apiKey, baseUrl)
  const known = yield* readBaseline(flags)
  const only = Option.getOrUndefined(flags.only)
  const options = { strict: flags.strict }

  const target = WorkOs.layerTarget({ baseUrl, apiKey }).pipe(Layer.provide(ProxyHttpClient.layer))
  const settings = {
    seed: flags.seed,
    runs: flags.runs,
    writes: flags.writes,
    only,
    timeBudget: flags.timeBudget * 1000,
    clientId: Option.getOrUndefined(yield* SignInClient),
    maxRate: Option.getOrElse(flags.maxRate, () => (isLoopback(baseUrl) ? undefined : flags.politeRate))
  }
  // Fails before the first request if a file cannot be written.
  yield* writable([
    ...flags.report.map(({ file }) => file),
    ...(flags.updateBaseline ? Option.toArray(flags.baseline) : [])
  ])
  const found = yield* VerifyProgress.show(checksOf(suite, only).length, (onResult) =>
    Effect.provide(Contract.verify(suite, settings, { onResult }), target)
  )
  const report = Baseline.apply(found, known)

  yield* show(report, options)
  yield* Effect.forEach(
    flags.report,
    ({ file, format }) => AtomicFile.write(file, Stream.succeed(renderers[format](report, options))),
    { discard: true }
  )
  yield* annotate(report, options)
  const { outcome } = Verdict.make(report, options)
  const isWhole = outcome !== "inconclusive" && report.interrupted === undefined
  if (flags.updateBaseline && Option.isSome(flags.baseline) && isWhole) {
    yield* AtomicFile.write(flags.baseline.value, Stream.succeed(Baseline.format(Baseline.update(found, known))))
    return yield* Output.message(`The current failures are in ${flags.baseline.value}. Review and commit this file.`)
  }
  if (outcome !== "passed") return yield* new Failure.Failure({ exitCode: 1 })
})

// -----------------------------------------------------------------------------
// Before the run
// -----------------------------------------------------------------------------

// Prints one line per law, so that programs can parse the output. In a terminal, long lines are wrapped.
const listing = (only: Option.Option<ReadonlyArray<string>>, columns: number | undefined): string => {
  const laws = lawsOf(suite, Option.getOrUndefined(only))
  return [...Map.groupBy(laws, ({ id }) => familyOf(id)).values()]
    .map((family) =>
      family
        .flatMap(({ id, sentence, severity, writes }) => {
          const notes = [...(severity === "drift" ? ["drift"] : []), ...(writes === true ? ["--writes"] : [])]
          const text = notes.length === 0 ? sentence : `${sentence} (${notes.join(", ")})`
          return columns === undefined ? [id.padEnd(34) + text] : wrapText(text, columns, id.padEnd(34))
        })
        .map((line) => `${line}\n`)
        .join("")
    )
    .join("\n")
}

const isLoopback = ({ hostname }: URL): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname)

const refuseProduction = Effect.fnUntraced(function* (apiKey: Redacted.Redacted, baseUrl: URL) {
  const isLive = Redacted.value(apiKey).startsWith("sk_live")
  if (!isLive && !WorkOs.isProduction(baseUrl.href)) return
  const reason = isLive ? "WORKOS_API_KEY is a live key" : `${baseUrl.host} is WorkOS itself`
  return yield* Failure.refuse(
    `${reason}, and --writes creates and deletes connections. Add --yes-production to allow this.`
  )
})

const readBaseline = Effect.fnUntraced(function* (flags: {
  readonly baseline: Option.Option<string>
  readonly updateBaseline: boolean
}) {
  const fs = yield* FileSystem.FileSystem
  if (Option.isNone(flags.baseline)) {
    return flags.updateBaseline
      ? yield* Failure.refuse("--update-baseline requires a file. Add --baseline FILE.")
      : Baseline.empty
  }
  const file = flags.baseline.value
  const text = yield* Effect.catch(fs.readFileString(file), ({ reason }) => {
    if (reason._tag !== "NotFound")
      return Failure.refuse(`Cannot read ${file}. Check that it is a file and that you have permission to read it.`)
    return flags.updateBaseline
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

// -----------------------------------------------------------------------------
// After the run
// -----------------------------------------------------------------------------

const show = Effect.fnUntraced(function* (report: Report, options: Verdict.Options) {
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
