// The declaration of invitations.
import * as ApiError from "@effect-workos/domain/ApiError"
import type {
  CreateInvitation,
  Invitation,
  InvitationInEvent,
  invitations as resource
} from "@effect-workos/domain/user-management/Invitation"
import {
  InvitationAccepted,
  InvitationExpired,
  InvitationNotPending,
  InvitationRevoked
} from "@effect-workos/domain/user-management/InvitationError"
import type { User } from "@effect-workos/domain/user-management/User"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Struct from "effect/Struct"
import type { Context, Declaration } from "./Declaration.ts"
import * as IdGenerator from "./IdGenerator.ts"
import * as NotFound from "./NotFound.ts"
import * as OrganizationMemberships from "./OrganizationMemberships.ts"
import * as Roles from "./Roles.ts"
import { distantFuture, month } from "./SeedRow.ts"
import type { Tables } from "./Tables.ts"
import * as UserEmails from "./UserEmails.ts"

const day = month / 30

const defaultDays = 7

const acceptUrl = (token: string): string => `https://emulator.authkit.app/invitation?token=${token}`

/** Returns an invitation with its state at the current time. */
const view = (invitation: Invitation, { ids: { now } }: Pick<Context, "ids">): Invitation =>
  invitation.state === "pending" && DateTime.isGreaterThanOrEqualTo(now, invitation.expiresAt)
    ? { ...invitation, state: "expired" }
    : invitation

/** Returns the invitation with a token. */
export const findByToken = ({ invitations }: Tables, token: Redacted.Redacted): Invitation | undefined => {
  const text = Redacted.value(token)
  return invitations.rows.find((row) => Redacted.value(row.token) === text)
}

const change = ({ ids, store }: Context, row: Invitation, changes: Partial<Invitation>): Invitation => {
  const changed = { ...row, ...changes, updatedAt: IdGenerator.updateTime(ids.now, row.updatedAt) }
  store.invitations.set(changed)
  return changed
}

/** Accepts a pending invitation for a user, who becomes a member of the organization. */
export const accept = (context: Context, invitation: Invitation, user: User): Invitation => {
  const { organizationId, roleSlug } = invitation
  if (organizationId !== undefined) {
    OrganizationMemberships.join(context, user.id, organizationId, "active", roleSlug)
  }
  return change(context, invitation, { state: "accepted", acceptedAt: context.ids.now, acceptedUserId: user.id })
}

const badRequest = (code: string, message: string) => new ApiError.BadRequest({ code, message })

/** The reason for which an email address cannot be invited. */
const refusal = ({ email, organizationId }: CreateInvitation, context: Context): ApiError.BadRequest | undefined => {
  const { store } = context
  const user = UserEmails.find(store, email)
  if (user !== undefined && organizationId === undefined) {
    return badRequest("user_already_exists", "A user with this email address exists already.")
  }
  if (user !== undefined && OrganizationMemberships.find(store, user.id, organizationId ?? "")?.status === "active") {
    return badRequest("user_already_organization_member", "The user is already a member of the organization.")
  }
  const isInvited = store.invitations
    .findBy("email", email.toLowerCase())
    .some((row) => row.organizationId === organizationId && view(row, context).state === "pending")
  if (!isInvited) return undefined
  return organizationId === undefined
    ? badRequest("email_already_invited", "The email address has a pending invitation.")
    : badRequest(
        "email_already_invited_to_organization",
        "The email address has a pending invitation to the organization."
      )
}

/** The reason for which values of a payload are invalid. */
const invalidity = ({ expiresInDays = defaultDays, roleSlug }: CreateInvitation): ApiError.BadRequest | undefined => {
  if (expiresInDays < 1) return badRequest("expires_in_days_too_short", "'expires_in_days' must be at least 1.")
  if (expiresInDays > 30) return badRequest("expires_in_days_too_long", "'expires_in_days' must be at most 30.")
  if (roleSlug === undefined || Roles.exists(roleSlug)) return undefined
  return badRequest("invalid_role", `The role '${roleSlug}' does not exist.`)
}

const existing = (id: string, context: Context) =>
  Effect.map(NotFound.ifUndefined("Invitation", id)(context.store.invitations.get(id)), (row) => view(row, context))

const notPending = () =>
  new InvitationNotPending({ code: "invite_not_pending", message: "The invitation is not pending." })

const resendError = (state: Invitation["state"]) => {
  switch (state) {
    case "accepted":
      return new InvitationAccepted({ code: "invite_accepted", message: "Invite has already been accepted." })
    case "expired":
      return new InvitationExpired({ code: "invite_expired", message: "Invite has expired." })
    case "revoked":
      return new InvitationRevoked({ code: "invite_revoked", message: "Invite has been revoked." })
    default:
      return undefined
  }
}

// Events contain neither the token nor the URL.
const toEventData = (invitation: Invitation): InvitationInEvent =>
  Struct.omit(invitation, ["acceptInvitationUrl", "token"])

