// What the flags of several resources have in common.
import { OrganizationId } from "@effect-workos/domain/organizations/OrganizationId"
import * as Flag from "effect/cli/Flag"
import * as Schema from "effect/Schema"

export const organization = Flag.String("organization").pipe(
  Flag.withSchema(OrganizationId),
  Flag.withMetavar("ID"),
  Flag.withDescription("Only of this organization, org_…"),
  Flag.optional
)

export const search = Flag.String("search").pipe(
  Flag.withSchema(Schema.NonEmptyString),
  Flag.withMetavar("TEXT"),
  Flag.withDescription("Only with this text in their names"),
  Flag.optional
)

/**
 * Several values as a filter takes them: none at all is no filter.
 */
export const nonEmpty = ([first, ...rest]: ReadonlyArray<string>):
  | readonly [string, ...ReadonlyArray<string>]
  | undefined => (first === undefined ? undefined : [first, ...rest])
