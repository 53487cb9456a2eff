// Identifiers: a prefix that names the kind of object, an underscore, and an opaque rest.
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as Wire from "./Wire.ts"

/**
 * The schema of one kind of id. Brand it with the kind's name.
 *
 * **Details**
 *
 * WorkOS promises the prefix. What follows is in practice a ULID of 26 characters, but WorkOS's own samples hold ids of
 * 25 characters with letters that no ULID has; so any 1 to 64 ASCII letters and digits are accepted, and nothing else:
 * an id that decodes is safe in a URL path. Generated ids are a prefix and a ULID.
 *
 * More than one prefix is given where servers disagree; the first is the documented one.
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
 * The documented prefix of the ids that a schema describes, by its syntax tree: `"conn"`. `undefined` for schemas of
 * anything else.
 *
 * **Example** (What an id begins with)
 *
 * ```ts
 * import { ConnectionId } from "@effect-workos/domain/sso/Connection"
 * import * as Id from "@effect-workos/domain/Id"
 *
 * Id.prefixOf(ConnectionId.ast) // => "conn"
 * ```
 */
export const prefixOf: (ast: SchemaAST.AST) => string | undefined = SchemaAST.resolveAt<string>(prefixKey)

/**
 * The digits of ULIDs, Crockford's base 32: digits and capitals, without those that are mixed up.
 *
 * **Example** (Whether text can be a ULID)
 *
 * ```ts
 * import { ulidDigits } from "@effect-workos/domain/Id"
 *
 * const isUlid = (text: string): boolean => text.length === 26 && [...text].every((digit) => ulidDigits.includes(digit))
 * ```
 */
export const ulidDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/**
 * When an id says that it was made, in milliseconds since 1970, if it ends in a ULID. WorkOS's do in practice, and WorkOS
 * does not promise it; nor need the time be that of the object.
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
