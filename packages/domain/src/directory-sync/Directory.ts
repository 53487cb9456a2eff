/**
 * Directories: the users and groups that an identity provider syncs to an application.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import * as OpenEnum from "../OpenEnum.ts"
import * as Lenient from "../Lenient.ts"
import { OrganizationId } from "../organizations/OrganizationId.ts"
import * as Pagination from "../Pagination.ts"
import * as Resource from "../Resource.ts"
import * as Wire from "../Wire.ts"

/** The id of a directory: `directory_…`. */
export const DirectoryId = Id.make("directory").pipe(Schema.brand("DirectoryId"))
export type DirectoryId = typeof DirectoryId.Type

/** A directory of an organization. `metadata` contains the numbers of users and groups; `domain` is deprecated. */
export class Directory extends Schema.Opaque<Directory>()(
  ApiObject.make("directory", DirectoryId, () => ({
    organizationId: Lenient.optional(OrganizationId, { required: true }),
    externalKey: Arbitraries.stringMatching(/[0-9A-Za-z]{10}/),
    // oxfmt-ignore
    type: OpenEnum.make(["azure scim v2.0", "bamboohr", "breathe hr", "cezanne hr", "cyberark scim v2.0", "fourth hr",
      "generic scim v2.0", "gsuite directory", "hibob", "jump cloud scim v2.0", "okta scim v2.0", "onelogin scim v2.0",
      "people hr", "personio", "pingfederate scim v2.0", "rippling scim v2.0", "s3", "sailpoint scim v2.0", "sftp",
      "sftp workday", "workday"], /[a-z]{4,8} scim v2\.0/),
    state: OpenEnum.make(["linked", "validating", "invalid_credentials", "unlinked", "deleting"], /[a-z]{4,8}ing/),
    name: Arbitraries.CompanyName,
    domain: Lenient.optional(Arbitraries.DomainName),
    metadata: Lenient.optional(
      Wire.Struct(() => ({
        users: Wire.Struct(() => ({ active: Schema.Int, inactive: Schema.Int })),
        groups: Schema.Int
      }))
    )
  }))
) {}

/** The endpoints of directories. */
export const directories = Resource.make("directories", {
  /** Returns a page of directories. `order` defaults to `desc`. */
  list: Endpoint.get("/directories", {
    summary: "List directories",
    query: Wire.Struct(() => ({ ...Pagination.query("directory"), ...Pagination.filters() })),
    item: Directory,
    errors: [ApiError.Forbidden, ApiError.UnprocessableEntity]
  }),
  /** Returns a directory. */
  get: Endpoint.get("/directories/:id", {
    summary: "Get a directory",
    params: { id: DirectoryId },
    success: Directory,
    errors: [ApiError.Forbidden, ApiError.NotFound]
  }),
  /** Permanently deletes a directory. The event `dsync.deleted` reports the deletion. */
  delete: Endpoint.delete("/directories/:id", {
    summary: "Delete a directory",
    description: "A deletion cannot be undone.",
    params: { id: DirectoryId },
    status: [202, 200, 204],
    errors: [ApiError.Forbidden, ApiError.NotFound]
  })
})
