/**
 * Invitations to an application or to an organization: ids, schemas and endpoints.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import * as ApiError from "../ApiError.ts"
import * as ApiObject from "../ApiObject.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Id from "../Id.ts"
import * as Lazy from "../Lazy.ts"
import * as Lenient from "../Lenient.ts"
import * as OpenEnum from "../OpenEnum.ts"
import { OrganizationId } from "../organizations/OrganizationId.ts"
import * as Pagination from "../Pagination.ts"
import { RedactedString } from "../RedactedString.ts"
import * as Resource from "../Resource.ts"
import { Timestamp } from "../Timestamp.ts"
import { Email } from "./Email.ts"
import { PendingErrors, ResendErrors } from "./InvitationError.ts"
import { Locale } from "./Locale.ts"
import { RoleSlug } from "./OrganizationMembership.ts"
import * as RateLimits from "./RateLimits.ts"
import { UserId } from "./UserId.ts"
import * as Wire from "../Wire.ts"

/**
 * The id of an invitation: `invitation_…`.
 *
 * @see https://workos.com/docs/reference/authkit/invitation
 */
export const InvitationId = Id.make("invitation").pipe(Schema.brand("InvitationId"))
export type InvitationId = typeof InvitationId.Type

/**
 * The state of an invitation.
 *
 * @see https://workos.com/docs/reference/authkit/invitation
 */
export const InvitationState = OpenEnum.make(["pending", "accepted", "expired", "revoked"], /[a-z]{4,8}ed/)
export type InvitationState = typeof InvitationState.Type

/**
 * The token of an invitation, which the link in the email contains.
 *
 * @see https://workos.com/docs/reference/authkit/invitation
 */
export const InvitationToken = RedactedString(/[A-Za-z0-9]{25}/)

// URLs do not support empty segments, `.` and `..`.
const TokenSegment = Lazy.schema(() =>
  Schema.RedactedFromValue(
    Schema.String.check(
      Schema.isPattern(/^(?!\.{1,2}$).+$/, {
        expected: "a token",
        arbitraryConstraint: { patterns: [{ source: "^[A-Za-z0-9]{25}$", flags: "" }] }
      })
    )
  )
)

const fields = () => ({
  email: Arbitraries.EmailAddress,
  state: InvitationState,
  acceptedAt: Lenient.optional(Timestamp, { required: true, nullable: true }),
  revokedAt: Lenient.optional(Timestamp, { required: true, nullable: true }),
  expiresAt: Timestamp,
  organizationId: Lenient.optional(OrganizationId, { required: true, nullable: true }),
  inviterUserId: Lenient.optional(UserId, { required: true, nullable: true }),
  acceptedUserId: Lenient.optional(UserId, { required: true, nullable: true }),
  roleSlug: Lenient.optional(RoleSlug, { required: true, nullable: true })
})

/**
 * An invitation.
 *
 * **Details**
 *
 * - `organizationId` and `roleSlug`: the organization of which the user becomes a member, and the role. Absent for an
 *   invitation to the application.
 * - `inviterUserId`: the user who invites.
 * - `acceptedUserId`: the user who has accepted the invitation.
 * - `token` and `acceptInvitationUrl`: secrets, with which the recipient accepts the invitation.
 *
 * **Example** (Counting open invitations)
 *
 * ```ts
 * import type { Invitation, InvitationState } from "@effect-workos/domain/user-management/Invitation"
 *
 * const open: InvitationState = "pending"
 *
 * const count = (invitations: ReadonlyArray<Invitation>): number =>
 *   invitations.filter(({ state }) => state === open).length
 * ```
 *
 * @see https://workos.com/docs/reference/authkit/invitation
 */
export class Invitation extends Schema.Opaque<Invitation>()(
  ApiObject.make("invitation", InvitationId, () => ({
    ...fields(),
    token: InvitationToken,
    acceptInvitationUrl: RedactedString(/https:\/\/acme\.authkit\.app\/invitation\?token=[A-Za-z0-9]{25}/)
  }))
) {}

/**
 * An invitation in an event, which contains neither the token nor the URL. An application that sends its own emails reads
 * them with `invitations.get`.
 *
 * @see https://workos.com/docs/events/invitation
 */
export class InvitationInEvent extends Schema.Opaque<InvitationInEvent>()(
  ApiObject.make("invitation", InvitationId, fields)
) {}

/**
 * The query parameters of the list of invitations.
 *
 * @see https://workos.com/docs/reference/authkit/invitation/list
 */
export class InvitationQuery extends Schema.Opaque<InvitationQuery>()(
  Wire.Struct(() => ({
    ...Pagination.query("invitation"),
    organizationId: Schema.optional(Id.make("org")),
    email: Schema.optional(Email)
  }))
) {}

