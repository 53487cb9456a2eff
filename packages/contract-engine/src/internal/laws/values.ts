// The laws of values in responses: documented fields and enumeration values, id prefixes and timestamps.
import { identity } from "effect/Function"
import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import { isRow, type Row } from "../../ApiConventions.ts"
import type { ApiDescription } from "../../ApiDescription.ts"
import { describe, shorten } from "../../Exchange.ts"
import * as Law from "../../Law.ts"
import * as Property from "../../Property.ts"
import * as Responses from "../../Responses.ts"
import { hasProperty, type ApiOperation, type WireSchema } from "../../ApiOperation.ts"
import * as Shape from "../Shape.ts"
import { bodiesOf, fieldOf } from "./responses.ts"

// Applies to operations with a response schema that satisfies the predicate.
const hasResponseSchema =
  (is: (ast: SchemaAST.AST, description: ApiDescription) => boolean): Law.Law["appliesTo"] =>
  ({ responses }, description) =>
    [...responses.values()]
      .flat()
      .some(({ body }) => body !== undefined && Shape.some(body, (ast) => is(ast, description)))

// Checks the values of documented bodies. Each location is reported once, with array indexes ignored.
const checkValues =
  (
    look: (
      visit: (visitor: Shape.Visitor) => void,
      report: (location: Shape.Location, message: string, details?: Partial<Fault>) => void,
      seen: () => void,
      description: Parameters<Law.ResponseCheck>[2]
    ) => void,
    expected: string
  ): Law.ResponseCheck =>
  (exchange, operation, description) => {
    const { response, request } = exchange
    const schemas = bodiesOf(operation, exchange)
    const schema = Shape.firstMatching(schemas, response.json, identity)
    if (schema === undefined || response.json === undefined) return Property.inconclusive
    const found = new Map<string, Fault>()
    let isAbout = false
    look(
      (visitor) => Shape.visit(schema, response.json, visitor),
      ({ path, pattern }, message, details) => {
        if (found.has(pattern)) return
        found.set(pattern, { pattern, text: `${path}: ${message}`, expected, missing: [], ...details })
      },
      () => (isAbout = true),
      description
    )
    if (found.size === 0 && !isAbout) return Property.inconclusive
    const [first, ...more] = [...found.values()].map(({ expected, missing, pattern, text }) =>
      Law.violation({
        message: `${describe(request)}: ${text}`,
        requests: [request],
        expected,
        actual: text,
        at: { fields: [pattern, ...missing].map((field) => fieldOf(field, description.conventions)) }
      })
    )
    return first === undefined ? Property.passed : Law.violations(first, more)
  }

interface Fault {
  readonly pattern: string
  readonly text: string
  readonly expected: string
  /** The patterns of missing fields that may be the same fault. */
  readonly missing: ReadonlyArray<string>
}

const undocumentedField: Law.Law = {
  id: "responses/undocumented-field",
  sentence: "No response contains an undocumented field.",
  source: Law.expected("An undocumented field may disappear without notice."),
  severity: "drift",
  appliesTo: () => true,
  ...Responses.forEachResponse(
    checkValues((visit, report, seen) => {
      visit({
        leaf: seen,
        // A field that is missing may have another name.
        undocumented: (location, missing) =>
          report(location, `undocumented field (${shorten(JSON.stringify(location.value), 80)})`, { missing })
      })
    }, "documented fields only")
  )
}

const undocumentedValue: Law.Law = {
  id: "responses/undocumented-value",
  sentence: "No enumerated field has an undocumented value.",
  source: Law.expected("Programs that match on documented values do not handle others."),
  severity: "drift",
  appliesTo: hasResponseSchema((ast) => Shape.knownValues(ast) !== undefined),
  ...Responses.forEachResponse(
    checkValues((visit, report, seen) => {
      visit({
        leaf: (location, ast) => {
          const known = Shape.knownValues(ast)
          if (known === undefined || typeof location.value !== "string") return
          seen()
          if (known.includes(location.value)) return
          const value = shorten(JSON.stringify(location.value), 80)
          const expected = `one of the documented values: ${Shape.describeValues(known)}`
          report(location, `undocumented value ${value}`, { expected })
        }
      })
    }, "documented values only")
  )
}

