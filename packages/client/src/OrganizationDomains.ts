// The domains of organizations, as a program asks for them.
import type * as ApiError from "@effect-workos/domain/ApiError"
import {
  type CreateOrganizationDomain,
  OrganizationDomain,
  OrganizationDomainId,
  OrganizationDomainsGroup
} from "@effect-workos/domain/organizations/OrganizationDomain"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type { ClientError } from "./ClientError.ts"
import * as Endpoints from "./internal/Endpoints.ts"
import * as Operation from "./internal/Operation.ts"
import { RateLimit } from "./RateLimit.ts"
import { Transport } from "./internal/Transport.ts"
import type { WorkOsConfig } from "./WorkOsConfig.ts"

/**
 * A domain for an organization.
 *
 * **Example** (A domain that is to be verified)
 *
 * ```ts
 * import { type CreateOptions, OrganizationDomains } from "@effect-workos/client/OrganizationDomains"
 * import * as Effect from "effect/Effect"
 *
 * const options: CreateOptions = { organizationId: "org_01EHWNCE74X7JSDV0X3SZ3KJNY", domain: "foo-corp.com" }
 *
 * const program = Effect.gen(function* () {
 *   const domains = yield* OrganizationDomains
 *   const { id } = yield* domains.create(options)
 *   yield* domains.verify(id)
 *   const { state } = yield* domains.get(id)
 *   if (state === "failed") yield* domains.delete(id)
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/organization-domain/create
 */
export interface CreateOptions extends CreateOrganizationDomain {}

/** What any request for domains can fail with. */
type Failure = ClientError | ApiError.Unauthorized | ApiError.TooManyRequests

/**
 * What reading a domain can fail with.
 */
export type GetError = Failure | ApiError.NotFound
/**
 * What taking a domain away can fail with.
 */
export type DeleteError = GetError
/**
 * What having a domain verified can fail with.
 *
 * **Example** (Whether there is nothing to do)
 *
 * ```ts
 * import type { VerifyError } from "@effect-workos/client/OrganizationDomains"
 *
 * const isVerified = (error: VerifyError): boolean =>
 *   error._tag === "BadRequest" && error.code === "domain_already_verified"
 * ```
 */
export type VerifyError = GetError | ApiError.BadRequest
/**
 * What giving an organization a domain can fail with.
 *
 * **Example** (Whether it is a matter of time)
 *
 * ```ts
 * import type { CreateError, DeleteError, GetError } from "@effect-workos/client/OrganizationDomains"
 *
 * const mayBeOver = ({ _tag }: GetError | CreateError | DeleteError): boolean =>
 *   _tag === "TransportError" || _tag === "RequestTimeout" || _tag === "ServerError" || _tag === "TooManyRequests"
 * ```
 */
export type CreateError = VerifyError | ApiError.Conflict | ApiError.UnprocessableEntity

/**
 * The operations on organizations' domains.
 *
 * **Example** (Domains as a test wants them)
 *
 * ```ts
 * import { type Operations, OrganizationDomains } from "@effect-workos/client/OrganizationDomains"
 * import * as Layer from "effect/Layer"
 *
 * const layerTest = (operations: Operations): Layer.Layer<OrganizationDomains> =>
 *   Layer.succeed(OrganizationDomains, operations)
 * ```
 */
export interface Operations {
  /**
   * The domain with an id. `NotFound` where there is none.
   *
   * @see https://workos.com/docs/reference/organization-domain/get
   */
  readonly get: (id: string) => Effect.Effect<OrganizationDomain, GetError>
  /**
   * Gives an organization a domain, which is to be verified. `Conflict` where an organization has it already.
   *
   * @see https://workos.com/docs/reference/organization-domain/create
   */
  readonly create: (options: CreateOptions) => Effect.Effect<OrganizationDomain, CreateError>
  /**
   * Asks WorkOS to look for the domain's record in DNS. What comes of it is told by the events
   * `organization_domain.verified` and `organization_domain.verification_failed`. `BadRequest` with the code
   * `domain_already_verified` where there is nothing to do.
   *
   * @see https://workos.com/docs/reference/organization-domain/verify
   */
  readonly verify: (id: string) => Effect.Effect<OrganizationDomain, VerifyError>
  /**
   * Takes a domain from its organization, for good. `NotFound` where there is none.
   *
   * @see https://workos.com/docs/reference/organization-domain/delete
   */
  readonly delete: (id: string) => Effect.Effect<void, DeleteError>
}

