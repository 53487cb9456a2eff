// Structural mutants, derived from the documented responses of every operation.
//
// A new operation, status, header or field has its mutants without another line here.
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import { isRow, type Row } from "@effect-workos/contract-engine/ApiConventions"
import {
  type ApiOperation,
  type DocumentedResponse,
  statusesOf,
  type WireSchema
} from "@effect-workos/contract-engine/ApiOperation"
import * as WorkOs from "../../src/WorkOs.ts"
import { spread } from "@effect-workos/testing/Sample"
import { refusedOnly, untested, withoutErrors } from "../suites.ts"
import { makeMutant, type Mutate, withParts, without } from "./Mutant.ts"

/**
 * The kinds of structural mutants.
 */
export type Kind = "drop" | "null" | "retype" | "rename" | "status" | "content-type" | "header"

/**
 * An operation with a structural fault.
 *
 * - `outcome`: the kind of response with the fault, successes or errors.
 * - `place`: the field, the header or the status that is wrong.
 * - `isEverywhere`: false if only some of the documented variants of a response have the field or header, so that the
 *   emulator may never return it.
 * - `mutate`: `onChange` is called for every field or header that is changed.
 */
export interface StructuralMutant {
  readonly id: string
  readonly kind: Kind
  readonly law: string
  readonly operation: string
  readonly outcome: Outcome
  readonly place: string
  readonly summary: string
  readonly isEverywhere: boolean
  readonly mutate: (onChange: () => void) => Mutate
}

type Outcome = "success" | "error"

// -----------------------------------------------------------------------------
// Fields
// -----------------------------------------------------------------------------

/** A key of a row, or `*` for the elements of an array, with the schemas of its value in the documented variants. */
interface Step {
  readonly key: string
  readonly variants: ReadonlyArray<SchemaAST.AST>
}

/** A documented field, by the path to it. `isEverywhere` is false if some variants lack the field. */
interface Field {
  readonly steps: ReadonlyArray<Step>
  readonly variants: ReadonlyArray<SchemaAST.AST>
  readonly isEverywhere: boolean
}

const membersOf = (ast: SchemaAST.AST): ReadonlyArray<SchemaAST.AST> =>
  SchemaAST.isUnion(ast) ? ast.types.flatMap(membersOf) : [ast]

const fieldsIn = (
  alternatives: ReadonlyArray<SchemaAST.AST>,
  path: ReadonlyArray<Step> = [],
  isCertain = true
): ReadonlyArray<Field> => {
  const members = alternatives.flatMap(membersOf)
  const items = members.filter(SchemaAST.isArrays).flatMap(({ rest }) => rest)
  const structs = members.filter(SchemaAST.isObjects)
  const names = new Set(structs.flatMap(({ propertySignatures }) => propertySignatures.map(({ name }) => String(name))))
  return [
    ...(items.length === 0 ? [] : fieldsIn(items, [...path, { key: "*", variants: items }], isCertain)),
    ...[...names].flatMap((key) => {
      const variants = structs.flatMap(({ propertySignatures }) =>
        propertySignatures.filter(({ name }) => name === key).map(({ type }) => type)
      )
      const steps = [...path, { key, variants }]
      const isEverywhere = isCertain && variants.length === structs.length
      return [{ steps, variants, isEverywhere }, ...fieldsIn(variants, steps, isEverywhere)]
    })
  ]
}

const fieldsOf = (schemas: ReadonlyArray<WireSchema>): ReadonlyArray<Field> =>
  fieldsIn(schemas.map(({ ast }) => SchemaAST.toEncoded(ast)))

const pathOf = ({ steps }: Field): string => steps.map(({ key }) => key).join(".")

const accepts = (ast: SchemaAST.AST, value: unknown): boolean => Schema.is(Schema.make<WireSchema>(ast))(value)

const isRefused = ({ variants }: Field, value: unknown): boolean => !variants.some((ast) => accepts(ast, value))

/** The values of another type, of which the first that no variant accepts is returned. */
const otherTypes: ReadonlyArray<unknown> = [7, "7", true, [], {}]

