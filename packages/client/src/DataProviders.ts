/**
 * The client service of providers of WorkOS Pipes.
 *
 * @module
 */
import { dataProviders } from "@effect-workos/domain/pipes/DataProvider"
import * as Client from "./Client.ts"

/**
 * The client of providers of WorkOS Pipes, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (The providers that a user has connected)
 *
 * ```ts
 * import { DataProviders } from "@effect-workos/client/DataProviders"
 * import * as Effect from "effect/Effect"
 *
 * const connected = Effect.fn("connected")(function* (userId: string) {
 *   const dataProviders = yield* DataProviders
 *   const { data } = yield* dataProviders.list(userId)
 *   return data.filter((provider) => provider.connectedAccount?.state === "connected").map((provider) => provider.slug)
 * })
 * ```
 *
 * @see https://workos.com/docs/reference/pipes/provider
 */
export class DataProviders extends Client.Service<DataProviders>()(
  "@effect-workos/client/DataProviders",
  dataProviders
) {}
