// The client service of organizations.
import { organizations } from "@effect-workos/domain/organizations/Organization"
import * as Client from "./Client.ts"

/**
 * Organizations, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (An organization for each customer, however often the program runs)
 *
 * ```ts
 * import { Organizations } from "@effect-workos/client/Organizations"
 * import * as Effect from "effect/Effect"
 *
 * const organizationFor = Effect.fn("organizationFor")(function* (customerId: string, name: string) {
 *   const organizations = yield* Organizations
 *   return yield* organizations
 *     .getByExternalId(customerId)
 *     .pipe(Effect.catchTag("NotFound", () => organizations.create({ name, externalId: customerId })))
 * })
 * ```
 *
 * **Example** (Organizations and connections within one rate limit)
 *
 * ```ts
 * import { Connections } from "@effect-workos/client/Connections"
 * import { Organizations } from "@effect-workos/client/Organizations"
 * import { RateLimit } from "@effect-workos/client/RateLimit"
 * import * as Layer from "effect/Layer"
 *
 * const Both = Layer.mergeAll(Connections.layerNoDeps, Organizations.layerNoDeps).pipe(Layer.provide(RateLimit.layer))
 * ```
 *
 * @see https://workos.com/docs/reference/organization
 */
export class Organizations extends Client.Service<Organizations>()(
  "@effect-workos/client/Organizations",
  organizations
) {}
