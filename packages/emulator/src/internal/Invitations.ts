// The declaration of invitations.
import type { invitations as resource } from "@effect-workos/domain/user-management/Invitation"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { Declaration } from "./Declaration.ts"
import * as NotFound from "./NotFound.ts"
import { distantFuture, month } from "./SeedRow.ts"

const day = month / 30

const acceptUrl = (token: string): string => `https://emulator.authkit.app/invitation?token=${token}`

export const invitations: Declaration<typeof resource.endpoints> = {
  create: (_, { createdAt }, { ids }) => {
    const token = ids.token(25)
    return Result.succeed({
      state: "pending",
      expiresAt: DateTime.add(createdAt ?? ids.now, { days: 7 }),
      token: Redacted.make(token),
      acceptInvitationUrl: Redacted.make(acceptUrl(token))
    })
  },
  actions: {
    getByToken: () => Effect.fail(NotFound.make("Invitation", "")),
    accept: ({ params: { id } }) => Effect.fail(NotFound.make("Invitation", id)),
    resend: ({ params: { id } }) => Effect.fail(NotFound.make("Invitation", id)),
    revoke: ({ params: { id } }) => Effect.fail(NotFound.make("Invitation", id))
  },

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