/**
 * The payload that sends an invitation.
 *
 * **Details**
 *
 * - `organizationId` and `roleSlug`: the organization of which the recipient becomes a member, and the role.
 * - `expiresInDays`: 1 to 30. Defaults to 7.
 * - `inviterUserId`: the user who invites.
 * - `locale`: the language of the email.
 *
 * @see https://workos.com/docs/reference/authkit/invitation/send
 */
export class CreateInvitation extends Schema.Opaque<CreateInvitation>()(
  Wire.Struct(() => ({
    email: Email,
    organizationId: Wire.optional(Id.make("org")),
    roleSlug: Wire.optional(RoleSlug),
    expiresInDays: Wire.optional(Schema.Int),
    inviterUserId: Wire.optional(Id.make("user")),
    locale: Wire.optional(Locale)
  }))
) {}

/**
 * The payload that sends an invitation again. `locale` is the language of the email.
 *
 * @see https://workos.com/docs/reference/authkit/invitation/resend
 */
export class ResendInvitation extends Schema.Opaque<ResendInvitation>()(
  Wire.Struct(() => ({ locale: Wire.optional(Locale) }))
) {}

const params = { id: InvitationId }

/**
 * The endpoints of invitations.
 *
 * @see https://workos.com/docs/reference/authkit/invitation
 */
export const invitations = Resource.make("invitations", {
  /**
   * Returns a page of invitations. `order` defaults to `desc`.
   *
   * @see https://workos.com/docs/reference/authkit/invitation/list
   */
  list: Endpoint.get("/user_management/invitations", {
    summary: "List invitations",
    query: InvitationQuery,
    item: Invitation,
    errors: [ApiError.UnprocessableEntity],
    rateLimits: RateLimits.reads,
    containsPii: true
  }),
  /**
   * Returns the invitation with a token.
   *
   * @see https://workos.com/docs/reference/authkit/invitation/find-by-token
   */
  getByToken: Endpoint.get("/user_management/invitations/by_token/:token", {
    summary: "Get an invitation by its token",
    params: { token: TokenSegment },
    success: Invitation,
    errors: [ApiError.NotFound],
    rateLimits: RateLimits.reads,
    containsPii: true
  }),
  /**
   * Returns an invitation.
   *
   * @see https://workos.com/docs/reference/authkit/invitation/get
   */
  get: Endpoint.get("/user_management/invitations/:id", {
    summary: "Get an invitation",
    params,
    success: Invitation,
    errors: [ApiError.NotFound],
    rateLimits: RateLimits.reads,
    containsPii: true
  }),
  /**
   * Sends an invitation by email. Fails with `BadRequest` if the recipient has an open invitation or is a member, with the
   * codes `email_already_invited`, `email_already_invited_to_organization`, `user_already_exists` and
   * `user_already_organization_member`.
   *
   * @see https://workos.com/docs/reference/authkit/invitation/send
   */
  create: Endpoint.post("/user_management/invitations", {
    summary: "Send an invitation",
    description: "Responds with 400 if the recipient has an open invitation or is a member.",
    payload: CreateInvitation,
    success: Invitation,
    status: 201,
    errors: [ApiError.BadRequest, ApiError.NotFound, ApiError.UnprocessableEntity],
    rateLimits: RateLimits.writes,
    containsPii: true
  }),
  /**
   * Accepts an invitation for the user with its email address, who becomes a member of the organization. Fails with
   * `InvitationNotPending` if the invitation has expired, or was revoked or accepted.
   *
   * @see https://workos.com/docs/reference/authkit/invitation/accept
   */
  accept: Endpoint.post("/user_management/invitations/:id/accept", {
    summary: "Accept an invitation",
    params,
    success: Invitation,
    errors: [PendingErrors, ApiError.NotFound],
    rateLimits: RateLimits.writes,
    containsPii: true
  }),
  /**
   * Sends a pending invitation again. Fails with `InvitationExpired`, `InvitationRevoked` or `InvitationAccepted` if the
   * invitation is not pending.
   *
   * @see https://workos.com/docs/reference/authkit/invitation/resend
   */
  resend: Endpoint.post("/user_management/invitations/:id/resend", {
    summary: "Send an invitation again",
    params,
    payload: ResendInvitation,
    success: Invitation,
    errors: [ResendErrors, ApiError.NotFound, ApiError.UnprocessableEntity],
    rateLimits: RateLimits.writes,
    containsPii: true
  }),
  /**
   * Revokes a pending invitation. Fails with `InvitationNotPending` if the invitation is not pending.
   *
   * @see https://workos.com/docs/reference/authkit/invitation/revoke
   */
  revoke: Endpoint.post("/user_management/invitations/:id/revoke", {
    summary: "Revoke an invitation",
    params,
    success: Invitation,
    errors: [PendingErrors, ApiError.NotFound],
    rateLimits: RateLimits.writes,
    containsPii: true
  })
})
