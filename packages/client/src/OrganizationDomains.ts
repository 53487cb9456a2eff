/**
 * The client service of organization domains.
 *
 * @module
 */
import { organizationDomains } from "@effect-workos/domain/organizations/OrganizationDomain"
import * as Client from "./Client.ts"

/**
 * The client of organization domains, for programs that use no other resource. `WorkOs` contains all resources.
 *
 * **Example** (The DNS record that verifies a domain)
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
export class OrganizationDomains extends Client.Service<OrganizationDomains>()(
  "@effect-workos/client/OrganizationDomains",
  organizationDomains
) {}
