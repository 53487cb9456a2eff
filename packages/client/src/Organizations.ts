// Organizations, as a program asks for them.
import type * as ApiError from "@effect-workos/domain/ApiError"
import {
  type CreateOrganization,
  Organization,
  OrganizationPage,
  type OrganizationQuery,
  OrganizationsGroup,
  type UpdateOrganization
} from "@effect-workos/domain/organizations/Organization"
import { OrganizationId } from "@effect-workos/domain/organizations/OrganizationId"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type { ClientError, CursorRepeated } from "./ClientError.ts"
import * as Endpoints from "./internal/Endpoints.ts"
import * as Form from "./internal/Form.ts"
import * as Listing from "./internal/Listing.ts"
import * as Operation from "./internal/Operation.ts"
import { RateLimit } from "./RateLimit.ts"
import { Transport } from "./internal/Transport.ts"
import type { WorkOsConfig } from "./WorkOsConfig.ts"

/**
 * One page of organizations: which, from where, how many, in which order. `order` is `desc` where nothing is said.
 *
 * **Example** (Who has a domain)
 *
 * ```ts
 * import { type ListOptions, Organizations } from "@effect-workos/client/Organizations"
 *
 * const options: ListOptions = { domains: ["foo-corp.com"] }
 *
 * const page = Organizations.use(({ list }) => list(options))
 * ```
 *
 * @see https://workos.com/docs/reference/organization/list
 */
export interface ListOptions extends OrganizationQuery {}

/**
 * All organizations: which, from which end, from where on.
 *
 * **Example** (All whose name has a word in it)
 *
 * ```ts
 * import { type CrawlOptions, Organizations } from "@effect-workos/client/Organizations"
 * import * as Stream from "effect/Stream"
 *
 * const options: CrawlOptions = { search: "Corp", order: "asc" }
 *
 * const names = Organizations.use(({ stream }) => Stream.runCollect(Stream.map(stream(options), ({ name }) => name)))
 *
 * const sizes = Organizations.use(({ pages }) => Stream.runCollect(Stream.map(pages(options), ({ data }) => data.length)))
 * ```
 *
 * @see https://workos.com/docs/reference/pagination
 */
export interface CrawlOptions extends Listing.CrawlOptions<OrganizationQuery> {}

/**
 * A new organization: its name, its domains, and what the application keeps with it.
 *
 * **Example** (Creating an organization, once however often this is run)
 *
 * ```ts
 * import { Organizations } from "@effect-workos/client/Organizations"
 * import * as Effect from "effect/Effect"
 *
 * const ensure = Effect.fn("ensure")(function* (customerId: string, name: string) {
 *   const organizations = yield* Organizations
 *   return yield* organizations.create({ name, externalId: customerId }).pipe(
 *     Effect.catchIf(
 *       (error) => error._tag === "BadRequest" && error.code === "external_id_already_used",
 *       () => organizations.getByExternalId(customerId)
 *     )
 *   )
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/organization/create
 */
export interface CreateOptions extends CreateOrganization {}

/**
 * What changes of an organization: what is absent stays, and `null` takes away what is there.
 *
 * **Example** (Another name, and no id of ours any more)
 *
 * ```ts
 * import { Organizations, type UpdateOptions } from "@effect-workos/client/Organizations"
 *
 * const changes: UpdateOptions = { name: "Foo Corp", externalId: null }
 *
 * const program = Organizations.use(({ update }) => update("org_01EHWNCE74X7JSDV0X3SZ3KJNY", changes))
 * ```
 *
 * @see https://workos.com/docs/reference/organization/update
 */
export interface UpdateOptions extends UpdateOrganization {}

/** What any request for organizations can fail with. */
type Failure = ClientError | ApiError.Unauthorized | ApiError.TooManyRequests

/**
 * What reading one organization can fail with.
 */
export type GetError = Failure | ApiError.NotFound
/**
 * What creating an organization can fail with.
 */
