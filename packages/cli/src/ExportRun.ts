// Runs an export of any resource to a file or a pipe, and shows its progress.
import { WorkOsConfig } from "@effect-workos/client/WorkOsConfig"
import { InvalidRow } from "@effect-workos/client/ClientError"
import * as AtomicFile from "@effect-workos/export/AtomicFile"
import * as Export from "@effect-workos/export/Export"
import * as ExportFile from "@effect-workos/export/ExportFile"
import * as Format from "@effect-workos/export/Format"
import type * as Exportable from "@effect-workos/export/Exportable"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Record from "effect/Record"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { createHash } from "node:crypto"
import * as Failure from "./Failure.ts"
import * as FilterFlags from "./FilterFlags.ts"
import * as ListCommand from "./ListCommand.ts"
import * as Output from "./Output.ts"
import * as Progress from "./Progress.ts"

/** The flags of every `export` command. */
export const flags = {
  output: Flag.String("output").pipe(
    Flag.withSchema(Schema.NonEmptyString),
    Flag.withAlias("o"),
    Flag.withMetavar("FILE"),
    Flag.withDescription("Write to FILE, or to stdout if FILE is -. Required.")
  ),
  format: Flag.Literals("format", Format.names).pipe(
    Flag.withDescription("Write in this format. Defaults to the extension of FILE, or to ndjson."),
    Flag.optional
  ),
  escapeFormulas: Flag.Boolean("escape-formulas").pipe(
    Flag.withDescription("Escape CSV values that spreadsheets would run as formulas."),
    Flag.withDefault(false)
  ),
  concurrency: Flag.Int("concurrency").pipe(
    Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100 }))),
    Flag.withMetavar("N"),
    Flag.withDescription(
      "Send up to N requests concurrently; only 1 keeps the order of rows. Defaults to 8, or to 1 with --order."
    ),
    Flag.optional
  ),
  resume: Flag.Boolean("resume").pipe(
    Flag.withDescription("Resume an interrupted export to the same file."),
    Flag.withDefault(false)
  ),
  json: Flag.Boolean("json").pipe(
    Flag.withDescription("Print progress and the result as JSON."),
    Flag.withDefault(false)
  ),
  strict: Flag.Boolean("strict").pipe(
    Flag.withDescription("Fail if a row does not have the documented shape, instead of writing it as received."),
    Flag.withDefault(false)
  ),
  order: Flag.optional(ListCommand.order)
}

/**
 * Exports all rows of a list that match a query. `filters` are the flags of the query, which identify the export.
 * `title` is the plural noun of the rows.
 */
export const run = Effect.fnUntraced(function* <
  Row extends Exportable.BaseRow,
  Query,
  E extends Failure.CommandError,
  Service
>(
  exportable: Exportable.Exportable<Row, Query, E, Service>,
  query: Query,
  {
    concurrency,
    escapeFormulas,
    format,
    json,
    order,
    output,
    resume,
    strict
  }: Command.Command.Config.Infer<typeof flags>,
  { filters, title }: { readonly filters: FilterFlags.Filters; readonly title: string }
) {
  const requests = Option.getOrElse(concurrency, () => (Option.isSome(order) ? 1 : 8))
  if (Option.isSome(order) && requests > 1) {
    return yield* Failure.refuse("--order requires one request at a time. Remove --concurrency or --order.")
  }
  const isFile = output !== "-" && !(yield* Effect.orElseSucceed(AtomicFile.isStream(output), () => false))
  if (resume && !isFile)
    return yield* Failure.refuse(
      "--resume requires a file, and --output is a stream. Remove --resume, or set --output to a file."
    )
  const name = Option.getOrElse(format, () => formatOf(output))
  if (escapeFormulas && name !== "csv")
    return yield* Failure.refuse(
      "--escape-formulas applies to CSV only. Set --format csv, or remove --escape-formulas."
    )
  const outputFormat = Format.make(name, { escapeFormulas })

  const counts = Progress.none()
  const options = {
    ...query,
    order: Option.getOrUndefined(order),
    concurrency: requests,
    onRequest: Effect.sync(() => void counts.requests++)
  }

  if (isFile) {
    const fingerprint = yield* fingerprintOf(filters)
    const exporting = ExportFile.write(
      exportable,
      output,
      { ...options, format: outputFormat, fingerprint, resume, strict },
      (progress) => Effect.sync(() => void Object.assign(counts, progress))
    )
    const count = yield* withResumeHint(counts, filters, Progress.withProgress(Effect.asVoid(exporting), counts, json))
    return yield* json
      ? Output.results(Stream.succeed(Progress.toJson(count, true)))
      : printSummary(title, count, ` to ${output}`)
  }
  const received = Export.rows(exportable, { ...options, invalidRows: strict ? "fail" : "yield" })
  const rows = Stream.map(received, (rows) => {
    counts.rows += rows.length
    counts.invalid += rows.filter((row) => row instanceof InvalidRow).length
    return Export.asReceived(rows)
  })
  let wantsMore = true
  const exporting = Effect.gen(function* () {
    if (output === "-") wantsMore = yield* Output.results(outputFormat.write(exportable.columns, rows))
    else yield* AtomicFile.write(output, outputFormat.write(exportable.columns, rows))
  })
  const count = yield* Progress.withProgress(exporting, counts, json)
  if (!wantsMore) return
  return yield* json
    ? Output.note(Progress.toJson(count, true))
    : printSummary(title, count, output === "-" ? "" : ` to ${output}`)
})

