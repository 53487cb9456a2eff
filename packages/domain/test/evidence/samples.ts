// Samples that WorkOS has published, and statements of its SDKs about single fields.
import * as Schema from "effect/Schema"
import { readFileSync } from "node:fs"

/** The schemas of samples: those of rows, and `Page` for lists without their rows. */
const Kind = Schema.Literals([
  "Connection",
  "Directory",
  "Event",
  "Organization",
  "OrganizationDomain",
  "Page",
  "Profile"
])
export type Kind = typeof Kind.Type

const Sample = Schema.Struct({
  kind: Kind,
  /** The page or file that contains the sample. */
  source: Schema.String,
  value: Schema.Record(Schema.String, Schema.Json)
})
export type Sample = typeof Sample.Type

const Statement = Schema.Struct({
  kind: Kind,
  field: Schema.String,
  says: Schema.Literals(["absent", "null"]),
  source: Schema.String
})

const { samples, statements } = Schema.decodeUnknownSync(
  Schema.Struct({ samples: Schema.Array(Sample), statements: Schema.Array(Statement) })
)(JSON.parse(readFileSync(new URL("samples.json", import.meta.url), "utf8")))

export { samples, statements }
