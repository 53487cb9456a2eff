/**
 * Realistic generated values for tests and seed data.
 *
 * The checks and schemas of this module accept every value. They only guide `effect/Arbitrary`, so that generated names
 * look like names and generated dates like dates. Decoding remains lenient and fast.
 *
 * @module
 */
import * as DateTime from "effect/DateTime"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import * as Lazy from "./Lazy.ts"
import * as Wire from "./Wire.ts"

const accept = () => true

/**
 * A check that accepts every string and makes generated strings match `pattern`.
 *
 * **When to use**
 *
 * Use for strings that have other checks too, and for keys of records. For all other strings, use {@link stringMatching},
 * which decodes faster.
 */
export const patterned = (pattern: RegExp): SchemaAST.Filter<string> =>
  Schema.makeFilter<string>(accept, {
    toJsonSchema: () => ({}),
    arbitraryConstraint: { patterns: [{ source: `^(?:${pattern.source})$`, flags: pattern.flags }] }
  })

/**
 * A schema that accepts every string and generates strings that match `pattern`.
 *
 * **Example** (Generating names that look like names)
 *
 * ```ts
 * import * as Schema from "effect/Schema"
 * import * as Arbitraries from "@effect-workos/domain/Arbitraries"
 *
 * const Name = Arbitraries.stringMatching(/[A-Z][a-z]{2,8} Corp/)
 * Schema.is(Name)("anything") // => true
 * ```
 */
export const stringMatching = (pattern: RegExp): Schema.Codec<string> =>
  Lazy.schema(() =>
    // The check is on the decoded side, so that validation of the encoded form does not run it.
    Schema.String.pipe(
      Schema.decodeTo(Schema.String.check(patterned(pattern))),
      Wire.fastPath({ accepts: Predicate.isString, convert: Wire.unchanged })
    )
  )

/**
 * A check that accepts every instant and makes generated instants lie between `minimum` and `maximum`.
 */
export const between = (minimum: DateTime.Utc, maximum: DateTime.Utc): SchemaAST.Filter<DateTime.Utc> =>
  Schema.makeFilter<DateTime.Utc>(accept, {
    toJsonSchema: () => ({}),
    arbitraryConstraint: { order: DateTime.Order, minimum, maximum }
  })

const words = "acme|contoso|fabrikam|foo|globex|hooli|initech|northwind|soylent|umbrella|vandelay|wonka"

/**
 * A schema that accepts every string and generates names of companies, some of them not in ASCII.
 */
export const CompanyName = stringMatching(
  new RegExp(
    `(?:${words.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())}|Łódź|Müller|Ōsaka|大阪)(?: [A-Z][a-z]{3,5})? (?:AG|Bank|Corp|GmbH|Inc|Labs)`,
    "u"
  )
)

const domains = `(?:${words})(?:-[a-z]{2,5})?\\.(?:com|dev|example|io|org)`

/**
 * A schema that accepts every string and generates names of domains.
 */
export const DomainName = stringMatching(new RegExp(domains))

/**
 * Returns a schema that accepts every string and generates URLs with the given path.
 */
export const url = (path: string) =>
  stringMatching(new RegExp(`https://sso\\.${domains}${path.replaceAll(".", "\\.")}`))

/**
 * A schema that accepts every string and generates first names, some of them not in ASCII.
 */
export const FirstName = stringMatching(/(?:Ada|Grace|Jürgen|María|Rosalind|Todd|恵)/)

/**
 * A schema that accepts every string and generates last names, some of them not in ASCII.
 */
export const LastName = stringMatching(/(?:Hopper|Lovelace|Nuñez|Rundgren|Świątek|佐藤)/)

/**
 * A schema that accepts every string and generates email addresses.
 */
export const EmailAddress = stringMatching(/[a-z]{3,9}@(?:acme|contoso|foo-corp)\.(?:com|example)/)
