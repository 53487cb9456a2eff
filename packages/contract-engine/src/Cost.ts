/**
 * Costs: estimates of the number of requests that checks send.
 *
 * @module
 */
import type { ApiConventions } from "./ApiConventions.ts"
import type { ApiDescription } from "./ApiDescription.ts"
import type { ApiOperation } from "./ApiOperation.ts"
import { type Cost, familyOf, type Law } from "./Law.ts"
import { isList } from "./Sampling.ts"
import type { Check } from "./Suite.ts"

/**
 * Returns an estimate of the number of requests that one check sends if no other check runs.
 *
 * **Example** (Finding the most expensive check)
 *
 * ```ts
 * import * as Cost from "@effect-workos/contract-engine/Cost"
 * import * as Suite from "@effect-workos/contract-engine/Suite"
 * import * as WorkOs from "@effect-workos/contract/WorkOs"
 *
 * const cost = (check: Suite.Check) => Cost.ofCheck(check, WorkOs.suite, 100)
 *
 * const [first] = Suite.checksOf(WorkOs.suite).toSorted((a, b) => cost(b) - cost(a))
 * ```
 */
export const ofCheck = ({ law, operation }: Check, { conventions }: ApiDescription, runs: number): number => {
  const { base, maxRuns = Infinity, perFilter = 0, perParameter = 0, perRun = 0 } = costOf(law, operation)
  return Math.ceil(
    base +
      perRun * Math.min(runs, maxRuns) +
      perParameter * operation.query.length +
      perFilter * filterCount(operation, conventions)
  )
}

/**
 * Returns an estimate of the number of requests that a run of checks sends. Requests that several checks share count once.
 *
 * **Example** (Estimating a run)
 *
 * ```ts
 * import * as Cost from "@effect-workos/contract-engine/Cost"
 * import * as Suite from "@effect-workos/contract-engine/Suite"
 * import * as WorkOs from "@effect-workos/contract/WorkOs"
 *
 * const requests = Cost.ofChecks(Suite.checksOf(WorkOs.suite, { operations: ["connections"] }), WorkOs.suite, 100)
 * ```
 */
export const ofChecks = (checks: ReadonlyArray<Check>, description: ApiDescription, runs: number): number => {
  const shared = new Map<string, number>()
  for (const check of checks) {
    const { law, operation } = check
    const { shares } = costOf(law, operation)
    const key = `${shares ?? law.id} ${operation.id}`
    shared.set(key, Math.max(shared.get(key) ?? 0, ofCheck(check, description, runs)))
  }
  const operations = [...new Set(checks.map(({ operation }) => operation))]
  const listCount = operations.filter((operation) => isList(operation, description.conventions)).length
  return [...shared.values()].reduce((sum, requests) => sum + requests, listCount * pagesPerList)
}

/** The pages of a list are read once for all checks. Their number is unknown before the run. */
const pagesPerList = 10

const filterCount = ({ id }: ApiOperation, { filters }: ApiConventions): number => filters?.[id]?.length ?? 0

// Checks that write send a number of requests that rarely depends on the number of generated cases.
const costOf = (law: Law, operation: ApiOperation): Cost => {
  const family = familyOf(law.id)
  if (operation.isSafe || law.writes !== undefined) return law.cost ?? families[family] ?? { base: 3, perRun: 1 }
  return family === "responses" ? lifecycle : { base: law.cost?.base ?? 10 }
}

/** The requests of the lifecycle of a resource, which all laws about responses share. */
const lifecycle: Cost = { base: 4, perRun: 0.15, maxRuns: 120, shares: "lifecycle" }

/** Measured against the emulator. */
const families: Readonly<Record<string, Cost>> = {
  responses: { base: 5, perRun: 1, perParameter: 8, shares: "responses" },
  lists: { base: 3, perRun: 1 },
  resources: { base: 0, perRun: 1 },
  access: { base: 6, perRun: 0.6 },
  input: { base: 40, perRun: 0.4 },
  lifecycle: { base: 3, perRun: 0.3, maxRuns: 100 }
}
