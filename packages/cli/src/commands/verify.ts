// The `verify` command. `VerifyRun` is loaded on demand, because no other command needs the contract suite.
import * as CliError from "effect/cli/CliError"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Progress from "../Progress.ts"
import type { Format, ReportFile } from "../VerifyRun.ts"

const verifyRun = Effect.promise(() => import("../VerifyRun.ts"))
const lawNames = Effect.promise(() => import("../LawNames.ts"))

/** The default number of requests per minute to other machines, below WorkOS's limit of 6,000. */
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

const formats: ReadonlyArray<Format> = ["json", "junit", "html"]

const toReportFile = (text: string): Option.Option<ReportFile> => {
  const [name, ...rest] = text.split("=")
  const format = formats.find((format) => format === name)
  const file = rest.join("=")
  return format === undefined || file === "" ? Option.none() : Option.some({ format, file })
}

const toNames = (text: string) =>
  Effect.flatMap(lawNames, ({ parse }) =>
    Effect.mapError(
      Effect.fromResult(parse(text)),
      (expected) => new CliError.InvalidValue({ option: "only", value: text, expected, kind: "flag" })
    )
  )

const flags = {
  seed: whole("seed", 0, "Generate requests from seed N. Defaults to 1.").pipe(Flag.withDefault(1)),
  runs: whole("runs", 1, "Try N generated cases per check. Defaults to 100.").pipe(Flag.withDefault(100)),
  only: Flag.String("only").pipe(
    Flag.mapEffect(toNames),
    Flag.withMetavar("LAW,…"),
    Flag.withDescription("Check only these laws or families of laws, separated by commas."),
    Flag.optional
  ),
  writes: yes("writes", "Also check the laws that create and delete connections."),
  yesProduction: yes("yes-production", "Allow --writes against WorkOS itself or with a live key."),
  strict: yes("strict", "Fail on undocumented fields and values too."),
  baseline: Flag.String("baseline").pipe(
    Flag.withMetavar("FILE"),
    Flag.withDescription("Ignore the failures listed in FILE."),
    Flag.optional
  ),
  updateBaseline: yes("update-baseline", "Write the current failures to the baseline file."),
  report: Flag.String("report").pipe(
    Flag.filterMap(toReportFile, () => "json=FILE, junit=FILE or html=FILE"),
    Flag.withMetavar("FORMAT=FILE"),
    Flag.withDescription("Write a report: json=FILE, junit=FILE or html=FILE. Repeatable."),
    Flag.atLeast(0)
  ),
  maxRate: whole(
    "max-rate",
    1,
    `Send at most N requests per minute. Defaults to ${Progress.number(politeRate)}, or to no limit for a server on this machine.`
  ).pipe(Flag.optional),
  timeBudget: whole("time-budget", 1, "Stop sending requests after S seconds. Defaults to 300.").pipe(
    Flag.withMetavar("S"),
    Flag.withDefault(300)
  ),
  list: yes("list", "Print the laws without checking them.")
}

export const verify = Command.make("verify", flags, (flags) =>
  Effect.flatMap(verifyRun, ({ verify }) => verify({ ...flags, politeRate }))
).pipe(
  Command.withDescription("Verify a server against WorkOS's documented contract."),
  Command.withExamples([
    { command: "effect-workos verify" },
    { command: "effect-workos verify --report html=contract.html --report junit=contract.xml" },
    { command: "effect-workos verify --writes --baseline contract-baseline.json" },
    { command: "effect-workos verify --only lists,input/limit --seed 7" }
  ])
)
