// Decoding of pages. Each row is decoded alone, so that a malformed row does not affect the others.
import * as Endpoint from "@effect-workos/domain/Endpoint"
import * as ExactJson from "@effect-workos/domain/ExactJson"
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
  /** For each malformed row, the error of a call that does not accept malformed rows. */
  readonly errors: ReadonlyMap<unknown, () => InvalidResponse>
}

type Decoder<A> = Operation.ResponseDecoder<DecodedPage<A>>

/**
 * Decodes the rows of a page. Numbers have the precision of JavaScript.
 */
export const decoded = (
  operation: string,
  endpoint: Endpoint.Endpoint,
  item: Schema.Codec<unknown>
): Decoder<Page<unknown>> =>
  Operation.withoutPrototypes(
    make(operation, endpoint, {
      decodeRow: Wire.decodeResult(item),
      rowsOf: ({ data }) => data,
      toPage: (_, page) => page
    })
  )

/**
 * Validates the rows of a page, and returns the rows as the server sent them, with every digit.
 */
export const encoded = (
  operation: string,
  endpoint: Endpoint.Endpoint,
  item: Schema.Codec<unknown>
): Decoder<EncodedPage<unknown>> => {
  const isEncoded = Wire.isEncoded(item)
  const explain = Schema.decodeUnknownResult(Schema.toEncoded(item))
  return make(operation, endpoint, {
    // `row` has rounded numbers. An exact number compares like the rounded one, so `received` is valid too.
    decodeRow: (row, received) =>
      isEncoded(row) ? Result.succeed(received) : Result.map(explain(row), () => received),
    rowsOf: (body, text) => ExactJson.restore(text, body).data,
    toPage: (body, { data, listMetadata: { after } }) => ({
      ...body,
      object: "list",
      data,
      list_metadata: { ...body.list_metadata, after }
    })
  })
}

/** A page as the server sent it. */
interface Body {
  readonly data: ReadonlyArray<unknown>
  readonly list_metadata?: object
}

const make = <A>(
  operation: string,
  endpoint: Endpoint.Endpoint,
  options: {
    readonly decodeRow: (row: unknown, received: unknown) => Result.Result<unknown, Schema.SchemaError>
    /** Returns the rows as the server sent them. */
    readonly rowsOf: (body: Body, text: string) => ReadonlyArray<unknown>
    readonly toPage: (body: Body, page: Page<unknown>) => A
  }
): Decoder<A> => {
  const { decodeRow, rowsOf, toPage } = options
  const envelope = Endpoint.success({ ...endpoint, item: Schema.Unknown }) as Schema.Codec<Page<unknown>>
  const decodeEnvelope = Schema.decodeUnknownEffect(envelope)
  return Operation.json((json, { text }, fail) => {
    const normalized = withListMetadata(json)
    return Effect.map(Effect.mapErrorEager(decodeEnvelope(normalized), Failure.wrongShape), (page) => {
      const body = normalized as Body
      const received = rowsOf(body, text)
      const errors = new Map<unknown, () => InvalidResponse>()
      const data = page.data.map((row, index) => {
        const result = decodeRow(row, received[index])
        if (Result.isSuccess(result)) return result.success
        const reason = Failure.wrongShape(result.failure)
        const position = { position: index + 1, ...idOf(row) }
        const invalid = Failure.invalidRow(operation, reason, position, received[index])
        errors.set(invalid, () => fail(Failure.inRow(reason, position)))
        return invalid
      })
      return { page: toPage(body, { ...page, data }), errors }
    })
  })
}

// In the API of 2021, the object with the cursors is called `listMetadata`.
const withListMetadata = (json: unknown): unknown =>
  Predicate.isReadonlyObject(json) && json["listMetadata"] !== undefined
    ? { ...json, list_metadata: json["list_metadata"] ?? json["listMetadata"] }
    : json

const idOf = (row: unknown): { readonly id?: string } =>
  Predicate.hasProperty(row, "id") && Predicate.isString(row.id) && /^\w{1,80}$/.test(row.id) ? { id: row.id } : {}
