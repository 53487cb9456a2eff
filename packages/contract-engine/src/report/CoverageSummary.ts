/**
 * Coverage in numbers, and the parts that were not exercised.
 *
 * @module
 */
import type { Coverage, Part, PartKind } from "../Coverage.ts"

/**
 * The number of exercised and of all parts, by kind, and of operations.
 *
 * **Example** (Formatting a share)
 *
 * ```ts
 * import type { Coverage } from "@effect-workos/contract-engine/Coverage"
 * import * as CoverageSummary from "@effect-workos/contract-engine/report/CoverageSummary"
 *
 * const format = ({ exercised, total }: CoverageSummary.Share): string => `${exercised} of ${total}`
 *
 * const operations = (coverage: Coverage): string => format(CoverageSummary.shares(coverage).operations)
 * ```
 */
export interface Share {
  readonly exercised: number
  readonly total: number
}

/**
 * The kinds of parts that are counted together: values are those of parameters and of fields.
 */
export type Measure = "parameters" | "statuses" | "fields" | "values"

/**
 * The measures, in the order in which reports show them.
 */
export const measures: ReadonlyArray<Measure> = ["parameters", "statuses", "fields", "values"]

const nouns: Readonly<Record<Measure | "operations", readonly [one: string, many: string]>> = {
  operations: ["operation", "operations"],
  parameters: ["parameter", "parameters"],
  statuses: ["status", "statuses"],
  fields: ["field", "fields"],
  values: ["value", "values"]
}

/**
 * Returns the name of a measure for a number of parts.
 *
 * **Example** (Singular and plural)
 *
 * ```ts
 * import * as CoverageSummary from "@effect-workos/contract-engine/report/CoverageSummary"
 *
 * CoverageSummary.measures.map((measure: CoverageSummary.Measure) => CoverageSummary.noun(measure, 2)) // => ["parameters", "statuses", …]
 * ```
 */
export const noun = (measure: Measure | "operations", count: number): string => nouns[measure][count === 1 ? 0 : 1]

/**
 * Describes coverage in one line.
 *
 * **Example** (One line for a log)
 *
 * ```ts
 * import type { Coverage } from "@effect-workos/contract-engine/Coverage"
 * import * as CoverageSummary from "@effect-workos/contract-engine/report/CoverageSummary"
 *
 * const line = (coverage: Coverage): string => CoverageSummary.describe(coverage)
 * // => "2 of 4 operations, 9 of 12 parameters, 7 of 13 statuses, 14 of 14 fields, 60 of 71 values"
 * ```
 */
export const describe = (coverage: Coverage): string => {
  const all = shares(coverage)
  return (["operations", ...measures] as const)
    .filter((measure) => all[measure].total > 0)
    .map((measure) => `${all[measure].exercised} of ${all[measure].total} ${noun(measure, all[measure].total)}`)
    .join(", ")
}

/**
 * An operation or a part that was not exercised: its name with its kind, and the reason.
 */
export interface Missing {
  readonly operation: string
  readonly text: string
  readonly reason: string
}

/**
 * Returns the operations and parts that were not exercised. Of an operation without requests, the parts are omitted.
 *
 * **Example** (Counting the parts that require writing)
 *
 * ```ts
 * import type { Coverage } from "@effect-workos/contract-engine/Coverage"
 * import * as CoverageSummary from "@effect-workos/contract-engine/report/CoverageSummary"
 *
 * const count = (coverage: Coverage): number =>
 *   CoverageSummary.missing(coverage).filter(({ reason }: CoverageSummary.Missing) => reason.includes("--writes")).length
 * ```
 */
export const missing = (coverage: Coverage): ReadonlyArray<Missing> =>
  coverage.flatMap(({ operation, parts, reason = "", requests }) =>
    requests === 0
      ? [{ operation, text: "the operation", reason }]
      : parts
          .filter(({ isExercised }) => !isExercised)
          .map(({ kind, name, reason = "" }) => ({ operation, text: `${kindNames[kind]} ${name}`, reason }))
  )

const kindNames: Readonly<Record<PartKind, string>> = {
  parameter: "parameter",
  "parameter-value": "parameter",
  status: "status",
  field: "field",
  "field-value": "field"
}

/**
 * Returns the shares of exercised parts, by measure, and of operations.
 */
export const shares = (coverage: Coverage): Readonly<Record<Measure | "operations", Share>> => {
  const parts = coverage.flatMap(({ parts }) => parts)
  return {
    operations: shareOf(coverage.map(({ requests }) => requests > 0)),
    parameters: sharesOf(parts, "parameter"),
    statuses: sharesOf(parts, "status"),
    fields: sharesOf(parts, "field"),
    values: sharesOf(parts, "parameter-value", "field-value")
  }
}

const sharesOf = (parts: ReadonlyArray<Part>, ...kinds: ReadonlyArray<PartKind>): Share =>
  shareOf(parts.filter(({ kind }) => kinds.includes(kind)).map(({ isExercised }) => isExercised))

const shareOf = (all: ReadonlyArray<boolean>): Share => ({
  exercised: all.filter((one) => one).length,
  total: all.length
})
