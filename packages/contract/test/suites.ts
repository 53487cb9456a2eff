// The WorkOS suite restricted to connections, which most tests use, and the operations that the suite cannot test.
import type { Resource } from "@effect-workos/domain/Resource"
import * as resources from "@effect-workos/domain/resources"
import type { Suite } from "@effect-workos/contract-engine/Suite"
import * as WorkOs from "../src/WorkOs.ts"

/** The suite restricted to connections: enough to test the engine in a fifth of the time. */
export const connections: Suite = {
  ...WorkOs.suite,
  operations: WorkOs.suite.operations.filter(({ id }) => id.startsWith("connections."))
}

/** The deletions of objects that no request creates. The suite deletes only what it created, so it skips them. */
export const deletionsOnly: ReadonlySet<string> = new Set(
  Object.values<Resource>(resources).flatMap(({ endpoints, name }) =>
    "delete" in endpoints && !("create" in endpoints) ? [`${name}.delete`] : []
  )
)

/** The operations that never succeed, because their inputs come from elsewhere and no fixture provides them. */
export const refusedOnly: ReadonlySet<string> = new Set(
  (WorkOs.conventions.externalInputs ?? []).filter((id) => WorkOs.suite.fixtures[id] === undefined)
)
