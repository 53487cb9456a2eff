// The pages of the application.
import type { OrganizationMembership } from "@effect-workos/domain/user-management/OrganizationMembership"
import type { Session } from "@effect-workos/server/Session"
import * as Predicate from "effect/Predicate"
import { html, page } from "./Html.ts"

type Memberships = ReadonlyArray<OrganizationMembership>

const signOut = html`<form method="post" action="/sign-out"><button>Sign out</button></form>`

const organizationOf = ({ organizationId, organizationName }: OrganizationMembership) =>
  organizationName ?? organizationId

/** The public page. */
export const home = (session: Session | undefined) =>
  session === undefined
    ? page(
        "Welcome",
        html`<p>Only signed-in users see more than this page.</p>
          <p><a class="button" href="/sign-in">Sign in</a> <a href="/sign-in?screenHint=sign-up">Sign up</a></p>`
      )
    : page("Welcome back", html`<p><a href="/account">Your account</a></p>`)

/** The page of the signed-in user, with a button for each further organization of the user. */
export const account = ({ claims, user }: Session, memberships: Memberships) => {
  const current = memberships.find(({ organizationId }) => organizationId === claims.orgId)
  const others = memberships.filter((membership) => membership !== current)
  return page(
    "Your account",
    html`<dl>
        <dt>Name</dt>
        <dd>${[user.firstName, user.lastName].filter(Predicate.isNotUndefined).join(" ") || "none"}</dd>
        <dt>Email address</dt>
        <dd>${user.email}</dd>
        <dt>Organization</dt>
        <dd>${current === undefined ? "none" : organizationOf(current)}</dd>
        <dt>Role</dt>
        <dd>${claims.role ?? "none"}</dd>
        <dt>Permissions</dt>
        <dd>${claims.permissions?.join(", ") || "none"}</dd>
      </dl>
      <p><a href="/admin">Members</a></p>
      ${others.map(
        (membership) =>
          html`<form method="post" action="/switch">
            <button name="organizationId" value="${membership.organizationId}">
              Switch to ${organizationOf(membership)}
            </button>
          </form>`
      )}
      ${signOut}`
  )
}

/** The members of the organization, for its administrators. */
export const admin = (memberships: Memberships) =>
  page(
    "Members",
    html`<table>
        <thead>
          <tr>
            <th scope="col">Member</th>
            <th scope="col">Role</th>
          </tr>
        </thead>
        <tbody>
          ${memberships.map(
            ({ role, user, userId }) =>
              html`<tr>
                <td>${user?.email ?? userId}</td>
                <td>${role.slug}</td>
              </tr>`
          )}
        </tbody>
      </table>
      <p><a href="/account">Your account</a></p>`
  )
