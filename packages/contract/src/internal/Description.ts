// What is known of an API: its operations, and the words it uses.
import type { Convention } from "../Convention.ts"
import type { Operation } from "../Operation.ts"

export interface Description {
  readonly operations: ReadonlyArray<Operation>
  readonly convention: Convention
}
