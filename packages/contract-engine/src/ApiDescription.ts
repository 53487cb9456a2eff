// The description of an API: its operations and conventions.
import type { ApiConventions } from "./ApiConventions.ts"
import type { ApiOperation } from "./ApiOperation.ts"

export interface ApiDescription {
  readonly operations: ReadonlyArray<ApiOperation>
  readonly conventions: ApiConventions
}
