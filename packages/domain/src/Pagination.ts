// Lists: the envelope they come in, the parameters that walk through them, and the order of their items.
//
// All lists of WorkOS are ordered by creation time and walked by cursors. A cursor is the id of an existing object:
// `after` asks for what follows it in the chosen order, `before` for what precedes it.
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import * as Id from "./Id.ts"
import * as Wire from "./Wire.ts"

/**
 * The order of a list by creation time: `"asc"` from the oldest, `"desc"` from the newest.
 *
 * **Gotchas**
 *
 * `"normal"` is listed by WorkOS beside the two: it is descending, with the cursors reversed, so that `before` fetches
 * older objects and `after` newer ones. Which order applies when none is named differs between editions of the
 * documentation; name one in every request.
 *
 * @see https://workos.com/docs/reference/pagination
 */
export const Order = Schema.Literals(["asc", "desc", "normal"])
export type Order = typeof Order.Type

/**
 * How many objects a page may hold: 1 to 100. WorkOS takes 10 where nothing is said.
 *
 * @see https://workos.com/docs/reference/pagination
 */
export const Limit = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100 }))
export type Limit = typeof Limit.Type

/**
 * The query parameters that every list has. `prefixes` are those of the listed objects' ids.
 *
 * **Example** (What a list of one's own can be asked for)
 *
 * ```ts
 * import * as Pagination from "@effect-workos/domain/Pagination"
 * import * as Wire from "@effect-workos/domain/Wire"
 *
 * const Query = Wire.Struct({ ...Pagination.query("note") })
 *
 * const order: Pagination.Order = "asc"
 * const limit: Pagination.Limit = 100
 * ```
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
 * A parameter of one value or several, which stand in the URL with commas between them. A value that has a comma in it
 * can't be asked for, and is refused when it is encoded.
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
            "A value with a comma can't be asked for: commas divide values"
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
 * The schema of a page: `data` and the cursors of the neighbouring pages, which are `null` where there are none.
 *
 * **Example** (Describing a list)
 *
 * ```ts
 * import * as Schema from "effect/Schema"
 * import * as Pagination from "@effect-workos/domain/Pagination"
 *
 * const Page = Pagination.Page(Schema.String, Schema.String)
 *
 * Schema.decodeSync(Page)({ object: "list", data: ["a"], list_metadata: { before: null, after: "a" } }).listMetadata.after
 * // => "a"
 * ```
 *
 * @see https://workos.com/docs/reference/pagination
 */
export const Page = <Item extends Schema.Top, Cursor extends Schema.Top>(item: Item, cursor: Cursor) =>
  Wire.Struct({
    object: Schema.Literal("list"),
    data: Schema.Array(item),
    listMetadata: Wire.Struct({
      before: Schema.NullOr(cursor),
      after: Schema.NullOr(cursor)
    })
  })

/**
 * The schema of a page of a list that is walked in one direction only: it names no page before it.
 *
 * **Example** (Pages that do not say what was before them)
 *
 * ```ts
 * import * as Id from "@effect-workos/domain/Id"
 * import * as Pagination from "@effect-workos/domain/Pagination"
 * import * as Wire from "@effect-workos/domain/Wire"
 *
 * const NoteId = Id.make("note")
 * const NotePage = Pagination.ForwardPage(Wire.Struct({ id: NoteId }), NoteId)
 * ```
 *
 * @see https://workos.com/docs/reference/events/list
 */
export const ForwardPage = <Item extends Schema.Top, Cursor extends Schema.Top>(item: Item, cursor: Cursor) =>
  Wire.Struct({
    object: Schema.Literal("list"),
    data: Schema.Array(item),
    listMetadata: Wire.Struct({
      before: Schema.optionalKey(Schema.NullOr(cursor)),
      after: Schema.NullOr(cursor)
    })
  })
