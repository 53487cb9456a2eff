// The `list` command of every resource: prints one page or all rows, as a table or as JSON.
import { Limit } from "@effect-workos/domain/Pagination"
import type * as Client from "@effect-workos/client/Client"
import type { InvalidRow } from "@effect-workos/client/ClientError"
import * as Export from "@effect-workos/export/Export"
import * as Ndjson from "@effect-workos/export/Ndjson"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Output from "./Output.ts"
import * as Terminal from "./Terminal.ts"
import * as TextTable from "./TextTable.ts"

/** The `--json` flag. */
export const json = (content: string) =>
  Flag.Boolean("json").pipe(
    Flag.withDescription(`Print ${content} as the JSON that the server sent.`),
    Flag.withDefault(false)
  )

/** The `--order` flag. */
export const order = Flag.Literals("order", ["asc", "desc"]).pipe(
  Flag.withDescription("Sort by creation time: oldest first (asc) or newest first (desc).")
)

/** The flags of every `list` command. `noun` is the singular noun of a row. */
export const flags = (noun: string) => ({
  limit: Flag.Int("limit").pipe(
    Flag.withSchema(Limit),
    Flag.withMetavar("N"),
    Flag.withDescription("Print N rows, from 1 to 100. Defaults to 10."),
    Flag.optional
  ),
  order: order.pipe(
    Flag.withDescription("Sort by creation time: oldest first (asc) or newest first (desc). Defaults to desc."),
    Flag.withDefault("desc")
  ),
  all: Flag.Boolean("all").pipe(
    Flag.withDescription("Print all rows. --limit sets the number of rows per request."),
    Flag.withDefault(false)
  ),
  json: json(`one ${noun} per line`)
})

interface Flags {
  readonly limit: Option.Option<number>
  readonly order: "asc" | "desc"
  readonly all: boolean
  readonly json: boolean
}

type InvalidRows = Client.InvalidRows<"yield">

interface Page<Row> {
  readonly data: ReadonlyArray<Row>
  readonly list_metadata: { readonly after: string | null }
}

/** The singular noun of a row, and the columns of a table. */
interface Rows<Row> {
  readonly noun: string
  readonly columns: ReadonlyArray<TextTable.Column<Row>>
}

/**
 * Prints rows in the form that the flags select. `redact` replaces the secrets in a row.
 */
export const show = Effect.fnUntraced(function* <Row extends object, Filters, E, E2>(
  list: {
    (
      query: Filters & InvalidRows & { order: "asc" | "desc"; limit: number | undefined }
    ): Effect.Effect<Page<Row | InvalidRow>, E>
    readonly pages: (
      options: Filters & InvalidRows & { order: "asc" | "desc"; pageSize: number | undefined }
    ) => Stream.Stream<Page<Row | InvalidRow>, E2>
  },
  filters: Filters,
  { all, json, limit, order }: Flags,
  { columns, noun, redact }: Rows<Row> & { readonly redact: <A extends object>(row: A) => A }
) {
  const size = Option.getOrUndefined(limit)
  // Columns can also show rows that do not have the documented shape.
  const invalidRows = "yield"
  const pages: Stream.Stream<Page<Row | InvalidRow>, E | E2> = all
    ? list.pages({ ...filters, invalidRows, order, pageSize: size })
    : Stream.fromEffect(list({ ...filters, invalidRows, order, limit: size }))
  let isEmpty = true
  let hasMore = false
  const rows = Stream.map(pages, ({ data, list_metadata }) => {
    isEmpty &&= data.length === 0
    hasMore = list_metadata.after !== null
    return Export.asReceived(data).map(redact)
  })
  if (json) {
    yield* Output.results(Stream.map(rows, Ndjson.lines))
    return
  }
  const make = yield* table(columns)
  let written: TextTable.Table<Row> | undefined
  yield* Output.results(
    Stream.map(rows, (rows) => {
      if (written !== undefined) return lines(rows.map(written.row))
      // The first page determines the widths; a request that fails prints no heading.
      written = make(rows)
      return lines([written.heading, ...rows.map(written.row)])
    })
  )
  if (isEmpty) yield* Output.message(`No ${noun} matches.`)
  if (hasMore && !all)
    yield* Output.message("More rows exist. Use --all to show all rows, or --limit 100 to show a longer page.")
})

/**
 * Prints all rows of a list that has one page.
 */
export const showAll = Effect.fnUntraced(function* (
  rows: ReadonlyArray<object>,
  json: boolean,
  { columns, noun }: Rows<object>
) {
  if (json) return yield* Effect.asVoid(Output.results(Stream.succeed(Ndjson.lines(rows))))
  const { heading, row } = (yield* table(columns))(rows)
  yield* Output.results(Stream.succeed(lines([heading, ...rows.map(row)])))
  if (rows.length === 0) yield* Output.message(`No ${noun} matches.`)
})

/**
 * Makes a table for stdout, with columns wide enough for the rows of a sample.
 */
export const table = Effect.fnUntraced(function* <Row>(columns: ReadonlyArray<TextTable.Column<Row>>) {
  const { colours, columns: available = Number.POSITIVE_INFINITY } = yield* Terminal.stdout
  return (sample: ReadonlyArray<Row>) => TextTable.make(columns, available, colours, sample)
})

/**
 * Joins lines, each with its newline.
 */
export const lines = (lines: ReadonlyArray<string>): string => lines.map((line) => `${line}\n`).join("")
