// `verify`.
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { WorkOsConfig } from "@effect-workos/client/WorkOsConfig"
import * as Baseline from "@effect-workos/contract/Baseline"
import * as Contract from "@effect-workos/contract/Contract"
import { familyOf } from "@effect-workos/contract/Law"
import type { Report } from "@effect-workos/contract/Report"
import * as GitHub from "@effect-workos/contract/report/GitHub"
import * as Html from "@effect-workos/contract/report/Html"
import * as Json from "@effect-workos/contract/report/Json"
import * as JUnit from "@effect-workos/contract/report/JUnit"
import * as Verdict from "@effect-workos/contract/report/Verdict"
import { checksOf, lawsOf } from "@effect-workos/contract/Suite"
import * as Target from "@effect-workos/contract/Target"
import * as WorkOs from "@effect-workos/contract/WorkOs"
import * as AtomicFile from "@effect-workos/export/AtomicFile"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as Terminal from "effect/Terminal"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Progress from "../Progress.ts"
import * as Prose from "../Prose.ts"
import * as Similar from "../Similar.ts"
import * as Verdicts from "../Verdicts.ts"
import * as Watching from "../Watching.ts"

const { suite } = WorkOs

/** What is sent to a server that is not on this machine stays below WorkOS's limit of 6,000 a minute. */
const politeRate = 5400

const whole = (name: string, minimum: number, description: string) =>
  Flag.Int(name).pipe(
    Flag.withSchema(
      Schema.Int.check(Schema.isGreaterThanOrEqualTo(minimum, { expected: `a whole number, ${minimum} or more` }))
    ),
    Flag.withMetavar("N"),
    Flag.withDescription(description)
  )

const yes = (name: string, description: string) =>
  Flag.Boolean(name).pipe(Flag.withDescription(description), Flag.withoutNegation, Flag.withDefault(false))

const renderers = {
  json: (report: Report) => Json.render(report),
  junit: JUnit.render,
  html: Html.render
}

type Format = keyof typeof renderers

const isFormat = (text: string): text is Format => Object.hasOwn(renderers, text)

interface Wanted {
  readonly format: Format
  readonly file: string
}

const toWanted = (text: string): Option.Option<Wanted> => {
  const [format = "", ...rest] = text.split("=")
  const file = rest.join("=")
  return isFormat(format) && file !== "" ? Option.some({ format, file }) : Option.none()
}

const names = [...new Set(suite.laws.flatMap(({ id }) => [id, familyOf(id)]))]

const toNames = (text: string): Option.Option<ReadonlyArray<string>> => {
  const wanted = text.split(",").map((name) => name.trim())
  return wanted.every((name) => names.includes(name)) ? Option.some(wanted) : Option.none()
}

const unknownName = (text: string): string => {
  const wrong = text.split(",").find((name) => !names.includes(name.trim())) ?? text
  const similar = Similar.to(wrong.trim(), names).slice(0, 3)
  return similar.length === 0
    ? "ids of laws or families of them, as verify --list prints them"
    : `ids of laws, ${similar.join(" or ")} perhaps`
}

const flags = {
  seed: whole("seed", 0, "The same seed sends the same requests (default 1)").pipe(Flag.withDefault(1)),
  runs: whole("runs", 1, "How many cases are tried for a law (default 100)").pipe(Flag.withDefault(100)),
  only: Flag.String("only").pipe(
    Flag.filterMap(toNames, unknownName),
    Flag.withMetavar("LAW,…"),
    Flag.withDescription("Only these laws, or families of them"),
    Flag.optional
  ),
  writes: yes("writes", "Create connections too, and delete those and no others"),
  yesProduction: yes("yes-production", "Allow --writes on WorkOS itself, or with a live key"),
  strict: yes("strict", "Fail on drift too: on what no source documents"),
  baseline: Flag.String("baseline").pipe(
    Flag.withMetavar("FILE"),
    Flag.withDescription("Known failures: fail on others only"),
    Flag.optional
  ),
  updateBaseline: yes("update-baseline", "Write what fails now into the baseline"),
  report: Flag.String("report").pipe(
    Flag.filterMap(toWanted, () => "json=FILE, junit=FILE or html=FILE"),
    Flag.withMetavar("FORMAT=FILE"),
    Flag.withDescription("Write json=FILE, junit=FILE, html=FILE: one or more"),
    Flag.atLeast(0)
  ),
  maxRate: whole("max-rate", 1, `Requests a minute (default ${Progress.number(politeRate)}, on this machine any)`).pipe(
    Flag.optional
  ),
  timeBudget: whole("time-budget", 1, "Seconds after which nothing more is sent (default 300)").pipe(
    Flag.withMetavar("S"),
    Flag.withDefault(300)
  ),
  list: yes("list", "Print the laws, and check none")
}

