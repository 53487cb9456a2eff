/**
 * The errors of invitations that are not pending.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as NamedErrors from "../NamedErrors.ts"

/**
 * The invitation has expired.
 *
 * @see https://workos.com/docs/reference/authkit/invitation
 */
export class InvitationExpired extends Schema.TaggedError<InvitationExpired>()(
  "InvitationExpired",
  ApiError.errorFields
) {}

/**
 * The invitation has been revoked.
 *
 * @see https://workos.com/docs/reference/authkit/invitation
 */
export class InvitationRevoked extends Schema.TaggedError<InvitationRevoked>()(
  "InvitationRevoked",
  ApiError.errorFields
) {}

/**
 * A user has accepted the invitation.
 *
 * @see https://workos.com/docs/reference/authkit/invitation
 */
export class InvitationAccepted extends Schema.TaggedError<InvitationAccepted>()(
  "InvitationAccepted",
  ApiError.errorFields
) {}

/**
 * The invitation is not pending: it has expired, or it has been revoked or accepted. `get` returns its state.
 *
 * @see https://workos.com/docs/reference/authkit/invitation
 */
export class InvitationNotPending extends Schema.TaggedError<InvitationNotPending>()(
  "InvitationNotPending",
  ApiError.errorFields
) {}

/**
 * The errors with status 400 of an acceptance or a revocation.
 *
 * @see https://workos.com/docs/reference/authkit/invitation
 */
export const PendingErrors = NamedErrors.make({
  status: 400,
  defaultName: "bad_request",
  codes: { invite_not_pending: InvitationNotPending, invite_has_accepted_user_id: InvitationAccepted },
  other: ApiError.BadRequest
})

/**
 * The errors with status 400 of a request to send an invitation again.
 *
 * @see https://workos.com/docs/reference/authkit/invitation
 */
export const ResendErrors = NamedErrors.make({
  status: 400,
  defaultName: "bad_request",
  codes: { invite_expired: InvitationExpired, invite_revoked: InvitationRevoked, invite_accepted: InvitationAccepted },
  other: ApiError.BadRequest
})
