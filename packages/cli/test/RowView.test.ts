// Rows as text.
import { Timestamp } from "@effect-workos/domain/Timestamp"
import * as Wire from "@effect-workos/domain/Wire"
import * as ExactJson from "@effect-workos/domain/ExactJson"
import * as Schema from "effect/Schema"
import { assert, describe, it } from "vitest"
import * as RowView from "../src/RowView.ts"

const Row = Wire.Struct({ id: Schema.String, lastSeenAt: Schema.NullOr(Timestamp) })

describe("A table", () => {
  it("shows nothing for a time that is null", () => {
    const value = "last_seen_at"
    const [column] = RowView.columns(Row, { columns: [{ heading: "SEEN", value, format: "time", width: 19 }] })
    assert.strictEqual(column?.of({ id: "a", last_seen_at: null }), "")
    assert.strictEqual(column?.of({ id: "a", last_seen_at: "2026-01-15T12:00:00.000Z" }), "2026-01-15 12:00:00")
  })
})

describe("A detail view", () => {
  it("shows all digits of a number", () => {
    const show = RowView.details(Schema.Struct({ count: Schema.Unknown, more: Schema.Unknown }), {})
    const row = Object(ExactJson.parse('{"count":12345678901234567890,"more":{"n":1.10000000000000000001}}'))
    assert.strictEqual(show(row), "Count         12345678901234567890\nMore          n: 1.10000000000000000001\n")
  })
})
