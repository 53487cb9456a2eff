// Access of users to organizations: memberships, and organizations that require SSO.
import { SsoRequired } from "@effect-workos/domain/user-management/AuthenticationError"
import type { AuthenticationMethod } from "@effect-workos/domain/user-management/Authentication"
import type { OrganizationMembership } from "@effect-workos/domain/user-management/OrganizationMembership"
import type { User } from "@effect-workos/domain/user-management/User"
import { OAuthError } from "@effect-workos/domain/sso/OAuthError"
import type { Settings } from "./AuthKitOptions.ts"
import type { Tables } from "./Tables.ts"

/** The error of a user who cannot sign in to an organization. */
export type AccessError = OAuthError | SsoRequired

/** The active memberships of a user, oldest first. */
export const memberships = (store: Tables, userId: string): ReadonlyArray<OrganizationMembership> =>
  store.organizationMemberships.findBy("userId", userId).filter(({ status }) => status === "active")

/** The active membership of a user in an organization. */
export const membership = (store: Tables, userId: string, organizationId: string): OrganizationMembership | undefined =>
  memberships(store, userId).find((row) => row.organizationId === organizationId)

/** The error if a user cannot sign in to an organization with a method. `isInvited` users need no membership. */
export const accessError = (
  store: Tables,
  { requireSso }: Settings,
  {
    isInvited = false,
    method,
    organizationId,
    user
  }: {
    readonly user: User
    readonly organizationId: string
    readonly method: AuthenticationMethod
    readonly isInvited?: boolean
  }
): AccessError | undefined => {
  if (store.organizations.get(organizationId) === undefined) {
    return new OAuthError({ error: "organization_not_found", message: "The organization does not exist." })
  }
  if (!isInvited && membership(store, user.id, organizationId) === undefined) {
    return new OAuthError({
      error: "organization_membership_not_found",
      message: "The user has no active membership in the organization."
    })
  }
  if (!requireSso || method === "SSO") return undefined
  const active = store.connections.findBy("organizationId", organizationId).filter(({ state }) => state === "active")
  return active.length === 0
    ? undefined
    : new SsoRequired({
        message: "The user must sign in to the organization with SSO.",
        email: user.email,
        connectionIds: active.map(({ id }) => id)
      })
}
