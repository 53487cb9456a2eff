/**
 * The client service of organizations.
 *
 * @module
 */
import { organizations } from "@effect-workos/domain/organizations/Organization"
import * as Client from "./Client.ts"

/**
 * The client of organizations, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (Creating the organization of a customer only once)
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
 * @see https://workos.com/docs/reference/organization
 */
export class Organizations extends Client.Service<Organizations>()(
  "@effect-workos/client/Organizations",
  organizations
) {}
