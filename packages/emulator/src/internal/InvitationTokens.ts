// Tokens of invitations.
import type { Invitation } from "@effect-workos/domain/user-management/Invitation"
import { InvitationForAnotherEmail, InvitationInvalid } from "@effect-workos/domain/user-management/AuthenticationError"
import * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { Tables } from "./Tables.ts"

/** Returns the pending invitation with a token, if it is for an email address. */
export const pending = (
  { invitations }: Tables,
  now: DateTime.Utc,
  email: string,
  token: string
): Result.Result<Invitation, InvitationInvalid | InvitationForAnotherEmail> => {
  const invitation = invitations.rows.find((row) => Redacted.value(row.token) === token)
  if (invitation?.state !== "pending" || DateTime.isLessThanOrEqualTo(invitation.expiresAt, now)) {
    const message = "The invitation is unknown, expired, revoked or accepted."
    return Result.fail(new InvitationInvalid({ message }))
  }
  return invitation.email.toLowerCase() === email.toLowerCase()
    ? Result.succeed(invitation)
    : Result.fail(new InvitationForAnotherEmail({ message: "The invitation is for another email address." }))
}