export type CreateError = Failure | ApiError.BadRequest | ApiError.Conflict | ApiError.UnprocessableEntity
/**
 * What changing an organization can fail with.
 *
 * **Example** (Whether another has what was asked for)
 *
 * ```ts
 * import type { CreateError, UpdateError } from "@effect-workos/client/Organizations"
 *
 * const isTaken = (error: CreateError | UpdateError): boolean =>
 *   error._tag === "Conflict" || (error._tag === "BadRequest" && error.code === "external_id_already_used")
 * ```
 */
export type UpdateError = CreateError | ApiError.Forbidden | ApiError.NotFound
/**
 * What deleting an organization can fail with.
 *
 * **Example** (Deleting what may be gone already)
 *
 * ```ts
 * import { type DeleteError, Organizations } from "@effect-workos/client/Organizations"
 * import * as Effect from "effect/Effect"
 *
 * const forget = (id: string): Effect.Effect<void, Exclude<DeleteError, { _tag: "NotFound" }>, Organizations> =>
 *   Organizations.use((organizations) => organizations.delete(id)).pipe(Effect.catchTag("NotFound", () => Effect.void))
 * ```
 */
export type DeleteError = Failure | ApiError.Forbidden | ApiError.NotFound
/**
 * What reading a page of organizations can fail with.
 */
export type ListError = Failure | ApiError.UnprocessableEntity
/**
 * What reading all organizations can fail with.
 *
 * **Example** (Whether the key is to blame)
 *
 * ```ts
 * import type { CrawlError, GetError, ListError } from "@effect-workos/client/Organizations"
 *
 * const isKey = ({ _tag }: GetError | ListError | CrawlError): boolean => _tag === "Unauthorized"
 * ```
 */
export type CrawlError = ListError | CursorRepeated

/**
 * What can be read of organizations, each in the form of `Row`, and lists in that of `Page`.
 *
 * **Example** (One organization in either form)
 *
 * ```ts
 * import { Organizations, type Reads } from "@effect-workos/client/Organizations"
 *
 * const read = <Row, Page>(organizations: Reads<Row, Page>) => organizations.get("org_01EHWNCE74X7JSDV0X3SZ3KJNY")
 *
 * const raw = Organizations.use(({ encoded }) => read(encoded))
 * ```
 */
export interface Reads<Row, Page> extends Listing.Listing<Row, Page, ListOptions, ListError> {
  /**
   * The organization with an id. `NotFound` where there is none.
   *
   * @see https://workos.com/docs/reference/organization/get
   */
  readonly get: (id: string) => Effect.Effect<Row, GetError>
  /**
   * The organization that the application knows under an id of its own: 1 to 128 ASCII characters. `NotFound` where there
   * is none.
   *
   * @see https://workos.com/docs/reference/organization/get-by-external-id
   */
  readonly getByExternalId: (externalId: string) => Effect.Effect<Row, GetError>
}

/**
 * The operations on organizations.
 *
 * **Example** (Organizations as a test wants them)
 *
 * ```ts
 * import { type Operations, Organizations } from "@effect-workos/client/Organizations"
 * import * as Layer from "effect/Layer"
 *
 * const layerTest = (operations: Operations): Layer.Layer<Organizations> => Layer.succeed(Organizations, operations)
 * ```
 */
export interface Operations extends Reads<Organization, OrganizationPage> {
  /**
   * Creates an organization. `BadRequest` with the code `external_id_already_used` where another one has its `externalId`,
   * and `Conflict` where another one has one of its domains. Attempts of one call have the same `Idempotency-Key`; that
   * WorkOS heeds it here is not documented, so a creation that must not happen twice has an `externalId`.
   *
   * @see https://workos.com/docs/reference/organization/create
   */
  readonly create: (options: CreateOptions) => Effect.Effect<Organization, CreateError>
  /**
   * Changes an organization. `NotFound` where there is none, and otherwise as `create`.
   *
   * @see https://workos.com/docs/reference/organization/update
   */
  readonly update: (id: string, options: UpdateOptions) => Effect.Effect<Organization, UpdateError>
  /**
   * Deletes an organization with its connections, for good. WorkOS allows 50 of these in a minute.
   *
   * @see https://workos.com/docs/reference/organization/delete
   */
  readonly delete: (id: string) => Effect.Effect<void, DeleteError>
  /**
   * The same in the form in which it came: snake_case, times as strings, and every field that the server sent. It is
   * valid, and costs less. For rows that only pass through.
   */
  readonly encoded: Reads<typeof Organization.Encoded, typeof OrganizationPage.Encoded>
}

