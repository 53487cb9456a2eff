// What is wrong with a value, and where, for whoever puts it into words.
import type * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"

/**
 * One thing that is wrong with a value.
 *
 * **Example** (A line for each)
 *
 * ```ts
 * import type { Fault } from "@effect-workos/domain/Fault"
 *
 * const line = ({ message, path }: Fault): string => (path === "" ? message : `${path}: ${message}`)
 * ```
 */
export interface Fault {
  /** Where it is: `"domains.0.id"`, and `""` for the value itself. */
  readonly path: string
  readonly message: string
}

const issuesOf = SchemaIssue.makeFormatterStandardSchemaV1()

/**
 * Everything that decoding or encoding found wrong, in the order in which it was found.
 *
 * **Example** (Naming the parameters that are wrong)
 *
 * ```ts
 * import { faultsOf } from "@effect-workos/domain/Fault"
 * import type * as Schema from "effect/Schema"
 *
 * const parameters = (error: Schema.SchemaError) => faultsOf(error).map(({ path }) => path)
 * ```
 */
export const faultsOf = (error: Schema.SchemaError): ReadonlyArray<Fault> =>
  issuesOf(error.issue).issues.map(({ message, path = [] }) => ({
    path: path.map((segment) => String(typeof segment === "object" ? segment.key : segment)).join("."),
    message
  }))