const formatOf = (file: string): Format.Name =>
  Format.names.find((name) => file.toLowerCase().endsWith(`.${name}`)) ?? "ndjson"

// The fingerprint contains a short hash of the key, which detects another key but does not reveal this one.
const fingerprintOf = Effect.fnUntraced(function* (filters: FilterFlags.Filters) {
  const { apiKey, baseUrl } = yield* WorkOsConfig
  return {
    target: baseUrl.origin + baseUrl.pathname,
    key: createHash("sha256").update(Redacted.value(apiKey)).digest("hex").slice(0, 12),
    filter: FilterFlags.toArguments(filters) || "none"
  }
})

const printSummary = (title: string, count: Progress.Count, destination: string) => {
  const before =
    count.resumed === 0
      ? ""
      : `; ${Progress.number(count.resumed)} ${count.resumed === 1 ? "row is" : "rows are"} from the interrupted export`
  const summary = `Exported ${Progress.number(count.rows)} ${title}${destination} in ${Progress.effort(count)}${before}.`
  return count.invalid === 0
    ? Output.message(summary)
    : Effect.andThen(Output.message(summary), Output.message(describeInvalid(count.invalid)))
}

const describeInvalid = (count: number): string => {
  const [rows, were] = count === 1 ? ["row", "was"] : ["rows", "were"]
  return `${Progress.number(count)} ${rows} did not match the documented shape and ${were} written as received.`
}

// After a failure, reports the number of stored rows and the command that resumes the export.
const withResumeHint = <A, E extends Failure.CommandError, R>(
  counts: Readonly<Progress.Counts>,
  filters: FilterFlags.Filters,
  exporting: Effect.Effect<A, E, R>
) => {
  // A relative time such as 7d changes its meaning with time, so resuming needs the absolute time.
  const fixed = FilterFlags.toArguments(Record.filter(filters, ({ isRelative }) => isRelative))
  const printResumeHint = Effect.suspend(() =>
    counts.rows === 0
      ? Effect.void
      : Output.message(
          `${Progress.number(counts.rows)} ${counts.rows === 1 ? "row is" : "rows are"} kept. To continue, run the command again with ${["--resume", fixed].join(" ").trim()}.`
        )
  )
  return exporting.pipe(
    Effect.onInterrupt(() => printResumeHint),
    Effect.catch((error: E) => {
      const reported = Failure.report(error)
      // An export cannot resume from a checkpoint of another export, or if the list cannot be crawled.
      const cannotResume = error._tag === "CheckpointError" || error._tag === "CrawlError"
      const after = cannotResume ? reported : Effect.ensuring(reported, printResumeHint)
      return Effect.andThen(after, Effect.fail(new Failure.Failure({ exitCode: 1 })))
    })
  )
}