const about = Operation.idAttribute("workos.organization_domain_id", OrganizationDomainId)

const make = Effect.gen(function* () {
  const operation = yield* Endpoints.make(OrganizationDomainsGroup)
  const body = Operation.decoded(OrganizationDomain)
  const runGet = operation("get", body)
  const runCreate = operation("create", body)
  const runVerify = operation("verify", body)
  const runDelete = operation("delete", Operation.empty, { ignoreNotFoundOnRetry: true })

  return identity<Operations>({
    get: (id) => runGet({ params: { id } }, about(id)),
    create: (payload) => runCreate({ payload }),
    verify: (id) => runVerify({ params: { id } }, about(id)),
    delete: (id) => runDelete({ params: { id } }, about(id))
  })
})

/**
 * The domains of organizations, for programs that need nothing else of WorkOS; `WorkOs` holds them beside the rest.
 *
 * **Example** (What a customer has to write into their DNS)
 *
 * ```ts
 * import { OrganizationDomains } from "@effect-workos/client/OrganizationDomains"
 * import * as Effect from "effect/Effect"
 *
 * const claim = Effect.fn("claim")(function* (organizationId: string, domain: string) {
 *   const domains = yield* OrganizationDomains
 *   const { verificationPrefix, verificationToken } = yield* domains.create({ organizationId, domain })
 *   return `${verificationPrefix}.${domain} TXT ${verificationToken}`
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/organization-domain
 */
export class OrganizationDomains extends Context.Service<OrganizationDomains, Operations>()(
  "@effect-workos/client/OrganizationDomains"
) {
  /**
   * Domains over whichever `HttpClient` and `RateLimit` are provided.
   *
   * **Example** (Under the limit that organizations are under as well)
   *
   * ```ts
   * import { OrganizationDomains } from "@effect-workos/client/OrganizationDomains"
   * import { Organizations } from "@effect-workos/client/Organizations"
   * import { RateLimit } from "@effect-workos/client/RateLimit"
   * import * as Layer from "effect/Layer"
   *
   * const Both = Layer.mergeAll(Organizations.layerNoDeps, OrganizationDomains.layerNoDeps).pipe(
   *   Layer.provide(RateLimit.layer)
   * )
   * ```
   */
  static readonly layerNoDeps: Layer.Layer<
    OrganizationDomains,
    never,
    HttpClient.HttpClient | RateLimit | WorkOsConfig
  > = Layer.effect(this, make).pipe(Layer.provide(Transport.layer))

  /**
   * Domains over whichever `HttpClient` is provided, with the rate limit that the configuration says. Layers are built
   * once: another client in the same program, with another configuration, is over `Layer.fresh` of this one.
   *
   * **Example** (Domains over `fetch`)
   *
   * ```ts
   * import { OrganizationDomains } from "@effect-workos/client/OrganizationDomains"
   * import { WorkOsConfig } from "@effect-workos/client/WorkOsConfig"
   * import * as FetchHttpClient from "effect/http/FetchHttpClient"
   * import * as Layer from "effect/Layer"
   *
   * const DomainsLive = OrganizationDomains.layer.pipe(Layer.provide([WorkOsConfig.layerConfig, FetchHttpClient.layer]))
   * ```
   */
  static readonly layer: Layer.Layer<OrganizationDomains | RateLimit, never, HttpClient.HttpClient | WorkOsConfig> =
    Layer.provideMerge(this.layerNoDeps, RateLimit.layer)
}
