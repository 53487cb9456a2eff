/**
 * Schema issues: what is wrong with a value, and at which path.
 *
 * @module
 */
import type * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"

/**
 * An issue of a value: a path and a message.
 */
export interface Issue {
  /** The path of the invalid part, for example `"domains.0.id"`; `""` for the whole value. */
  readonly path: string
  readonly message: string
}

const format = SchemaIssue.makeFormatterStandardSchemaV1()

/**
 * Returns all issues of a schema error, in the order in which they were found.
 *
 * **Example** (The names of invalid parameters)
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
