// Endpoints as plain data: what a request and its responses consist of. Clients, servers and documents derive from them.
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
 * A number of requests that WorkOS accepts on a path, in addition to the overall limit of a key.
 *
 * @see https://workos.com/docs/reference/rate-limits
 */
export interface RateLimit {
  readonly requests: number
  /** The length of the window, in seconds. */
  readonly seconds: number
  /** The parameter whose values are counted separately, for example `directory`. Without one, all requests count together. */
  readonly per?: string
  /** The name of a limit that several endpoints share. Without one, the endpoint is counted alone. */
  readonly shared?: string
}

/**
 * The parts of an endpoint in addition to its method and path. An absent key means that the endpoint has no such part.
 */
export interface Options {
  /** What the endpoint does, in the imperative: "Get a connection". OpenAPI documents and help texts show it. */
  readonly summary: string
  /** One or two sentences that add to the summary. */
  readonly description?: string
  /** One schema per parameter of the path, which encodes to text or a number. */
  readonly params?: Readonly<Record<string, AnySchema>>
  readonly query?: AnySchema
  /** Query parameters that exclude each other. */
  readonly exclusive?: Exclusive
  /** Request headers in addition to the standard ones. */
  readonly headers?: AnySchema
  /**
   * The body of a request, an object. A key that is also in `query` or `headers` is sent in each. Keys that may be absent
   * are `Wire.optional`.
   */
  readonly payload?: AnySchema
  /** How a payload is encoded. Defaults to JSON. Servers accept JSON as well as forms. */
  readonly encoding?: "form"
  /** The body of a success. Without one, the body is empty. */
  readonly success?: AnySchema
  /** The schema of a row, for a list that is read page by page. It takes the place of `success`. */
  readonly item?: AnySchema
  /** `forward` lists do not return a cursor of the previous page. */
  readonly cursors?: "forward"
  /** The status of a success; where servers differ, all of them, the usual one first. Defaults to 200, or 204 without a body. */
  readonly status?: number | ReadonlyArray<number>
  /** The documented errors, at most one entry per status. */
  readonly errors?: ReadonlyArray<ApiError.ErrorResponse>
  /**
   * Who may call the endpoint. Defaults to requests with an API key. `accessToken` endpoints take the token of a user in
   * place of the key, and `public` ones need neither.
   */
  readonly access?: "accessToken" | "public"
  /** Limits in addition to the overall one. */
  readonly rateLimits?: ReadonlyArray<RateLimit>
  /** A repeated request may have another effect than the first, so clients retry only if the server did not receive it. */
  readonly retryUnsafe?: true
  /** Successful responses contain personal data, so error messages must not quote them. */
  readonly containsPii?: true
  /** `auth` endpoints of the real WorkOS are at https://auth.workos.com. */
  readonly origin?: "auth"
  /** Browsers are sent to this endpoint, which may redirect them. Clients make its URL and do not request it. */
  readonly browser?: true
}

/**
 * One endpoint: its method, its path, and its options as they were written.
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
 * The names of a path's parameters, in their order: `"/users/:id/keys/:key"` gives `["id", "key"]`.
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
 * The schema of a success: of a page for lists; `never` if the body is empty.
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
 * The names of the path's parameters at run time, in their order.
 */
export const pathParams = ({ path }: Pick<Endpoint, "path">): ReadonlyArray<string> =>
  Array.from(path.matchAll(/:(\w+)/g), ([, name = ""]) => name)

/**
 * The schema of a success, which is built when it is first requested; `undefined` if the body is empty.
 */
export const success = ({ cursors, item, success }: Endpoint): AnySchema | undefined =>
  item === undefined ? success : cursors === "forward" ? Pagination.ForwardPage(item) : Pagination.Page(item)

/**
 * The statuses of a success, the usual one first.
 */
export const statuses = (endpoint: Endpoint): ReadonlyArray<number> =>
  [endpoint.status ?? ((endpoint.item ?? endpoint.success) ? 200 : 204)].flat()
