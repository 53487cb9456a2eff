// Lists as commands show them: a page or all of it, as a table or as it came; the same for every resource.
import { Limit } from "@effect-workos/domain/Pagination"
import * as Ndjson from "@effect-workos/export/Ndjson"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Output from "./Output.ts"
import * as Screen from "./Screen.ts"
import * as TextTable from "./TextTable.ts"

/** Whether something is printed as it came. */
export const json = (what: string) =>
  Flag.Boolean("json").pipe(Flag.withDescription(`Print ${what} as it came, in JSON`), Flag.withDefault(false))

/** From which end. */
export const order = Flag.Literals("order", ["asc", "desc"]).pipe(
  Flag.withDescription("From the oldest (asc) or the newest (desc)")
)

/** How much of a list, from which end, and in which form. `one` is what a row is. */
export const flags = (one: string) => ({
  limit: Flag.Int("limit").pipe(
    Flag.withSchema(Limit),
    Flag.withMetavar("N"),
    Flag.withDescription("How many, 1 to 100 (default 10)"),
    Flag.optional
  ),
  order: order.pipe(
    Flag.withDescription("From the oldest (asc) or the newest (desc; default)"),
    Flag.withDefault("desc")
  ),
  all: Flag.Boolean("all").pipe(Flag.withDescription("All of them, --limit at a time"), Flag.withDefault(false)),
  json: json(`each ${one} on a line`)
})

interface Flags {
  readonly limit: Option.Option<number>
  readonly order: "asc" | "desc"
  readonly all: boolean
  readonly json: boolean
}

interface Page<Row> {
  readonly data: ReadonlyArray<Row>
  readonly list_metadata: { readonly after: string | null }
}

/**
 * Shows what the flags ask for of a list. `one` is what a row is.
 */
export const show = Effect.fnUntraced(function* <Row, Filters, E, E2>(
  list: {
    readonly list: (
      query: Filters & { order: "asc" | "desc"; limit: number | undefined }
    ) => Effect.Effect<Page<Row>, E>
    readonly pages: (
      options: Filters & { order: "asc" | "desc"; pageSize: number | undefined }
    ) => Stream.Stream<Page<Row>, E2>
  },
  filters: Filters,
  { all, json, limit, order }: Flags,
  { columns, one }: { readonly one: string; readonly columns: ReadonlyArray<TextTable.Column<Row>> }
) {
  const size = Option.getOrUndefined(limit)
  const pages: Stream.Stream<Page<Row>, E | E2> = all
    ? list.pages({ ...filters, order, pageSize: size })
    : Stream.fromEffect(list.list({ ...filters, order, limit: size }))
  let isEmpty = true
  let hasMore = false
  const rows = Stream.map(pages, ({ data, list_metadata }) => {
    isEmpty &&= data.length === 0
    hasMore = list_metadata.after !== null
    return data
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
      // The heading comes with the first page, which shows what room it takes, so that a failure has none.
      written = make(rows)
      return lines([written.heading, ...rows.map(written.row)])
    })
  )
  if (isEmpty) yield* Output.say(`No ${one} matches.`)
  if (hasMore && !all) yield* Output.say("There are more: --all shows all of them, --limit 100 a longer page.")
})

/**
 * A way to write rows as lines, for whatever stdout is, and for rows like those of a sample.
 */
export const table = Effect.fnUntraced(function* <Row>(columns: ReadonlyArray<TextTable.Column<Row>>) {
  const { colours, columns: available = Number.POSITIVE_INFINITY } = yield* Screen.stdout
  return (sample: ReadonlyArray<Row>) => TextTable.make(columns, available, colours, sample)
})

/**
 * Lines, each with its newline.
 */
export const lines = (lines: ReadonlyArray<string>): string => lines.map((line) => `${line}\n`).join("")

/**
 * The second of a timestamp, in UTC.
 */
export const second = (timestamp: string): string =>
  new Date(Date.parse(timestamp)).toISOString().slice(0, 19).replace("T", " ")

/**
 * The day of a timestamp.
 */
export const day = (timestamp: string): string => timestamp.slice(0, 10)
