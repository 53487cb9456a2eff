// The id of an organization. Resources that belong to an organization refer to this id only.
import * as Schema from "effect/Schema"
import * as Id from "../Id.ts"

/**
 * The id of an organization: `org_…`.
 *
 * **Example** (An id from a URL)
 *
 * ```ts
 * import { OrganizationId } from "@effect-workos/domain/organizations/OrganizationId"
 * import * as Schema from "effect/Schema"
 *
 * const id = Schema.decodeUnknownOption(OrganizationId)("org_01EHWNCE74X7JSDV0X3SZ3KJNY")
 * ```
 *
 * @see https://workos.com/docs/reference/organization
 */
export const OrganizationId = Id.make("org").pipe(Schema.brand("OrganizationId"))
export type OrganizationId = typeof OrganizationId.Type
