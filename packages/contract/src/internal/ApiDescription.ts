// What is known of an API: its operations, and the words it uses.
import type { ApiConventions } from "../ApiConventions.ts"
import type { ApiOperation } from "../ApiOperation.ts"

export interface ApiDescription {
  readonly operations: ReadonlyArray<ApiOperation>
  readonly conventions: ApiConventions
}
