// Descriptions of the fields of schemas.
import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { Event, EventQuery } from "../src/events/Event.ts"
import * as Fields from "../src/Fields.ts"
import * as Id from "../src/Id.ts"
import * as OpenEnum from "../src/OpenEnum.ts"
import { Timestamp } from "../src/Timestamp.ts"
import * as Wire from "../src/Wire.ts"

const summaryOf = (ast: Schema.Constraint["ast"]) =>
  Object.fromEntries(
    Fields.of(ast).map(({ isRequired, kind, name }) => [name, `${kind._tag}${isRequired ? "" : "?"}`] as const)
  )

describe("Fields.of", () => {
  it("Fields.of returns the kind of every field, under its name in programs or on the wire", () => {
    const Note = Wire.Struct({
      object: Schema.Literal("note"),
      noteId: Id.make("note"),
      state: Schema.optionalKey(OpenEnum.make(["open"], /[a-z]{4}/)),
      isOpen: Schema.NullOr(Schema.Boolean),
      count: Schema.Int,
      tags: Schema.Array(Schema.String),
      owner: Schema.NullOr(Wire.Struct({ userId: Schema.String })),
      metadata: Schema.Record(Schema.String, Schema.String),
      createdAt: Timestamp
    })
    assert.deepStrictEqual(summaryOf(Note.ast), {
      object: "Constant",
      noteId: "Text",
      state: "Text?",
      isOpen: "Boolean?",
      count: "Number",
      tags: "List",
      owner: "Struct?",
      metadata: "Other",
      createdAt: "Instant"
    })
    assert.deepStrictEqual(Object.keys(summaryOf(Schema.toEncoded(Note).ast)), [
      "object",
      "note_id",
      "state",
      "is_open",
      "count",
      "tags",
      "owner",
      "metadata",
      "created_at"
    ])
    const [, id, state] = Fields.of(Note.ast)
    assert.deepStrictEqual(id?.kind, { _tag: "Text", literals: [], isOpen: true, prefix: "note" })
    assert.deepStrictEqual(state?.kind, { _tag: "Text", literals: ["open"], isOpen: true, prefix: undefined })
  })

  it("Fields.of returns the fields that all members of a union have", () => {
    assert.deepStrictEqual(summaryOf(Schema.toEncoded(Event).ast), {
      object: "Constant?",
      id: "Text",
      event: "Text?",
      data: "Other?",
      created_at: "Instant?",
      context: "Other?"
    })
  })

  it("Fields.of treats a comma-separated parameter as a list", () => {
    assert.include(summaryOf(EventQuery.ast), { events: "List?", rangeStart: "Instant?", organizationId: "Text?" })
  })
})