export const invitations: Declaration<typeof resource.endpoints> = {
  parents: { organizationId: { resource: "organizations", status: 404 } },
  filters: { email: { values: ({ email }) => email.toLowerCase(), of: (email) => email.toLowerCase() } },
  view,

  create: (payload, { createdAt }, context) =>
    Result.gen(function* () {
      const { ids, store } = context
      const { email, expiresInDays = defaultDays, inviterUserId, organizationId } = payload
      if (inviterUserId !== undefined && store.users.get(inviterUserId) === undefined) {
        return yield* Result.fail(NotFound.make("User", inviterUserId))
      }
      const error = invalidity(payload) ?? refusal(payload, context)
      if (error !== undefined) return yield* Result.fail(error)
      const user = UserEmails.find(store, email)
      if (user !== undefined && organizationId !== undefined) {
        OrganizationMemberships.join(context, user.id, organizationId, "pending", payload.roleSlug)
      }
      const token = ids.token(25)
      return {
        state: "pending",
        expiresAt: DateTime.add(createdAt ?? ids.now, { days: expiresInDays }),
        token: Redacted.make(token),
        acceptInvitationUrl: Redacted.make(acceptUrl(token))
      }
    }),

  actions: {
    getByToken: ({ params: { token } }, context) =>
      Effect.map(NotFound.ifUndefined("Invitation", "…")(findByToken(context.store, token)), (invitation) =>
        view(invitation, context)
      ),
    accept: Effect.fnUntraced(function* ({ params: { id } }, context) {
      const invitation = yield* existing(id, context)
      if (invitation.state !== "pending") return yield* notPending()
      const user = UserEmails.find(context.store, invitation.email)
      if (user === undefined) {
        return yield* badRequest("invalid_invite", "No user has the email address of the invitation.")
      }
      return accept(context, invitation, user)
    }),
    resend: Effect.fnUntraced(function* ({ params: { id } }, context) {
      const invitation = yield* existing(id, context)
      const error = resendError(invitation.state)
      if (error !== undefined) return yield* error
      return change(context, invitation, { expiresAt: DateTime.add(context.ids.now, { days: defaultDays }) })
    }),
    revoke: Effect.fnUntraced(function* ({ params: { id } }, context) {
      const { ids, store } = context
      const invitation = yield* existing(id, context)
      if (invitation.state !== "pending") return yield* notPending()
      const user = UserEmails.find(store, invitation.email)
      const membership = user && OrganizationMemberships.find(store, user.id, invitation.organizationId ?? "")
      if (membership?.status === "pending") store.organizationMemberships.remove(membership.id)
      return change(context, invitation, { state: "revoked", revokedAt: ids.now })
    })
  },

  events: (before, after) => {
    if (after === undefined) return []
    if (before === undefined) return [{ event: "invitation.created", data: toEventData(after) }]
    if (before.state !== after.state) {
      if (after.state === "accepted") return [{ event: "invitation.accepted", data: toEventData(after) }]
      return after.state === "revoked" ? [{ event: "invitation.revoked", data: toEventData(after) }] : []
    }
    const isExtended = before.expiresAt.epochMilliseconds !== after.expiresAt.epochMilliseconds
    return isExtended ? [{ event: "invitation.resent", data: toEventData(after) }] : []
  },
  history: (invitation) =>
    invitation.acceptedAt === undefined && invitation.revokedAt === undefined
      ? []
      : [
          {
            ...Struct.omit(invitation, ["acceptedAt", "acceptedUserId", "revokedAt"]),
            state: "pending",
            updatedAt: invitation.createdAt
          }
        ],

  seed: ({ below, chance, created, customer, index, letters, pick, rowsOf }) => {
    const state = chance(0.5) ? "pending" : pick(["accepted", "expired", "revoked"])
    const users = rowsOf("users")
    const accepted = state === "accepted" ? users[below(users.length)] : undefined
    const inviter = chance(0.7) ? users[below(users.length)] : undefined
    const changed = new Date(created + (state === "pending" ? 0 : 1 + below(7 * day))).toISOString()
    const token = letters(25)
    return {
      email: accepted?.email ?? `guest-${index + 1}@${customer?.domain ?? "mail.example"}`,
      state,
      accepted_at: state === "accepted" ? changed : null,
      revoked_at: state === "revoked" ? changed : null,
      expires_at: state === "pending" ? distantFuture : new Date(created + 7 * day).toISOString(),
      organization_id: customer?.id ?? null,
      inviter_user_id: inviter?.id ?? null,
      accepted_user_id: accepted?.id ?? null,
      role_slug: customer !== undefined && chance(0.5) ? pick(["admin", "member"]) : null,
      token,
      accept_invitation_url: acceptUrl(token),
      updated_at: state === "expired" ? new Date(created).toISOString() : changed
    }
  }
}
