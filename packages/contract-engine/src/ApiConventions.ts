/**
 * Conventions of an API: pagination, filters, id prefixes, timestamps and other rules that an `HttpApi` cannot express.
 *
 * Laws read these rules from the conventions, so that the same laws apply to any API.
 *
 * @module
 */
import type * as SchemaAST from "effect/SchemaAST"
import type { Response } from "./Exchange.ts"
import type { ResolvedSettings } from "./Settings.ts"

/**
 * A row of a list, in its wire form.
 */
export type Row = Readonly<Record<string, unknown>>

/**
 * Conventions of a list.
 *
 * **Details**
 *
 * - `items`: the path of the rows in a response; empty if the response is the list of rows.
 * - `pagination`: the selection of a page by a request.
 * - `limit`: the parameter for the page size, its default and its maximum.
 * - `order`: the parameter and its two values, if rows are ordered by creation.
 * - `id`, `created`: the fields of a row with its id and its creation timestamp.
 *
 * Laws about absent conventions do not apply.
 */
export interface Lists {
  readonly items: ReadonlyArray<string>
  readonly pagination: Pagination
  readonly limit: { readonly parameter: string; readonly defaultValue?: number; readonly maximum: number }
  readonly order?: { readonly parameter: string; readonly ascending: string; readonly descending: string }
  readonly id: string
  readonly created?: string
}

/**
 * The selection of a page by a request: by a cursor, by the offset of its first row, by its number, or by a link in the
 * previous page.
 *
 * **Example** (Naming the parameter of a page)
 *
 * ```ts
 * import type * as ApiConventions from "@effect-workos/contract-engine/ApiConventions"
 *
 * const byOffset: ApiConventions.OffsetPagination = { _tag: "Offset", parameter: "skip" }
 * const byNumber: ApiConventions.PagePagination = { _tag: "Page", parameter: "page", first: 1 }
 * const byLink: ApiConventions.LinkPagination = { _tag: "Link", next: "header" }
 *
 * const parameterOf = (pagination: ApiConventions.Pagination): string | undefined => {
 *   if (pagination._tag === "Link") return undefined
 *   return pagination._tag === "Cursor" ? pagination.after : pagination.parameter
 * }
 *
 * const parameters = [byOffset, byNumber, byLink].map(parameterOf) // => ["skip", "page", undefined]
 * ```
 */
export type Pagination = CursorPagination | OffsetPagination | PagePagination | LinkPagination

/**
 * Pagination by cursors.
 *
 * **Details**
 *
 * - `cursors`: `ids` if the id of any row is a cursor; `opaque` if only responses contain cursors.
 * - `after`, `before`: the parameters that take a cursor.
 * - `next`, `previous`: the paths of both cursors in a response.
 * - `hasMore`: the path of a boolean that is true if rows follow. The next cursor is then the id of the last row.
 */
export interface CursorPagination {
  readonly _tag: "Cursor"
  readonly cursors: "ids" | "opaque"
  readonly after: string
  readonly before?: string
  readonly next?: ReadonlyArray<string>
  readonly previous?: ReadonlyArray<string>
  readonly hasMore?: ReadonlyArray<string>
}

/**
 * Pagination by the number of rows before a page. `next` is the location of the link to the next page, if responses
 * contain one; otherwise a page with fewer rows than the limit is the last one.
 */
export interface OffsetPagination {
  readonly _tag: "Offset"
  readonly parameter: string
  readonly next?: LinkLocation
}

/**
 * Pagination by the number of a page. `first` is the number of the first page. `next` is the location of the link to the
 * next page, if responses contain one; otherwise a page with fewer rows than the limit is the last one.
 */
export interface PagePagination {
  readonly _tag: "Page"
  readonly parameter: string
  readonly first: number
  readonly next?: LinkLocation
}

/**
 * Pagination by links from each page to the next one.
 */
export interface LinkPagination {
  readonly _tag: "Link"
  readonly next: LinkLocation
}

/**
 * The location of a link: the header `Link` (RFC 8288), or a path in the body.
 */
