// The Admin Portal, as a program asks for it.
import type * as ApiError from "@effect-workos/domain/ApiError"
import { type NewPortalLink, PortalGroup, PortalLink } from "@effect-workos/domain/Portal"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import type * as HttpClient from "effect/http/HttpClient"
import * as HttpApi from "effect/http-api/HttpApi"
import * as Layer from "effect/Layer"
import type { ClientError } from "./ClientError.ts"
import * as Endpoints from "./internal/Endpoints.ts"
import * as Operation from "./internal/Operation.ts"
import { layerApiKey } from "./internal/Outgoing.ts"
import { RateLimit } from "./RateLimit.ts"
import { Transport } from "./internal/Transport.ts"
import type { WorkOsConfig } from "./WorkOsConfig.ts"

/**
 * Which organization's Admin Portal, and what for.
 *
 * @see https://workos.com/docs/reference/admin-portal/portal-link/generate
 */
export interface LinkOptions extends NewPortalLink {}

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

const Api = HttpApi.make("workos").add(PortalGroup)

const make = Effect.gen(function* () {
  const { http, operation } = yield* Endpoints.make(Api, "portal")
  const runLink = operation("generateLink", Operation.decoded(PortalLink))

  return identity<Operations>({
    generateLink: (payload) => runLink(http.generateLink({ payload, responseMode: "response-only" }))
  })
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
   */
  static readonly layerNoDeps: Layer.Layer<Portal, never, HttpClient.HttpClient | RateLimit | WorkOsConfig> =
    Layer.effect(this, make).pipe(Layer.provide([layerApiKey, Transport.layer]))

  /**
   * The Admin Portal over whichever `HttpClient` is provided, with the rate limit that the configuration says. Layers are
   * built once: another client in the same program, with another configuration, is over `Layer.fresh` of this one.
   */
  static readonly layer: Layer.Layer<Portal | RateLimit, never, HttpClient.HttpClient | WorkOsConfig> =
    Layer.provideMerge(this.layerNoDeps, RateLimit.layer)
}
