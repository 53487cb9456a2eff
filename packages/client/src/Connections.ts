// Connections, as a program asks for them.
import {
  Connection,
  ConnectionId,
  ConnectionPage,
  type ConnectionQuery,
  ConnectionsGroup,
  type CreateConnection
} from "@effect-workos/domain/sso/Connection"
import type * as ApiError from "@effect-workos/domain/ApiError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { ClientError, CursorRepeated } from "./ClientError.ts"
import * as Endpoints from "./internal/Endpoints.ts"
import * as Excerpt from "./internal/Excerpt.ts"
import * as Form from "./internal/Form.ts"
import * as Listing from "./internal/Listing.ts"
import * as Operation from "./internal/Operation.ts"
import { RateLimit } from "./RateLimit.ts"
import { Transport } from "./internal/Transport.ts"
import type { WorkOsConfig } from "./WorkOsConfig.ts"

/**
 * One page of connections: which, from where, how many, in which order. `order` is `desc` where nothing is said.
 *
 * **Example** (The oldest connections of an organization)
 *
 * ```ts
 * import * as Connections from "@effect-workos/client/Connections"
 *
 * const options: Connections.ListOptions = { organizationId: "org_01EHWNCE74X7JSDV0X3SZ3KJNY", order: "asc", limit: 100 }
 *
 * const page = Connections.Connections.use(({ list }) => list(options))
 * ```
 *
 * @see https://workos.com/docs/reference/sso/connection/list
 */
export interface ListOptions extends ConnectionQuery {}

/**
 * All connections: which, from which end, from where on.
 *
 * **Example** (All of one type, a page at a time)
 *
 * ```ts
 * import * as Connections from "@effect-workos/client/Connections"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * const options: Connections.CrawlOptions = { connectionType: "OktaSAML", order: "asc", pageSize: 50 }
 *
 * const program = Connections.Connections.use(({ pages }) =>
 *   Stream.runForEach(pages(options), ({ data }) => Effect.log(`${data.length} connections`))
 * )
 * ```
 *
 * @see https://workos.com/docs/reference/pagination
 */
export interface CrawlOptions extends Listing.CrawlOptions<ConnectionQuery> {}

/**
 * A new connection: whose, of which type, and how its identity provider is reached.
 *
 * **Example** (Creating a connection, however often this is run)
 *
 * ```ts
 * import * as Connections from "@effect-workos/client/Connections"
 * import * as Effect from "effect/Effect"
 *
 * const connect = Effect.fn("connect")(function* (organizationId: string, metadataUrl: string) {
 *   const connections = yield* Connections.Connections
 *   return yield* connections.create({
 *     organizationId,
 *     externalId: `okta-${organizationId}`,
 *     connectionType: "OktaSAML",
 *     samlOptions: { idpMetadataUrl: metadataUrl }
 *   })
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/sso/connection/create
 */
export interface CreateOptions extends CreateConnection {}

/**
 * What any request with an API key can fail with.
 */
type Failure = ClientError | ApiError.Unauthorized | ApiError.Forbidden | ApiError.TooManyRequests

/**
 * What reading one connection can fail with.
 *
 * **Example** (Nothing, where there is no such connection)
 *
 * ```ts
 * import { Connections, type GetError } from "@effect-workos/client/Connections"
 * import type { Connection } from "@effect-workos/domain/sso/Connection"
 * import * as Effect from "effect/Effect"
 * import * as Option from "effect/Option"
 *
 * const find = (
 *   id: string
 * ): Effect.Effect<Option.Option<Connection>, Exclude<GetError, { _tag: "NotFound" }>, Connections> =>
 *   Connections.use(({ get }) => Effect.asSome(get(id))).pipe(Effect.catchTag("NotFound", () => Effect.succeedNone))
 * ```
 */