export type LinkLocation = "header" | ReadonlyArray<string>

/**
 * A query parameter that selects rows.
 *
 * **Details**
 *
 * - `sample`: returns values of the parameter that select the row.
 * - `matches`: returns whether a value selects the row.
 * - `nearMisses`: returns values that do not select the row, but resemble values that do, to detect imprecise matching.
 *
 * **Example** (Filtering by a prefix)
 *
 * ```ts
 * import type { Filter, Row } from "@effect-workos/contract-engine/ApiConventions"
 *
 * const nameOf = (row: Row): string => String(row["name"])
 *
 * const prefix: Filter = {
 *   parameter: "prefix",
 *   sample: (row) => [nameOf(row).slice(0, 3)],
 *   matches: (row, value) => nameOf(row).startsWith(value),
 *   nearMisses: (row) => [`x${nameOf(row)}`]
 * }
 * ```
 */
export interface Filter {
  readonly parameter: string
  readonly sample: (row: Row) => ReadonlyArray<string>
  readonly matches: (row: Row, value: string) => boolean
  readonly nearMisses?: (row: Row) => ReadonlyArray<string>
}

/**
 * Returns a filter that selects rows whose field equals the value.
 */
export const equals = (parameter: string, field: string = parameter): Filter => ({
  parameter,
  sample: (row) => (typeof row[field] === "string" ? [row[field]] : []),
  matches: (row, value) => row[field] === value
})

/**
 * Returns a filter whose values are restricted to well-formed strings, since a URL cannot contain lone surrogates.
 */
export const urlSafe = (filter: Filter): Filter => {
  const { nearMisses, sample } = filter
  return {
    ...filter,
    sample: (row) => wellFormed(sample(row)),
    ...(nearMisses === undefined ? {} : { nearMisses: (row: Row) => wellFormed(nearMisses(row)) })
  }
}

const wellFormed = (values: ReadonlyArray<string>) => values.filter((value) => value.isWellFormed())

/**
 * The conventions of an API. Operations are identified by id, such as `"connections.list"`.
 *
 * **Details**
 *
 * - `lists`: the conventions of every list.
 * - `listsOf`: the conventions of single lists, by operation. They replace `lists`.
 * - `forwardOnly`: the operations that list rows with a cursor to the next page only.
 * - `filters`: the filters of a list, by operation.
 * - `requiredFilters`: the filter without which the server refuses to read a list, by operation.
 * - `exclusive`: groups of query parameters that exclude each other, by operation.
 * - `headers`: names of headers that every response has.
 * - `statuses`: statuses that any operation may return, in addition to the documented ones.
 * - `isRefusal`: returns whether a response is a refusal, for refusals with a status below 400, such as redirects with an
 *   error.
 * - `prefixOf`: returns the prefix of the ids that a schema describes, if the schema describes ids.
 * - `timestamps`: the names of two fields; the first timestamp is never later than the second.
 * - `payloads`: functions that return the payload of a write request from generated data, by operation. `unique` is a
 *   text that identifies the resources created by a run.
 * - `securityScheme`: the name of the security scheme that accepts the target's key. Defaults to every scheme. Requests
 *   for operations behind other schemes carry no credentials.
 * - `nestedIn`: the locations of resources that no operation lists, by the path of the collection. Such resources are
 *   nested in the rows of another list.
 * - `externalInputs`: operations whose inputs can neither be generated nor read from a list, such as client ids, codes
 *   and tokens. The server may refuse a generated request, or respond differently each time.
 * - `parameterValues`: returns values from the settings for parameters whose values no list contains, by parameter name.
 * - `rateLimits`: the maximum number of requests per minute, by operation. These limits
 *   apply only if the run has a `maxRate` or a `defaultRate`.
 *
 * **Example** (Conventions of another API)
 *
 * ```ts
 * import * as ApiConventions from "@effect-workos/contract-engine/ApiConventions"
 *
 * const lists: ApiConventions.Lists = {
 *   items: ["items"],
 *   pagination: { _tag: "Cursor", cursors: "ids", after: "cursor", next: ["cursors", "next"] },
 *   limit: { parameter: "size", defaultValue: 20, maximum: 50 },
 *   id: "id",
 *   created: "created"
 * }
 *
 * const conventions: ApiConventions.ApiConventions = {
 *   lists,
 *   filters: { "notes.list": [ApiConventions.equals("author"), ApiConventions.urlSafe(ApiConventions.equals("title"))] },
 *   timestamps: ["created", "changed"]
 * }
 * ```
 */