/** A documented value of a part that the emulator leaves out. */
const exampleOf = ([ast]: ReadonlyArray<SchemaAST.AST>): unknown =>
  ast === undefined
    ? undefined
    : Effect.runSync(
        Arbitrary.sampleEffect(Arbitrary.schema(Schema.make<WireSchema>(ast)), { count: 1, seed: "structural" })
      )[0]

// Changes a field at any position in a body. Optional parts on the path to the field are added.
const changeAt = (value: unknown, { isEverywhere, steps }: Field, change: Change["apply"]): unknown => {
  const visit = (value: unknown, [step, next, ...rest]: ReadonlyArray<Step>): unknown => {
    if (step === undefined) return value
    const inner = next === undefined ? [] : [next, ...rest]
    if (step.key === "*") {
      if (!Array.isArray(value)) return value
      const items = value.length > 0 || !isEverywhere ? value : [exampleOf(step.variants)]
      return items.map((one) => visit(one, inner))
    }
    if (!isRow(value) || (!isEverywhere && !(step.key in value))) return value
    if (next === undefined) return change(value, step.key)
    return { ...value, [step.key]: visit(value[step.key] ?? exampleOf(step.variants), inner) }
  }
  return visit(value, steps)
}

interface Change {
  readonly kind: Kind
  readonly verb: string
  readonly law: (outcome: Outcome) => string
  readonly apply: (row: Row, key: string) => Row
}

const bodyLaw = (outcome: Outcome) => (outcome === "success" ? "responses/body" : "responses/error-body")

const changesOf = (field: Field): ReadonlyArray<Change> => {
  const other = otherTypes.find((value) => isRefused(field, value))
  const changes: ReadonlyArray<Change | undefined> = [
    field.variants.some(SchemaAST.isOptional)
      ? undefined
      : { kind: "drop", verb: "Omits", law: bodyLaw, apply: without },
    isRefused(field, null)
      ? { kind: "null", verb: "Returns null as", law: bodyLaw, apply: (row, key) => ({ ...row, [key]: null }) }
      : undefined,
    other === undefined
      ? undefined
      : {
          kind: "retype",
          verb: "Returns another type of",
          law: bodyLaw,
          apply: (row, key) => ({ ...row, [key]: other })
        },
    {
      kind: "rename",
      verb: "Renames",
      law: () => "responses/undocumented-field",
      apply: (row, key) => ({ ...without(row, key), [`${key}_renamed`]: row[key] ?? null })
    }
  ]
  return changes.filter((change) => change !== undefined)
}

// -----------------------------------------------------------------------------
// Mutants
// -----------------------------------------------------------------------------

const kebab = (text: string): string =>
  text
    .replaceAll("*", "each")
    .replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    .replaceAll(/[^a-z0-9]+/g, "-")

const mutantOf = (
  { id }: ApiOperation,
  part: Pick<StructuralMutant, "kind" | "law" | "outcome" | "place" | "isEverywhere">,
  summary: string,
  rewrite: (response: Response, onChange: () => void) => Promise<Response>
): StructuralMutant => ({
  ...part,
  // `id-of-user` differs from the field `user_id`.
  id: kebab(`${id}-${part.outcome}-${part.kind}-${part.place.split(".").toReversed().join(" of ")}`),
  operation: id,
  summary: `${summary} in ${part.outcome === "success" ? "successful responses" : "errors"} of ${id}`,
  mutate: (onChange) =>
    makeMutant((emulator) => async (parsed) => {
      const response = await emulator(parsed.request)
      const isMeant = response.status < 400 === (part.outcome === "success")
      return isMeant && parsed.operation === id ? rewrite(response, onChange) : response
    })
})

