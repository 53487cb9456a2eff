// Columns that are derived from the schema of a row.
import { assert, layer } from "@effect/vitest"
import * as Id from "@effect-workos/domain/Id"
import { Timestamp } from "@effect-workos/domain/Timestamp"
import * as Wire from "@effect-workos/domain/Wire"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Column from "../../src/Column.ts"
import * as Format from "../../src/Format.ts"
import * as DuckDb from "./DuckDb.ts"
import * as Rows from "./rows.ts"

const Note = Wire.Struct({
  object: Schema.Literal("note"),
  id: Id.make("note"),
  authorName: Schema.optionalKey(Schema.NullOr(Schema.String)),
  isOpen: Schema.optionalKey(Schema.NullOr(Schema.Boolean)),
  count: Schema.Int,
  labels: Schema.optionalKey(
    Schema.Array(Wire.Struct({ id: Schema.String, text: Schema.String, colour: Schema.optionalKey(Schema.String) }))
  ),
  parts: Schema.Array(Wire.Struct({ id: Schema.String, size: Schema.Int })),
  settings: Schema.optionalKey(Wire.Struct({ theme: Schema.String, seenAt: Timestamp })),
  closedAt: Schema.NullOr(Timestamp),
  createdAt: Timestamp
})

const rows: ReadonlyArray<typeof Note.Encoded> = [
  {
    object: "note",
    id: "note_1",
    author_name: "Ada",
    is_open: false,
    count: 2,
    labels: [
      { id: "a", text: "one" },
      { id: "b", text: "two", colour: "red" }
    ],
    parts: [{ id: "p", size: 1 }],
    settings: { theme: "dark", seen_at: "2026-01-15T12:00:00.000Z" },
    closed_at: "2026-01-16T12:00:00.000Z",
    created_at: "2026-01-15T12:00:00.000Z"
  },
  {
    object: "note",
    id: "note_2",
    is_open: null,
    count: 0,
    parts: [],
    closed_at: null,
    created_at: "2026-01-15T12:00:00Z"
  }
]

layer(DuckDb.layer)("Column.derive", (it) => {
  it.effect("Derived columns have the types of the fields, in the order of the schema", () =>
    Effect.gen(function* () {
      const { query } = yield* DuckDb.DuckDb
      const { bytes } = yield* Rows.writeOf(Column.derive(Note), Format.make("parquet"), rows)
      const created = Date.parse("2026-01-15T12:00:00Z")
      const times = "epoch_ms(closed_at) AS closed_at, epoch_ms(created_at) AS created_at"
      assert.deepStrictEqual<unknown>(yield* query(bytes, `SELECT * REPLACE (${times}) FROM read_parquet($file)`), [
        {
          id: "note_1",
          author_name: "Ada",
          is_open: false,
          count: "2",
          labels: [
            { id: "a", text: "one", colour: null },
            { id: "b", text: "two", colour: "red" }
          ],
          parts: '[{"id":"p","size":1}]',
          settings: '{"theme":"dark","seen_at":"2026-01-15T12:00:00.000Z"}',
          closed_at: Date.parse("2026-01-16T12:00:00Z"),
          created_at: created
        },
        {
          id: "note_2",
          author_name: null,
          is_open: null,
          count: "0",
          labels: [],
          parts: "[]",
          settings: null,
          closed_at: null,
          created_at: created
        }
      ])
    })
  )

  it.effect("Derived columns apply overrides: first columns, flattened objects, and fields of items", () =>
    Effect.gen(function* () {
      const columns = Column.derive(Note, {
        first: ["id", "created_at"],
        flatten: { settings: ["seen_at", "theme"] },
        items: { labels: ["text"] }
      })
      const { bytes } = yield* Rows.writeOf(columns, Format.make("csv"), rows)
      assert.deepStrictEqual(new TextDecoder().decode(bytes).split("\r\n"), [
        "id,created_at,author_name,is_open,count,labels,parts,seen_at,theme,closed_at",
        'note_1,2026-01-15T12:00:00.000Z,Ada,false,2,one;two,"[{""id"":""p"",""size"":1}]",' +
          "2026-01-15T12:00:00.000Z,dark,2026-01-16T12:00:00.000Z",
        "note_2,2026-01-15T12:00:00Z,,,0,,[],,,",
        ""
      ])
    })
  )
})
