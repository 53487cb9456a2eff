// WorkOS: every resource that this library knows, in one service.
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import { Connections } from "./Connections.ts"
import { Events } from "./Events.ts"
import { OrganizationDomains } from "./OrganizationDomains.ts"
import { Organizations } from "./Organizations.ts"
import { RateLimit } from "./RateLimit.ts"
import { Sso } from "./Sso.ts"
import { type Options, WorkOsConfig } from "./WorkOsConfig.ts"

/**
 * The WorkOS API.
 *
 * **When to use**
 *
 * Use in programs that deal with several resources. A program that needs one of them loads less with that resource's
 * own service, for example `Connections`.
 *
 * **Example** (Reading a connection)
 *
 * ```ts
 * import { WorkOs } from "@effect-workos/client/WorkOs"
 * import * as Effect from "effect/Effect"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import * as Layer from "effect/Layer"
 *
 * const program = Effect.gen(function* () {
 *   const workos = yield* WorkOs
 *   const connection = yield* workos.connections.get("conn_01E4ZCR3C56J083X43JQXF3JK5")
 *   return connection.state === "active"
 * }).pipe(
 *   Effect.catchTag("NotFound", () => Effect.succeed(false)),
 *   Effect.provide(WorkOs.layerConfig.pipe(Layer.provide(FetchHttpClient.layer)))
 * )
 * ```
 *
 * @see https://workos.com/docs/reference
 */
export class WorkOs extends Context.Service<
  WorkOs,
  {
    readonly connections: Connections["Service"]
    readonly organizations: Organizations["Service"]
    readonly organizationDomains: OrganizationDomains["Service"]
    readonly sso: Sso["Service"]
    readonly events: Events["Service"]
  }
>()("@effect-workos/client/WorkOs") {
  /**
   * WorkOS with whichever configuration and `RateLimit` are provided.
   */
  static readonly layerNoDeps: Layer.Layer<WorkOs, never, HttpClient.HttpClient | RateLimit | WorkOsConfig> =
    Layer.effect(
      this,
      Effect.all({
        connections: Connections,
        organizations: Organizations,
        organizationDomains: OrganizationDomains,
        sso: Sso,
        events: Events
      })
    ).pipe(
      Layer.provide([
        Connections.layerNoDeps,
        Organizations.layerNoDeps,
        OrganizationDomains.layerNoDeps,
        Sso.layerNoDeps,
        Events.layerNoDeps
      ])
    )

  private static readonly layerLimited = Layer.provideMerge(this.layerNoDeps, RateLimit.layer)

  /**
   * WorkOS with a key, a base URL where it is not the production one, and a rate limit where it is not the documented
   * one. Fails with a `ConfigError` where the base URL can't be used, for example because the key could be read on the
   * way.
   */
  static readonly layer = (
    options: Options
  ): Layer.Layer<WorkOs | RateLimit, Config.ConfigError, HttpClient.HttpClient> =>
    // Anew for each: layers are built once, and another client in the program would be this one, with its key.
    Layer.provide(Layer.fresh(this.layerLimited), WorkOsConfig.layer(options))

  /**
   * WorkOS as the environment says: what `WorkOsConfig.layerConfig` reads of it.
   */
  static readonly layerConfig: Layer.Layer<WorkOs | RateLimit, Config.ConfigError, HttpClient.HttpClient> =
    Layer.provide(this.layerLimited, WorkOsConfig.layerConfig)
}