export interface ApiConventions {
  readonly lists?: Lists
  readonly listsOf?: Readonly<Record<string, Lists>>
  readonly forwardOnly?: ReadonlyArray<string>
  readonly filters?: Readonly<Record<string, ReadonlyArray<Filter>>>
  readonly requiredFilters?: Readonly<Record<string, RequiredFilter>>
  readonly exclusive?: Readonly<Record<string, ReadonlyArray<ReadonlyArray<string>>>>
  readonly headers?: ReadonlyArray<string>
  readonly statuses?: ReadonlyArray<number>
  readonly isRefusal?: (response: Response) => boolean
  readonly prefixOf?: (ast: SchemaAST.AST) => string | undefined
  readonly timestamps?: readonly [earlier: string, later: string]
  readonly securityScheme?: string
  readonly nestedIn?: Readonly<Record<string, NestedIn>>
  readonly externalInputs?: ReadonlyArray<string>
  readonly parameterValues?: (settings: ResolvedSettings) => Readonly<Record<string, ReadonlyArray<string>>>
  readonly rateLimits?: Readonly<Record<string, number>>
  readonly payloads?: Readonly<Record<string, (generated: Row, unique: string) => Row>>
}

/**
 * A filter without which the server refuses to read a list. Requests without the parameter receive a value: the id of a row
 * of another list, or `otherwise` if that list is empty.
 *
 * **Example** (Comments of one note)
 *
 * ```ts
 * import type { ApiConventions, RequiredFilter } from "@effect-workos/contract-engine/ApiConventions"
 *
 * const ofNote: RequiredFilter = { parameter: "note_id", list: "notes.list", otherwise: "note_1" }
 *
 * const conventions: ApiConventions = { requiredFilters: { "comments.list": ofNote } }
 * ```
 */
export interface RequiredFilter {
  readonly parameter: string
  readonly list: string
  readonly otherwise: string
}

/**
 * Returns whether two parameters of an operation exclude each other.
 */
export const areExclusive = (
  { exclusive = {} }: ApiConventions,
  operation: string,
  first: string,
  second: string
): boolean => (exclusive[operation] ?? []).some((group) => group.includes(first) && group.includes(second))

/**
 * The location of resources that no operation lists: the operation that lists the rows which contain them, and the path
 * within a row.
 *
 * **Example** (Pages nested in books)
 *
 * ```ts
 * import type { ApiConventions, NestedIn } from "@effect-workos/contract-engine/ApiConventions"
 *
 * const pages: NestedIn = { list: "books.list", path: ["pages"] }
 *
 * const conventions: ApiConventions = { nestedIn: { "/pages": pages } }
 * ```
 */
export interface NestedIn {
  readonly list: string
  readonly path: ReadonlyArray<string>
}

/**
 * Returns the value at a path within a value.
 *
 * **Example** (Reading the rows of a response)
 *
 * ```ts
 * import * as ApiConventions from "@effect-workos/contract-engine/ApiConventions"
 *
 * const rowsOf = (json: unknown): ReadonlyArray<ApiConventions.Row> => {
 *   const items = ApiConventions.valueAt(json, ["data"])
 *   return Array.isArray(items) ? items.filter(ApiConventions.isRow) : []
 * }
 * ```
 */
export const valueAt = (value: unknown, path: ReadonlyArray<string>): unknown =>
  path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined),
    value
  )

/**
 * Returns whether a value is an object, and therefore a possible row.
 */
export const isRow = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value)
