// Flags of the `verify` commands.
import * as Flag from "effect/cli/Flag"
import * as Schema from "effect/Schema"

/**
 * Returns a flag that is true or false, by default false.
 */
export const yes = (name: string, description: string) =>
  Flag.Boolean(name).pipe(Flag.withDescription(description), Flag.withoutNegation, Flag.withDefault(false))

/**
 * Returns a flag for the name of a file.
 */
export const file = (name: string, description: string) =>
  Flag.String(name).pipe(
    Flag.withSchema(Schema.NonEmptyString),
    Flag.withMetavar("FILE"),
    Flag.withDescription(description),
    Flag.optional
  )
