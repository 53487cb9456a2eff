// The `Allow` header, which lists the methods of a path.
import type { ApiDescription } from "../../../ApiDescription.ts"
import type { ApiOperation } from "../../../ApiOperation.ts"
import type { Response } from "../../../Exchange.ts"

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
