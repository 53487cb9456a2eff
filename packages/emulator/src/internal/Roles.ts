// The roles of members of organizations.
import type { MemberRole } from "@effect-workos/domain/user-management/OrganizationMembership"

/** The slugs of the roles of the emulated environment. The first one is the default. */
const slugs = ["member", "admin"] as const

/** The role of members without another role. */
export const defaultSlug = slugs[0]

/** Tests whether a role exists. */
export const exists = (slug: string): boolean => slugs.some((known) => known === slug)

/** Returns the keys of a member with roles. */
export const ofMember = (
  first: string,
  ...more: ReadonlyArray<string>
): { readonly role: MemberRole; readonly roles: ReadonlyArray<MemberRole> } => ({
  role: { slug: first },
  roles: [first, ...more].map((slug) => ({ slug }))
})
