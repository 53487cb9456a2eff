// The domains inside organizations: how they come to be, and how they change.
//
// A domain is in its organization and nowhere else; whatever changes one sets the organization.
import * as ApiError from "@effect-workos/domain/ApiError"
import type { NewDomain, Organization } from "@effect-workos/domain/organizations/Organization"
import { type OrganizationDomain, OrganizationDomainId } from "@effect-workos/domain/organizations/OrganizationDomain"
import type { OrganizationId } from "@effect-workos/domain/organizations/OrganizationId"
import * as Result from "effect/Result"
import * as IdGenerator from "./IdGenerator.ts"
import { isVerified, type Organizations, findVerifier } from "../Store.ts"

const labels = /^(?=.{1,253}$)(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u

/**
 * The domain in the organization that has it.
 */
export const find = (
  organizations: Organizations,
  id: string
): { readonly domain: OrganizationDomain; readonly organization: Organization } | undefined => {
  const [organization] = organizations.findBy("domainId", id)
  const domain = organization?.domains.find((domain) => domain.id === id)
  return organization === undefined || domain === undefined ? undefined : { domain, organization }
}

/**
 * Puts a changed domain in place of what it was, and gives it back.
 */
export const put = (
  organizations: Organizations,
  organization: Organization,
  domain: OrganizationDomain
): OrganizationDomain => {
  const domains = organization.domains.map((other) => (other.id === domain.id ? domain : other))
  organizations.set({ ...organization, domains })
  return domain
}

/**
 * A domain's name as it is kept, in lower case. It is a `Result`, because an Effect may make room for others in the middle.
 *
 * Fails with 422 where it can be the name of none, and with 409 where another organization has verified it.
 */
export const nameOf = (
  organizations: Organizations,
  organizationId: OrganizationId,
  given: string
): Result.Result<string, ApiError.Conflict | ApiError.UnprocessableEntity> => {
  const domain = given.toLowerCase()
  if (!labels.test(domain)) return unprocessable(`'${given.slice(0, 253)}' is not the name of a domain.`)
  return findVerifier(organizations, { domain, organizationId }) === undefined
    ? Result.succeed(domain)
    : Result.fail(alreadyExists(`Another organization has verified the domain '${domain}'.`))
}

const unprocessable = (message: string) => Result.fail(new ApiError.UnprocessableEntity({ message }))

/** 409. */
export const alreadyExists = (message: string) => new ApiError.Conflict({ code: "domain_already_exists", message })

/**
 * A new domain, which waits to be verified by DNS, or is vouched for.
 */
export const create = (
  organizationId: OrganizationId,
  { domain, state }: NewDomain,
  { id, now, token }: IdGenerator.IdGenerator
): OrganizationDomain => ({
  object: "organization_domain",
  id: OrganizationDomainId.make(id("org_domain", now)),
  organizationId,
  domain,
  state,
  ...(state === "verified"
    ? { verificationStrategy: "manual" }
    : {
        verificationStrategy: "dns",
        verificationPrefix: `_workos-challenge-${token(6).toLowerCase()}`,
        verificationToken: token(25)
      }),
  createdAt: now,
  updatedAt: now
})

/**
 * All domains of an organization, as they are given: those that it has stay what they are, but for their state; the others
 * are new.
 */
export const asGiven = (
  organizations: Organizations,
  organization: Organization,
  given: ReadonlyArray<NewDomain>,
  ids: IdGenerator.IdGenerator
): Result.Result<ReadonlyArray<OrganizationDomain>, ApiError.Conflict | ApiError.UnprocessableEntity> => {
  const domains = new Map<string, OrganizationDomain>()
  for (const { domain: asWritten, state } of given) {
    const name = nameOf(organizations, organization.id, asWritten)
    if (Result.isFailure(name)) return Result.fail(name.failure)
    const domain = name.success
    if (domains.has(domain)) return unprocessable(`The domain '${domain}' is given more than once.`)
    const existing = organization.domains.find((other) => other.domain.toLowerCase() === domain)
    domains.set(
      domain,
      existing === undefined
        ? create(organization.id, { domain, state }, ids)
        : isInState(existing, state)
          ? existing
          : { ...existing, state, updatedAt: IdGenerator.updateTime(ids.now, existing.updatedAt) }
    )
  }
  return Result.succeed([...domains.values()])
}

const isInState = (domain: OrganizationDomain, state: NewDomain["state"]): boolean =>
  state === "verified" ? isVerified(domain) : domain.state === state
