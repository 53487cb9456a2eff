// Decoding of pages. Each row is decoded alone, so that a malformed row does not affect the others.
import * as Endpoint from "@effect-workos/domain/Endpoint"
import type { EncodedPage, Page } from "@effect-workos/domain/Pagination"
import * as Wire from "@effect-workos/domain/Wire"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { InvalidResponse } from "../ClientError.ts"
import * as Failure from "./Failure.ts"
import * as Operation from "./Operation.ts"

/**
 * A page whose malformed rows are `InvalidRow`s.
 */
export interface DecodedPage<A> {
  readonly page: A
  /** The error of a call that accepts no malformed rows, for each of them. */
  readonly errors: ReadonlyMap<unknown, () => InvalidResponse>
}

type Decoder<A> = Operation.ResponseDecoder<DecodedPage<A>>

/**
 * Decodes the rows of a page.
 */
export const decoded = (operation: string, endpoint: Endpoint.Endpoint, item: Schema.Codec<unknown>) =>
  make<Page<unknown>>(operation, endpoint, Wire.decodeResult(item), (_, page) => page)

/**
 * Validates the rows of a page, and returns them as the server sent them.
 */
export const encoded = (
  operation: string,
  endpoint: Endpoint.Endpoint,
  item: Schema.Codec<unknown>
): Decoder<EncodedPage<unknown>> => {
  const isEncoded = Wire.isEncoded(item)
  const explain = Schema.decodeUnknownResult(Schema.toEncoded(item))
  return make<EncodedPage<unknown>>(
    operation,
    endpoint,
    (row) => (isEncoded(row) ? Result.succeed(row) : explain(row)),
    (body, { data, listMetadata: { after } }) => ({
      ...body,
      object: "list",
      data,
      list_metadata: { ...body.list_metadata, after }
    })
  )
}

interface Body {
  readonly list_metadata?: object
}

const make = <A>(
  operation: string,
  endpoint: Endpoint.Endpoint,
  decodeRow: (row: unknown) => Result.Result<unknown, Schema.SchemaError>,
  toPage: (body: Body, page: Page<unknown>) => A
): Decoder<A> => {
  const envelope = Endpoint.success({ ...endpoint, item: Schema.Unknown }) as Schema.Codec<Page<unknown>>
  const decodeEnvelope = Schema.decodeUnknownEffect(envelope)
  return Operation.json((json, fail) => {
    const body = withListMetadata(json)
    return Effect.map(Effect.mapErrorEager(decodeEnvelope(body), Failure.wrongShape), (page) => {
      const errors = new Map<unknown, () => InvalidResponse>()
      const data = page.data.map((row, index) => {
        const result = decodeRow(row)
        if (Result.isSuccess(result)) return result.success
        const reason = Failure.wrongShape(result.failure)
        const position = { position: index + 1, ...idOf(row) }
        const invalid = Failure.invalidRow(operation, reason, position, row)
        errors.set(invalid, () => fail(Failure.inRow(reason, position)))
        return invalid
      })
      return { page: toPage(body as Body, { ...page, data }), errors }
    })
  })
}

// Lists of 2021 have the cursors under this name.
const withListMetadata = (json: unknown): unknown =>
  Predicate.isReadonlyObject(json) && json["list_metadata"] === undefined && json["listMetadata"] !== undefined
    ? { ...json, list_metadata: json["listMetadata"] }
    : json

const idOf = (row: unknown): { readonly id?: string } =>
  Predicate.hasProperty(row, "id") && Predicate.isString(row.id) && /^\w{1,80}$/.test(row.id) ? { id: row.id } : {}
