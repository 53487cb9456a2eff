// The two forms in which rows and pages are read: as programs see them, and as they came.
import type * as Schema from "effect/Schema"
import * as Operation from "./Operation.ts"

/**
 * How a row is read, and a page of them.
 */
export interface Form<Row, Page> {
  readonly row: Operation.ResponseDecoder<Row>
  readonly page: Operation.ResponseDecoder<Page>
  readonly rowsOf: (page: Page) => ReadonlyArray<Row>
  /** The cursor of the next page. */
  readonly after: (page: Page) => string | null
}

/**
 * As programs see them.
 */
export const decoded = <
  Row,
  Page extends { readonly data: ReadonlyArray<Row>; readonly listMetadata: { readonly after: string | null } }
>(
  row: Schema.ConstraintDecoder<Row>,
  page: Schema.ConstraintDecoder<Page>
): Form<Row, Page> => ({
  row: Operation.decoded(row),
  page: Operation.decoded(page),
  rowsOf: ({ data }) => data,
  after: ({ listMetadata }) => listMetadata.after
})

/**
 * As they came.
 */
export const encoded = <
  Row extends Schema.Constraint,
  Page extends Schema.Constraint & {
    readonly Encoded: {
      readonly data: ReadonlyArray<Row["Encoded"]>
      readonly list_metadata: { readonly after: string | null }
    }
  }
>(
  row: Row,
  page: Page
): Form<Row["Encoded"], Page["Encoded"]> => ({
  row: Operation.encoded(row),
  page: Operation.encoded(page),
  rowsOf: ({ data }) => data,
  after: ({ list_metadata }) => list_metadata.after
})
