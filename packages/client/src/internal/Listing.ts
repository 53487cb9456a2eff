// Lists, as a program asks for them: a page, all pages, or all rows; the same for every resource that has a list.
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { CursorRepeated } from "../ClientError.ts"
import type { Form } from "./Form.ts"
import * as Pages from "./Pages.ts"

/** The parameters that say where a page is in a list, and how long. */
type Place = "after" | "before" | "limit" | "order"

/**
 * All of a list: which, from which end, from where on. The filters are those of `Query`.
 *
 * @see https://workos.com/docs/reference/pagination
 */
export type CrawlOptions<Query> = Omit<Query, Place> & {
  /** `asc` starts at the oldest and `desc`, where nothing is said, at the newest. */
  readonly order?: "asc" | "desc" | undefined
  /** The id of the row to start after, in that order. */
  readonly after?: string | undefined
  /** How many rows a request fetches: 1 to 100, and 100 where nothing is said. */
  readonly pageSize?: number | undefined
}

/**
 * What can be read of a list.
 */
export interface Listing<Row, Page, Query, E> {
  /**
   * One page. `order` is `desc` where nothing is said.
   *
   * @see https://workos.com/docs/reference/pagination
   */
  readonly list: (options?: Query) => Effect.Effect<Page, E>
  /**
   * All of it page by page, the next one on its way while one is consumed.
   *
   * @see https://workos.com/docs/reference/pagination
   */
  readonly pages: (options?: CrawlOptions<Query>) => Stream.Stream<Page, E | CursorRepeated>
  /**
   * All of it row by row, fetched page by page.
   *
   * @see https://workos.com/docs/reference/pagination
   */
  readonly stream: (options?: CrawlOptions<Query>) => Stream.Stream<Row, E | CursorRepeated>
}

/**
 * What a page is asked for with: a query, or the filters of a crawl, with the order named.
 */
export type Asked<Query> = (Query | CrawlOptions<Query> | object) & {
  readonly order: "asc" | "desc" | "normal"
  readonly limit?: number | undefined
  readonly after?: string | undefined
}

/**
 * A list of which `fetch` fetches a page.
 */
export const make = <Row, Page, Query extends { readonly order?: Asked<object>["order"] | undefined }, E>({
  fetch,
  form,
  operation
}: {
  readonly operation: string
  readonly fetch: (query: Asked<Query>) => Effect.Effect<Page, E>
  readonly form: Pick<Form<Row, Page>, "rowsOf" | "after">
}): Listing<Row, Page, Query, E> => {
  const pages = (options?: CrawlOptions<Query>) =>
    Pages.pages({
      operation,
      after: options?.after,
      fetch: (after) => fetch({ ...options, order: options?.order ?? "desc", limit: options?.pageSize ?? 100, after }),
      next: form.after
    })
  return {
    list: (options) => fetch({ ...options, order: options?.order ?? "desc" }),
    pages,
    stream: (options) => Pages.rows(pages(options), form.rowsOf)
  }
}
