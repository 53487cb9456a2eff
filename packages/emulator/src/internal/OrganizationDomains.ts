// The declaration of organization domains, which are inside organizations.
import * as ApiError from "@effect-workos/domain/ApiError"
import type { OrganizationDomainData, Organization } from "@effect-workos/domain/organizations/Organization"
import {
  OrganizationDomain,
  OrganizationDomainId,
  type organizationDomains as resource
} from "@effect-workos/domain/organizations/OrganizationDomain"
import { OrganizationId } from "@effect-workos/domain/organizations/OrganizationId"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Context, Declaration } from "./Declaration.ts"
import * as EventContext from "./EventContext.ts"
import type { EventDraft } from "./EventLog.ts"
import * as IdGenerator from "./IdGenerator.ts"
import * as NotFound from "./NotFound.ts"
import type { Tables } from "./Tables.ts"

type Organizations = Pick<Tables["organizations"], "findBy">

export const organizationDomains: Declaration<typeof resource.endpoints> = {
  nested: {
    in: "organizations",
    rows: ({ domains }) => domains,
    replace: (organization, domains) => ({ ...organization, domains }),
    parentId: ({ organizationId }) => organizationId
  },
  parents: { organizationId: { resource: "organizations", status: 404 } },

  create: ({ domain, organizationId }, _, { ids, store }) =>
    Result.gen(function* () {
      const name = yield* normalize(store.organizations, organizationId, domain)
      const siblings = store.organizations.get(organizationId)?.domains ?? []
      if (siblings.some((other) => other.domain.toLowerCase() === name)) {
        return yield* Result.fail(conflict(`The organization already has the domain '${name}'.`))
      }
      return { domain: name, ...verificationOf("pending", ids) }
    }),

  actions: {
    verify: ({ params }, { ids, store }) => {
      const domain = store.organizationDomains.get(params.id)
      if (domain === undefined) return Effect.fail(NotFound.make("Organization domain", params.id))
      if (isVerified(domain)) {
        const message = `The domain '${domain.domain}' is already verified.`
        return Effect.fail(new ApiError.BadRequest({ code: "domain_already_verified", message }))
      }
      // There is no DNS to query: verification succeeds unless another organization has verified the domain.
      const verified: OrganizationDomain = {
        ...domain,
        state: findVerifier(store.organizations, domain) === undefined ? "verified" : "failed",
        updatedAt: IdGenerator.updateTime(ids.now, domain.updatedAt)
      }
      store.organizationDomains.set(verified)
      return Effect.succeed(verified)
    }
  },

  events: (before, after, { organizations }) => {
    if (after === undefined) {
      return before === undefined ? [] : [{ event: "organization_domain.deleted", data: before }]
    }
    const created: ReadonlyArray<EventDraft> =
      before === undefined ? [{ event: "organization_domain.created", data: after }] : []
    const isNewState = before?.state !== after.state
    if (isNewState && after.state === "verified") {
      return [...created, { event: "organization_domain.verified", data: after }]
    }
    if (isNewState && after.state === "failed") {
      const reason =
        findVerifier(organizations, after) === undefined
          ? "domain_verification_period_expired"
          : "domain_verified_by_other_organization"
      const data = { reason, organizationDomain: after } as const
      return [...created, { event: "organization_domain.verification_failed", data }]
    }
    if (before === undefined) return created
    const context = EventContext.of(OrganizationDomain, before, after)
    return [{ event: "organization_domain.updated", data: after, context }]
  },

  // When one organization verifies a domain, pending verifications of the same domain fail in other organizations.
  onChange: (before, after, { organizations }) => {
    if (after === undefined || !isVerified(after) || (before !== undefined && isVerified(before))) return
    const { domain, id, updatedAt } = after
    const isRival = (other: OrganizationDomain) =>
      other.id !== id && other.domain.toLowerCase() === domain.toLowerCase() && other.state === "pending"
    for (const organization of organizations.findBy("domains", domain.toLowerCase())) {
      if (!organization.domains.some(isRival)) continue
      const domains = organization.domains.map((other) =>
        isRival(other) ? { ...other, state: "failed" as const, ...(updatedAt && { updatedAt }) } : other
      )
      organizations.set({ ...organization, domains })
    }
  }
}

/**
 * Tests whether a domain is verified.
 */
const isVerified = ({ state }: OrganizationDomain): boolean => state === "verified" || state === "legacy_verified"

/**
 * Returns the organization other than `organizationId` that has verified a domain.
 */
const findVerifier = (
  { findBy }: Organizations,
  { domain, organizationId }: { readonly domain: string; readonly organizationId?: string }
): Organization | undefined => {
  const name = domain.toLowerCase()
  return findBy("domains", name).find(
    ({ domains, id }) =>
      id !== organizationId && domains.some((other) => other.domain.toLowerCase() === name && isVerified(other))
  )
}

const labels = /^(?=.{1,253}$)(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u

/** Returns a domain name in lower case. Fails if the name is invalid or if another organization has verified the domain. */
const normalize = (
  organizations: Organizations,
  organizationId: string,
  given: string
): Result.Result<string, ApiError.Conflict | ApiError.UnprocessableEntity> => {
  const domain = given.toLowerCase()
  if (!labels.test(domain)) return unprocessable(`'${given.slice(0, 253)}' is not a valid domain name.`)
  return findVerifier(organizations, { domain, organizationId }) === undefined
    ? Result.succeed(domain)
    : Result.fail(conflict(`Another organization has verified the domain '${domain}'.`))
}

const unprocessable = (message: string) => Result.fail(new ApiError.UnprocessableEntity({ message }))

const conflict = (message: string) => new ApiError.Conflict({ code: "domain_already_exists", message })

const verificationOf = (state: OrganizationDomainData["state"], { token }: IdGenerator.IdGenerator) =>
  state === "verified"
    ? { state, verificationStrategy: "manual" as const }
    : {
        state,
        verificationStrategy: "dns" as const,
        verificationPrefix: `_workos-challenge-${token(6).toLowerCase()}`,
        verificationToken: token(25)
      }

/**
 * Returns the domains of an organization after an update. Of an existing domain, only the state and `updatedAt` change.
 */
export const replaceAll = (
  organization: { readonly id: string; readonly domains: ReadonlyArray<OrganizationDomain> },
  given: ReadonlyArray<OrganizationDomainData>,
  { ids, store }: Context
): Result.Result<ReadonlyArray<OrganizationDomain>, ApiError.Conflict | ApiError.UnprocessableEntity> =>
  Result.gen(function* () {
    const domains = new Map<string, OrganizationDomain>()
    for (const { domain: written, state } of given) {
      const domain = yield* normalize(store.organizations, organization.id, written)
      if (domains.has(domain)) return yield* unprocessable(`The domain '${domain}' is given more than once.`)
      const existing = organization.domains.find((other) => other.domain.toLowerCase() === domain)
      if (existing !== undefined) {
        const isInState = state === "verified" ? isVerified(existing) : existing.state === state
        const updatedAt = IdGenerator.updateTime(ids.now, existing.updatedAt)
        domains.set(domain, isInState ? existing : { ...existing, state, updatedAt })
        continue
      }
      domains.set(domain, {
        object: "organization_domain",
        id: OrganizationDomainId.make(ids.id("org_domain")),
        organizationId: OrganizationId.make(organization.id),
        domain,
        ...verificationOf(state, ids),
        createdAt: ids.now,
        updatedAt: ids.now
      })
    }
    return [...domains.values()]
  })
