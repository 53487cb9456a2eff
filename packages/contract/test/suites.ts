// The WorkOS suite restricted to connections, which most tests use.
import type { Suite } from "../src/Suite.ts"
import * as WorkOs from "../src/WorkOs.ts"

/** The suite restricted to connections: enough to test the engine in a fifth of the time. */
export const connections: Suite = {
  ...WorkOs.suite,
  operations: WorkOs.suite.operations.filter(({ id }) => id.startsWith("connections."))
}
