// Finds the operation of a request by its method and the path of its URL.
import type { ApiOperation } from "../ApiOperation.ts"

/**
 * An operation, with the base URL of the request and the path after the base URL.
 */
export interface Match {
  readonly operation: ApiOperation
  readonly origin: string
  readonly path: string
}

/**
 * Returns a function that finds the operation of a request. Without a base URL, requests to any host match.
 */
export const matcher = (
  operations: ReadonlyArray<ApiOperation>,
  baseUrl: string | undefined
): ((method: string, url: string) => Match | undefined) => {
  const base = baseUrl === undefined ? undefined : new URL(baseUrl)
  const prefix = base?.pathname.replace(/\/+$/, "") ?? ""
  // Of several patterns for a path, the most specific one has the fewest parameters.
  const patterns = operations
    .map((operation) => ({ operation, pattern: patternOf(operation.path) }))
    .toSorted((a, b) => a.operation.params.length - b.operation.params.length)
  return (method, text) => {
    if (!URL.canParse(text)) return undefined
    const url = new URL(text)
    if (base !== undefined && (url.origin !== base.origin || !url.pathname.startsWith(`${prefix}/`))) return undefined
    const path = url.pathname.slice(prefix.length)
    const found = patterns.find(
      ({ operation, pattern }) => operation.method === method.toUpperCase() && pattern.test(path)
    )
    return found && { operation: found.operation, origin: `${url.origin}${prefix}`, path }
  }
}

const patternOf = (path: string): RegExp => {
  const parts = path.split(/(:\w+|\*)/)
  const source = parts.map((part, index) => (index % 2 === 0 ? escape(part) : part === "*" ? ".*" : "[^/]+"))
  return new RegExp(`^${source.join("")}$`)
}

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&")
