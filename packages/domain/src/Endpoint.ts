/**
 * Endpoints as plain data: the parts of a request and of its responses. Clients, servers and OpenAPI documents derive from
 * this data.
 *
 * @module
 */
import type * as Schema from "effect/Schema"
import type * as ApiError from "./ApiError.ts"
import type { Exclusive } from "./Exclusive.ts"
import * as Pagination from "./Pagination.ts"

/**
 * The HTTP method of an endpoint.
 */
export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE"

/**
 * A schema that needs no services.
 */
export type AnySchema = Schema.Codec<unknown, unknown>

/**
 * A rate limit of a path, which applies in addition to the overall limit of an API key.
 *
 * @see https://workos.com/docs/reference/rate-limits
 */
export interface RateLimit {
  readonly requests: number
  /** The length of the window, in seconds. */
  readonly seconds: number
  /**
   * The parameter whose values are counted separately, for example `directory`. Without it, all requests count together.
   */
  readonly per?: string
  /** The name of a limit that several endpoints share. Without a name, only requests to this endpoint count. */
  readonly shared?: string
}

/**
 * The parts of an endpoint in addition to its method and path. An absent key means that the endpoint has no such part.
 */
export interface Options {
  /** A phrase in the imperative, such as "Get a connection". OpenAPI documents and help texts show the summary. */
  readonly summary: string
  /** One or two sentences with details. */
  readonly description?: string
  /** One schema per parameter of the path, which encodes to text or a number. */
  readonly params?: Readonly<Record<string, AnySchema>>
  readonly query?: AnySchema
  /** The groups of query parameters that exclude each other. */
  readonly exclusive?: Exclusive
  /** The query parameters of which a request needs at least one. */
  readonly requiresOneOf?: ReadonlyArray<string>
  /** Request headers in addition to the standard ones. */
  readonly headers?: AnySchema
  /**
   * The body of a request, which is an object. If a key of the body is also a key of `query` or `headers`, a client sends
   * the value in each of these parts. Declare optional keys with `Wire.optional`.
   */
  readonly payload?: AnySchema
  /** The encoding of the payload. Defaults to JSON. Servers accept JSON even if the encoding is `form`. */
  readonly encoding?: "form"
  /** The body of a successful response. Without it, the body is empty. */
  readonly success?: AnySchema
  /** The schema of a row, for a paginated list. Lists have `item` instead of `success`. */
  readonly item?: AnySchema
  /** `forward` lists do not return a cursor of the previous page. */
  readonly cursors?: "forward"
  /**
   * The status of a successful response. If servers respond with different statuses, all of them, with the usual status
   * first. Defaults to 200, or to 204 without a body.
   */
  readonly status?: number | ReadonlyArray<number>
  /** The documented errors, at most one entry per status. */
  readonly errors?: ReadonlyArray<ApiError.ErrorResponse>
  /**
   * The required credential. Defaults to an API key. `accessToken` endpoints require the access token of a user instead,
   * and `public` endpoints require neither.
   */
  readonly access?: "accessToken" | "public"
  /** Rate limits of the path, in addition to the overall limit. */
  readonly rateLimits?: ReadonlyArray<RateLimit>
  /**
   * A request that is sent twice may have another effect than a request that is sent once. So clients retry a request only
   * if the server cannot have applied it.
   */
  readonly retryUnsafe?: true
  /** Successful responses contain personal data, so error messages must not quote them. */
  readonly containsPii?: true
  /** `auth` endpoints of the real WorkOS are at https://auth.workos.com. */
  readonly origin?: "auth"
  /** Browsers open this endpoint, which may redirect them. Clients build the URL and send no request. */
  readonly browser?: true
}

/**
 * One endpoint: its method, its path, and its options with their literal types.
 */
export type Endpoint<
  M extends HttpMethod = HttpMethod,
  Path extends `/${string}` = `/${string}`,
  O extends Options = Options
> = {
  readonly method: M
  readonly path: Path
} & O

/**
 * The names of a path's parameters, in their order: `["id", "key"]` for `"/users/:id/keys/:key"`.
 */
export type PathParams<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? [Name, ...PathParams<`/${Rest}`>]
  : Path extends `${string}:${infer Name}`
    ? [Name]
    : []

/** Requires a schema for each parameter that the path names. */
type ParamsFor<Path extends string> =
  PathParams<Path> extends []
    ? unknown
    : { readonly params: { readonly [Name in PathParams<Path>[number]]: AnySchema } }