const fieldMutants = (
  operation: ApiOperation,
  outcome: Outcome,
  documented: ReadonlyArray<DocumentedResponse>
): ReadonlyArray<StructuralMutant> =>
  fieldsOf(documented.flatMap(({ body }) => (body === undefined ? [] : [body]))).flatMap((field) =>
    changesOf(field).map(({ apply, kind, law, verb }) =>
      mutantOf(
        operation,
        { kind, law: law(outcome), outcome, place: pathOf(field), isEverywhere: field.isEverywhere },
        `${verb} \`${pathOf(field)}\``,
        async (response, onChange) => {
          const text = await response.text()
          if (text === "") return withParts(response, { text })
          const change: Change["apply"] = (row, key) => {
            onChange()
            return apply(row, key)
          }
          return withParts(response, { text: JSON.stringify(changeAt(JSON.parse(text), field, change)) })
        }
      )
    )
  )

const headersOf = (
  documented: ReadonlyArray<DocumentedResponse>
): ReadonlyArray<Pick<StructuralMutant, "place" | "isEverywhere">> => {
  const always = WorkOs.conventions.headers ?? []
  const others = documented.flatMap(({ headers }) =>
    headers === undefined
      ? []
      : fieldsOf([headers])
          .filter((field) => !field.variants.some(SchemaAST.isOptional) && !always.includes(pathOf(field)))
          .map(pathOf)
  )
  return [
    ...always.map((place) => ({ place, isEverywhere: true })),
    ...[...new Set(others)].map((place) => ({ place, isEverywhere: false }))
  ]
}

/** A status that no operation documents. */
const undocumentedStatus = { success: 299, error: 418 } as const

const outcomeMutants = (operation: ApiOperation, outcome: Outcome): ReadonlyArray<StructuralMutant> => {
  const documented = statusesOf(operation, outcome).flatMap((status) => operation.responses.get(status) ?? [])
  if (documented.length === 0) return []
  const status = undocumentedStatus[outcome]
  return [
    ...fieldMutants(operation, outcome, documented),
    mutantOf(
      operation,
      { kind: "status", law: "responses/status", outcome, place: String(status), isEverywhere: true },
      `Returns the status ${status}`,
      (response) => withParts(response, { status })
    ),
    ...(documented.some(({ body }) => body !== undefined)
      ? [
          mutantOf(
            operation,
            { kind: "content-type", law: "responses/content-type", outcome, place: "content-type", isEverywhere: true },
            "Returns the content type of HTML",
            (response) => withParts(response, { headers: { "content-type": "text/html" } })
          )
        ]
      : []),
    ...headersOf(documented).map(({ isEverywhere, place }) =>
      mutantOf(
        operation,
        { kind: "header", law: "responses/headers", outcome, place, isEverywhere },
        `Omits the header ${place}`,
        (response, onChange) => {
          if (response.headers.has(place)) onChange()
          return withParts(response, { headers: { [place]: undefined } })
        }
      )
    )
  ]
}

/**
 * All structural mutants, by operation.
 */
export const structural: ReadonlyArray<StructuralMutant> = WorkOs.suite.operations
  .filter(({ id }) => !untested.has(id))
  .flatMap((operation) => [
    ...(refusedOnly.has(operation.id) ? [] : outcomeMutants(operation, "success")),
    ...(withoutErrors.has(operation.id) ? [] : outcomeMutants(operation, "error"))
  ])

// The form of an operation: the suite sends the same kinds of requests to all operations of a form.
const formOf = ({ id, isSafe, params, payload, role }: ApiOperation): string => {
  if (id in WorkOs.suite.fixtures) return isSafe ? "read with a fixture" : "write with a fixture"
  const action = role?.action === "list" && params.length > 0 ? "nested list" : (role?.action ?? "other")
  return `${isSafe ? "read" : "write"} ${action} ${payload === undefined ? "without" : "with"} a body`
}

const forms = new Map(WorkOs.suite.operations.map((operation) => [operation.id, formOf(operation)]))

/**
 * The structural mutants that one run proves.
 *
 * The mutants of a form differ in names only: the same laws read the same kinds of responses through the same schemas. So a
 * run proves a fixed number of mutants of each kind and form, of different operations, and other seeds prove others.
 */
export const selected: ReadonlyArray<StructuralMutant> = spread(
  structural,
  8,
  ({ kind, operation }) => `${kind} ${forms.get(operation)}`,
  ({ operation }) => operation
)
