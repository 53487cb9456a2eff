// Tables and detail views of rows.
import { assert, describe, it } from "@effect/vitest"
import type * as Endpoint from "@effect-workos/domain/Endpoint"
import * as Fields from "@effect-workos/domain/Fields"
import * as resources from "@effect-workos/domain/resources"
import { Timestamp } from "@effect-workos/domain/Timestamp"
import * as Wire from "@effect-workos/domain/Wire"
import * as ExactJson from "@effect-workos/domain/ExactJson"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Presentation from "../src/Presentation.ts"
import * as RowView from "../src/RowView.ts"

const Row = Wire.Struct({ id: Schema.String, lastSeenAt: Schema.NullOr(Timestamp) })

describe("tables", () => {
  it("A table has an empty cell for a time that is null", () => {
    const value = "last_seen_at"
    const [column] = RowView.columns(Row, { columns: [{ heading: "SEEN", value, format: "time", width: 19 }] })
    assert.strictEqual(column?.of({ id: "a", last_seen_at: null }), "")
    assert.strictEqual(column?.of({ id: "a", last_seen_at: "2026-01-15T12:00:00.000Z" }), "2026-01-15 12:00:00")
  })
})

describe("rows that do not have the documented shape", () => {
  const items = Object.values(resources).flatMap(({ endpoints, name }) =>
    Object.values<Endpoint.Endpoint>(endpoints).flatMap(({ item }) => (item === undefined ? [] : [{ name, item }]))
  )

  it.effect.prop("Tables and detail views show rows with any JSON value in every field", [Schema.Json], ([value]) =>
    Effect.sync(() => {
      for (const { item, name } of items) {
        const view = Presentation.presentations[name] ?? {}
        const fields = Fields.of(Schema.toEncoded(item).ast)
        const row = Object.fromEntries(fields.map((field) => [field.name, value]))
        for (const { of, paint } of RowView.columns(item, view)) {
          paint?.(of(row), row)
        }
        RowView.details(item, view)(row)
      }
    })
  )
})

describe("detail views", () => {
  it("A detail view shows all digits of a number", () => {
    const show = RowView.details(Schema.Struct({ count: Schema.Unknown, more: Schema.Unknown }), {})
    const row = Object(ExactJson.parse('{"count":12345678901234567890,"more":{"n":1.10000000000000000001}}'))
    assert.strictEqual(show(row), "Count         12345678901234567890\nMore          n: 1.10000000000000000001\n")
  })
})
