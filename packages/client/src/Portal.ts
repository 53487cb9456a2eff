// The Admin Portal, as a program asks for it.
import type * as ApiError from "@effect-workos/domain/ApiError"
import { type GeneratePortalLink, PortalGroup, PortalLink } from "@effect-workos/domain/admin-portal/Portal"
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
 * Which organization's Admin Portal, and what for.
 *
 * **Example** (A button for those who renew a certificate)
 *
 * ```ts
 * import { type LinkError, type LinkOptions, Portal } from "@effect-workos/client/Portal"
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 *
 * const renewal = (organization: string): LinkOptions => ({ organization, intent: "certificate_renewal" })
 *
 * const redirect = (organization: string): Effect.Effect<string, LinkError, Portal> =>
 *   Portal.use(({ generateLink }) => generateLink(renewal(organization))).pipe(
 *     Effect.map(({ link }) => Redacted.value(link))
 *   )
 * ```
 *
 * @see https://workos.com/docs/reference/admin-portal/portal-link/generate
 */
export interface LinkOptions extends GeneratePortalLink {}

/**
 * What making a link can fail with.
 */
export type LinkError =
  | ClientError
  | ApiError.Unauthorized
  | ApiError.TooManyRequests
  | ApiError.BadRequest
  | ApiError.Forbidden
  | ApiError.NotFound
  | ApiError.UnprocessableEntity

/**
 * The operation on the Admin Portal.
 *
 * **Example** (The Admin Portal as a test wants it)
 *
 * ```ts
 * import { type Operations, Portal } from "@effect-workos/client/Portal"
 * import * as Layer from "effect/Layer"
 *
 * const layerTest = (operations: Operations): Layer.Layer<Portal> => Layer.succeed(Portal, operations)
 * ```
 */
export interface Operations {
  /**
   * A link that lets somebody into the Admin Portal of an organization, at once: it is good for some minutes. So it is not
   * sent by mail, but made when they click. `NotFound` where there is no such organization.
   *
   * @see https://workos.com/docs/reference/admin-portal/portal-link/generate
   */
  readonly generateLink: (options: LinkOptions) => Effect.Effect<PortalLink, LinkError>
}

const make = Effect.gen(function* () {
  const operation = yield* Endpoints.make(PortalGroup)
  const runLink = operation("generateLink", Operation.decoded(PortalLink))

  return identity<Operations>({ generateLink: (payload) => runLink({ payload }) })
})

/**
 * The Admin Portal, for programs that need nothing else of WorkOS; `WorkOs` holds it beside the rest.
 *
 * **Example** (Where to send a customer who wants single sign-on)
 *
 * ```ts
 * import { Portal } from "@effect-workos/client/Portal"
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 *
 * const setUp = Effect.fn("setUp")(function* (organization: string) {
 *   const portal = yield* Portal
 *   const { link } = yield* portal.generateLink({ organization, intent: "sso" })
 *   return new URL(Redacted.value(link))
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/admin-portal
 */
export class Portal extends Context.Service<Portal, Operations>()("@effect-workos/client/Portal") {
  /**
   * The Admin Portal over whichever `HttpClient` and `RateLimit` are provided.
   *
   * **Example** (With organizations, under one limit)
   *
   * ```ts
   * import { Organizations } from "@effect-workos/client/Organizations"
   * import { Portal } from "@effect-workos/client/Portal"
   * import { RateLimit } from "@effect-workos/client/RateLimit"
   * import * as Layer from "effect/Layer"
   *
   * const Both = Layer.mergeAll(Organizations.layerNoDeps, Portal.layerNoDeps).pipe(Layer.provide(RateLimit.layer))
   * ```
   */
  static readonly layerNoDeps: Layer.Layer<Portal, never, HttpClient.HttpClient | RateLimit | WorkOsConfig> =
    Layer.effect(this, make).pipe(Layer.provide(Transport.layer))

  /**
   * The Admin Portal over whichever `HttpClient` is provided, with the rate limit that the configuration says. Layers are
   * built once: another client in the same program, with another configuration, is over `Layer.fresh` of this one.
   *
   * **Example** (Over `fetch`, configured by the environment)
   *
   * ```ts
   * import { Portal } from "@effect-workos/client/Portal"
   * import { WorkOsConfig } from "@effect-workos/client/WorkOsConfig"
   * import * as FetchHttpClient from "effect/http/FetchHttpClient"
   * import * as Layer from "effect/Layer"
   *
   * const PortalLive = Portal.layer.pipe(Layer.provide([WorkOsConfig.layerConfig, FetchHttpClient.layer]))
   * ```
   */
  static readonly layer: Layer.Layer<Portal | RateLimit, never, HttpClient.HttpClient | WorkOsConfig> =
    Layer.provideMerge(this.layerNoDeps, RateLimit.layer)
}
