// The id of an organization, by itself: whatever belongs to one names it, and needs no more of it.
import * as Schema from "effect/Schema"
import * as Id from "./Id.ts"

/**
 * The id of an organization: `org_…`.
 *
 * @see https://workos.com/docs/reference/organization
 */
export const OrganizationId = Id.make("org").pipe(Schema.brand("OrganizationId"))
export type OrganizationId = typeof OrganizationId.Type
