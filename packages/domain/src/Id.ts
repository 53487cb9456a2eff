// Identifiers: a prefix that names the kind of object, an underscore, and an opaque rest.
import * as Schema from "effect/Schema"

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
export const make = (...prefixes: readonly [string, ...Array<string>]): Schema.String =>
  Schema.String.check(
    Schema.isPattern(
      new RegExp(`^${prefixes.length === 1 ? prefixes[0] : `(?:${prefixes.join("|")})`}_[0-9A-Za-z]{1,64}$`, "u"),
      {
        expected: `an id that starts with ${prefixes[0]}_`,
        arbitraryConstraint: { patterns: [{ source: `^${prefixes[0]}_01[0-9A-HJKMNP-TV-Z]{24}$`, flags: "" }] }
      }
    )
  )
