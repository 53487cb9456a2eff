/**
 * The id of an organization. The id has its own module, so that resources of an organization need not import the schemas
 * of organizations.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as Id from "../Id.ts"

/**
 * The id of an organization: `org_…`.
 *
 * @see https://workos.com/docs/reference/organization
 */
export const OrganizationId = Id.make("org").pipe(Schema.brand("OrganizationId"))
export type OrganizationId = typeof OrganizationId.Type
