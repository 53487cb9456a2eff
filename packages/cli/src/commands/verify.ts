// `verify`. What it does is in `Verifying`, and is loaded when it is asked for: no other command needs the laws and what
// they are checked with.
import * as CliError from "effect/cli/CliError"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Progress from "../Progress.ts"
import type { Format, Wanted } from "../Verifying.ts"

const verifying = Effect.promise(() => import("../Verifying.ts"))
const lawNames = Effect.promise(() => import("../LawNames.ts"))

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

const formats: ReadonlyArray<Format> = ["json", "junit", "html"]

const toWanted = (text: string): Option.Option<Wanted> => {
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
  seed: whole("seed", 0, "The same seed sends the same requests (default 1)").pipe(Flag.withDefault(1)),
  runs: whole("runs", 1, "How many cases are tried for a law (default 100)").pipe(Flag.withDefault(100)),
  only: Flag.String("only").pipe(
    Flag.mapEffect(toNames),
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

export const verify = Command.make("verify", flags, (flags) =>
  Effect.flatMap(verifying, ({ verify }) => verify({ ...flags, politeRate }))
).pipe(
  Command.withDescription("Hold a server to what WorkOS documents: one verdict for each law and operation"),
  Command.withExamples([
    { command: "effect-workos verify" },
    { command: "effect-workos verify --report html=contract.html --report junit=contract.xml" },
    { command: "effect-workos verify --writes --baseline contract-baseline.json" },
    { command: "effect-workos verify --only lists,input/limit --seed 7" }
  ])
)
