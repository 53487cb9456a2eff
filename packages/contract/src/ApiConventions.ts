// How an API does what most APIs do, each in its own words: lists, filters, ids, instants.
//
// The engine knows none of these words; laws about lists hold for any API whose words are given here.
import type * as SchemaAST from "effect/SchemaAST"
import type { Response } from "./Exchange.ts"
import type { ResolvedSettings } from "./internal/Settings.ts"

/**
 * A row of a list, as it came over the wire.
 */
export type Row = Readonly<Record<string, unknown>>

/**
 * How lists are walked: by cursors, which are ids of rows.
 *
 * **Details**
 *
 * - `items`, `next`, `previous`: where in an response the rows and the cursors of the neighbouring pages are.
 * - `limit`: the parameter that says how many rows a page may have, how many it has where nothing is said, and the most.
 * - `after`, `before`: the parameters that take a cursor.
 * - `order`: the parameter and its two values, where rows are ordered by their creation.
 * - `id`, `created`: the fields of a row that hold its id and the instant of its creation.
 *
 * What an API does not have is left out, and so are the laws about it.
 */
export interface Lists {
  readonly items: ReadonlyArray<string>
  readonly next: ReadonlyArray<string>
  readonly previous?: ReadonlyArray<string>
  readonly limit: { readonly parameter: string; readonly defaultValue?: number; readonly maximum: number }
  readonly after: string
  readonly before?: string
  readonly order?: { readonly parameter: string; readonly ascending: string; readonly descending: string }
  readonly id: string
  readonly created?: string
}

/**
 * A parameter that chooses rows.
 *
 * **Details**
 *
 * - `sample`: values that choose a row.
 * - `matches`: whether a value chooses a row.
 * - `nearMisses`: values that come from a row and do not choose it, as far as that can be told, though careless servers
 *   think so.
 *
 * **Example** (A filter that takes the beginning of a name)
 *
 * ```ts
 * import type { Filter, Row } from "@effect-workos/contract/ApiConventions"
 *
 * const nameOf = (row: Row): string => String(row["name"])
 *
 * const beginning: Filter = {
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
 * A filter for rows whose field is equal to the value.
 */
export const equals = (parameter: string, field: string = parameter): Filter => ({
  parameter,
  sample: (row) => (typeof row[field] === "string" ? [row[field]] : []),
  matches: (row, value) => row[field] === value
})

/**
 * A filter with such values only as a URL can hold: no halves of characters.
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
 * The words of an API.
 *
 * **Details**
 *
 * - `forward`: lists whose pages name the page that follows and none before it; by operation.
 * - `filters`: by operation.
 * - `headers`: names of headers that every response has.
 * - `statuses`: statuses that any operation may response with, notes its own.
 * - `isRefusal`: whether an response refuses, whatever its status says.
 * - `prefixOf`: the prefix of the ids that a schema describes, where it describes any.
 * - `instants`: names of fields, of which the first is never later than the second.
 * - `payloads`: what to send to create or change something, made from what was generated; by operation. `unique` is a
 *   text that nothing else has, to tell what a run has created from everything else.
 * - `key`: the name of the security scheme that the key of a target is for; every one where nothing is said. Operations
 *   behind another one are asked without it.
 * - `within`: collections without a list, whose resources are inside the rows of another one's: by the path of the
 *   collection, the operation that lists, and where in a row they are.
 * - `closed`: operations about what nobody can make up and no list shows, such as clients, codes and tokens. A generated
 *   request keeps to the documentation, and may be refused all the same, or be answered in a new way each time.
 * - `values`: values of parameters that no list shows, and whoever starts a run knows; by the parameter's name.
 * - `rates`: how often an operation may be asked in a minute, where a run is bounded at all.
 *
 * **Example** (The words of an API that is not WorkOS)
 *
 * ```ts
 * import * as ApiConventions from "@effect-workos/contract/ApiConventions"
 *
 * const lists: ApiConventions.Lists = {
 *   items: ["items"],
 *   next: ["cursors", "next"],
 *   limit: { parameter: "size", defaultValue: 20, maximum: 50 },
 *   after: "cursor",
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
  readonly forwardOnly?: ReadonlyArray<string>
  readonly filters?: Readonly<Record<string, ReadonlyArray<Filter>>>
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
 * Where resources are that have no list of their own.
 *
 * **Example** (Pages that are in the rows of books)
 *
 * ```ts
 * import type { ApiConventions, NestedIn } from "@effect-workos/contract/ApiConventions"
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
 * What is at a place in a value.
 *
 * **Example** (The rows in an response)
 *
 * ```ts
 * import * as ApiConventions from "@effect-workos/contract/ApiConventions"
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
 * Whether a value is an object, and so can be a row.
 */
export const isRow = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value)
