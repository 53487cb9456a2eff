/**
 * Conversion of resources to an `HttpApi`, for servers, OpenAPI documents and `HttpApiClient`. The `HttpApi` has the
 * documented forms of schemas, because lenient schemas are for the client of this library only.
 *
 * @module
 */
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import { AccessToken } from "./AccessToken.ts"
import * as ApiErrorResponse from "./ApiErrorResponse.ts"
import { ApiKey } from "./ApiKey.ts"
import * as Documented from "./Documented.ts"
import * as Endpoint from "./Endpoint.ts"
import type { Endpoints, Resource } from "./Resource.ts"

type Json<S extends Schema.Top> = [S] extends [never] ? never : Schema.toCodecJson<S>
type Strings<S extends Schema.Top> = [S] extends [never] ? never : Schema.toCodecStringTree<S>
type Params<E> = E extends { readonly params: infer Fields extends Schema.Struct.Fields }
  ? Schema.toCodecStringTree<Schema.Struct<Fields>>
  : never
type ErrorSchema<E> = [E] extends [never] ? never : Schema.toCodecJson<Schema.Codec<E, unknown>>
type SuccessSchema<E extends Endpoint.Endpoint> =
  | ([Endpoint.Success<E>] extends [never] ? typeof HttpApiSchema.NoContent : Json<Endpoint.Success<E>>)
  | (E extends { readonly browser: true } ? typeof Redirection : never)
type Middleware<E> = E extends { readonly access: "public" }
  ? never
  : E extends { readonly access: "accessToken" }
    ? AccessToken
    : ApiKey

/**
 * The `HttpApiEndpoint` type of an endpoint.
 */
export type HttpApiEndpointOf<Name extends string, E extends Endpoint.Endpoint> = HttpApiEndpoint.HttpApiEndpoint<
  Name,
  E["method"],
  E["path"],
  Params<E>,
  Strings<Endpoint.Part<E, "query">>,
  Json<Endpoint.Part<E, "payload">>,
  Strings<Endpoint.Part<E, "headers">>,
  SuccessSchema<E>,
  ErrorSchema<Endpoint.Errors<E>>,
  Middleware<E>
>

/**
 * The `HttpApiGroup` type of a resource.
 */
export type GroupOf<Name extends string, E extends Endpoints> = HttpApiGroup.HttpApiGroup<
  Name,
  { readonly [Key in keyof E & string]: HttpApiEndpointOf<Key, E[Key]> }[keyof E & string]
>

/** A redirect that browsers follow. */
const Redirection = HttpApiSchema.WithHeaders(HttpApiSchema.Empty(302), { location: Schema.String })

const successes = (endpoint: Endpoint.Endpoint): ReadonlyArray<Schema.Top> => {
  const success = Endpoint.success(endpoint)
  const body = success && Documented.of(success)
  const successes = Endpoint.statuses(endpoint).map((status) =>
    body === undefined ? HttpApiSchema.Empty(status) : body.pipe(HttpApiSchema.status(status))
  )
  return endpoint.browser === true ? [...successes, Redirection] : successes
}

const endpointOf = (name: string, endpoint: Endpoint.Endpoint): HttpApiEndpoint.Constraint => {
  const { access, description, encoding, errors = [], headers, method, params, path, summary } = endpoint
  const query = endpoint.query && Documented.of(endpoint.query)
  const payload = endpoint.payload && Documented.of(endpoint.payload)
  const made = HttpApiEndpoint.make(method)(name, path, {
    params,
    query,
    headers,
    payload:
      encoding === "form" && payload !== undefined
        ? [payload.pipe(HttpApiSchema.asFormUrlEncoded()), payload]
        : payload,
    success: successes(endpoint),
    error: errors.map(ApiErrorResponse.of)
  }).annotateMerge(OpenApi.annotations(description === undefined ? { summary } : { summary, description }))
  return access === "public" ? made : access === "accessToken" ? made.middleware(AccessToken) : made.middleware(ApiKey)
}

/**
 * Returns the `HttpApiGroup` of a resource.
 *
 * **Example** (An `HttpApi` of connections alone)
 *
 * ```ts
 * import * as HttpApiFrom from "@effect-workos/domain/HttpApiFrom"
 * import { connections } from "@effect-workos/domain/sso/Connection"
 * import * as HttpApi from "effect/http-api/HttpApi"
 *
 * const Api = HttpApi.make("workos").add(HttpApiFrom.group(connections))
 * ```
 */
export const group = <Name extends string, E extends Endpoints>(resource: Resource<Name, E>): GroupOf<Name, E> => {
  const [first, ...rest] = Object.entries(resource.endpoints).map(([name, endpoint]) => endpointOf(name, endpoint))
  // The type is computed from the record, because a list of endpoints does not keep their names.
  const empty = HttpApiGroup.make(resource.name)
  const group: unknown = (first === undefined ? empty : empty.add(first, ...rest)).annotateMerge(
    OpenApi.annotations({ title: resource.title })
  )
  return group as GroupOf<Name, E>
}

type Resources = Readonly<Record<string, Resource>>

/**
 * The `HttpApi` type of several resources.
 */
export type ApiOf<Id extends string, R extends Resources> = HttpApi.HttpApi<
  Id,
  { readonly [Key in keyof R]: GroupOf<R[Key]["name"], R[Key]["endpoints"]> }[keyof R]
>

/**
 * Returns the `HttpApi` of several resources.
 *
 * **Gotchas**
 *
 * Pass a module that re-exports the resources, and annotate the result with `typeof` that module. Otherwise declaration
 * files repeat the types of all endpoints, and the compiler fails with TS7056.
 *
 * **Example** (An API of two resources)
 *
 * ```ts
 * import * as HttpApiFrom from "@effect-workos/domain/HttpApiFrom"
 * import { organizations } from "@effect-workos/domain/organizations/Organization"
 * import { connections } from "@effect-workos/domain/sso/Connection"
 *
 * const Api = HttpApiFrom.api("workos", { connections, organizations })
 * ```
 */
export const api = <const Id extends string, R extends Resources>(id: Id, resources: R): ApiOf<Id, R> => {
  const [first, ...rest] = Object.values(resources).map((resource): HttpApiGroup.Constraint => group(resource))
  const api: unknown = first === undefined ? HttpApi.make(id) : HttpApi.make(id).add(first, ...rest)
  return api as ApiOf<Id, R>
}
