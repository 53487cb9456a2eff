/**
 * Schemas of the objects of the API. Most objects have a kind (the field `object`), an id and two timestamps.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as Lenient from "./Lenient.ts"
import { Timestamp } from "./Timestamp.ts"
import * as Wire from "./Wire.ts"

/**
 * Returns the schema of the field `object`. Decoding adds the field if a response lacks it.
 */
export const kindOf = <const Kind extends string>(kind: Kind) =>
  Lenient.withDefault(Schema.Literal(kind), (): Kind => kind)

/**
 * Returns the schema of an object: `object`, `id`, the given fields, `createdAt` and `updatedAt`.
 *
 * **Example** (Describing an object)
 *
 * ```ts
 * import * as ApiObject from "@effect-workos/domain/ApiObject"
 * import * as Id from "@effect-workos/domain/Id"
 * import * as Schema from "effect/Schema"
 *
 * const Note = ApiObject.make("note", Id.make("note"), () => ({ text: Schema.String }))
 *
 * const keys = Object.keys(Schema.decodeSync(Note)({
 *   object: "note",
 *   id: "note_1",
 *   text: "Hello",
 *   created_at: "2026-01-15T12:00:00.000Z",
 *   updated_at: "2026-01-15T12:00:00.000Z"
 * }))
 * // => ["object", "id", "text", "createdAt", "updatedAt"]
 * ```
 */
export const make = <
  const Kind extends string,
  Id extends Schema.Codec<string>,
  const Fields extends Schema.Struct.Fields
>(
  kind: Kind,
  id: Id,
  fields: () => Fields
) => Wire.Struct(() => ({ object: kindOf(kind), id, ...fields(), createdAt: Timestamp, updatedAt: Timestamp }))