const about = Operation.idAttribute("workos.organization_id", OrganizationId)

const make = Effect.gen(function* () {
  const operation = yield* Endpoints.make(OrganizationsGroup)

  const reads = <Row, Page>(form: Form.Form<Row, Page>): Reads<Row, Page> => {
    const runGet = operation("get", form.row)
    const runByExternalId = operation("getByExternalId", form.row)
    const runList = operation("list", form.page)
    return {
      get: (id) => runGet({ params: { id } }, about(id)),
      getByExternalId: (externalId) => runByExternalId({ params: { external_id: externalId } }),
      ...Listing.make({
        operation: "organizations.list",
        fetch: (query: Listing.Asked<ListOptions>) => runList({ query }),
        form
      })
    }
  }

  const runCreate = operation("create", Operation.decoded(Organization))
  const runUpdate = operation("update", Operation.decoded(Organization))
  const runDelete = operation("delete", Operation.empty, { ignoreNotFoundOnRetry: true })

  return identity<Operations>({
    ...reads(Form.decoded(Organization, OrganizationPage)),
    create: (payload) => runCreate({ payload }),
    update: (id, payload) => runUpdate({ params: { id }, payload }, about(id)),
    delete: (id) => runDelete({ params: { id } }, about(id)),
    encoded: reads(Form.encoded(Organization, OrganizationPage))
  })
})

/**
 * Organizations, for programs that need nothing else of WorkOS; `WorkOs` holds them beside the rest.
 *
 * **Example** (Who has a domain)
 *
 * ```ts
 * import { Organizations } from "@effect-workos/client/Organizations"
 * import * as Effect from "effect/Effect"
 *
 * const ownersOf = Effect.fn("ownersOf")(function* (domain: string) {
 *   const organizations = yield* Organizations
 *   const page = yield* organizations.list({ domains: [domain] })
 *   return page.data.map(({ name }) => name)
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/organization
 */
export class Organizations extends Context.Service<Organizations, Operations>()("@effect-workos/client/Organizations") {
  /**
   * Organizations over whichever `HttpClient` and `RateLimit` are provided.
   *
   * **Example** (Under the limit that connections are under as well)
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
  static readonly layerNoDeps: Layer.Layer<Organizations, never, HttpClient.HttpClient | RateLimit | WorkOsConfig> =
    Layer.effect(this, make).pipe(Layer.provide(Transport.layer))

  /**
   * Organizations over whichever `HttpClient` is provided, with the rate limit that the configuration says. Layers are
   * built once: another client in the same program, with another configuration, is over `Layer.fresh` of this one.
   *
   * **Example** (Organizations over `fetch`)
   *
   * ```ts
   * import { Organizations } from "@effect-workos/client/Organizations"
   * import { WorkOsConfig } from "@effect-workos/client/WorkOsConfig"
   * import * as FetchHttpClient from "effect/http/FetchHttpClient"
   * import * as Layer from "effect/Layer"
   *
   * const OrganizationsLive = Organizations.layer.pipe(Layer.provide([WorkOsConfig.layerConfig, FetchHttpClient.layer]))
   * ```
   */
  static readonly layer: Layer.Layer<Organizations | RateLimit, never, HttpClient.HttpClient | WorkOsConfig> =
    Layer.provideMerge(this.layerNoDeps, RateLimit.layer)
}
