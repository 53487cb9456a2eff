/**
 * The described part of the WorkOS API as one `HttpApi`.
 *
 * @module
 */
import * as OpenApi from "effect/http-api/OpenApi"
import * as HttpApiFrom from "./HttpApiFrom.ts"
import * as resources from "./resources.ts"

/**
 * The WorkOS API. Servers, OpenAPI documents and the contract suite derive from it.
 *
 * **Details**
 *
 * The `HttpApi` of all `resources`. A program that needs one resource builds its group with `HttpApiFrom.group`.
 *
 * **Example** (An OpenAPI document)
 *
 * ```ts
 * import * as OpenApi from "effect/http-api/OpenApi"
 * import { WorkOsApi } from "@effect-workos/domain/WorkOsApi"
 *
 * const document = OpenApi.fromApi(WorkOsApi)
 * Object.keys(document.paths).includes("/connections/{id}") // => true
 * ```
 *
 * **Example** (The paths of all endpoints)
 *
 * ```ts
 * import * as resources from "@effect-workos/domain/resources"
 *
 * const paths = Object.values(resources).flatMap(({ endpoints }) => Object.values(endpoints).map(({ path }) => path))
 * ```
 *
 * @see https://workos.com/docs/reference
 */
export const WorkOsApi: HttpApiFrom.ApiOf<"workos", typeof resources> = HttpApiFrom.api(
  "workos",
  resources
).annotateMerge(
  OpenApi.annotations({
    title: "WorkOS",
    description: "The part of the WorkOS API that effect-workos describes.",
    servers: [{ url: "https://api.workos.com", description: "Production" }]
  })
)
