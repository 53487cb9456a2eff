/**
 * Email addresses in requests.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as Lazy from "../Lazy.ts"

/**
 * An email address in a request. Addresses in responses are plain strings.
 */
export const Email = Lazy.schema(() =>
  Schema.String.check(
    Schema.isPattern(/^[^\s@]+@[^\s@]+$/, {
      expected: "an email address",
      arbitraryConstraint: { patterns: [{ source: "^[a-z]{3,9}@(?:acme|contoso)\\.example$", flags: "" }] }
    })
  )
)
