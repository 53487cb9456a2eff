// Schema issues: what is wrong with a value, and at which path.
import type * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"

/**
 * One thing that is wrong with a value: its path and a message.
 *
 * **Example** (A line for each)
 *
 * ```ts
 * import type { Issue } from "@effect-workos/domain/Issue"
 *
 * const line = ({ message, path }: Issue): string => (path === "" ? message : `${path}: ${message}`)
 * ```
 */
export interface Issue {
  /** The path of the wrong value, for example `"domains.0.id"`; `""` for the value itself. */
  readonly path: string
  readonly message: string
}

const format = SchemaIssue.makeFormatterStandardSchemaV1()

/**
 * Returns all issues of a schema error, in the order in which they were found.
 *
 * **Example** (Naming the parameters that are wrong)
 *
 * ```ts
 * import { issuesOf } from "@effect-workos/domain/Issue"
 * import type * as Schema from "effect/Schema"
 *
 * const parameters = (error: Schema.SchemaError) => issuesOf(error).map(({ path }) => path)
 * ```
 */
export const issuesOf = (error: Schema.SchemaError): ReadonlyArray<Issue> =>
  format(error.issue).issues.map(({ message, path = [] }) => ({
    path: path.map((segment) => String(typeof segment === "object" ? segment.key : segment)).join("."),
    message
  }))
