/**
 * Paginated lists: the parameters of a request, the order of rows, and the envelope of a page.
 *
 * Lists are ordered by creation time. A cursor is the id of an existing row: in the chosen order, `after` requests the rows
 * that follow the cursor, and `before` requests the rows that precede it.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import * as Arbitraries from "./Arbitraries.ts"
import * as Id from "./Id.ts"
import * as Lenient from "./Lenient.ts"
import * as Wire from "./Wire.ts"
import * as Lazy from "./Lazy.ts"

/**
 * The order of a list by creation time: `"asc"` from the oldest, `"desc"` from the newest.
 *
 * **Gotchas**
 *
 * `"normal"` is descending with reversed cursors: `before` returns older rows, and `after` returns newer rows. The default
 * order differs between versions of the documentation, so set an order in every request.
 *
 * @see https://workos.com/docs/reference/pagination
 */
export const Order = Lazy.schema(() => Schema.Literals(["asc", "desc", "normal"]))
export type Order = typeof Order.Type

/**
 * The maximum number of rows per page, 1 to 100. WorkOS defaults to 10.
 *
 * @see https://workos.com/docs/reference/pagination
 */
export const Limit = Lazy.schema(() => Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100 })))
export type Limit = typeof Limit.Type

/**
 * Returns the query parameters of every list. `prefixes` are the prefixes of the ids of the rows.
 *
 * @see https://workos.com/docs/reference/pagination
 */
export const query = (...prefixes: Parameters<typeof Id.make>) => ({
  before: Schema.optional(Id.make(...prefixes)),
  after: Schema.optional(Id.make(...prefixes)),
  limit: Schema.optional(Limit),
  order: Schema.optional(Order)
})

/**
 * The name of a parameter of {@link query}. The other parameters of a list are its filters.
 *
 * @see https://workos.com/docs/reference/pagination
 */
export type Parameter = keyof ReturnType<typeof query>

/**
 * Tests whether a parameter of a list is a filter.
 */
export const isFilter = (name: string): boolean => !Object.hasOwn(parameters, name)

const parameters: Readonly<Record<Parameter, true>> = { after: true, before: true, limit: true, order: true }

/**
 * Returns the filters that several lists have: `domain`, `organizationId`, and `search`, which finds a text in names.
 */
export const filters = () => ({
  domain: Schema.optional(Arbitraries.DomainName),
  organizationId: Schema.optional(Id.make("org")),
  search: Schema.optional(Arbitraries.stringMatching(/[A-Za-z]{1,6}/))
})

/**
 * Makes the schema of a query parameter with comma-separated values. Values that contain a comma fail to encode.
 *
 * **Example** (A filter that takes several values)
 *
 * ```ts
 * import * as Schema from "effect/Schema"
 * import * as Pagination from "@effect-workos/domain/Pagination"
 *
 * const Domains = Pagination.CommaSeparated(Schema.String)
 * Schema.encodeSync(Domains)(["acme.com", "acme.org"]) // => "acme.com,acme.org"
 * ```
 */
export const CommaSeparated = <Value extends Schema.Codec<string>>(value: Value) =>
  Schema.String.pipe(
    Schema.decodeTo(
      Schema.NonEmptyArray(value).check(
        Schema.makeFilter(
          (values: ReadonlyArray<string>) =>
            !values.some((value) => value.includes(",")) ||
            "A value must not contain a comma, because commas separate values"
        )
      ),
      SchemaTransformation.transform({
        decode: (text: string): readonly [string, ...ReadonlyArray<string>] => {
          const [first = "", ...rest] = text.split(",")
          return [first, ...rest]
        },
        encode: (values) => values.join(",")
      })
    )
  )

/**
 * A page of a list: its rows, and the cursors of the neighbouring pages, which are `null` at the ends of the list.
 *
 * @see https://workos.com/docs/reference/pagination
 */
export interface Page<out Row> {
  readonly object: "list"
  readonly data: ReadonlyArray<Row>
  readonly listMetadata: {
    /** The cursor of the previous page. Some lists do not return it. */
    readonly before?: string | null
    /** The cursor of the next page. */
    readonly after: string | null
  }
}

/**
 * A page as the server sent it.
 *
 * @see https://workos.com/docs/reference/pagination
 */
export interface EncodedPage<out Row> {
  readonly object: "list"
  readonly data: ReadonlyArray<Row>
  readonly list_metadata: {
    readonly before?: string | null
    readonly after: string | null
  }
}

/**
 * The schema of a page whose rows `Item` describes.
 */
export interface PageSchema<Item extends Schema.Codec<unknown, unknown>> extends Schema.Codec<
  Page<Item["Type"]>,
  EncodedPage<Item["Encoded"]>
> {}

// Some responses end a list with an empty cursor.
const Cursor = Lazy.schema(() =>
  Schema.NullOr(Schema.String).pipe(
    Schema.decodeTo(
      Schema.NullOr(Schema.NonEmptyString),
      SchemaTransformation.transform({ decode: (cursor) => cursor || null, encode: (cursor) => cursor })
    ),
    Wire.fastPath({
      accepts: (input) => input === null || typeof input === "string",
      convert: (encoded) => encoded || null
    }),
    Wire.documentedAs(() => Schema.NullOr(Schema.String))
  )
)

// Cached, so that the decoders of a list's pages are compiled once.
const cached = (listMetadataOf: () => Schema.Codec<Page<unknown>["listMetadata"], unknown>) => {
  const schemas = new WeakMap<object, Schema.Top>()
  return (item: Schema.Top): Schema.Top => {
    const known = schemas.get(item)
    if (known !== undefined) return known
    const schema = Wire.Struct(() => ({
      object: Lenient.withDefault(Schema.Literal("list"), () => "list" as const),
      data: Schema.Array(item),
      listMetadata: listMetadataOf()
    }))
    schemas.set(item, schema)
    return schema
  }
}

const after = () => Lenient.withDefault(Cursor, () => null)

const page = cached(() =>
  Lenient.withDefault(
    Wire.Struct(() => ({ before: after(), after: after() })),
    () => ({ before: null, after: null })
  )
)

const forwardPage = cached(() =>
  Lenient.withDefault(
    Wire.Struct(() => ({ before: Lenient.optional(Cursor), after: after() })),
    () => ({ after: null })
  )
)

/**
 * Makes the schema of a page whose rows `item` describes.
 *
 * **Example** (Describing a list)
 *
 * ```ts
 * import * as Schema from "effect/Schema"
 * import * as Pagination from "@effect-workos/domain/Pagination"
 *
 * const Page = Pagination.Page(Schema.String)
 *
 * Schema.decodeSync(Page)({ object: "list", data: ["a"], list_metadata: { before: null, after: "a" } }).listMetadata.after
 * // => "a"
 * ```
 *
 * @see https://workos.com/docs/reference/pagination
 */
export const Page = <Item extends Schema.Codec<unknown, unknown>>(item: Item): PageSchema<Item> =>
  Schema.make<PageSchema<Item>>(page(item).ast)

/**
 * Makes the schema of a page of a list that does not return a cursor of the previous page.
 *
 * @see https://workos.com/docs/reference/events/list
 */
export const ForwardPage = <Item extends Schema.Codec<unknown, unknown>>(item: Item): PageSchema<Item> =>
  Schema.make<PageSchema<Item>>(forwardPage(item).ast)
