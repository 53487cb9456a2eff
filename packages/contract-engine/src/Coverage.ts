/**
 * Coverage: the documented parts of an API that a run exercised, and the reasons why other parts were not exercised.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import { isRow } from "./ApiConventions.ts"
import { type ApiOperation, fieldsOf, statusesOf } from "./ApiOperation.ts"
import type { Attempt, Exchange } from "./Exchange.ts"
import * as SchemaFields from "./internal/SchemaFields.ts"
import type { Result } from "./Result.ts"

/**
 * A documented part of an operation.
 *
 * **Details**
 *
 * - `parameter`: a parameter of the path, of the query or in a header, or a field of the body.
 * - `parameter-value`: a value of an enumerated parameter, `"order=asc"`.
 * - `status`: a status, `"404"`.
 * - `field`: a field of a successful response, `"data.*.state"`.
 * - `field-value`: a value of an enumerated field, `"data.*.state=active"`.
 */
export const PartKind = Schema.Literals(["parameter", "parameter-value", "status", "field", "field-value"])
export type PartKind = typeof PartKind.Type

/**
 * A documented part of an operation. `reason` states why the part was not exercised.
 */
export const Part = Schema.Struct({
  kind: PartKind,
  name: Schema.String,
  isExercised: Schema.Boolean,
  reason: Schema.optionalKey(Schema.String)
})
export interface Part extends Schema.Schema.Type<typeof Part> {}

/**
 * The coverage of one operation: the number of requests sent, and the documented parts. `reason` states why no request
 * was sent.
 */
export const OperationCoverage = Schema.Struct({
  operation: Schema.String,
  requests: Schema.Int,
  reason: Schema.optionalKey(Schema.String),
  parts: Schema.Array(Part)
})
export interface OperationCoverage extends Schema.Schema.Type<typeof OperationCoverage> {}

/**
 * The coverage of a run, by operation.
 *
 * **Example** (Listing the operations that were not exercised)
 *
 * ```ts
 * import type { Coverage, OperationCoverage, Part } from "@effect-workos/contract-engine/Coverage"
 *
 * const isUnused = ({ requests }: OperationCoverage): boolean => requests === 0
 *
 * const missing = ({ parts }: OperationCoverage): ReadonlyArray<Part> => parts.filter(({ isExercised }) => !isExercised)
 *
 * const unused = (coverage: Coverage) => coverage.filter(isUnused).map(({ operation }) => operation)
 * ```
 */
export const Coverage = Schema.Array(OperationCoverage)
export type Coverage = typeof Coverage.Type

/**
 * The parts that were exercised so far, by operation.
 */
export type Exercised = ReadonlyMap<string, { readonly requests: number; readonly parts: ReadonlySet<string> }>

/**
 * The parts that were exercised before the first request: none.
 */
export const empty: Exercised = new Map()

// The documented parts of an operation, and its fields by pattern.
interface Documented {
  readonly operation: ApiOperation
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>
}

const documentedOf = (operation: ApiOperation): Documented => {
  const bodies = statusesOf(operation, "success").flatMap((status) => operation.responses.get(status) ?? [])
  const fields = bodies.flatMap(({ body }) => (body === undefined ? [] : SchemaFields.of(body)))
  return { operation, fields: new Map(fields.map(({ pattern, values }) => [pattern, new Set(values)])) }
}

const keyOf = (kind: PartKind, name: string): string => `${kind} ${name}`

/**
 * Returns the function that adds a request and its outcome to the exercised parts.
 *
 * **Example** (Accumulating the coverage of a run)
 *
 * ```ts
 * import * as Contract from "@effect-workos/contract-engine/Contract"
 * import * as Coverage from "@effect-workos/contract-engine/Coverage"
 * import type { Suite } from "@effect-workos/contract-engine/Suite"
 * import * as Effect from "effect/Effect"
 * import * as Ref from "effect/Ref"
 *
 * const verify = Effect.fn("verify")(function* (suite: Suite) {
 *   const exercised = yield* Ref.make<Coverage.Exercised>(Coverage.empty)
 *   const add = Coverage.recorder(suite.operations)
 *   const { results } = yield* Contract.verify(suite, {}, {
 *     onAttempt: (attempt) => Ref.update(exercised, (parts) => add(parts, attempt))
 *   })
 *   return Coverage.make(suite.operations, yield* Ref.get(exercised), results)
 * })
 * ```
 */
export const recorder = (
  operations: ReadonlyArray<ApiOperation>
): ((exercised: Exercised, attempt: Attempt) => Exercised) => {
  const documented = new Map(operations.map((operation) => [operation.id, documentedOf(operation)]))
  return (exercised, attempt) => {
    const { operation } = attempt.request
    const own = documented.get(operation)
    if (own === undefined) return exercised
    const before = exercised.get(operation) ?? { requests: 0, parts: new Set<string>() }
    const found = [
      ...parametersIn(own.operation, attempt),
      ...("exchange" in attempt ? partsOfResponse(own, attempt.exchange) : [])
    ]
    const isNew = found.some((part) => !before.parts.has(part))
    const parts = isNew ? new Set([...before.parts, ...found]) : before.parts
    return new Map(exercised).set(operation, { requests: before.requests + 1, parts })
  }
}

