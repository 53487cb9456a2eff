// The declaration of organizations.
import * as ApiError from "@effect-workos/domain/ApiError"
import { Organization, type organizations as resource } from "@effect-workos/domain/organizations/Organization"
import { OrganizationDomainState } from "@effect-workos/domain/organizations/OrganizationDomain"
import * as Equal from "effect/Equal"
import * as Result from "effect/Result"
import type { Declaration } from "./Declaration.ts"
import * as EventContext from "./EventContext.ts"
import * as NotFound from "./NotFound.ts"
import * as OrganizationDomains from "./OrganizationDomains.ts"
import { month } from "./SeedRow.ts"

const tiers = ["bronze", "gold", "silver"]

export const organizations: Declaration<typeof resource.endpoints> = {
  unique: {
    externalId: (externalId) =>
      new ApiError.BadRequest({
        code: "external_id_already_used",
        message: `Another organization has the external id '${externalId}'.`
      }),
    stripeCustomerId: (stripeCustomerId) =>
      new ApiError.BadRequest({
        code: "stripe_customer_id_already_used",
        message: `Another organization has the Stripe customer id '${stripeCustomerId}'.`
      })
  },
  filters: {
    domains: {
      values: ({ domains }) => domains.map(({ domain }) => domain.toLowerCase()),
      of: (domains) => domains.map((domain) => domain.toLowerCase())
    }
  },

  create: (payload, { id }, context) =>
    Result.map(OrganizationDomains.replaceAll({ id, domains: [] }, payload.domainData ?? [], context), (domains) => ({
      metadata: payload.metadata ?? {},
      domains
    })),
  update: (organization, payload, context) =>
    Result.map(
      payload.domainData === undefined
        ? Result.succeed(organization.domains)
        : OrganizationDomains.replaceAll(organization, payload.domainData, context),
      (domains) => ({ ...(payload.metadata === null ? { metadata: {} } : {}), domains })
    ),

  // The documented status is 202 (Accepted), although the deletion is immediate here.
  deleteStatus: 202,

  actions: {
    getByExternalId: ({ params: { external_id: externalId } }, { store }) =>
      NotFound.ifUndefined("Organization", externalId)(store.organizations.findBy("externalId", externalId)[0])
  },

  events: (before, after) => {
    if (after === undefined) return before === undefined ? [] : [{ event: "organization.deleted", data: before }]
    if (before === undefined) return [{ event: "organization.created", data: after }]
    // Domains have their own events.
    if (Equal.equals({ ...before, domains: [] }, { ...after, domains: [] })) return []
    return [{ event: "organization.updated", data: after, context: EventContext.of(Organization, before, after) }]
  },

  history: (organization) => {
    const { createdAt, domains, updatedAt } = organization
    if (Equal.equals(createdAt, updatedAt)) return []
    return [
      {
        ...organization,
        metadata: {},
        domains: domains.map((domain) => ({ ...domain, state: "pending", updatedAt: createdAt })),
        updatedAt: createdAt
      }
    ]
  },

  seed: ({ below, chance, created, customer, id, index, letters, pick }) => {
    const organizationId = customer?.id ?? id("org", created)
    const updated = chance(0.5) ? created : created + 1 + below(month)
    const domains = new Set<string>()
    const { domain = "", externalId = null, name = `Organization ${index + 1}` } = customer ?? {}
    if (chance(0.9)) domains.add(domain)
    if (chance(0.15)) domains.add(`mail.${domain}`)
    return {
      id: organizationId,
      name,
      domains: Array.from(domains, (domain) => {
        const state = chance(0.7) ? "verified" : pick(OrganizationDomainState.known)
        const isManual = state.endsWith("verified") && chance(0.2)
        return {
          object: "organization_domain",
          id: id("org_domain", created),
          organization_id: organizationId,
          domain,
          state,
          ...(isManual
            ? { verification_strategy: "manual" }
            : {
                verification_strategy: "dns",
                verification_prefix: `_workos-challenge-${letters(6).toLowerCase()}`,
                verification_token: letters(25)
              }),
          created_at: new Date(created).toISOString(),
          updated_at: new Date(updated).toISOString()
        }
      }),
      // Only updated organizations have metadata.
      metadata:
        updated === created ? {} : { tier: pick(tiers), ...(chance(0.5) ? { region: pick(["eu", "us"]) } : {}) },
      external_id: chance(0.6) ? externalId : null,
      ...(chance(0.3) ? { stripe_customer_id: `cus_${letters(14)}` } : {}),
      ...(chance(0.5) ? { allow_profiles_outside_organization: chance(0.3) } : {}),
      updated_at: new Date(updated).toISOString()
    }
  }
}