export const verify = Command.make(
  "verify",
  flags,
  Effect.fnUntraced(function* (flags) {
    if (flags.list) return yield* Output.results(Stream.succeed(listing(flags.only, yield* columnsOfTerminal)))
    const { apiKey, baseUrl } = yield* Effect.provide(WorkOsConfig, WorkOsConfig.layerConfig)
    if (baseUrl.username !== "" || baseUrl.password !== "" || baseUrl.search !== "" || baseUrl.hash !== "") {
      return yield* refuse("WORKOS_BASE_URL is more than an address: leave out the user, the password, ? and #.")
    }
    if (flags.writes && !flags.yesProduction) yield* refuseProduction(apiKey, baseUrl)
    const known = yield* readBaseline(flags)
    const only = Option.getOrUndefined(flags.only)
    const options = { strict: flags.strict }

    const target = Target.layer({ baseUrl, credentials: Target.bearer(apiKey, "WORKOS_API_KEY") }).pipe(
      Layer.provide(NodeHttpClient.layerUndici)
    )
    const settings = {
      seed: flags.seed,
      runs: flags.runs,
      writes: flags.writes,
      only,
      timeBudget: flags.timeBudget * 1000,
      maxRate: Option.getOrElse(flags.maxRate, () => (isLoopback(baseUrl) ? undefined : politeRate))
    }
    // A file that can't be written is found out before a minute of requests, not after.
    yield* writable([
      ...flags.report.map(({ file }) => file),
      ...(flags.updateBaseline ? Option.toArray(flags.baseline) : [])
    ])
    const found = yield* Watching.watched(checksOf(suite, only).length, (tell) =>
      Effect.provide(Contract.verify(suite, settings, tell), target)
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
    const isWhole = outcome !== "unchecked" && report.interrupted === undefined
    if (flags.updateBaseline && Option.isSome(flags.baseline) && isWhole) {
      yield* AtomicFile.write(flags.baseline.value, Stream.succeed(Baseline.format(Baseline.update(found, known))))
      return yield* Output.note(`What fails now is in ${flags.baseline.value}: review it, and commit it.\n`)
    }
    if (outcome !== "holds") return yield* new Failure.Failure({ exitCode: 1 })
  })
).pipe(
  Command.withDescription("Hold a server to what WorkOS documents: one verdict for each law and operation"),
  Command.withExamples([
    { command: "effect-workos verify" },
    { command: "effect-workos verify --report html=contract.html --report junit=contract.xml" },
    { command: "effect-workos verify --writes --baseline contract-baseline.json" },
    { command: "effect-workos verify --only lists,input/limit --seed 7" }
  ])
)

// -----------------------------------------------------------------------------
// Before
// -----------------------------------------------------------------------------

const columnsOfTerminal = Effect.gen(function* () {
  const isTerminal = yield* Stdio.Stdio.use(({ stdoutIsTerminal }) => stdoutIsTerminal)
  return isTerminal ? yield* Terminal.Terminal.use(({ columns }) => columns) : undefined
})

// A law a line, for programs too; in a terminal as many lines as it takes.
const listing = (only: Option.Option<ReadonlyArray<string>>, columns: number | undefined): string => {
  const laws = lawsOf(suite, Option.getOrUndefined(only))
  return [...Map.groupBy(laws, ({ id }) => familyOf(id)).values()]
    .map((family) =>
      family
        .flatMap(({ id, sentence, severity, writes }) => {
          const notes = [...(severity === "drift" ? ["drift"] : []), ...(writes === true ? ["--writes"] : [])]
          const text = notes.length === 0 ? sentence : `${sentence} (${notes.join(", ")})`
          return columns === undefined ? [id.padEnd(34) + text] : Prose.wrap(text, columns, id.padEnd(34))
        })
        .map((line) => `${line}\n`)
        .join("")
    )
    .join("\n")
}

const isLoopback = ({ hostname }: URL): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname)

