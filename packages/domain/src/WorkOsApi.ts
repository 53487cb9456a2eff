// Everything that WorkOS documents and this library knows, as one value.
import * as HttpApi from "effect/http-api/HttpApi"
import * as OpenApi from "effect/http-api/OpenApi"
import { ConnectionsGroup } from "./sso/Connection.ts"
import { EventsGroup } from "./events/Event.ts"
import { OrganizationsGroup } from "./organizations/Organization.ts"
import { OrganizationDomainsGroup } from "./organizations/OrganizationDomain.ts"
import { PortalGroup } from "./admin-portal/Portal.ts"
import { SsoGroup } from "./sso/Sso.ts"

/**
 * The WorkOS API. Clients, servers, OpenAPI documents and contract checks are derived from it.
 *
 * **Details**
 *
 * A program that needs one resource imports that resource's group instead, and loads no other.
 *
 * **Example** (An OpenAPI document of what this library knows)
 *
 * ```ts
 * import * as OpenApi from "effect/http-api/OpenApi"
 * import { WorkOsApi } from "@effect-workos/domain/WorkOsApi"
 *
 * const document = OpenApi.fromApi(WorkOsApi)
 * Object.keys(document.paths).includes("/connections/{id}") // => true
 * ```
 *
 * @see https://workos.com/docs/reference
 */
export const WorkOsApi = HttpApi.make("workos")
  .add(ConnectionsGroup, OrganizationsGroup, OrganizationDomainsGroup, SsoGroup, EventsGroup, PortalGroup)
  .annotateMerge(
    OpenApi.annotations({
      title: "WorkOS",
      description: "The WorkOS API, as far as effect-workos knows it.",
      servers: [{ url: "https://api.workos.com", description: "Production" }]
    })
  )
