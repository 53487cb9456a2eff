/**
 * Clients of resources, derived from records of endpoints: methods, types, errors, lists and layers.
 *
 * @module
 */
import type * as ApiError from "@effect-workos/domain/ApiError"
import type * as Endpoint from "@effect-workos/domain/Endpoint"
import type * as Pagination from "@effect-workos/domain/Pagination"
import type { Endpoints, Resource } from "@effect-workos/domain/Resource"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import type * as Stream from "effect/Stream"
import type { ClientError, CursorRepeated, InvalidRow } from "./ClientError.ts"
import * as Methods from "./internal/Methods.ts"
import { Transport } from "./internal/Transport.ts"
import { RateLimit } from "./RateLimit.ts"
import type { WorkOsConfig } from "./WorkOsConfig.ts"

// -----------------------------------------------------------------------------
// Arguments
// -----------------------------------------------------------------------------

/** Names for positional parameters, which editors show. Other parameters are shown without a name. */
interface Labels<A> {
  readonly id: [id: A]
  readonly userId: [userId: A]
  readonly external_id: [externalId: A]
  readonly organization_id: [organizationId: A]
  readonly organizationId: [organizationId: A]
  readonly user_id: [userId: A]
  readonly groupId: [groupId: A]
  readonly organizationMembershipId: [organizationMembershipId: A]
  readonly token: [token: A]
  readonly applicationId: [applicationId: A]
  readonly clientId: [clientId: A]
  readonly slug: [slug: A]
}

type Label<Name, A> = Name extends keyof Labels<A> ? Labels<A>[Name] : [A]

type MakeIn<S> = S extends Endpoint.AnySchema ? S["~type.make.in"] : never

/** The path parameters in their order, with the input types of their schemas: ids are strings, branded or not. */
type PathArgs<Names, Params> = Names extends [infer Name extends keyof Params, ...infer Rest]
  ? [...Label<Name, MakeIn<Params[Name]>>, ...PathArgs<Rest, Params>]
  : []

/** The access token, if the endpoint takes one, and the path parameters. */
type PositionalArgs<E extends Endpoint.Endpoint> = [
  ...(E extends { readonly access: "accessToken" } ? [accessToken: Redacted.Redacted] : []),
  ...(E extends { readonly params: infer Params } ? PathArgs<Endpoint.PathParams<E["path"]>, Params> : [])
]

/** One argument, which is optional if all of its keys are. */
type OptionsArg<A> = [A] extends [never] ? [] : {} extends A ? [options?: A] : [options: A]

type Both<A, B> = [A] extends [never] ? B : [B] extends [never] ? A : A & B

type PartType<E extends Endpoint.Endpoint, Name extends keyof Endpoint.Options> = Endpoint.Part<E, Name>["Type"]

/**
 * The options of a method: its query, headers and payload in one object; `never` if it has none.
 */
export type OptionsOf<E extends Endpoint.Endpoint> = Both<
  Both<PartType<E, "payload">, PartType<E, "query">>,
  PartType<E, "headers">
>

/**
 * The arguments of a method: its path parameters, then one options object.
 */
export type Args<E extends Endpoint.Endpoint> = [...PositionalArgs<E>, ...OptionsArg<OptionsOf<E>>]

/**
 * The part of a list that `stream` and `pages` read.
 *
 * @see https://workos.com/docs/reference/pagination
 */
export interface Range {
  /** `asc` starts with the oldest row, `desc` with the newest. Defaults to `desc`. */
  readonly order?: "asc" | "desc" | undefined
  /** The id of the row after which to start, in the order that `order` sets. */
  readonly after?: string | undefined
  /** The number of rows per request, 1 to 100. Defaults to 100. */
  readonly pageSize?: number | undefined
  /** Only `list` has this option. */
  readonly before?: undefined
  /** Only `list` has this option. `stream` and `pages` have `pageSize` instead. */
  readonly limit?: undefined
}

type Filters<Query> = Omit<Query, Pagination.Parameter>

/**
 * An option of lists: the treatment of rows that do not have the documented shape.
 *
 * **Details**
 *
 * - `fail`, the default: the method fails with `InvalidResponse`, whose reason has the position and the id of the row.
 *   `stream` first emits the rows before the malformed row, and `pages` the earlier pages.
 * - `yield`: the method returns an `InvalidRow` instead of the malformed row.
 */
export interface InvalidRows<out I extends Choice> {
  readonly invalidRows?: I | undefined
}

/** The treatment of a row that does not have the documented shape. */
type Choice = "fail" | "yield"

/** The arguments of a list, of its `stream` and of its `pages`: the path parameters, then the options. */
type ListArgs<Path extends ReadonlyArray<unknown>, Options, I extends Choice> = {} extends Options
  ? [...path: Path, options?: Options & InvalidRows<I>]
  : [...path: Path, options: Options & InvalidRows<I>]

type InvalidRowIf<I extends Choice> = I extends "yield" ? InvalidRow : never

