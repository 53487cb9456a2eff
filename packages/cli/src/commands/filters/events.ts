// The flags that say which events: the same wherever events are listed.
import type { EventFilters } from "@effect-workos/export/Resource"
import type * as Command from "effect/cli/Command"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Failure from "../../Failure.ts"
import * as TimeFlag from "../../TimeFlag.ts"
import { nonEmpty, organization } from "./shared.ts"

// There are more than this library knows, and more with most editions of WorkOS.
const Type = Schema.String.check(
  Schema.isPattern(/^[a-z0-9_]+(?:\.[a-z0-9_]+)+$/, { expected: "a type of event such as connection.activated" })
)

/** Those that say which, whenever it was. */
export const whichever = {
  type: Flag.String("type").pipe(
    Flag.withSchema(Type),
    Flag.withMetavar("TYPE"),
    Flag.withDescription("Only of this type, for example connection.deactivated; said several times, of any of these"),
    Flag.atLeast(0)
  ),
  organization
}

export const flags = {
  ...whichever,
  since: TimeFlag.make("since", "Only since this time: 2026-01-15T12:00:00Z, or 30m, 2h, 7d ago").pipe(Flag.optional),
  until: TimeFlag.make("until", "Only until this time").pipe(Flag.optional)
}

/**
 * Which, whenever it was, as the client takes it.
 */
export const toWhichever = ({ organization, type }: Command.Command.Config.Infer<typeof whichever>) =>
  ({ events: nonEmpty(type), organizationId: Option.getOrUndefined(organization) }) satisfies EventFilters

/**
 * What the flags say, as the client takes it. Refuses a time that ends before it begins.
 */
export const toFilters = Effect.fnUntraced(function* ({
  since,
  until,
  ...which
}: Command.Command.Config.Infer<typeof flags>) {
  const rangeStart = Option.getOrUndefined(since)?.at
  const rangeEnd = Option.getOrUndefined(until)?.at
  if (rangeStart !== undefined && rangeEnd !== undefined && DateTime.isGreaterThanOrEqualTo(rangeStart, rangeEnd)) {
    return yield* Failure.refuse("--until is not after --since: there is no time between the two.")
  }
  return { ...toWhichever(which), rangeStart, rangeEnd } satisfies EventFilters
})
