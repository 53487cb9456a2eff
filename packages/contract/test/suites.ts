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

/**
 * The operations to which the suite sends no request: deletions of objects that no request creates, since the suite deletes
 * only what it created, the creation of an object that no request deletes, and requests that reach a person.
 */
export const untested: ReadonlySet<string> = new Set([
  ...Object.values<Resource>(resources).flatMap(({ endpoints, name }) =>
    "delete" in endpoints && !("create" in endpoints) && WorkOs.suite.fixtures[`${name}.delete`] === undefined
      ? [`${name}.delete`]
      : []
  ),
  "corsOrigins.create",
  "authentication.authorizeDevice",
  "radarChallenges.send"
])

/** The operations that never succeed, because their inputs come from elsewhere and no fixture provides them. */
export const refusedOnly: ReadonlySet<string> = new Set([
  ...(WorkOs.conventions.externalInputs ?? []).filter((id) => WorkOs.suite.fixtures[id] === undefined),
  "connectedAccounts.get",
  "radarChallenges.get"
])

/** The operations whose errors are redirects. */
export const withoutErrors: ReadonlySet<string> = new Set(["authentication.authorize"])