const parametersIn = (operation: ApiOperation, { request }: Attempt): ReadonlyArray<string> => {
  const values = [...request.query, ...Object.entries(request.headers ?? {})]
  const body = request.body !== undefined && "json" in request.body ? request.body.json : undefined
  return [
    ...operation.params.map(({ name }) => keyOf("parameter", name)),
    ...values.flatMap(([name, value]) => [keyOf("parameter", name), keyOf("parameter-value", `${name}=${value}`)]),
    ...(isRow(body) ? Object.keys(body).map((name) => keyOf("parameter", name)) : [])
  ]
}

const partsOfResponse = ({ fields, operation }: Documented, { request, response }: Exchange): ReadonlyArray<string> => {
  if (request.method !== operation.method) return []
  const status = keyOf("status", String(response.status))
  return response.status >= 400 ? [status] : [status, ...partsOfBody(fields, response.json)]
}

const partsOfBody = (fields: Documented["fields"], body: unknown): ReadonlySet<string> => {
  const found = new Set<string>()
  const visit = (value: unknown, pattern: string): void => {
    const values = fields.get(pattern)
    if (values !== undefined) {
      found.add(keyOf("field", pattern))
      if (typeof value === "string" && values.has(value)) found.add(keyOf("field-value", `${pattern}=${value}`))
    } else if (Array.isArray(value)) {
      for (const item of value) visit(item, pattern === "" ? "*" : `${pattern}.*`)
    } else if (isRow(value)) {
      for (const [key, inner] of Object.entries(value)) visit(inner, pattern === "" ? key : `${pattern}.${key}`)
    }
  }
  visit(body, "")
  return found
}

/**
 * Returns the coverage of a run with these results, which state why checks were skipped.
 */
export const make = (
  operations: ReadonlyArray<ApiOperation>,
  exercised: Exercised,
  results: ReadonlyArray<Result>
): Coverage =>
  operations.map((operation) => {
    const { parts, requests } = exercised.get(operation.id) ?? { parts: new Set<string>(), requests: 0 }
    const reason = skipReason(results.filter((result) => result.operation === operation.id))
    const hasSucceeded = statusesOf(operation, "success").some((status) => parts.has(keyOf("status", String(status))))
    const unused = requests === 0 ? { reason: reason ?? "no selected law sends such requests" } : {}
    return {
      operation: operation.id,
      requests,
      ...unused,
      parts: documentedParts(operation).map(({ kind, name }): Part => {
        if (parts.has(keyOf(kind, name))) return { kind, name, isExercised: true }
        const own = requests === 0 || (!hasSucceeded && kind !== "parameter") ? reason : undefined
        return { kind, name, isExercised: false, reason: own ?? reasonOf(kind, name) }
      })
    }
  })

// The reason that most skipped checks of an operation have.
const skipReason = (results: ReadonlyArray<Result>): string | undefined => {
  const reasons = Map.groupBy(
    results.filter(({ status }) => status === "skipped"),
    ({ message }) => message
  )
  return [...reasons].toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0]
}

const documentedParts = (operation: ApiOperation): ReadonlyArray<Pick<Part, "kind" | "name">> => {
  const { fields } = documentedOf(operation)
  const parameters = [...operation.params, ...operation.query, ...operation.headers]
  const body = operation.payload === undefined ? [] : fieldsOf(operation.payload)
  return [
    ...[...parameters.map(({ name }) => name), ...body].map((name) => ({ kind: "parameter" as const, name })),
    ...parameters.flatMap(({ literals, name }) => withValues("parameter-value", name, literals)),
    ...[...operation.responses.keys()].toSorted().map((status) => ({ kind: "status" as const, name: String(status) })),
    ...Array.from(fields.keys(), (name) => ({ kind: "field" as const, name })),
    ...Array.from(fields).flatMap(([name, values]) => withValues("field-value", name, values))
  ]
}

const withValues = (kind: PartKind, name: string, values: Iterable<string>) =>
  Array.from(values, (value) => ({ kind, name: `${name}=${value}` }))

const reasonOf = (kind: PartKind, name: string): string => {
  switch (kind) {
    case "parameter":
      return "no data has a value for this parameter"
    case "parameter-value":
      return "no generated case has this value; a larger number of cases may"
    case "status":
      return statusReason(Number(name))
    case "field":
      return "no row has this field"
    case "field-value":
      return "no row has this value"
  }
}

const statusReason = (status: number): string => {
  if (status >= 500) return "only a failure of the server causes this status"
  if (status === 429) return "only a request rate above the limit of the server causes this status"
  if (status === 403) return "only credentials without a permission cause this status"
  return status < 400 ? "no request succeeded with this status" : "no request was refused with this status"
}
