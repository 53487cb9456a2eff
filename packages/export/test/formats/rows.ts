// Rows to write: adversarial rows, and rows of the emulator.
import { assert } from "@effect/vitest"
import { Connection } from "@effect-workos/domain/sso/Connection"
import * as Seed from "@effect-workos/emulator/Seed"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { Column } from "../../src/Column.ts"
import type { Format } from "../../src/Format.ts"
import * as Exportable from "../../src/Exportable.ts"

export type Row = typeof Connection.Encoded

const fragments = [
  "Acme",
  " ",
  ",",
  ";",
  "'",
  '"',
  '""',
  "\n",
  "\r",
  "\r\n",
  "\t",
  "\\",
  "\0",
  "=1+1",
  "+1",
  "-1",
  "@SUM(A1)",
  "=",
  "＝1",
  "NULL",
  "null",
  "#",
  "\u2028",
  "\u0085",
  "\uFEFF",
  "\uFFFF",
  "\uE000",
  "é",
  "e\u0301",
  "大阪",
  "👩‍👩‍👧",
  "\u{10FFFF}",
  "שלום",
  "x".repeat(5000)
] as const

// Halves of surrogate pairs, which only JavaScript and JSON allow.
const halves = ["\uD800", "\uDC00", "\uDBFF"] as const

// Timestamps near the limits of formats, and with more digits than formats store.
const instants = [
  "1970-01-01T00:00:00.000Z",
  "1969-12-31T23:59:59.999Z",
  "0001-01-01T00:00:00.000Z",
  "9999-12-31T23:59:59.999Z",
  "2026-01-15T12:00:00Z",
  "2026-01-15T12:00:00.1Z",
  "2026-01-15T12:00:00.123456789Z",
  "2024-02-29T00:30:00.001+05:45",
  "2024-02-29T23:59:59.999-09:30"
] as const

const textOf = (parts: ReadonlyArray<string>) => Schema.Array(Schema.Literals(parts)).check(Schema.isMaxLength(5))

/** Parts of adversarial text. */
export const adversarialText = textOf([...fragments, ...halves])

const makeRows = (parts: ReadonlyArray<string>) => {
  const text = textOf(parts)
  const adversarialRow = Schema.Struct({
    connection: Connection,
    name: text,
    state: text,
    certificate: Schema.NullOr(text),
    domains: Schema.Array(text).check(Schema.isMaxLength(3)),
    externalId: Schema.NullOr(text),
    created: Schema.Literals(instants),
    updated: Schema.optionalKey(Schema.Literals(instants)),
    extra: Schema.optionalKey(text)
  })
  return Arbitrary.array(
    Arbitrary.map(Arbitrary.schema(adversarialRow), (one): Row => {
      const row = Schema.encodeSync(Connection)(one.connection)
      return {
        ...row,
        name: one.name.join(""),
        state: one.state.join(""),
        ...(row.options === undefined ? {} : { options: { signing_cert: one.certificate?.join("") ?? null } }),
        ...(row.external_id === undefined ? {} : { external_id: one.externalId?.join("") ?? null }),
        domains: one.domains.map((domain, index) => ({
          object: "connection_domain",
          id: `org_domain_${index}`,
          domain: domain.join("")
        })),
        created_at: one.created,
        ...(one.updated === undefined ? {} : { updated_at: one.updated }),
        ...(one.extra === undefined ? {} : { extra: one.extra.join("") })
      }
    }),
    { maxLength: 20 }
  )
}

/** Valid rows with adversarial text. */
export const adversarialRows = makeRows([...fragments, ...halves])

/** Valid rows with adversarial text that is valid Unicode. */
export const adversarialUnicodeRows = makeRows(fragments)

/** Encoded connections of an emulator. */
export const emulated = (connections: number) =>
  Effect.flatMap(Seed.make({ connections, organizations: Math.ceil(connections / 20), seed: 11 }), (seed) =>
    Schema.encodeEffect(Schema.Array(Connection))(seed.connections)
  )

/** The bytes of a file of connections that are written page by page. */
export const write = (format: Format, rows: ReadonlyArray<Row>, pageSize?: number) =>
  writeOf(Exportable.connections.columns, format, rows, pageSize)

/** The bytes of a file with rows of any resource. */
export const writeOf = Effect.fnUntraced(function* <Row>(
  columns: ReadonlyArray<Column<Row>>,
  format: Format,
  rows: ReadonlyArray<Row>,
  pageSize = 7
) {
  const pages: Array<ReadonlyArray<Row>> = [[]]
  for (let start = 0; start < rows.length; start += pageSize) pages.push(rows.slice(start, start + pageSize))
  const chunks = yield* Stream.runCollect(format.write(columns, Stream.fromIterable(pages)))
  return { bytes: new Uint8Array(Buffer.concat(chunks)), chunks: chunks.length }
})

/** A string after encoding as UTF-8. */
export const inUtf8 = (text: string | null | undefined): string | null => text?.toWellFormed() ?? null

/**
 * Checks a property of rows: `check` fails if the property does not hold.
 */
export const forAll = Effect.fnUntraced(function* <Row, E, R>(
  rows: Arbitrary.Arbitrary<ReadonlyArray<Row>>,
  options: { readonly runs: number; readonly seed: string },
  check: (rows: ReadonlyArray<Row>) => Effect.Effect<void, E, R>
) {
  const result = yield* Arbitrary.checkEffect(rows, (rows) => Effect.as(check(rows), true), options)
  assert.isUndefined(Arbitrary.formatCheckFailure(result))
})
