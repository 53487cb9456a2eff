// All cells of the matrix, and the differences between their results and the rules.
import { isExhaustive, seed } from "@effect-workos/testing/Sample"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { catalogue, type Row } from "./catalogue.ts"
import { type Actual, grace, runCell } from "./cell.ts"
import { type Operation, operations } from "./operations.ts"
import { type Platform, platforms } from "../platforms.ts"
import { policies } from "./policies.ts"
import { type Expected, expected } from "./rules.ts"

/** The result of a cell: a sentence for each difference from the rules. */
export interface CellResult {
  readonly platform: Platform
  readonly row: Row
  readonly wrong: ReadonlyArray<string>
}

export interface Cell {
  readonly platform: Platform
  readonly row: Row
  readonly operation: Operation
}

/** The number of concurrent cells: most of them wait for an idle event loop. */
const concurrency = 24

const runOne = (cell: Cell): Effect.Effect<CellResult> => {
  const { operation, platform, row } = cell
  const right = expected(row, operation)
  return Effect.map(runCell(row, operation, platform), (actual) => ({
    platform,
    row,
    wrong: differences(cell, right, actual).map((difference) => `${operation.name}: ${difference}`)
  }))
}

/** Tests whether the matrix contains a fault for an operation over a platform. */
const isCell = ({ alternates = false }: Operation, platform: Platform, row: Row): boolean =>
  !alternates || platforms.indexOf(platform) === catalogue.indexOf(row) % platforms.length

/** All cells, operation by operation, so that cells that wait are spread among others. */
export const all: ReadonlyArray<Cell> = operations.flatMap((operation) =>
  platforms.flatMap((platform) =>
    catalogue.flatMap((row): ReadonlyArray<Cell> =>
      isCell(operation, platform, row) ? [{ platform, row, operation }] : []
    )
  )
)

/**
 * The cells of this run. A sample contains one operation over one platform for each fault, and some faults for each operation
 * over each platform.
 */
export const cells: ReadonlyArray<Cell> = isExhaustive
  ? all
  : catalogue.flatMap((row, index) => {
      const ofRow = all.filter((cell) => cell.row === row)
      const cell = ofRow[(index + seed) % ofRow.length]
      return cell === undefined ? [] : [cell]
    })

export const run = (cells: ReadonlyArray<Cell>): Effect.Effect<ReadonlyArray<CellResult>> =>
  Effect.forEach(cells, runOne, { concurrency })

const differences = ({ operation, platform, row }: Cell, right: Expected, actual: Actual): ReadonlyArray<string> => {
  const deadline = Duration.toMillis(Duration.fromInputUnsafe(policies[row.policy].deadline)) * operation.calls
  const sent = actual.spans.reduce((sum, attempts) => sum + attempts, 0)
  const last = right.outcome === "ok" ? Math.max(...actual.spans) : actual.spans.at(-1)
  const isDeleted = operation.change < 0 && right.change !== 0
  const checks: ReadonlyArray<readonly [name: string, actual: unknown, expected: unknown]> = [
    ["outcome", actual.outcome, right.outcome],
    ["attempts in the span", last, right.attempts],
    ["attempts in the error", actual.errorAttempts, right.outcome === "ok" ? undefined : right.attempts],
    ["requests at the server", actual.requests, right.requests],
    ["requests in all spans", sent, right.requests],
    ["requests with the fault", actual.faulty, right.faulty],
    ["added rows", actual.change, right.change],
    ["the connection exists", actual.connectionExists, !isDeleted],
    ["ended before the deadline", actual.elapsed <= deadline + grace, true],
    ["lasted at least the minimum duration", actual.elapsed >= right.elapsed - 1, true],
    ["remaining fibers", actual.fibers, 0],
    ["remaining requests", actual.underWay, 0],
    ["remaining connections", platform.isClosed ? actual.sockets : 0, 0],
    ["log lines of the server", actual.logged.length, 0]
  ]
  return checks.flatMap(([name, actual, expected]) =>
    actual === expected ? [] : [`${name}: ${String(actual)} instead of ${String(expected)}`]
  )
}
