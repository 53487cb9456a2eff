/**
 * All resources of WorkOS in one service.
 *
 * @module
 */
import * as resources from "@effect-workos/domain/resources"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Record from "effect/Record"
import { Authentication } from "./Authentication.ts"
import type { Client } from "./Client.ts"
import { Events } from "./Events.ts"
import * as Methods from "./internal/Methods.ts"
import { Transport } from "./internal/Transport.ts"
import { RateLimit } from "./RateLimit.ts"
import { Sso } from "./Sso.ts"
import * as WorkOsConfig from "./WorkOsConfig.ts"

/** Services with methods that are not derived from endpoints. */
interface Extended {
  readonly authentication: Authentication["Service"]
  readonly events: Events["Service"]
  readonly sso: Sso["Service"]
}

type Resources = typeof resources

/**
 * The clients of all resources, by the name of the resource.
 */
export type WorkOsClients = {
  readonly [Name in keyof Resources]: Name extends keyof Extended
    ? Extended[Name]
    : Client<Resources[Name]["endpoints"]>
}

const make = Effect.gen(function* () {
  const extended: Extended = { authentication: yield* Authentication, events: yield* Events, sso: yield* Sso }
  const { authentication: _authentication, events: _events, sso: _sso, ...plain } = resources
  const derived = yield* Effect.all(Record.map(plain, Methods.make))
  // Every resource has its derived client, or the client in `extended`.
  return { ...derived, ...extended } as unknown as WorkOsClients
})

/**
 * The client of the WorkOS API.
 *
 * **When to use**
 *
 * Use in programs with several resources. A program with one resource loads less code with the service of that resource,
 * for example `Connections`.
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
 * **Example** (A link for the administrators of a new customer)
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
   * A layer that requires an `HttpClient`, a `RateLimit` and a `WorkOsConfig`.
   *
   * **Example** (Providing the rate limit and the configuration)
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
  > = Layer.effect(this, make).pipe(
    Layer.provide([Authentication.layerNoDeps, Events.layerNoDeps, Sso.layerNoDeps, Transport.layer])
  )

  private static readonly layerLimited = Layer.provideMerge(this.layerNoDeps, RateLimit.layer)

  /**
   * Makes a layer from an API key and other options. Fails with `InvalidConfig` if an option is invalid, as
   * `WorkOsConfig.layer` does.
   *
   * **Example** (Several resources of one customer)
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
    // `fresh`, because layers are built once per program: a second client would use the key of the first one.
    Layer.provide(Layer.fresh(this.layerLimited), WorkOsConfig.layer(options))

  /**
   * A layer that reads environment variables, as `WorkOsConfig.layerConfig` describes.
   */
  static readonly layerConfig: Layer.Layer<WorkOs | RateLimit, Config.ConfigError, HttpClient.HttpClient> =
    Layer.provide(this.layerLimited, WorkOsConfig.layerConfig)
}
