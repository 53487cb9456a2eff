// The evidence for each field of a response schema, and the cases in which the schema is stricter than the evidence.
import { parse } from "yaml"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { withOurNames } from "../openapi/paths.ts"
import { descriptionsOf, type Description, type Descriptions } from "./openapi.ts"
import { countsOf, nameOf, parentOf, scalarsOf, type Counts } from "./presence.ts"
import { statements } from "./samples.ts"
import type { ResponseSchema } from "./schemas.ts"
import { strictnessOf, type FieldStrictness } from "./strictness.ts"

/** The part of an edition of WorkOS's OpenAPI document that describes a response schema. */
export interface Edition {
  readonly name: string
  readonly descriptions: Descriptions
}

/** `"not described"` if an edition describes the object of a field, but not the field. */
export type Statement = Description | "not described" | undefined

export interface FieldEvidence extends FieldStrictness {
  readonly described: ReadonlyArray<Statement>
  readonly recorded: Counts
  readonly sampled: Counts
  /** The samples and statements in which the field is absent or `null`. */
  readonly sources: ReadonlyArray<string>
  /** The values that the evidence contains and the schema rejects. */
  readonly tooStrict: ReadonlyArray<"absent" | "null">
  readonly rejected: ReadonlyArray<{ readonly value: string | number | boolean; readonly source: string }>
}

/** Reads an OpenAPI document. */
export const readDocument = (file: string): unknown => withOurNames(parse(readFileSync(file, "utf8")))

/** Reads the older edition of WorkOS's OpenAPI document, which is on npm. */
export const readPublishedDocument = (): unknown =>
  readDocument(fileURLToPath(import.meta.resolve("@workos/openapi-spec/spec")))

const isPage = ({ kind }: ResponseSchema): boolean => kind === "Page"

/** Returns the requirements of a schema for its fields. The rows of pages have separate schemas. */
export const fieldsOf = (described: ResponseSchema): ReadonlyArray<FieldStrictness> =>
  strictnessOf(described.schema, (path) => !isPage(described) || !path.startsWith("data[]"))

/** Returns the descriptions of the fields of a schema in an OpenAPI document. */
export const describe = (
  document: unknown,
  { places }: ResponseSchema,
  fields: ReadonlyArray<FieldStrictness>
): Descriptions => descriptionsOf(document, places, new Set(fields.map(({ path }) => parentOf(path))))

// Independently of the evidence, `object` and the cursors of a page may be absent, but an id and the rows of a page may not.
const mayAlwaysBeAbsent = (described: ResponseSchema, path: string): boolean =>
  nameOf(path) === "object" || (isPage(described) && path.startsWith("list_metadata"))

const needsValue = (described: ResponseSchema, path: string): boolean => path === (isPage(described) ? "data" : "id")

const statementOf = ({ descriptions }: Edition, path: string): Statement =>
  descriptions[path] ??
  (Object.keys(descriptions).some((other) => parentOf(other) === parentOf(path)) ? "not described" : undefined)

const total = (counts: ReadonlyArray<Counts>, outcome: keyof Counts): number =>
  counts.reduce((sum, { [outcome]: count }) => sum + count, 0)

/** Returns the evidence for each field of a schema. */
export const evidenceOf = (
  described: ResponseSchema,
  fields: ReadonlyArray<FieldStrictness>,
  editions: ReadonlyArray<Edition>
): ReadonlyArray<FieldEvidence> =>
  fields.map((field) => {
    const { accepts, mayBeAbsent, mayBeNull, path } = field
    const sampled = described.samples.map(({ source, value }) => ({ source, value, counts: countsOf([value], path) }))
    const said = statements.filter((statement) => statement.kind === described.kind && statement.field === path)
    const statementsOfEditions = editions.map((edition) => statementOf(edition, path))
    const recorded = countsOf(described.recorded, path)
    const inSamples = countsOf(
      described.samples.map(({ value }) => value),
      path
    )
    const counts = [recorded, inSamples]
    const isAbsent =
      total(counts, "absent") > 0 ||
      said.some(({ says }) => says === "absent") ||
      statementsOfEditions.some((statement) => statement === "not described" || statement?.required === false)
    const isNull =
      total(counts, "null") > 0 ||
      said.some(({ says }) => says === "null") ||
      statementsOfEditions.some((statement) => typeof statement === "object" && statement.nullable)
    const isNeeded = needsValue(described, path)
    const values = [
      ...editions.map(({ descriptions, name }) => ({ source: name, values: descriptions[path]?.values ?? [] })),
      { source: "recordings", values: scalarsOf(described.recorded, path) },
      ...sampled.map(({ source, value }) => ({ source, values: scalarsOf([value], path) }))
    ].flatMap(({ source, values }) => values.map((value) => ({ source, value })))
    return {
      ...field,
      described: statementsOfEditions,
      recorded,
      sampled: inSamples,
      sources: [
        ...sampled.filter(({ counts }) => counts.absent + counts.null > 0).map(({ source }) => source),
        ...said.map(({ source }) => source)
      ],
      tooStrict: [
        ...((isAbsent || mayAlwaysBeAbsent(described, path)) && !isNeeded && !mayBeAbsent ? ["absent" as const] : []),
        ...(isNull && !isNeeded && !mayBeNull ? ["null" as const] : [])
      ],
      rejected: values
        .filter(({ value }, index) => values.findIndex((other) => other.value === value) === index)
        .filter(({ value }) => !accepts(value))
    }
  })
