// Connections, as a program asks for them.
import {
  Connection,
  ConnectionId,
  ConnectionPage,
  type ConnectionQuery,
  ConnectionsGroup,
  type NewConnection
} from "@effect-workos/domain/Connection"
import type * as ApiError from "@effect-workos/domain/ApiError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import type * as HttpClient from "effect/http/HttpClient"
import * as HttpApi from "effect/http-api/HttpApi"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { ClientError, CursorRepeated } from "./ClientError.ts"
import * as Endpoints from "./internal/Endpoints.ts"
import * as Excerpt from "./internal/Excerpt.ts"
import * as Form from "./internal/Form.ts"
import * as Listing from "./internal/Listing.ts"
import * as Operation from "./internal/Operation.ts"
import { layerApiKey } from "./internal/Outgoing.ts"
import { RateLimit } from "./RateLimit.ts"
import { Transport } from "./internal/Transport.ts"
import type { WorkOsConfig } from "./WorkOsConfig.ts"

/**
 * One page of connections: which, from where, how many, in which order. `order` is `desc` where nothing is said.
 *
 * @see https://workos.com/docs/reference/sso/connection/list
 */
export interface ListOptions extends ConnectionQuery {}

/**
 * All connections: which, from which end, from where on.
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
export interface CreateOptions extends NewConnection {}

/**
 * What any request with an API key can fail with.
 */
type Failure = ClientError | ApiError.Unauthorized | ApiError.Forbidden | ApiError.TooManyRequests

export type GetError = Failure | ApiError.NotFound
export type CreateError =
  | Failure
  | ApiError.BadRequest
  | ApiError.NotFound
  | ApiError.Conflict
  | ApiError.UnprocessableEntity
export type DeleteError = Failure | ApiError.NotFound
export type ListError = Failure | ApiError.UnprocessableEntity
export type CrawlError = ListError | CursorRepeated

/**
 * What can be read of connections, each in the form of `Row`, and lists in that of `Page`.
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

const Api = HttpApi.make("workos").add(ConnectionsGroup)

const about = Operation.about("workos.connection_id", ConnectionId)

// What a server may not repeat in its errors.
const secretsOf = ({ oidcOptions }: CreateOptions): ReadonlyArray<string> => {
  const secret = oidcOptions?.clientSecret
  return Redacted.isRedacted(secret) ? Excerpt.formsOf(Redacted.value(secret)) : []
}

const make = Effect.gen(function* () {
  const { http, operation } = yield* Endpoints.make(Api, "connections")

  const reads = <Row, Page>(form: Form.Form<Row, Page>): Reads<Row, Page> => {
    const runGet = operation("get", form.row)
    const runList = operation("list", form.page)
    return {
      get: (id) => runGet(http.get({ params: { id }, responseMode: "response-only" }), about(id)),
      ...Listing.make({
        operation: "connections.list",
        fetch: (query: Listing.Asked<ListOptions>) => runList(http.list({ query, responseMode: "response-only" })),
        form
      })
    }
  }

  const runCreate = operation("create", Operation.decoded(Connection))
  const runDelete = operation("delete", Operation.nothing, { isGone: true })

  return identity<Operations>({
    ...reads(Form.decoded(Connection, ConnectionPage)),
    create: (payload) =>
      Effect.suspend(() =>
        runCreate(http.create({ payload, responseMode: "response-only" }), { secrets: secretsOf(payload) })
      ),
    delete: (id) => runDelete(http.delete({ params: { id }, responseMode: "response-only" }), about(id)),
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
   */
  static readonly layerNoDeps: Layer.Layer<Connections, never, HttpClient.HttpClient | RateLimit | WorkOsConfig> =
    Layer.effect(this, make).pipe(Layer.provide([layerApiKey, Transport.layer]))

  /**
   * Connections over whichever `HttpClient` is provided, with the rate limit that the configuration says. Layers are built
   * once: another client in the same program, with another configuration, is over `Layer.fresh` of this one.
   */
  static readonly layer: Layer.Layer<Connections | RateLimit, never, HttpClient.HttpClient | WorkOsConfig> =
    Layer.provideMerge(this.layerNoDeps, RateLimit.layer)
}
