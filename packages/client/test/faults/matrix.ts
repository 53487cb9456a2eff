// Every fault against operations of several kinds, over real sockets: what came, and where it is not what the rules say.
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { catalogue, type Row } from "./catalogue.ts"
import { type Actual, grace, runCell } from "./cell.ts"
import { type Operation, operations } from "./operations.ts"
import { type Platform, platforms } from "../platforms.ts"
import { policies } from "./policies.ts"
import { type Expected, expected } from "./rules.ts"

/** What came of one cell: a sentence for everything that is not as it has to be. */
export interface CellResult {
  readonly platform: Platform
  readonly row: Row
  readonly wrong: ReadonlyArray<string>
}

interface Cell {
  readonly platform: Platform
  readonly row: Row
  readonly operation: Operation
}

/** How many cells are under way at once: most of them only wait. */
const concurrency = 64

const meetOne = (cell: Cell): Effect.Effect<CellResult> => {
  const { operation, platform, row } = cell
  const right = expected(row, operation)
  return Effect.map(runCell(row, operation, platform, right.elapsed > 100), (actual) => ({
    platform,
    row,
    wrong: compare(cell, right, actual).map((what) => `${operation.name}: ${what}`)
  }))
}

/** Whether an operation meets a fault over a platform. */
export const isCell = ({ byTurns = false }: Operation, platform: Platform, row: Row): boolean =>
  !byTurns || platforms.indexOf(platform) === catalogue.indexOf(row) % platforms.length

/** The whole matrix: operation by operation, so that those that wait are spread among those that do not. */
export const run: Effect.Effect<ReadonlyArray<CellResult>> = Effect.forEach(
  operations.flatMap((operation) =>
    platforms.flatMap((platform) =>
      catalogue.flatMap((row): ReadonlyArray<Cell> =>
        isCell(operation, platform, row) ? [{ platform, row, operation }] : []
      )
    )
  ),
  meetOne,
  { concurrency }
)

const compare = ({ operation, platform, row }: Cell, right: Expected, actual: Actual): ReadonlyArray<string> => {
  const deadline = Duration.toMillis(Duration.fromInputUnsafe(policies[row.policy].deadline)) * operation.calls
  const sent = actual.spans.reduce((sum, attempts) => sum + attempts, 0)
  const last = right.outcome === "ok" ? Math.max(...actual.spans) : actual.spans.at(-1)
  const isDeleted = operation.change < 0 && right.change !== 0
  const checks: ReadonlyArray<readonly [what: string, is: unknown, hasToBe: unknown]> = [
    ["outcome", actual.outcome, right.outcome],
    ["attempts of the span", last, right.attempts],
    ["attempts of the error", actual.said, right.outcome === "ok" ? undefined : right.attempts],
    ["requests at the server", actual.requests, right.requests],
    ["requests of all spans", sent, right.requests],
    ["requests with the fault", actual.met, right.met],
    ["more than there were", actual.change, right.change],
    ["there is the connection", actual.isSubjectThere, !isDeleted],
    ["in time", actual.elapsed <= deadline + grace, true],
    ["not before its time", actual.elapsed >= right.elapsed - 1, true],
    ["fibers left", actual.fibers, 0],
    ["requests left", actual.underWay, 0],
    ["connections left", platform.isClosed ? actual.sockets : 0, 0],
    ["complaints of the server", actual.logged.length, 0]
  ]
  return checks.flatMap(([what, is, hasToBe]) =>
    is === hasToBe ? [] : [`${what}: ${String(is)} instead of ${String(hasToBe)}`]
  )
}
