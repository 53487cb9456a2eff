/**
 * The description of an API: its operations and conventions.
 *
 * @module
 */
import type { ApiConventions } from "./ApiConventions.ts"
import type { ApiOperation } from "./ApiOperation.ts"

/**
 * The operations of an API and its conventions.
 */
export interface ApiDescription {
  readonly operations: ReadonlyArray<ApiOperation>
  readonly conventions: ApiConventions
}
