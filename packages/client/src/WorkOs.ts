// All resources of WorkOS in one service.
import * as resources from "@effect-workos/domain/resources"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Record from "effect/Record"
import type { Client } from "./Client.ts"
import { Events } from "./Events.ts"
import * as Methods from "./internal/Methods.ts"
import { Transport } from "./internal/Transport.ts"
import { RateLimit } from "./RateLimit.ts"
import { Sso } from "./Sso.ts"
import * as WorkOsConfig from "./WorkOsConfig.ts"

/** Services with methods that are not derived. */
interface Extended {
  readonly events: Events["Service"]
  readonly sso: Sso["Service"]
}

type Resources = typeof resources

/**
 * The client of every resource, by the name of the resource.
 *
 * **Example** (A part of WorkOS, as a test provides it)
 *
 * ```ts
 * import type { WorkOsClients } from "@effect-workos/client/WorkOs"
 * import * as Effect from "effect/Effect"
 *
 * const keys: Pick<WorkOsClients["sso"], "jwks"> = {
 *   jwks: Object.assign(() => Effect.succeed({ keys: [] }), { encoded: () => Effect.succeed({ keys: [] }) })
 * }
 * ```
 */
export type WorkOsClients = {
  readonly [Name in keyof Resources]: Name extends keyof Extended
    ? Extended[Name]
    : Client<Resources[Name]["endpoints"]>
}

const make = Effect.gen(function* () {
  const extended: Extended = { events: yield* Events, sso: yield* Sso }
  const derived = yield* Effect.all(Record.map({ ...resources }, Methods.make))
  // Every resource has its derived client, or one of `extended` in its place.
  return { ...derived, ...extended } as unknown as WorkOsClients
})

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
 * **Example** (A new customer, whose own IT sets up single sign-on)
 *
 * ```ts
 * import { WorkOs } from "@effect-workos/client/WorkOs"
 * import * as Effect from "effect/Effect"
 *
 * const welcome = Effect.fn("welcome")(function* (name: string) {
 *   const { organizations, portal } = yield* WorkOs
 *   const { id } = yield* organizations.create({ name })
 *   return yield* portal.generateLink({ organization: id, intent: "sso" })
 * })
 * ```
 *
 * @see https://workos.com/docs/reference
 */
export class WorkOs extends Context.Service<WorkOs, WorkOsClients>()("@effect-workos/client/WorkOs") {
  /**
   * All resources over the `HttpClient`, `RateLimit` and `WorkOsConfig` that the program provides.
   *
   * **Example** (With a rate limit and a configuration of the program)
   *
   * ```ts
   * import { RateLimit } from "@effect-workos/client/RateLimit"
   * import { WorkOs } from "@effect-workos/client/WorkOs"
   * import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
   * import * as Layer from "effect/Layer"
   *
   * const WorkOsLimited = WorkOs.layerNoDeps.pipe(
   *   Layer.provide(RateLimit.layer),
   *   Layer.provide(WorkOsConfig.layerConfig)
   * )
   * ```
   */
  static readonly layerNoDeps: Layer.Layer<
    WorkOs,
    never,
    HttpClient.HttpClient | RateLimit | WorkOsConfig.WorkOsConfig
  > = Layer.effect(this, make).pipe(Layer.provide([Events.layerNoDeps, Sso.layerNoDeps, Transport.layer]))

  private static readonly layerLimited = Layer.provideMerge(this.layerNoDeps, RateLimit.layer)

  /**
   * WorkOS with a key, a base URL where it is not the production one, and a rate limit where it is not the documented
   * one. Fails with `InvalidConfig` where the base URL can't be used, for example because the key could be read on the
   * way.
   *
   * **Example** (With a key that the program has, and what hangs on a customer)
   *
   * ```ts
   * import { WorkOs } from "@effect-workos/client/WorkOs"
   * import * as Effect from "effect/Effect"
   * import * as FetchHttpClient from "effect/http/FetchHttpClient"
   * import * as Layer from "effect/Layer"
   * import * as Redacted from "effect/Redacted"
   *
   * const WorkOsLive = WorkOs.layer({ apiKey: Redacted.make("sk_…"), rateLimit: { requests: 600, window: "1 minute" } }).pipe(
   *   Layer.provide(FetchHttpClient.layer)
   * )
   *
   * const program = Effect.gen(function* () {
   *   const { connections, events, organizationDomains, organizations, sso } = yield* WorkOs
   *   const { domains, id: organizationId } = yield* organizations.getByExternalId("customer-42")
   *   for (const { id, state } of domains) if (state === "pending") yield* organizationDomains.verify(id)
   *   return {
   *     connections: yield* connections.list({ organizationId }),
   *     events: yield* events.list({ organizationId }),
   *     keys: yield* sso.jwks("client_01HZBC6N1EB1ZY7KG32X")
   *   }
   * }).pipe(Effect.provide(WorkOsLive))
   * ```
   */
  static readonly layer = (
    options: WorkOsConfig.Options
  ): Layer.Layer<WorkOs | RateLimit, WorkOsConfig.InvalidConfig, HttpClient.HttpClient> =>
    // Anew for each: layers are built once, and another client in the program would be this one, with its key.
    Layer.provide(Layer.fresh(this.layerLimited), WorkOsConfig.layer(options))

  /**
   * WorkOS as the environment says: what `WorkOsConfig.layerConfig` reads of it.
   */
  static readonly layerConfig: Layer.Layer<WorkOs | RateLimit, Config.ConfigError, HttpClient.HttpClient> =
    Layer.provide(this.layerLimited, WorkOsConfig.layerConfig)
}
