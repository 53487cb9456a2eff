/**
 * Ids: a prefix for the kind of object, an underscore, and an opaque part.
 *
 * @module
 */
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as Wire from "./Wire.ts"

/**
 * Makes the schema of ids of one kind. Brand the schema with the name of the kind.
 *
 * **Details**
 *
 * WorkOS documents the prefix only. The part after the prefix is usually a ULID of 26 characters, but samples in the
 * documentation have 25 characters there, or letters that ULIDs do not have. The schema accepts 1 to 64 ASCII letters and
 * digits, so a decoded id is safe in a URL path. Generated ids contain a ULID.
 *
 * If servers use different prefixes, pass all of them, with the documented prefix first.
 *
 * **Example** (Describing a kind of id)
 *
 * ```ts
 * import * as Schema from "effect/Schema"
 * import * as Id from "@effect-workos/domain/Id"
 *
 * const DirectoryId = Id.make("directory").pipe(Schema.brand("DirectoryId"))
 *
 * Schema.is(DirectoryId)("directory_01E4ZCR3C56J083X43JQXF3JK5") // => true
 * Schema.is(DirectoryId)("conn_01E4ZCR3C56J083X43JQXF3JK5") // => false
 * ```
 *
 * @see https://workos.com/docs/reference
 */
export const make = (...prefixes: readonly [string, ...Array<string>]) => {
  const prefix = prefixes.length === 1 ? prefixes[0] : `(?:${prefixes.join("|")})`
  const pattern = new RegExp(`^${prefix}_[0-9A-Za-z]+$`)
  const longest = Math.max(...prefixes.map((prefix) => prefix.length)) + 1 + 64
  const isId = (text: string) => text.length <= longest && pattern.test(text)
  return Schema.String.check(
    Schema.makeFilter(isId, {
      expected: `an id that starts with ${prefixes[0]}_`,
      toJsonSchema: () => ({ pattern: `^${prefix}_[0-9A-Za-z]{1,64}$` }),
      arbitraryConstraint: { patterns: [{ source: `^${prefixes[0]}_01[0-9A-HJKMNP-TV-Z]{24}$`, flags: "" }] }
    })
  )
    .annotate({ [prefixKey]: prefixes[0] })
    .pipe(Wire.fastPath({ accepts: (input) => Predicate.isString(input) && isId(input), convert: Wire.unchanged }))
}

const prefixKey = "~@effect-workos/domain/Id/prefix"

/**
 * Returns the documented prefix of the ids that a schema describes, for example `"conn"`, or `undefined` for other schemas.
 */
export const prefixOf: (ast: SchemaAST.AST) => string | undefined = SchemaAST.resolveAt<string>(prefixKey)

/**
 * The digits of ULIDs, in Crockford's base 32: digits and capital letters without I, L, O and U.
 */
export const ulidDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/**
 * Returns the time in the ULID of an id, in milliseconds since 1970, or `undefined` if the id does not end with a ULID.
 *
 * **Gotchas**
 *
 * WorkOS does not document that its ids contain ULIDs. The time may differ from the creation time of the object.
 *
 * **Example** (The time in an id)
 *
 * ```ts
 * import * as Id from "@effect-workos/domain/Id"
 *
 * Id.timeOf("event_01E4ZCR3C56J083X43JQXF3JK5") // => 1585896492421
 * Id.timeOf("event_1") // => undefined
 * ```
 *
 * @see https://github.com/ulid/spec
 */
export const timeOf = (id: string): number | undefined => {
  const ulid = /_([0-7][0-9A-HJKMNP-TV-Z]{25})$/.exec(id)?.[1]
  if (ulid === undefined) return undefined
  let time = 0
  for (const letter of ulid.slice(0, 10)) time = time * 32 + ulidDigits.indexOf(letter)
  return time
}
