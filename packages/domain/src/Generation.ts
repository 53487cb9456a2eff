// What generated values look like.
//
// A schema says which values are valid; a value picked at random among those is rarely one that anybody has seen.
// The checks of this module accept everything and only steer `effect/Arbitrary`, so that generated names look like
// names and generated dates like dates, while decoding stays as lenient as it was.
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"

const accept = () => true

/**
 * A check that accepts every string and makes generated ones match `pattern`.
 *
 * **Example** (Generating names that look like names)
 *
 * ```ts
 * import * as Schema from "effect/Schema"
 * import * as Generation from "@effect-workos/domain/Generation"
 *
 * const Name = Schema.String.check(Generation.like(/[A-Z][a-z]{2,8} Corp/))
 * ```
 */
export const like = (pattern: RegExp): SchemaAST.Filter<string> =>
  Schema.makeFilter<string>(accept, {
    toJsonSchema: () => ({}),
    arbitraryConstraint: { patterns: [{ source: `^(?:${pattern.source})$`, flags: pattern.flags }] }
  })

/**
 * A check that accepts every instant and makes generated ones fall into `[minimum, maximum]`.
 *
 * **Example** (Generating instants of one year)
 *
 * ```ts
 * import * as DateTime from "effect/DateTime"
 * import * as Schema from "effect/Schema"
 * import * as Generation from "@effect-workos/domain/Generation"
 *
 * const Instant = Schema.DateTimeUtc.check(
 *   Generation.between(DateTime.makeUnsafe("2026-01-01"), DateTime.makeUnsafe("2026-12-31"))
 * )
 * ```
 */
export const between = (minimum: DateTime.Utc, maximum: DateTime.Utc): SchemaAST.Filter<DateTime.Utc> =>
  Schema.makeFilter<DateTime.Utc>(accept, {
    toJsonSchema: () => ({}),
    arbitraryConstraint: { order: DateTime.Order, minimum, maximum }
  })

const words = "acme|contoso|fabrikam|foo|globex|hooli|initech|northwind|soylent|umbrella|vandelay|wonka"

/**
 * A check that accepts every string and makes generated ones company names, some of them not in ASCII.
 */
export const companyName: SchemaAST.Filter<string> = like(
  new RegExp(
    `(?:${words.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())}|Łódź|Müller|Ōsaka|大阪)(?: [A-Z][a-z]{3,5})? (?:AG|Bank|Corp|GmbH|Inc|Labs)`,
    "u"
  )
)

/**
 * A check that accepts every string and makes generated ones domain names.
 */
export const domainName: SchemaAST.Filter<string> = like(
  new RegExp(`(?:${words})(?:-[a-z]{2,5})?\\.(?:com|dev|example|io|org)`)
)
