// All operations of the client, and one resource with the forms of endpoints that no resource of the library has yet.
import * as ApiError from "@effect-workos/domain/ApiError"
import * as ApiObject from "@effect-workos/domain/ApiObject"
import * as Arbitraries from "@effect-workos/domain/Arbitraries"
import * as Endpoint from "@effect-workos/domain/Endpoint"
import * as Id from "@effect-workos/domain/Id"
import * as Pagination from "@effect-workos/domain/Pagination"
import { RedactedString } from "@effect-workos/domain/RedactedString"
import * as Resource from "@effect-workos/domain/Resource"
import * as resources from "@effect-workos/domain/resources"
import * as Wire from "@effect-workos/domain/Wire"
import * as Schema from "effect/Schema"

const Slug = Schema.String.check(
  Schema.makeFilter((text) => !["", ".", ".."].includes(text)),
  Arbitraries.patterned(/[a-z]{1,8}/)
)

const Flag = Wire.Struct(() => ({ slug: Schema.String, isOn: Schema.Boolean }))

/** Endpoints with several path parameters, a nested list, and parts that share an option. */
const flags = Resource.make("flags", {
  listOfUser: Endpoint.get("/users/:user_id/flags", {
    summary: "List the flags of a user",
    params: { user_id: Id.make("user") },
    query: Wire.Struct(() => ({ ...Pagination.query("flag"), isOn: Schema.optional(Schema.Boolean) })),
    item: Wire.Struct(() => ({ object: ApiObject.kindOf("flag"), id: Id.make("flag"), isOn: Schema.Boolean }))
  }),
  get: Endpoint.get("/users/:user_id/flags/:slug", {
    summary: "Get a flag",
    // Not in the order of the path.
    params: { slug: Slug, user_id: Id.make("user") },
    success: Flag,
    errors: [ApiError.NotFound]
  }),
  set: Endpoint.patch("/flags/:slug", {
    summary: "Set a flag",
    params: { slug: Slug },
    query: Wire.Struct(() => ({ dryRun: Schema.optional(Schema.Boolean), requestSource: Schema.optional(Slug) })),
    headers: Schema.Struct({ "idempotency-key": Schema.optional(Schema.Literals(["key_1", "key_2"])) }),
    payload: Wire.Struct(() => ({
      isOn: Schema.Boolean,
      requestSource: Wire.optional(Slug),
      sharedSecret: Wire.optional(RedactedString(/[A-Za-z0-9]{20}/))
    })),
    success: Flag,
    status: [200, 202],
    errors: [ApiError.Conflict, ApiError.UnprocessableEntity]
  })
})

/**
 * An operation: a method of the client, and the endpoint that it calls.
 */
export interface Operation {
  readonly name: string
  readonly resource: Resource.Resource
  readonly method: string
  readonly endpoint: Endpoint.Endpoint
}

/** The resources whose operations are tested. */
export const testedResources: ReadonlyArray<Resource.Resource> = [...Object.values(resources), flags]

export const operations: ReadonlyArray<Operation> = testedResources.flatMap((resource) =>
  Object.entries(resource.endpoints)
    .filter(([, { browser }]) => browser !== true)
    .map(([method, endpoint]) => ({ name: `${resource.name}.${method}`, resource, method, endpoint }))
)
