// Exports as commands do them: to files and pipes, with their progress; the same for every resource.
import { WorkOsConfig } from "@effect-workos/client/WorkOsConfig"
import * as AtomicFile from "@effect-workos/export/AtomicFile"
import * as Export from "@effect-workos/export/Export"
import * as ExportFile from "@effect-workos/export/ExportFile"
import * as Format from "@effect-workos/export/Format"
import type * as Resource from "@effect-workos/export/Resource"
import type * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { createHash } from "node:crypto"
import { setFlagsFromString } from "node:v8"
import * as Failure from "./Failure.ts"
import * as ListCommand from "./ListCommand.ts"
import * as Output from "./Output.ts"
import * as Progress from "./Progress.ts"

/** Where to, in which form, and how. */
export const flags = {
  output: Flag.String("output").pipe(
    Flag.withSchema(Schema.NonEmptyString),
    Flag.withAlias("o"),
    Flag.withMetavar("FILE"),
    Flag.withDescription("The file to write, or - for stdout (required)")
  ),
  format: Flag.Literals("format", Format.names).pipe(
    Flag.withDescription(
      "ndjson as it came, csv for spreadsheets, parquet for analysis (default: as FILE ends, or ndjson)"
    ),
    Flag.optional
  ),
  escapeFormulas: Flag.Boolean("escape-formulas").pipe(
    Flag.withDescription("In CSV, keep a spreadsheet from taking a name for a formula"),
    Flag.withDefault(false)
  ),
  concurrency: Flag.Int("concurrency").pipe(
    Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100 }))),
    Flag.withMetavar("N"),
    Flag.withDescription("How many requests at once; 1 keeps the order (default 8, and 1 with --order)"),
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
  order: Flag.optional(ListCommand.order)
}

/** Filters, as flags say them: by their names. */
type Said = Readonly<Record<string, Option.Option<string> | ReadonlyArray<string>>>

/**
 * Exports what matches of a resource, and tells how far that is.
 *
 * **Details**
 *
 * `said` is what `filters` are in flags: it tells an export from others. `fixed` are those of them that have to be said like
 * that, and not as they were, for an export to be gone on with.
 */
export const run = Effect.fnUntraced(function* <
  Row extends Resource.BaseRow,
  Filters,
  E extends Failure.CommandError,
  Service
>(
  resource: Resource.Resource<Row, Filters, E, Service>,
  filters: Filters,
  { concurrency, escapeFormulas, format, json, order, output, resume }: Command.Command.Config.Infer<typeof flags>,
  said: Said,
  fixed: Said = {}
) {
  const requests = Option.getOrElse(concurrency, () => (Option.isSome(order) ? 1 : 8))
  if (Option.isSome(order) && requests > 1) {
    return yield* Failure.refuse("--order is for one request at a time: leave out --concurrency, or --order.")
  }
  // What an export throws away is cleared up sooner: a million rows take a quarter less memory, and a sixth more time
  // where the server is on this machine. Where it is not, it is the rate limit that time is spent on.
  setFlagsFromString("--heap-growing-percent=20")
  const isFile = output !== "-" && !(yield* Effect.orElseSucceed(AtomicFile.isStream(output), () => false))
  if (resume && !isFile)
    return yield* Failure.refuse("--resume is for a file: there is nothing to go on with in a stream.")
  const name = Option.getOrElse(format, () => formatOf(output))
  if (escapeFormulas && name !== "csv")
    return yield* Failure.refuse("--escape-formulas is for CSV: ask for --format csv, or leave it out.")
  const chosen = Format.make(name, { escapeFormulas })

  const counts = Progress.none()
  const options = {
    ...filters,
    order: Option.getOrUndefined(order),
    concurrency: requests,
    onRequest: Effect.sync(() => void counts.requests++)
  }

  if (isFile) {
    const fingerprint = yield* fingerprintOf(said)
    const exporting = ExportFile.write(
      resource,
      output,
      { ...options, format: chosen, fingerprint, resume },
      (progress) => Effect.sync(() => void Object.assign(counts, progress))
    )
    const count = yield* keeping(counts, fixed, Progress.shown(Effect.asVoid(exporting), counts, json))
    return yield* json
      ? Output.results(Stream.succeed(Progress.toJson(count, true)))
      : told(resource.name, count, ` to ${output}`)
  }
  const rows = Stream.tap(Export.rows(resource, options), (rows) =>
    Effect.sync(() => void (counts.rows += rows.length))
  )
  let isWanted = true
  const exporting = Effect.gen(function* () {
    if (output === "-") isWanted = yield* Output.results(chosen.write(resource.columns, rows))
    else yield* AtomicFile.write(output, chosen.write(resource.columns, rows))
  })
  const count = yield* Progress.shown(exporting, counts, json)
  if (!isWanted) return
  return yield* json
    ? Output.note(Progress.toJson(count, true))
    : told(resource.name, count, output === "-" ? "" : ` to ${output}`)
})

// Who names a file has said what it is: nobody wants lines of JSON in a file that is called .parquet.
const formatOf = (file: string): Format.Name =>
  Format.names.find((name) => file.toLowerCase().endsWith(`.${name}`)) ?? "ndjson"

// What an export is of, to tell it from others: of the key, no more than it takes.
const fingerprintOf = Effect.fnUntraced(function* (said: Said) {
  const { apiKey, baseUrl } = yield* WorkOsConfig
  return {
    target: baseUrl.origin + baseUrl.pathname,
    key: createHash("sha256").update(Redacted.value(apiKey)).digest("hex").slice(0, 12),
    filter: words(said) || "none"
  }
})

/** Filters as they are said, in one line. */
export const words = (said: Said): string =>
  Object.entries(said)
    .flatMap(([name, values]) =>
      (Option.isOption(values) ? Option.toArray(values) : values.toSorted()).map(
        (value) => `--${name} ${quoted(value)}`
      )
    )
    .join(" ")

const quoted = (value: string): string => (/^[\w.:@-]+$/.test(value) ? value : JSON.stringify(value))

const told = (name: string, count: Progress.Count, where: string) => {
  const before = count.resumed === 0 ? "" : `; ${Progress.number(count.resumed)} of them there before`
  return Output.say(`Exported ${Progress.number(count.rows)} ${name}${where} in ${Progress.effort(count)}${before}.`)
}

// After the failure itself, what is not lost.
const keeping = <A, E extends Failure.CommandError, R>(
  counts: Readonly<Progress.Counts>,
  fixed: Said,
  exporting: Effect.Effect<A, E, R>
) => {
  const told = Effect.suspend(() =>
    counts.rows === 0
      ? Effect.void
      : Output.say(
          `${Progress.number(counts.rows)} ${counts.rows === 1 ? "row is" : "rows are"} kept: go on with ${["--resume", words(fixed)].join(" ").trim()}.`
        )
  )
  return exporting.pipe(
    Effect.onInterrupt(() => told),
    Effect.catch((error: E) => {
      const reported = Failure.report(error)
      // Where another export has what is kept, or the list is not to be walked like that, there is nothing to go on with.
      const isOver = error._tag === "CheckpointError" || error._tag === "CrawlError"
      const after = isOver ? reported : Effect.ensuring(reported, told)
      return Effect.andThen(after, Effect.fail(new Failure.Failure({ exitCode: 1 })))
    })
  )
}
