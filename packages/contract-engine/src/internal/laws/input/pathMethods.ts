// The methods of a path.
import type { ApiDescription } from "../../../ApiDescription.ts"
import type { ApiOperation } from "../../../ApiOperation.ts"
import type { Response } from "../../../Exchange.ts"
import type { Law } from "../../../Law.ts"

/**
 * Returns the documented methods of a path with values for its parameters.
 */
export const methodsOf = (path: string, { operations }: ApiDescription): ReadonlySet<string> =>
  new Set(operations.filter((operation) => hasPath(operation, path)).map(({ method }) => method))

const hasPath = ({ path: template }: ApiOperation, path: string): boolean => {
  const segments = template.split("/")
  const actual = path.split("/")
  return (
    segments.length === actual.length &&
    segments.every((segment, index) => segment.startsWith(":") || segment === actual[index])
  )
}

/**
 * Returns the methods in the header `Allow` of a response; `undefined` without the header.
 */
export const allowedMethods = ({ headers }: Response): ReadonlyArray<string> | undefined =>
  headers["allow"]?.split(",").map((method) => method.trim().toUpperCase())

/**
 * Statuses of a server that does not support a method. 501 is the status for a method that a server does not know.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-9.1
 */
export const unsupported: ReadonlyArray<number> = [404, 405, 501]

/**
 * Selects the first operation of each path.
 */
export const isFirstOfPath: Law["appliesTo"] = (operation, { operations }) =>
  operations.find(({ path }) => path === operation.path) === operation
