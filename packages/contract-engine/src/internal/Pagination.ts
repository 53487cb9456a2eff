// Pages of lists: the requests for positions in a list, and the positions that responses contain.
//
// A position is a text: the id of the row before the page, a cursor, an offset, a page number, or the path and query of a
// link.
import { type CursorPagination, type Lists, type Pagination, type Row, valueAt } from "../ApiConventions.ts"
import type { Exchange, Request } from "../Exchange.ts"

type Entries = ReadonlyArray<readonly [name: string, value: string]>

/**
 * Returns the parameters that select a page, the forward one first.
 */
export const parametersOf = (pagination: Pagination): ReadonlyArray<string> => {
  switch (pagination._tag) {
    case "Cursor":
      return [pagination.after, ...(pagination.before === undefined ? [] : [pagination.before])]
    case "Offset":
    case "Page":
      return [pagination.parameter]
    case "Link":
      return []
  }
}

/**
 * Returns whether the id of any row is a cursor.
 */
export const hasIdCursors = (pagination: Pagination): pagination is CursorPagination =>
  pagination._tag === "Cursor" && pagination.cursors === "ids"

/**
 * Returns the parameter that takes the id of the row after a page, if any.
 */
export const beforeOf = (pagination: Pagination): string | undefined =>
  hasIdCursors(pagination) ? pagination.before : undefined

/**
 * Returns whether responses state if more rows follow. Otherwise a short page is the last one.
 */
export const isExplicit = (pagination: Pagination): boolean =>
  pagination._tag === "Cursor" || pagination._tag === "Link" || pagination.next !== undefined

/**
 * Returns the last possible start of a page that is not after `start`. A page number is a position only for multiples of
 * the limit, and opaque cursors and links are known only from the previous page.
 */
export const align = (pagination: Pagination, start: number, limit: number): number => {
  if (pagination._tag === "Page") return start - (start % limit)
  return hasIdCursors(pagination) || pagination._tag === "Offset" ? start : 0
}

/**
 * Returns the position of a page that begins with the row at an index, `undefined` for the first page.
 */
export const positionAt = (
  { id, pagination }: Lists,
  rows: ReadonlyArray<Row>,
  start: number,
  limit: number
): string | undefined => {
  if (start === 0) return undefined
  if (pagination._tag === "Offset") return String(start)
  if (pagination._tag === "Page") return String(pagination.first + Math.floor(start / limit))
  return String(rows[start - 1]?.[id])
}

/**
 * Returns sample values of the parameters that select a page: ids of rows, the first offsets or page numbers, and none
 * for opaque cursors, which depend on the other parameters.
 */
export const sampleValues = (pagination: Pagination, ids: ReadonlyArray<string>): ReadonlyArray<string> => {
  if (pagination._tag === "Offset") return ["0", "1", "2", String(ids.length)]
  if (pagination._tag === "Page") return [0, 1].map((page) => String(pagination.first + page))
  return hasIdCursors(pagination) ? ids : []
}

/**
 * Adds a position to a request.
 */
export const withPosition = (
  request: Request,
  pagination: Pagination,
  { after, before }: { readonly after?: string | undefined; readonly before?: string | undefined }
): Request => {
  if (after !== undefined && isLink(after)) return followed(request, after)
  const [forward, backward] = parametersOf(pagination)
  const entries: Entries = [
    ...(after === undefined || forward === undefined ? [] : [[forward, after] as const]),
    ...(before === undefined || backward === undefined ? [] : [[backward, before] as const])
  ]
  return { ...request, query: [...request.query, ...entries] }
}

/**
 * Returns the position of the next page, `null` if the page is the last one.
 */
export const nextOf = ({ limit, pagination }: Lists, exchange: Exchange, ids: ReadonlyArray<string>): string | null => {
  const { request, response } = exchange
  if (pagination._tag === "Cursor") {
    const { hasMore, next } = pagination
    if (next !== undefined) return textOf(valueAt(response.json, next))
    return hasMore !== undefined && valueAt(response.json, hasMore) === true ? (ids.at(-1) ?? null) : null
  }
  if (pagination.next !== undefined) return linkOf(exchange, pagination.next)
  if (pagination._tag === "Link") return null
  const numberOf = (name: string, defaultValue: number) =>
    Number(request.query.find((entry) => entry[0] === name)?.[1] ?? defaultValue)
  const size = numberOf(limit.parameter, limit.defaultValue ?? ids.length)
  if (ids.length === 0 || ids.length < size) return null
  return pagination._tag === "Offset"
    ? String(numberOf(pagination.parameter, 0) + ids.length)
    : String(numberOf(pagination.parameter, pagination.first) + 1)
}

/**
 * Returns the position of the previous page, `null` if the response contains none.
 */
export const previousOf = ({ pagination }: Lists, { response }: Exchange): string | null =>
  pagination._tag === "Cursor" && pagination.previous !== undefined
    ? textOf(valueAt(response.json, pagination.previous))
    : null

const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null)

// -----------------------------------------------------------------------------
// Links
// -----------------------------------------------------------------------------

const isLink = (position: string): boolean => position.startsWith("/")

const linkOf = ({ request, response }: Exchange, location: "header" | ReadonlyArray<string>): string | null => {
  const link =
    location === "header" ? nextLink(response.headers["link"] ?? "") : textOf(valueAt(response.json, location))
  if (link === null || !URL.canParse(link, "http://relative")) return null
  const { pathname, search } = new URL(link, "http://relative")
  // The base URL may have a path, which requests do not contain.
  return `${pathname.endsWith(request.path) ? request.path : pathname}${search}`
}

// RFC 8288: `<https://example.com/users?page=2>; rel="next", …`.
const nextLink = (header: string): string | null => {
  for (const [, url = "", parameters = ""] of header.matchAll(/<([^>]*)>([^<]*)/g)) {
    if (/;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next\b)/i.test(parameters)) return url
  }
  return null
}

const followed = (request: Request, link: string): Request => {
  const { pathname, searchParams } = new URL(link, "http://relative")
  return { ...request, path: pathname, query: [...searchParams] }
}