const make =
  <const M extends HttpMethod>(method: M) =>
  <const Path extends `/${string}`, const O extends Options>(
    path: Path,
    options: O & ParamsFor<Path>
  ): Endpoint<M, Path, O> => ({ method, path, ...options })

/**
 * A GET endpoint.
 *
 * **Example** (A list that is read page by page)
 *
 * ```ts
 * import * as ApiError from "@effect-workos/domain/ApiError"
 * import * as Endpoint from "@effect-workos/domain/Endpoint"
 * import * as Id from "@effect-workos/domain/Id"
 * import * as Pagination from "@effect-workos/domain/Pagination"
 * import * as Wire from "@effect-workos/domain/Wire"
 *
 * const NoteId = Id.make("note")
 *
 * const list = Endpoint.get("/notes", {
 *   summary: "List notes",
 *   query: Wire.Struct(Pagination.query("note")),
 *   item: Wire.Struct({ id: NoteId }),
 *   errors: [ApiError.UnprocessableEntity]
 * })
 *
 * list.method // => "GET"
 * ```
 */
export const get = make("GET")

/**
 * A POST endpoint.
 *
 * **Example** (Endpoints that change notes)
 *
 * ```ts
 * import * as ApiError from "@effect-workos/domain/ApiError"
 * import * as Endpoint from "@effect-workos/domain/Endpoint"
 * import * as Id from "@effect-workos/domain/Id"
 * import * as Wire from "@effect-workos/domain/Wire"
 * import * as Schema from "effect/Schema"
 *
 * const params = { id: Id.make("note") }
 * const payload = Wire.Struct({ text: Schema.String })
 * const Note = Wire.Struct({ ...params, text: Schema.String })
 * const errors = [ApiError.NotFound, ApiError.UnprocessableEntity] as const
 *
 * const create = Endpoint.post("/notes", { summary: "Create a note", payload, success: Note, status: 201, errors })
 * const replace = Endpoint.put("/notes/:id", { summary: "Replace a note", params, payload, success: Note, errors })
 * const update = Endpoint.patch("/notes/:id", { summary: "Update a note", params, payload, success: Note, errors })
 * const remove = Endpoint.delete("/notes/:id", { summary: "Delete a note", params, errors: [ApiError.NotFound] })
 *
 * Endpoint.statuses(create) // => [201]
 * Endpoint.statuses(remove) // => [204]
 * Endpoint.success(remove) // => undefined
 * Endpoint.pathParams(update) // => ["id"]
 * replace.method // => "PUT"
 * ```
 */
export const post = make("POST")

/**
 * A PUT endpoint.
 */
export const put = make("PUT")

/**
 * A PATCH endpoint.
 */
export const patch = make("PATCH")

const delete_ = make("DELETE")
export {
  /**
   * A DELETE endpoint.
   */
  delete_ as delete
}

// -----------------------------------------------------------------------------
// Reading an endpoint
// -----------------------------------------------------------------------------

/**
 * The schema of one part of an endpoint; `never` if the endpoint has no such part.
 */
export type Part<E extends Endpoint, Name extends keyof Options> = E extends {
  readonly [Key in Name]: infer Value extends AnySchema
}
  ? Value
  : never

/**
 * The schema of a successful response: a page for lists, or `never` if the body is empty.
 */
export type Success<E extends Endpoint> = E extends { readonly item: infer Item extends AnySchema }
  ? Pagination.PageSchema<Item>
  : Part<E, "success">

/**
 * The errors that an endpoint documents.
 */
export type Errors<E extends Endpoint> = E extends { readonly errors: ReadonlyArray<infer Response> }
  ? ApiError.ErrorOf<Response>
  : never

/**
 * Returns the names of the path's parameters, in their order.
 */
export const pathParams = ({ path }: Pick<Endpoint, "path">): ReadonlyArray<string> =>
  Array.from(path.matchAll(/:(\w+)/g), ([, name = ""]) => name)

/**
 * Returns the schema of a successful response, or `undefined` if the body is empty.
 */
export const success = ({ cursors, item, success }: Endpoint): AnySchema | undefined =>
  item === undefined ? success : cursors === "forward" ? Pagination.ForwardPage(item) : Pagination.Page(item)

/**
 * Returns the statuses of a successful response, with the usual status first.
 */
export const statuses = (endpoint: Endpoint): ReadonlyArray<number> =>
  [endpoint.status ?? ((endpoint.item ?? endpoint.success) ? 200 : 204)].flat()
