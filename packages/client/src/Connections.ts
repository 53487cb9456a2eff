/**
 * The client service of connections.
 *
 * @module
 */
import { connections } from "@effect-workos/domain/sso/Connection"
import * as Client from "./Client.ts"

/**
 * The client of connections, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (Counting the active connections of a customer)
 *
 * ```ts
 * import { Connections } from "@effect-workos/client/Connections"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * const countActive = Effect.fn("countActive")(function* (organizationId: string) {
 *   const connections = yield* Connections
 *   return yield* connections.stream({ organizationId }).pipe(
 *     Stream.filter((connection) => connection.state === "active"),
 *     Stream.runCount
 *   )
 * })
 * ```
 *
 * **Example** (Connections over `fetch`)
 *
 * ```ts
 * import { Connections } from "@effect-workos/client/Connections"
 * import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import * as Layer from "effect/Layer"
 *
 * const ConnectionsLive = Connections.layer.pipe(Layer.provide([WorkOsConfig.layerConfig, FetchHttpClient.layer]))
 * ```
 *
 * @see https://workos.com/docs/reference/sso/connection
 */
export class Connections extends Client.Service<Connections>()("@effect-workos/client/Connections", connections) {}
