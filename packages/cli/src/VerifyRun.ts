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
import * as Selection from "@effect-workos/contract-engine/Selection"
import type { SelectionOptions } from "@effect-workos/contract-engine/Settings"
import { checksOf, lawsOf } from "@effect-workos/contract-engine/Suite"
import * as WorkOs from "@effect-workos/contract/WorkOs"
import * as AtomicFile from "@effect-workos/export/AtomicFile"
import * as ProxyHttpClient from "@effect-workos/server/ProxyHttpClient"
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { camelToSnake, snakeToKebab } from "effect/String"
import * as Failure from "./Failure.ts"
import * as Output from "./Output.ts"
import { wrapText } from "./WrapText.ts"
import * as Terminal from "./Terminal.ts"
import * as ReportView from "./ReportView.ts"
import * as Setting from "./Setting.ts"
import * as TokenCommand from "./TokenCommand.ts"
import * as VerifyConfig from "./VerifyConfig.ts"
import * as VerifyProgress from "./VerifyProgress.ts"
import { type Format, formats, politeRate, settings } from "./VerifySettings.ts"

const { suite } = WorkOs

const renderers: Readonly<Record<Format, (report: Report, options: Verdict.Options) => string>> = {
  json: (report) => Json.render(report),
  junit: JUnit.render,
  html: Html.render
}

/**
 * The flags of one invocation.
 */
export interface Flags {
  readonly settings: Setting.FlagValues<typeof settings>
  readonly config: Option.Option<string>
  readonly yesProduction: boolean
  readonly updateBaseline: boolean
  readonly list: boolean
}

// The laws about sign-in need the client id of an application.
const SignInClient = Config.option(Config.schema(ClientId, "WORKOS_CLIENT_ID"))

/**
 * Verifies a server, prints the result, and writes report files.
 */
export const verify = Effect.fnUntraced(function* (flags: Flags) {
  const { config, file } = yield* VerifyConfig.load(flags.config)
  const values = Setting.resolve(settings, flags.settings, config)
  const { excludeLaws, excludeOperations, laws, operations } = values
  const selection = { excludeLaws, excludeOperations, laws, operations }
  yield* Effect.catch(Effect.fromResult(Selection.check(suite, selection)), (error) => refuseName(error, flags, file))
  if (flags.list) return yield* Output.results(Stream.succeed(listing(selection, (yield* Terminal.stdout).columns)))
  const provider = yield* TokenCommand.provider(config.tokenCommand)
  const { apiKey, baseUrl } = yield* WorkOsConfig.WorkOsConfig.pipe(
    Effect.provide(WorkOsConfig.layerConfig),
    Effect.provideService(ConfigProvider.ConfigProvider, provider)
  )
  if (values.writes && !flags.yesProduction) yield* refuseProduction(apiKey, baseUrl)
  const known = yield* readBaseline(values.baseline, flags.updateBaseline)
  const options = { strict: values.strict }

  const target = WorkOs.layerTarget({ baseUrl, apiKey, headers: config.headers ?? {} }).pipe(
    Layer.provide(ProxyHttpClient.layer)
  )
  const engineSettings = {
    seed: values.seed,
    runs: values.runs,
    writes: values.writes,
    ...selection,
    timeBudget: values.timeBudget * 1000,
    clientId: Option.getOrUndefined(yield* SignInClient),
    maxRate: values.maxRate ?? (isLoopback(baseUrl) ? undefined : politeRate)
  }
  const reports = formats.flatMap((format) => {
    const file = values.reports?.[format]
    return file === undefined ? [] : [{ format, file }]
  })
  // Fails before the first request if a file cannot be written.
  yield* writable([
    ...reports.map(({ file }) => file),
    ...(flags.updateBaseline && values.baseline !== undefined ? [values.baseline] : [])
  ])
  const found = yield* VerifyProgress.show(checksOf(suite, selection).length, (onResult) =>
    Effect.provide(Contract.verify(suite, engineSettings, { onResult }), target)
  )
  const report = Baseline.apply(found, known)

  yield* show(report, { ...options, showKnown: values.showKnown })
  yield* Effect.forEach(
    reports,
    ({ file, format }) => AtomicFile.write(file, Stream.succeed(renderers[format](report, options))),
    { discard: true }
  )
  yield* annotate(report, options)
  const { outcome } = Verdict.make(report, options)
  const isWhole = outcome !== "inconclusive" && report.interrupted === undefined
  if (flags.updateBaseline && values.baseline !== undefined && isWhole) {
    yield* AtomicFile.write(values.baseline, Stream.succeed(Baseline.format(Baseline.update(found, known))))
    return yield* Output.message(`The current failures are in ${values.baseline}. Review and commit this file.`)
  }
  if (outcome !== "passed") return yield* new Failure.Failure({ exitCode: 1 })
})

// -----------------------------------------------------------------------------
// Before the run
// -----------------------------------------------------------------------------

// The name is in a flag or in the configuration file.
const refuseName = (error: Selection.SelectionError, { settings }: Flags, file: string) => {
  const { expected, name, setting, suggestions } = error
  const meant = suggestions.length === 0 ? "" : ` Did you mean ${suggestions.join(" or ")}?`
  const flag = snakeToKebab(camelToSnake(setting))
  return Failure.refuse(
    Option.isSome(settings[setting])
      ? `Invalid --${flag} "${name}": expected ${expected}.${meant} See effect-workos verify --list.`
      : `${file}: ${setting}: expected ${expected}, not "${name}".${meant}`
  )
}

// Prints one line per law, so that programs can parse the output. In a terminal, long lines are wrapped.
const listing = (selection: SelectionOptions, columns: number | undefined): string => {
  const laws = lawsOf(suite, selection)
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

const readBaseline = Effect.fnUntraced(function* (file: string | undefined, isUpdate: boolean) {
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

// -----------------------------------------------------------------------------
// After the run
// -----------------------------------------------------------------------------

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
