// `export connections`.
import { WorkOsConfig } from "@effect-workos/client/WorkOsConfig"
import * as AtomicFile from "@effect-workos/export/AtomicFile"
import * as Export from "@effect-workos/export/Export"
import * as ExportFile from "@effect-workos/export/ExportFile"
import * as Format from "@effect-workos/export/Format"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { createHash } from "node:crypto"
import * as Failure from "../Failure.ts"
import * as Live from "../Live.ts"
import * as Output from "../Output.ts"
import * as Progress from "../Progress.ts"
import { filters, order, toOptions } from "./filters.ts"

const connections = Command.make(
  "connections",
  {
    output: Flag.String("output").pipe(
      Flag.withAlias("o"),
      Flag.withMetavar("FILE"),
      Flag.withDescription("The file to write, or - for stdout")
    ),
    format: Flag.Literals("format", Format.names).pipe(
      Flag.withDescription("One JSON object a line, as it came; a table; or typed columns"),
      Flag.withDefault("ndjson")
    ),
    escapeFormulas: Flag.Boolean("escape-formulas").pipe(
      Flag.withDescription("In CSV, keep a spreadsheet from taking a name for a formula"),
      Flag.withDefault(false)
    ),
    concurrency: Flag.Int("concurrency").pipe(
      Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100 }))),
      Flag.withMetavar("N"),
      Flag.withDescription(
        "How many requests are under way at once; 1 keeps the order (default 8, and 1 with --order)"
      ),
      Flag.optional
    ),
    resume: Flag.Boolean("resume").pipe(
      Flag.withDescription("Go on with what an interrupted export to this file has left"),
      Flag.withDefault(false)
    ),
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("Tell about progress and the end in JSON"),
      Flag.withDefault(false)
    ),
    ...filters,
    order: Flag.optional(order)
  },
  Effect.fnUntraced(function* ({ concurrency, escapeFormulas, format, json, order, output, resume, ...flags }) {
    const requests = Option.getOrElse(concurrency, () => (Option.isSome(order) ? 1 : 8))
    if (Option.isSome(order) && requests > 1) {
      return yield* refuse("--order is for one request at a time: leave out --concurrency, or --order.")
    }
    const chosen = Format.make(format, { escapeFormulas })
    const options = toOptions({ ...flags, order: Option.getOrElse(order, () => "desc" as const) })
    const isFile = output !== "-" && (yield* isRegular(output))
    if (resume && !isFile) return yield* refuse("--resume is for a file: there is nothing to go on with in a stream.")

    const [isComplete, count] = yield* Progress.shown(json, (counts) => {
      const counted = { ...options, concurrency: requests, onRequest: Effect.sync(() => void counts.requests++) }
      if (isFile) {
        return Effect.gen(function* () {
          const subject = yield* subjectOf(options)
          return yield* ExportFile.write(output, { ...counted, format: chosen, subject, resume }, (progress) =>
            Effect.sync(() => void Object.assign(counts, progress))
          )
        }).pipe(Effect.as(true))
      }
      const rows = Stream.tap(Export.connections(counted), (rows) =>
        Effect.sync(() => void (counts.rows += rows.length))
      )
      return output === "-"
        ? Output.results(chosen.write(rows))
        : Effect.as(AtomicFile.write(output, chosen.write(rows)), true)
    })
    if (!isComplete) return
    if (json)
      return yield* output === "-"
        ? Output.note(Progress.toJson(count))
        : Output.results(Stream.succeed(Progress.toJson(count)))
    const where = output === "-" ? "" : ` to ${output}`
    const before = count.resumed === 0 ? "" : `, ${Progress.number(count.resumed)} of them there before`
    yield* Output.note(
      `Exported ${Progress.number(count.rows)} connections${where}${before}: ${Progress.describe(count)}\n`
    )
  })
).pipe(
  Command.withDescription("Export all connections, or all that match"),
  Command.withExamples([
    { command: "effect-workos export connections --output connections.ndjson" },
    { command: "effect-workos export connections --output connections.parquet --format parquet" },
    { command: "effect-workos export connections --output connections.ndjson --resume" },
    { command: "effect-workos export connections --output - --type OktaSAML | gzip > okta.ndjson.gz" }
  ]),
  Command.provide(Live.layerConnections)
)

const refuse = (sentence: string) =>
  Effect.andThen(Output.note(`${sentence}\n`), Effect.fail(new Failure.Failure({ exitCode: 2 })))

// What is there and no file, a pipe or a device, takes what it is given as it comes.
const isRegular = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* fs.stat(path).pipe(
    Effect.map(({ type }) => type === "File"),
    Effect.orElseSucceed(() => true)
  )
})

// What an export is of, to tell it from others: of the key, no more than it takes.
const subjectOf = Effect.fnUntraced(function* (options: ReturnType<typeof toOptions>) {
  const { apiKey, baseUrl } = yield* WorkOsConfig
  const chosen = Object.entries(options).filter(([name, value]) => name !== "order" && value !== undefined)
  return {
    target: baseUrl.href,
    key: createHash("sha256").update(Redacted.value(apiKey)).digest("hex").slice(0, 12),
    filters: chosen.length === 0 ? "none" : chosen.map((entry) => entry.join(" ")).join(", ")
  }
})

export const export_ = Command.make("export").pipe(
  Command.withDescription("Export everything to a file"),
  Command.withSubcommands([connections])
)
