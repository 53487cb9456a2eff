// The suite of WorkOS, and the part of it that most tests need.
import type { Suite } from "../src/Suite.ts"
import * as WorkOs from "../src/WorkOs.ts"

/** As far as connections go: enough to see how the engine works, in a fifth of the time. */
export const connections: Suite = {
  ...WorkOs.suite,
  operations: WorkOs.suite.operations.filter(({ id }) => id.startsWith("connections."))
}
