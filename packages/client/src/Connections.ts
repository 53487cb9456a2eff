// Connections, as a program asks for them.
import {
  Connection,
  ConnectionId,
  ConnectionPage,
  type ConnectionQuery,
  ConnectionsGroup
} from "@effect-workos/domain/Connection"
import type * as ApiError from "@effect-workos/domain/ApiError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import type * as HttpClient from "effect/http/HttpClient"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import type { ClientError, CursorRepeated } from "./ClientError.ts"
import * as Operation from "./Operation.ts"
import * as Pages from "./Pages.ts"
import { WorkOsConfig } from "./WorkOsConfig.ts"

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
export interface CrawlOptions extends Omit<ConnectionQuery, "after" | "before" | "limit" | "order"> {
  /** `asc` starts at the oldest and `desc`, where nothing is said, at the newest. */
  readonly order?: "asc" | "desc" | undefined
  /** The id of the connection to start after, in that order. */
  readonly after?: string | undefined
  /** How many connections a request fetches: 1 to 100, and 100 where nothing is said. */
  readonly pageSize?: number | undefined
}

/**
 * What any request with an API key can fail with.
 */
type Failure = ClientError | ApiError.Unauthorized | ApiError.Forbidden | ApiError.TooManyRequests

export type GetError = Failure | ApiError.NotFound
export type DeleteError = Failure | ApiError.NotFound
export type ListError = Failure | ApiError.UnprocessableEntity
export type CrawlError = ListError | CursorRepeated

/**
 * A list, page by page and row by row.
 */
interface Listed<Page, Row> {
  /**
   * One page.
   */
  readonly list: (options?: ListOptions) => Effect.Effect<Page, ListError>
  /**
   * All pages, the next one on its way while one is consumed.
   */
  readonly pages: (options?: CrawlOptions) => Stream.Stream<Page, CrawlError>
  /**
   * All rows, page by page behind the scenes.
   */
  readonly stream: (options?: CrawlOptions) => Stream.Stream<Row, CrawlError>
}

/**
 * The operations on connections.
 */
export interface Operations extends Listed<ConnectionPage, Connection> {
  /**
   * The connection with an id. `NotFound` where there is none.
   *
   * @see https://workos.com/docs/reference/sso/connection/get
   */
  readonly get: (id: string) => Effect.Effect<Connection, GetError>
  /**
   * Deletes a connection, for good. `NotFound` where there is none.
   *
   * @see https://workos.com/docs/reference/sso/connection/delete
   */
  readonly delete: (id: string) => Effect.Effect<void, DeleteError>
  /**
   * The same lists in the form in which they came: snake_case, times as strings, and every field that the server sent.
   * Rows are valid, and cost less. For rows that only pass through.
   */
  readonly encoded: Listed<typeof ConnectionPage.Encoded, typeof Connection.Encoded>
}

const Api = HttpApi.make("workos").add(ConnectionsGroup)

// What is no id may be anything, a secret included, and is written down nowhere.
const isId = Schema.is(ConnectionId)
const attributesOf = (id: string) => (isId(id) ? { "workos.connection_id": id } : {})

const make = Effect.gen(function* () {
  const { baseUrl } = yield* WorkOsConfig
  const { connections: http } = yield* HttpApiClient.make(Api, { baseUrl })

  const runGet = Operation.run({
    operation: "connections.get",
    body: Operation.decoded(Connection),
    declared: HttpApiClient.decodeResponse(Api, { group: "connections", endpoint: "get" })
  })
  const get = (id: string) => runGet(http.get({ params: { id }, responseMode: "response-only" }), attributesOf(id))

  const runDelete = Operation.run({
    operation: "connections.delete",
    body: Operation.nothing,
    declared: HttpApiClient.decodeResponse(Api, { group: "connections", endpoint: "delete" })
  })
  const delete_ = (id: string) =>
    runDelete(http.delete({ params: { id }, responseMode: "response-only" }), attributesOf(id))

  const listed = <Page, Row>(options: {
    readonly body: Operation.Body<Page>
    readonly next: (page: Page) => string | null
    readonly rows: (page: Page) => ReadonlyArray<Row>
  }): Listed<Page, Row> => {
    const runList = Operation.run({
      operation: "connections.list",
      body: options.body,
      declared: HttpApiClient.decodeResponse(Api, { group: "connections", endpoint: "list" })
    })
    const list = (listOptions: ListOptions = {}) =>
      runList(
        http.list({ query: { ...listOptions, order: listOptions.order ?? "desc" }, responseMode: "response-only" })
      )
    const pages = ({ after, order, pageSize = 100, ...filters }: CrawlOptions = {}) =>
      Pages.pages({
        operation: "connections.list",
        after,
        fetch: (after) => list({ ...filters, order, limit: pageSize, after }),
        next: options.next
      })
    return { list, pages, stream: (crawlOptions) => Pages.rows(pages(crawlOptions), options.rows) }
  }

  return identity<Operations>({
    get,
    delete: delete_,
    ...listed({
      body: Operation.decoded(ConnectionPage),
      next: (page) => page.listMetadata.after,
      rows: (page) => page.data
    }),
    encoded: listed({
      body: Operation.encoded(ConnectionPage),
      next: (page) => page.list_metadata.after,
      rows: (page) => page.data
    })
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
import { identity } from "effect/Function"
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
   * Connections over whichever `HttpClient` is provided.
   */
  static readonly layer: Layer.Layer<Connections, never, HttpClient.HttpClient | WorkOsConfig> = Layer.effect(
    this,
    make
  ).pipe(Layer.provide(Operation.layerApiKey))
}