// -----------------------------------------------------------------------------
// Errors
// -----------------------------------------------------------------------------

/** Errors of requests that carry an API key or an access token. */
type KeyError<E extends Endpoint.Endpoint> = E extends { readonly access: "public" }
  ? never
  : ApiError.Unauthorized | ApiError.TooManyRequests

type EndpointNamed<R extends Resource, Name extends keyof R["endpoints"]> = R["endpoints"][Name] extends infer E extends
  Endpoint.Endpoint
  ? E
  : never

/**
 * The errors of a method.
 *
 * **Example** (A function that handles the errors of one method)
 *
 * ```ts
 * import type * as Client from "@effect-workos/client/Client"
 * import type { connections } from "@effect-workos/domain/sso/Connection"
 *
 * type GetError = Client.Error<typeof connections, "get">
 *
 * const isMissing = (error: GetError): boolean => error._tag === "NotFound"
 * ```
 */
export type Error<R extends Resource, Name extends keyof R["endpoints"]> =
  | Endpoint.Errors<EndpointNamed<R, Name>>
  | KeyError<EndpointNamed<R, Name>>
  | ClientError

/**
 * The errors of the `stream` and `pages` of a list.
 */
export type StreamError<R extends Resource, Name extends keyof R["endpoints"]> = Error<R, Name> | CursorRepeated

/**
 * The options of the `stream` and `pages` of a list: its filters, and the part of the list to read.
 *
 * **Example** (Options as a parameter)
 *
 * ```ts
 * import type * as Client from "@effect-workos/client/Client"
 * import { Connections } from "@effect-workos/client/Connections"
 * import type { connections } from "@effect-workos/domain/sso/Connection"
 * import * as Stream from "effect/Stream"
 *
 * const count = (options: Client.StreamOptions<typeof connections, "list">) =>
 *   Connections.use(({ stream }) => Stream.runCount(stream(options)))
 * ```
 */
export type StreamOptions<R extends Resource, Name extends keyof R["endpoints"]> = Filters<
  PartType<EndpointNamed<R, Name>, "query">
> &
  Range

// -----------------------------------------------------------------------------
// Methods
// -----------------------------------------------------------------------------

/**
 * A method whose result is decoded. `encoded` returns the result in the form that the server sent.
 */
export interface Method<in Args extends ReadonlyArray<unknown>, out A, out Encoded, out E> {
  (...args: Args): Effect.Effect<A, E>
  /** Returns the result in the form that the server sent, validated: snake_case keys, timestamps as strings. */
  readonly encoded: (...args: Args) => Effect.Effect<Encoded, E>
}

/** The two forms of a page. */
interface Pages<out Row> {
  readonly decoded: Pagination.Page<Row>
  readonly encoded: Pagination.EncodedPage<Row>
}

/**
 * A list in one of its forms, decoded or as the server sent it. With `invalidRows: "yield"`, results have an `InvalidRow`
 * instead of each row that does not have the documented shape.
 */
export interface ListForm<
  in Path extends ReadonlyArray<unknown>,
  Options,
  StreamOptions,
  Form extends keyof Pages<unknown>,
  out Row,
  out E
> {
  <I extends Choice = "fail">(...args: ListArgs<Path, Options, I>): Effect.Effect<Pages<Row | InvalidRowIf<I>>[Form], E>
  /** Streams all rows, page by page. The next page is fetched while the current page is consumed. */
  readonly stream: <I extends Choice = "fail">(
    ...args: ListArgs<Path, StreamOptions, I>
  ) => Stream.Stream<Row | InvalidRowIf<I>, E | CursorRepeated>
  /** Streams all pages. The next page is fetched while the current page is consumed. */
  readonly pages: <I extends Choice = "fail">(
    ...args: ListArgs<Path, StreamOptions, I>
  ) => Stream.Stream<Pages<Row | InvalidRowIf<I>>[Form], E | CursorRepeated>
}

/**
 * The method of a list.
 */
export interface ListMethod<
  in Path extends ReadonlyArray<unknown>,
  Options,
  StreamOptions,
  out Row,
  out Encoded,
  out E
> extends ListForm<Path, Options, StreamOptions, "decoded", Row, E> {
  /** Returns rows in the form that the server sent, validated: snake_case keys, timestamps as strings. */
  readonly encoded: ListForm<Path, Options, StreamOptions, "encoded", Encoded, E>
}

// The errors are listed instead of the alias `Error`, so that editors show their names.
type MethodOf<E extends Endpoint.Endpoint> = E extends { readonly item: infer Item extends Endpoint.AnySchema }
  ? ListMethod<
      PositionalArgs<E>,
      OptionsOf<E>,
      Filters<PartType<E, "query">> & Range,
      Item["Type"],
      Item["Encoded"],
      Endpoint.Errors<E> | KeyError<E> | ClientError
    >
  : [Endpoint.Success<E>] extends [never]
    ? (...args: Args<E>) => Effect.Effect<void, Endpoint.Errors<E> | KeyError<E> | ClientError>
    : Method<
        Args<E>,
        Endpoint.Success<E>["Type"],
        Endpoint.Success<E>["Encoded"],
        Endpoint.Errors<E> | KeyError<E> | ClientError
      >