export type GetError = Failure | ApiError.NotFound
/**
 * What creating a connection can fail with.
 *
 * **Example** (What whoever asked for it can mend)
 *
 * ```ts
 * import type { CreateError } from "@effect-workos/client/Connections"
 *
 * const isTheirs = ({ _tag }: CreateError): boolean => _tag === "BadRequest" || _tag === "UnprocessableEntity"
 * ```
 */
export type CreateError =
  | Failure
  | ApiError.BadRequest
  | ApiError.NotFound
  | ApiError.Conflict
  | ApiError.UnprocessableEntity
/**
 * What deleting a connection can fail with.
 *
 * **Example** (Deleting what may be gone already)
 *
 * ```ts
 * import { Connections, type DeleteError } from "@effect-workos/client/Connections"
 * import * as Effect from "effect/Effect"
 *
 * const forget = (id: string): Effect.Effect<void, Exclude<DeleteError, { _tag: "NotFound" }>, Connections> =>
 *   Connections.use((connections) => connections.delete(id)).pipe(Effect.catchTag("NotFound", () => Effect.void))
 * ```
 */
export type DeleteError = Failure | ApiError.NotFound
/**
 * What reading a page can fail with.
 */
export type ListError = Failure | ApiError.UnprocessableEntity
/**
 * What reading all of a list can fail with.
 *
 * **Example** (What a filter can be to blame for)
 *
 * ```ts
 * import type { CrawlError, ListError } from "@effect-workos/client/Connections"
 *
 * const isFilter = ({ _tag }: ListError | CrawlError): boolean =>
 *   _tag === "InvalidRequest" || _tag === "UnprocessableEntity"
 * ```
 */
export type CrawlError = ListError | CursorRepeated

/**
 * What can be read of connections, each in the form of `Row`, and lists in that of `Page`.
 *
 * **Example** (One function for rows of either form)
 *
 * ```ts
 * import { Connections, type Reads } from "@effect-workos/client/Connections"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * const count = <Row, Page>(connections: Reads<Row, Page>) => Stream.runCount(connections.stream())
 *
 * const counted = Connections.use((connections) => Effect.all([count(connections), count(connections.encoded)]))
 * ```
 */
export interface Reads<Row, Page> extends Listing.Listing<Row, Page, ListOptions, ListError> {
  /**
   * The connection with an id. `NotFound` where there is none.
   *
   * @see https://workos.com/docs/reference/sso/connection/get
   */
  readonly get: (id: string) => Effect.Effect<Row, GetError>
}

/**
 * The operations on connections.
 *
 * **Example** (Connections as a test wants them)
 *
 * ```ts
 * import { Connections, type Operations } from "@effect-workos/client/Connections"
 * import * as Layer from "effect/Layer"
 *
 * const layerTest = (operations: Operations): Layer.Layer<Connections> => Layer.succeed(Connections, operations)
 * ```
 */
export interface Operations extends Reads<Connection, ConnectionPage> {
  /**
   * Creates a connection, or gives the one of the organization that has the same `externalId`: with one, a creation can be
   * repeated without creating twice. Attempts of one call have the same `Idempotency-Key` besides; that WorkOS heeds it
   * here is not documented.
   *
   * `NotFound` where WorkOS has not enabled the feature `connections-api-migrations-capabilities-api` for the key's
   * environment; `BadRequest`, `Conflict` or `UnprocessableEntity` where the connection can't be created as described, for
   * example because the organization does not exist.
   *
   * @see https://workos.com/docs/reference/sso/connection/create
   */
  readonly create: (options: CreateOptions) => Effect.Effect<Connection, CreateError>
  /**
   * Deletes a connection, for good. `NotFound` where there is none.
   *
   * @see https://workos.com/docs/reference/sso/connection/delete
   */
  readonly delete: (id: string) => Effect.Effect<void, DeleteError>
  /**
   * The same in the form in which it came: snake_case, times as strings, and every field that the server sent. It is
   * valid, and costs less. For rows that only pass through.
   */
  readonly encoded: Reads<typeof Connection.Encoded, typeof ConnectionPage.Encoded>
}

