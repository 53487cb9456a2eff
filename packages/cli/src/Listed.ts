// Lists as commands show them: a page or all of it, as a table or as it came; the same for every resource.
import { Limit } from "@effect-workos/domain/Pagination"
import * as Ndjson from "@effect-workos/export/Ndjson"
import * as Flag from "effect/cli/Flag"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as Terminal from "effect/Terminal"
import * as Output from "./Output.ts"
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
  order: Flag.withDefault(order, "desc"),
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
  const { heading, row } = yield* table(columns)
  // The heading comes with the first page, so that a failure has none.
  yield* Output.results(
    Stream.map(Stream.zipWithIndex(rows), ([rows, index]) =>
      lines([...(index === 0 ? [heading] : []), ...rows.map(row)])
    )
  )
  if (isEmpty) yield* Output.note(`No ${one} matches.\n`)
  if (hasMore && !all) yield* Output.note("There are more: --all shows all of them, --limit 100 a longer page.\n")
})

/**
 * A way to write rows as lines, for whatever stdout is.
 */
export const table = Effect.fnUntraced(function* <Row>(columns: ReadonlyArray<TextTable.Column<Row>>) {
  const isTerminal = yield* Stdio.Stdio.use(({ stdoutIsTerminal }) => stdoutIsTerminal)
  const available = isTerminal ? yield* Terminal.Terminal.use(({ columns }) => columns) : Number.POSITIVE_INFINITY
  const { canColor } = yield* TerminalCapabilities.TerminalCapabilities
  return TextTable.make(columns, available, isTerminal && canColor)
})

/**
 * Lines, each with its newline.
 */
export const lines = (lines: ReadonlyArray<string>): string => lines.map((line) => `${line}\n`).join("")

/**
 * The day of a timestamp.
 */
export const day = (timestamp: string): string => timestamp.slice(0, 10)