const idPrefix: Law.Law = {
  id: "responses/id-prefix",
  sentence: "Every id begins with the prefix of its resource type.",
  source: Law.expected("The prefix of an id identifies the resource type."),
  severity: "error",
  appliesTo: hasResponseSchema((ast, { conventions }) => conventions.prefixOf?.(ast) !== undefined),
  ...Responses.forEachResponse(
    checkValues((visit, report, seen, { conventions: { prefixOf } }) => {
      if (prefixOf === undefined) return
      visit({
        leaf: (location, ast) => {
          const prefix = Shape.first(ast, prefixOf)
          if (prefix === undefined || typeof location.value !== "string") return
          seen()
          if (!location.value.startsWith(`${prefix}_`))
            report(location, `${shorten(location.value, 80)} does not begin with ${prefix}_`)
        }
      })
    }, "ids with the documented prefixes")
  )
}

const iso8601 =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-]00:00)$/

const timestamps: Law.Law = {
  id: "responses/timestamps",
  sentence: "Every timestamp is in ISO 8601 format and in UTC.",
  source: Law.expected("Timestamps in one format sort as text."),
  severity: "error",
  appliesTo: hasResponseSchema(Shape.isInstant),
  ...Responses.forEachResponse(
    checkValues((visit, report, seen) => {
      visit({
        leaf: (location, ast) => {
          if (!Shape.isInstant(ast)) return
          seen()
          if (typeof location.value === "string" && iso8601.test(location.value)) return
          if (location.value === null) return
          report(location, `${shorten(JSON.stringify(location.value), 80)} is not ISO 8601 in UTC`)
        }
      })
    }, "timestamps such as 2026-01-15T12:00:00.000Z")
  )
}

const createdBeforeUpdated: Law.Law = {
  id: "responses/created-before-updated",
  sentence: "The update time of a resource is not earlier than its creation time.",
  source: Law.expected("The creation is the first event of a resource."),
  severity: "error",
  appliesTo: (operation, { conventions: { timestamps } }) =>
    timestamps !== undefined && hasFields(operation, timestamps),
  ...Responses.forEachResponse(({ response, request }, _, { conventions: { timestamps } }) => {
    if (timestamps === undefined) return Property.inconclusive
    const rows = objectsWithFields(response.json, timestamps)
    if (rows.length === 0) return Property.inconclusive
    const [earlier, later] = timestamps
    const wrong = rows.find((row) => Date.parse(String(row[earlier])) > Date.parse(String(row[later])))
    return wrong === undefined
      ? Property.passed
      : Law.violation({
          message: `${describe(request)}: ${earlier} is later than ${later}`,
          requests: [request],
          expected: `${earlier} ≤ ${later}`,
          actual: `${earlier} ${String(wrong[earlier])}, ${later} ${String(wrong[later])}`,
          at: { fields: [later] }
        })
  })
}

const hasFields = ({ responses }: ApiOperation, names: ReadonlyArray<string>): boolean =>
  [...responses.values()]
    .flat()
    .some(
      ({ body }) =>
        body !== undefined &&
        Shape.some(body, (ast) => names.every((name) => hasProperty(Schema.make<WireSchema>(ast), [name])))
    )

// Objects at any depth of a response that have all of these fields.
const objectsWithFields = (json: unknown, names: ReadonlyArray<string>): ReadonlyArray<Row> => {
  if (Array.isArray(json)) return json.flatMap((inner) => objectsWithFields(inner, names))
  if (!isRow(json)) return []
  const inner = Object.values(json).flatMap((value) => objectsWithFields(value, names))
  return names.every((name) => typeof json[name] === "string") ? [json, ...inner] : inner
}

/**
 * The laws of values in responses.
 */
export const values: ReadonlyArray<Law.Law> = [
  undocumentedField,
  undocumentedValue,
  idPrefix,
  timestamps,
  createdBeforeUpdated
]