const about = Operation.idAttribute("workos.connection_id", ConnectionId)

// What a server may not repeat in its errors.
const secretsOf = ({ oidcOptions }: CreateOptions): ReadonlyArray<string> => {
  const secret = oidcOptions?.clientSecret
  return Redacted.isRedacted(secret) ? Excerpt.formsOf(Redacted.value(secret)) : []
}

const make = Effect.gen(function* () {
  const operation = yield* Endpoints.make(ConnectionsGroup)

  const reads = <Row, Page>(form: Form.Form<Row, Page>): Reads<Row, Page> => {
    const runGet = operation("get", form.row)
    const runList = operation("list", form.page)
    return {
      get: (id) => runGet({ params: { id } }, about(id)),
      ...Listing.make({
        operation: "connections.list",
        fetch: (query: Listing.Asked<ListOptions>) => runList({ query }),
        form
      })
    }
  }

  const runCreate = operation("create", Operation.decoded(Connection))
  const runDelete = operation("delete", Operation.empty, { ignoreNotFoundOnRetry: true })

  return identity<Operations>({
    ...reads(Form.decoded(Connection, ConnectionPage)),
    create: (payload) => Effect.suspend(() => runCreate({ payload }, { secrets: secretsOf(payload) })),
    delete: (id) => runDelete({ params: { id } }, about(id)),
    encoded: reads(Form.encoded(Connection, ConnectionPage))
  })
})

/**
 * Connections, for programs that need nothing else of WorkOS; `WorkOs` holds them beside the rest.
 *
 * **Example** (Counting the active connections of a customer)
 *
 * ```ts
 * import * as Connections from "@effect-workos/client/Connections"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * const countActive = Effect.fn("countActive")(function* (organizationId: string) {
 *   const connections = yield* Connections.Connections
 *   return yield* connections.stream({ organizationId }).pipe(
 *     Stream.filter((connection) => connection.state === "active"),
 *     Stream.runCount
 *   )
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/sso/connection
 */
export class Connections extends Context.Service<Connections, Operations>()("@effect-workos/client/Connections") {
  /**
   * Connections over whichever `HttpClient` and `RateLimit` are provided.
   *
   * **Example** (Under the limit that organizations are under as well)
   *
   * ```ts
   * import { Connections } from "@effect-workos/client/Connections"
   * import { Organizations } from "@effect-workos/client/Organizations"
   * import { RateLimit } from "@effect-workos/client/RateLimit"
   * import * as Layer from "effect/Layer"
   *
   * const Both = Layer.mergeAll(Connections.layerNoDeps, Organizations.layerNoDeps).pipe(Layer.provide(RateLimit.layer))
   * ```
   */
  static readonly layerNoDeps: Layer.Layer<Connections, never, HttpClient.HttpClient | RateLimit | WorkOsConfig> =
    Layer.effect(this, make).pipe(Layer.provide(Transport.layer))

  /**
   * Connections over whichever `HttpClient` is provided, with the rate limit that the configuration says. Layers are built
   * once: another client in the same program, with another configuration, is over `Layer.fresh` of this one.
   *
   * **Example** (Connections over `fetch`)
   *
   * ```ts
   * import { Connections } from "@effect-workos/client/Connections"
   * import { WorkOsConfig } from "@effect-workos/client/WorkOsConfig"
   * import * as FetchHttpClient from "effect/http/FetchHttpClient"
   * import * as Layer from "effect/Layer"
   *
   * const ConnectionsLive = Connections.layer.pipe(Layer.provide([WorkOsConfig.layerConfig, FetchHttpClient.layer]))
   * ```
   */
  static readonly layer: Layer.Layer<Connections | RateLimit, never, HttpClient.HttpClient | WorkOsConfig> =
    Layer.provideMerge(this.layerNoDeps, RateLimit.layer)
}
