// The lists of an API in the configuration file of `verify`, for lists that are not detected in an OpenAPI document.
import type { Lists, Pagination } from "@effect-workos/contract-engine/ApiConventions"
import * as ApiOperation from "@effect-workos/contract-engine/ApiOperation"
import type { OpenApiDocument } from "@effect-workos/contract-engine/OpenApiDocument"
import * as Selection from "@effect-workos/contract-engine/Selection"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Failure from "./Failure.ts"

const Name = Schema.NonEmptyString.annotate({ expected: "a text that is not empty" })

const Path = Schema.Array(Name).annotate({ expected: "a path: a list of names" })

const Link = Schema.Union([Schema.Literal("header"), Path]).annotate({ expected: '"header", or a list of names' })

const PaginationConfig = Schema.Union([
  Schema.Struct({
    type: Schema.Literal("cursor"),
    cursors: Schema.Literals(["ids", "opaque"]),
    after: Name,
    before: Schema.optionalKey(Name),
    next: Schema.optionalKey(Path),
    previous: Schema.optionalKey(Path),
    hasMore: Schema.optionalKey(Path)
  }),
  Schema.Struct({ type: Schema.Literal("offset"), parameter: Name, next: Schema.optionalKey(Link) }),
  Schema.Struct({
    type: Schema.Literal("page"),
    parameter: Name,
    first: Schema.Int.annotate({ expected: "the number of the first page" }),
    next: Schema.optionalKey(Link)
  }),
  Schema.Struct({ type: Schema.Literal("link"), next: Link })
]).annotate({ expected: "pagination of the type cursor, offset, page or link" })

/**
 * The conventions of a list.
 */
export const ListConfig = Schema.Struct({
  items: Path.annotate({ description: "The path of the rows in a response; empty if the response is the list." }),
  id: Name.annotate({ description: "The field of a row with its id." }),
  created: Schema.optionalKey(Name.annotate({ description: "The field of a row with its creation time." })),
  limit: Schema.Struct({
    parameter: Name,
    defaultValue: Schema.optionalKey(Schema.Int),
    maximum: Schema.Int.annotate({ expected: "the maximum page size" })
  }).annotate({ description: "The parameter for the page size.", expected: "an object with parameter and maximum" }),
  order: Schema.optionalKey(
    Schema.Struct({ parameter: Name, ascending: Name, descending: Name }).annotate({
      description: "The parameter for the order of creation, and its values.",
      expected: "an object with parameter, ascending and descending"
    })
  ),
  pagination: PaginationConfig.annotate({ description: "The selection of a page by a request." })
}).annotate({ expected: "an object with the conventions of a list" })
type ListConfig = typeof ListConfig.Type

const paginationOf = (config: typeof PaginationConfig.Type): Pagination => {
  switch (config.type) {
    case "cursor": {
      const { type: _, ...cursor } = config
      return { _tag: "Cursor", ...cursor }
    }
    case "offset": {
      const { type: _, ...offset } = config
      return { _tag: "Offset", ...offset }
    }
    case "page": {
      const { type: _, ...page } = config
      return { _tag: "Page", ...page }
    }
    case "link":
      return { _tag: "Link", next: config.next }
  }
}

/**
 * Returns a document with the configured lists, which replace the detected ones. Refuses a name without an operation.
 */
export const apply = Effect.fnUntraced(function* (
  document: OpenApiDocument,
  configs: Readonly<Record<string, ListConfig>>
) {
  const operations = ApiOperation.operationsOf(document.api)
  const configured: Record<string, Lists> = {}
  for (const [name, { pagination, ...rest }] of Object.entries(configs)) {
    const named = operations.filter(Selection.hasOperation({ operations: [name] }))
    if (named.length === 0) {
      return yield* Failure.refuse(`lists: the document has no operation ${name}. verify --list prints the operations.`)
    }
    for (const { id } of named) configured[id] = { ...rest, pagination: paginationOf(pagination) }
  }
  const { conventions } = document
  return { ...document, conventions: { ...conventions, listsOf: { ...conventions.listsOf, ...configured } } }
})
