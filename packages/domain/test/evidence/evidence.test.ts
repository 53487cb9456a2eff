// Evidence for the strictness of schemas: schemas, recordings, descriptions and published samples.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import type { AnySchema } from "../../src/Endpoint.ts"
import { Event } from "../../src/events/Event.ts"
import * as Id from "../../src/Id.ts"
import * as Wire from "../../src/Wire.ts"
import { evidenceOf } from "./evidence.ts"
import { descriptionsOf } from "./openapi.ts"
import { samples, type Kind } from "./samples.ts"
import { responseSchemas, type ResponseSchema } from "./schemas.ts"
import { strictnessOf } from "./strictness.ts"

const Tag = Schema.Struct({ name: Schema.String, colour: Schema.optionalKey(Schema.String) })
const isTag = Schema.is(Tag)

// An array that drops items that are not tags.
const Tags = Schema.Array(Schema.Unknown).pipe(
  Schema.decodeTo(
    Schema.Array(Tag),
    SchemaTransformation.transform<ReadonlyArray<typeof Tag.Type>, ReadonlyArray<unknown>>({
      decode: (tags) => tags.filter(isTag),
      encode: (tags) => tags
    })
  )
)

const Note = Wire.Struct(() => ({
  id: Id.make("note"),
  noteText: Schema.String,
  folderName: Schema.optionalKey(Schema.NullOr(Schema.String)),
  authorName: Schema.NullOr(Schema.String),
  isOpen: Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(true))),
  lines: Schema.Array(Wire.Struct(() => ({ lineText: Schema.String, indent: Schema.optionalKey(Schema.Int) }))),
  tags: Tags
}))

const described = (partial: Partial<ResponseSchema>): ResponseSchema => ({
  schema: Note,
  kind: undefined,
  events: [],
  isForward: false,
  places: [],
  recorded: [],
  samples: [],
  ...partial
})

describe("strictnessOf", () => {
  it("strictnessOf returns for fields of any depth whether absence and null are accepted", () => {
    const states = strictnessOf(Note).map(({ hasDefault, mayBeAbsent, mayBeNull, path }) => [
      path,
      [...(mayBeAbsent ? ["absent"] : []), ...(mayBeNull ? ["null"] : []), ...(hasDefault ? ["default"] : [])].join()
    ])
    assert.deepStrictEqual(Object.fromEntries(states), {
      id: "",
      note_text: "",
      folder_name: "absent,null",
      author_name: "null",
      is_open: "absent,default",
      lines: "",
      "lines[].line_text": "",
      "lines[].indent": "absent",
      tags: "",
      "tags[].name": "",
      "tags[].colour": "absent"
    })
  })

  it("strictnessOf returns the values that a field accepts", () => {
    const id = strictnessOf(Note).find(({ path }) => path === "id")
    assert.isTrue(id?.accepts("note_1"))
    assert.isFalse(id?.accepts("memo_1"))
  })
})

describe("evidenceOf", () => {
  const fields = strictnessOf(Note)

  it("evidenceOf returns the fields that recordings or descriptions omit, and the values that the schema rejects", () => {
    const recorded = [
      { id: "note_1", note_text: "a", author_name: null, is_open: true, lines: [{ line_text: null }], tags: [] },
      { id: "memo_1", author_name: "b", is_open: true, lines: [], tags: [] }
    ]
    const descriptions = { id: { required: false, nullable: true }, lines: { required: false, nullable: true } }
    const evidence = evidenceOf(described({ recorded }), fields, [{ name: "an edition", descriptions }])
    assert.deepStrictEqual(
      evidence.flatMap(({ path, tooStrict }) => (tooStrict.length === 0 ? [] : [[path, ...tooStrict]])),
      [
        // The edition describes notes without these fields, so they count as absent. The id is required anyway.
        ["note_text", "absent"],
        ["author_name", "absent"],
        ["lines", "absent", "null"],
        ["lines[].line_text", "null"],
        ["tags", "absent"]
      ]
    )
    assert.deepStrictEqual(
      evidence.flatMap(({ path, rejected }) => rejected.map(({ value }) => [path, value])),
      [["id", "memo_1"]]
    )
  })

  it("evidenceOf returns nothing for fields without evidence", () => {
    assert.isTrue(evidenceOf(described({}), fields, []).every(({ tooStrict }) => tooStrict.length === 0))
  })
})

const row = (required: ReadonlyArray<string>) => ({
  type: "object",
  required,
  properties: {
    id: { type: "string" },
    state: { type: "string", enum: ["open", "closed"] },
    owner: { oneOf: [{ type: "object", properties: { name: { type: "string" } } }, { type: "null" }] }
  }
})
const response = (schema: unknown) => ({ responses: { 200: { content: { "application/json": { schema } } } } })

describe("descriptionsOf", () => {
  it("descriptionsOf requires a field if each occurrence of its schema requires the field", () => {
    const list = { type: "object", properties: { data: { type: "array", items: row(["id", "state"]) } } }
    const document = {
      paths: { "/notes": { get: response(list) }, "/notes/{id}": { get: response(row(["id", "owner"])) } }
    }
    assert.deepStrictEqual(
      descriptionsOf(
        document,
        [
          { operation: "GET /notes", status: 200, path: ".data[]" },
          { operation: "GET /notes/{id}", status: 200, path: "" }
        ],
        new Set(["", "owner"])
      ),
      {
        id: { required: true, nullable: false },
        owner: { required: false, nullable: true },
        "owner.name": { required: false, nullable: false },
        state: { required: false, nullable: false, values: ["closed", "open"] }
      }
    )
  })
})

const schemaOf = (kind: Kind): AnySchema | undefined =>
  kind === "Event" ? Event : responseSchemas.find((described) => described.kind === kind)?.schema

describe("samples published by WorkOS", () => {
  for (const [index, { kind, source, value }] of samples.entries()) {
    it(`The schema of ${kind} decodes sample ${index + 1} of ${source}`, () => {
      const schema = schemaOf(kind)
      assert.isDefined(schema)
      assert.isDefined(Schema.decodeUnknownSync(schema)(value))
      assert.isTrue(Wire.isEncoded(schema)(value))
    })
  }
})