interface AnyList {
  readonly stream: unknown
  readonly pages: unknown
}

/** The name of an endpoint, or `never` for endpoints that browsers open: they have no method. */
type Requested<E extends Endpoints, Name extends keyof E> = E[Name] extends { readonly browser: true } ? never : Name

/**
 * The methods of a resource. `stream` and `pages` are those of `list`.
 */
export type Client<E extends Endpoints> = {
  readonly [Name in keyof E as Requested<E, Name>]: MethodOf<E[Name]>
} & (E extends {
  readonly list: infer List extends Endpoint.Endpoint & { readonly item: unknown }
}
  ? Pick<Extract<MethodOf<List>, AnyList>, "stream" | "pages">
  : unknown)

// -----------------------------------------------------------------------------
// Services
// -----------------------------------------------------------------------------

/** The derived methods, with methods that a service adds or replaces. */
type Extended<Derived, Extra> = Omit<Derived, keyof Extra> & Extra

/**
 * The class of a resource's service, with its layers.
 */
export interface ServiceClass<Self, Key extends string, Shape> extends Context.ServiceClass<Self, Key, Shape> {
  /** A layer that requires an `HttpClient`, a `RateLimit` and a `WorkOsConfig`. */
  readonly layerNoDeps: Layer.Layer<Self, never, HttpClient.HttpClient | RateLimit | WorkOsConfig>
  /**
   * A layer with the rate limit of the configuration. Layers are built once per program: for a second client with another
   * configuration, provide `Layer.fresh` of this layer.
   */
  readonly layer: Layer.Layer<Self | RateLimit, never, HttpClient.HttpClient | WorkOsConfig>
}

// The cast is safe, because `Client` and `Methods.make` derive from the same endpoints.
const make = <E extends Endpoints>(resource: Resource<string, E>) =>
  Effect.map(Methods.make(resource), (methods) => methods as unknown as Client<E>)

/**
 * Makes the class of a resource's service, with its layers.
 *
 * **Details**
 *
 * All services work in the same way: requests carry the API key, are retried, rate limited and traced, and fail with typed
 * errors. `extend` adds methods that cannot be derived. Each method compiles its schemas when it is first called.
 *
 * **Example** (An endpoint that this library does not describe yet)
 *
 * ```ts
 * import * as Client from "@effect-workos/client/Client"
 * import * as ApiError from "@effect-workos/domain/ApiError"
 * import * as Endpoint from "@effect-workos/domain/Endpoint"
 * import * as Id from "@effect-workos/domain/Id"
 * import * as Resource from "@effect-workos/domain/Resource"
 * import * as Wire from "@effect-workos/domain/Wire"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const vaultObjects = Resource.make("vaultObjects", {
 *   // Returns an object of the vault.
 *   get: Endpoint.get("/vault/v1/kv/:id", {
 *     summary: "Get an object",
 *     params: { id: Schema.String },
 *     success: Wire.Struct({ id: Schema.String, name: Schema.String, value: Schema.String }),
 *     errors: [ApiError.NotFound]
 *   })
 * })
 *
 * class VaultObjects extends Client.Service<VaultObjects>()("my-app/VaultObjects", vaultObjects) {}
 *
 * const valueOf = (id: string) =>
 *   VaultObjects.use((objects) => objects.get(id)).pipe(
 *     Effect.map(({ value }) => value),
 *     Effect.catchTag("NotFound", () => Effect.succeed(undefined))
 *   )
 * ```
 */
export const Service = <Self>() => {
  function service<const Key extends string, E extends Endpoints>(
    key: Key,
    resource: Resource<string, E>
  ): ServiceClass<Self, Key, Client<E>>
  function service<const Key extends string, E extends Endpoints, Extra extends object>(
    key: Key,
    resource: Resource<string, E>,
    extend: (client: Client<NoInfer<E>>) => Effect.Effect<Extra, never, WorkOsConfig>
  ): ServiceClass<Self, Key, Extended<Client<E>, Extra>>
  function service<const Key extends string, E extends Endpoints>(
    key: Key,
    resource: Resource<string, E>,
    extend: (client: Client<E>) => Effect.Effect<object, never, WorkOsConfig> = () => Effect.succeed({})
  ): ServiceClass<Self, Key, Client<E>> {
    const tag = Context.Service<Self, Client<E>>()(key)
    const extended = Effect.flatMap(make(resource), (client) =>
      Effect.map(extend(client), (extra) => ({ ...client, ...extra }))
    )
    const layerNoDeps = Layer.effect(tag, extended).pipe(Layer.provide(Transport.layer))
    return Object.assign(tag, { layerNoDeps, layer: Layer.provideMerge(layerNoDeps, RateLimit.layer) })
  }
  return service
}