const refuse = (sentence: string) =>
  Effect.andThen(Output.note(`${sentence}\n`), Effect.fail(new Failure.Failure({ exitCode: 2 })))

const refuseProduction = Effect.fnUntraced(function* (apiKey: Redacted.Redacted, baseUrl: URL) {
  const isLive = Redacted.value(apiKey).startsWith("sk_live")
  if (!isLive && !WorkOs.isProduction(baseUrl.href)) return
  const what = isLive ? "WORKOS_API_KEY is a live key" : `${baseUrl.host} is WorkOS itself`
  return yield* refuse(
    `${what}, and --writes creates and deletes connections. Add --yes-production if that is what you want.`
  )
})

const readBaseline = Effect.fnUntraced(function* (flags: {
  readonly baseline: Option.Option<string>
  readonly updateBaseline: boolean
}) {
  const fs = yield* FileSystem.FileSystem
  if (Option.isNone(flags.baseline)) {
    return flags.updateBaseline
      ? yield* refuse("--update-baseline wants to know which file: add --baseline FILE.")
      : Baseline.empty
  }
  const file = flags.baseline.value
  const text = yield* Effect.catch(fs.readFileString(file), ({ reason }) => {
    if (reason._tag !== "NotFound") return refuse(`${file} can't be read. Is it a file, and yours to read?`)
    return flags.updateBaseline
      ? Effect.succeed(Baseline.format(Baseline.empty))
      : refuse(`There is no ${file}. Add --update-baseline to write it.`)
  })
  return yield* Effect.catch(Baseline.parse(text), ({ message }) => refuse(`${file}: ${message}`))
})

const writable = Effect.fnUntraced(function* (files: ReadonlyArray<string>) {
  const fs = yield* FileSystem.FileSystem
  for (const [index, file] of files.entries()) {
    if (files.indexOf(file) < index) return yield* refuse(`${file} is named twice. Name a file for each.`)
    const type = yield* Effect.option(Effect.map(fs.stat(file), ({ type }) => type))
    if (Option.contains(type, "Directory")) {
      return yield* refuse(`${file} can't be written: it is a folder. Name a file in it.`)
    }
    // A device or a pipe is written to, and anything else replaced.
    if (Option.isSome(type) && type.value !== "File") continue
    const folder = /^(.*)\/[^/]*$/.exec(file)?.[1] ?? "."
    yield* Effect.catch(fs.access(folder === "" ? "/" : folder, { writable: true }), () =>
      refuse(`${file} can't be written: there is no folder ${folder}, or it is not yours to write to.`)
    )
  }
})

// -----------------------------------------------------------------------------
// After
// -----------------------------------------------------------------------------

const show = Effect.fnUntraced(function* (report: Report, options: Verdict.Options) {
  const columns = yield* columnsOfTerminal
  const { canColor } = yield* TerminalCapabilities.TerminalCapabilities
  const colours = columns !== undefined && canColor
  const text = Verdicts.describe(report, { ...options, columns: columns ?? 120, colours })
  const { isThere } = yield* gitHub
  const token = Math.abs(yield* Random.nextInt).toString(36)
  yield* Output.results(Stream.succeed(isThere ? GitHub.quote(text, token) : text))
})

const gitHub = Config.all({
  isThere: Config.map(Config.withDefault(Config.String("GITHUB_ACTIONS"), ""), (value) => value === "true"),
  summary: Config.option(Config.String("GITHUB_STEP_SUMMARY"))
})

// In a workflow of GitHub's, failures stand beside the job, and a summary on its page.
const annotate = Effect.fnUntraced(function* (report: Report, options: Verdict.Options) {
  const { isThere, summary } = yield* gitHub
  if (!isThere) return
  yield* Output.results(Stream.succeed(GitHub.annotations(report, options)))
  if (Option.isNone(summary)) return
  const fs = yield* FileSystem.FileSystem
  yield* Effect.ignore(fs.writeFileString(summary.value, GitHub.summary(report, options), { flag: "a" }))
})
