// Writes docs/generated/fields.md: for each field of a response, the requirement in the schema of `domain`, and the evidence
// in WorkOS's OpenAPI documents, recorded responses and published samples. With --check, verifies that the page is up to
// date, that no schema is stricter than the evidence, and that the schemas accept every value in the evidence.
//
//   pnpm evidence
import * as Schema from "effect/Schema"
import { readFileSync } from "node:fs"
import {
  describe,
  evidenceOf,
  fieldsOf,
  readPublishedDocument,
  type FieldEvidence,
  type Statement
} from "../packages/domain/test/evidence/evidence.ts"
import type { Counts } from "../packages/domain/test/evidence/presence.ts"
import * as Page from "./Page.ts"
import { titled, type TitledSchema } from "./ResponseSchemas.ts"

// -----------------------------------------------------------------------------
// The evidence
// -----------------------------------------------------------------------------

const Facts = Schema.Record(
  Schema.String,
  Schema.Record(
    Schema.String,
    Schema.Struct({
      required: Schema.Boolean,
      nullable: Schema.Boolean,
      values: Schema.optionalKey(Schema.Array(Schema.String))
    })
  )
)
const newer = Schema.decodeUnknownSync(Facts)(
  JSON.parse(readFileSync("packages/domain/test/evidence/openapi-0.61.json", "utf8"))
)
const older = readPublishedDocument()

const schemas = titled.map((described) => {
  const fields = fieldsOf(described)
  const editions = [
    { name: "OpenAPI 0.1", descriptions: describe(older, described, fields) },
    { name: "OpenAPI 0.61", descriptions: newer[described.title] ?? {} }
  ]
  return { described, evidence: evidenceOf(described, fields, editions) }
})

const problems = schemas.flatMap(({ described, evidence }) =>
  evidence.flatMap(({ path, rejected, tooStrict }) => [
    ...tooStrict.map((state) => `${described.title}.${path} may be ${state} according to the evidence`),
    ...rejected.map(({ source, value }) => `${described.title}.${path} rejects ${JSON.stringify(value)} (${source})`)
  ])
)

// -----------------------------------------------------------------------------
// The page
// -----------------------------------------------------------------------------

const table = (heading: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [heading, heading.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n")

const requirement = ({ hasDefault, mayBeAbsent, mayBeNull }: FieldEvidence): string =>
  [
    mayBeAbsent ? (hasDefault ? "optional with a default" : "optional") : "required",
    ...(mayBeNull ? ["nullable"] : [])
  ].join(", ")

const statement = (said: Statement): string =>
  said === undefined || said === "not described"
    ? (said ?? "")
    : [...(said.required ? ["required"] : ["optional"]), ...(said.nullable ? ["nullable"] : [])].join(", ")

const counts = ({ absent, null: nulls, present }: Counts): string =>
  [
    ...(present === 0 ? [] : [`${present} present`]),
    ...(nulls === 0 ? [] : [`${nulls} null`]),
    ...(absent === 0 ? [] : [`${absent} absent`])
  ].join(", ")

const sources = [
  ...new Set(
    schemas.flatMap(({ described, evidence }) => [
      ...described.samples.map(({ source }) => source),
      ...evidence.flatMap(({ sources }) => sources)
    ])
  )
].toSorted()

const link = (source: string): string => `[${sources.indexOf(source) + 1}](#sources-of-samples)`

const linked = (cited: ReadonlyArray<string>): string => {
  const links = [...new Set(cited)].toSorted().map(link).join(", ")
  return links === "" ? "" : ` (${links})`
}

const row = (evidence: FieldEvidence): ReadonlyArray<string> => [
  `\`${evidence.path}\``,
  requirement(evidence),
  ...evidence.described.map(statement),
  counts(evidence.recorded),
  `${counts(evidence.sampled)}${linked(evidence.sources)}`.trim(),
  evidence.tooStrict.map((state) => `**may be ${state}**`).join(", ")
]

const codes = (texts: Iterable<string>): string => Array.from(new Set(texts), (text) => `\`${text}\``).join(", ")

// The operation of events is not in the list of a schema that describes only the data of events.
const placesOf = ({ events, places }: TitledSchema): string => {
  const operations = codes(
    places.filter(({ path }) => !String(path).endsWith(".data")).map(({ operation }) => operation)
  )
  const data = events.length === 0 ? "" : `data of the events ${codes(events)}`
  return [operations, data].filter((text) => text !== "").join("; ")
}

const sectionOf = ({ described, evidence }: (typeof schemas)[number]): ReadonlyArray<string> => {
  const { name, title } = described
  return [
    `## ${title}`,
    `${name === undefined ? "" : `[\`${title}\`](../../${name.file}): `}${placesOf(described)}.`,
    table(
      ["field", "schema", "OpenAPI 0.1", "OpenAPI 0.61", "recordings", "samples", "stricter than the evidence"],
      evidence.map(row)
    )
  ]
}

const rejections = schemas.flatMap(({ described, evidence }) =>
  evidence.flatMap(({ path, rejected }) =>
    rejected.map(({ source, value }) => [
      `\`${described.title}\``,
      `\`${path}\``,
      `\`${JSON.stringify(value)}\``,
      sources.includes(source) ? link(source) : source
    ])
  )
)

const fieldCount = schemas.flatMap(({ evidence }) => evidence).length
const strictCount = schemas.flatMap(({ evidence }) => evidence.flatMap(({ tooStrict }) => tooStrict)).length

const document = [
  "# Fields of responses",
  `This page lists the ${fieldCount} fields in the ${schemas.length} schemas of responses. For each field, it compares the requirement of the schema with the evidence. ${
    strictCount === 0
      ? "No requirement is stricter than the evidence."
      : `${strictCount} requirements are stricter than the evidence. The last column lists them.`
  }`,
  "A schema requires a field only if every source and every recording contains the field with a value. Four other rules apply: the `id` of a row and the `data` of a page are required, and `object` and the cursors of a page are optional. If a source describes an object without a field, the field counts as absent in that source.",
  [
    "- **schema**: the requirement of the schema. The script decodes generated values without the field, and with `null` as its value.",
    "- **OpenAPI 0.1**: the version on npm, [`@workos/openapi-spec`](https://www.npmjs.com/package/@workos/openapi-spec).",
    "- **OpenAPI 0.61**: a newer version. The repository contains [facts from this version](../../packages/domain/test/evidence/openapi-0.61.json).",
    "- **recordings**: [recorded responses of WorkOS](../../packages/domain/test/recorded/README.md).",
    "- **samples**: [samples](../../packages/domain/test/evidence/samples.json) from WorkOS's documentation and SDKs. Numbers link to the samples in which the field is absent or `null`."
  ].join("\n"),
  "Generated by `npx -y pnpm@12 evidence`.",
  ...schemas.flatMap(sectionOf),
  "## Rejected values",
  rejections.length === 0
    ? "The schemas accept every value of enumerations, ids and timestamps in the sources."
    : "These values in the sources are invalid according to a schema.",
  ...(rejections.length === 0 ? [] : [table(["schema", "field", "value", "source"], rejections)]),
  "## Sources of samples",
  sources.map((source, index) => `${index + 1}. <${source}>`).join("\n"),
  ""
].join("\n\n")

Page.write("docs/generated/fields.md", document, { command: "evidence", source: "the schemas or the evidence" })

for (const problem of problems) process.stderr.write(`${problem}\n`)
if (Page.isCheck && problems.length > 0) process.exitCode = 1
