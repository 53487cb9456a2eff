/**
 * The types of events with typed data.
 *
 * @module
 */
import {
  AgentClaim,
  AgentClaimAttempt,
  AgentCredential,
  AgentOrganizationSwitched,
  AgentRegistration,
  AgentRegistrationReference
} from "../agents/AgentRegistrationEvent.ts"
import { ApiKeyInEvent, UpdatedApiKey } from "../api-keys/ApiKeyEvent.ts"
import { Permission } from "../authorization/Permission.ts"
import { OrganizationRoleInEvent, RoleInEvent } from "../authorization/RoleEvent.ts"
import { FeatureFlagInEvent } from "../feature-flags/FeatureFlagEvent.ts"
import { Group, GroupMemberInEvent } from "../organizations/Group.ts"
import { Organization } from "../organizations/Organization.ts"
import { OrganizationDomain } from "../organizations/OrganizationDomain.ts"
import { FailedVerification } from "../organizations/OrganizationDomainEvent.ts"
import { ConnectedAccountFailed, ConnectedAccountInEvent } from "../pipes/ConnectedAccountEvent.ts"
import {
  ConnectionInEvent,
  DeletedConnection,
  ExpiringCertificate,
  RenewedCertificate
} from "../sso/ConnectionEvent.ts"
import {
  AuthenticationDenied,
  AuthenticationFailed,
  AuthenticationSucceeded,
  OAuthSucceeded,
  RadarChallengeCreated,
  RadarRiskDetected,
  SsoFailed,
  SsoStarted,
  SsoSucceeded,
  SsoTimedOut,
  UserRegistrationDenied
} from "../user-management/AuthenticationEvent.ts"
import { EmailVerificationInEvent } from "../user-management/EmailVerification.ts"
import { MagicAuthInEvent } from "../user-management/MagicAuth.ts"
import { PasswordResetInEvent } from "../user-management/PasswordReset.ts"
import { InvitationInEvent } from "../user-management/Invitation.ts"
import { OrganizationMembershipInEvent } from "../user-management/OrganizationMembership.ts"
import { SessionInEvent } from "../user-management/Session.ts"
import { User } from "../user-management/User.ts"
import { WaitlistUser } from "../user-management/WaitlistUser.ts"
import {
  CustomerKeyDeleted,
  CustomerKeyVerified,
  DataKeyDecrypted,
  DataKeysRead,
  KeyEncryptionKeyInEvent,
  VaultActor,
  VaultObjectInEvent,
  VaultObjectRead,
  VaultObjectWritten
} from "../vault/VaultEvent.ts"

/**
 * The schema of the data of each type of event. Events of other types have JSON as data.
 *
 * @see https://workos.com/docs/events
 */
export const eventTypes = {
  // Connections
  "connection.activated": ConnectionInEvent,
  "connection.deactivated": ConnectionInEvent,
  "connection.deleted": DeletedConnection,
  "connection.saml_certificate_renewal_required": ExpiringCertificate,
  "connection.saml_certificate_renewed": RenewedCertificate,

  // Organizations. The `context` of an update contains previous values.
  "organization.created": Organization,
  "organization.updated": Organization,
  "organization.deleted": Organization,

  // Domains of organizations
  "organization_domain.created": OrganizationDomain,
  "organization_domain.updated": OrganizationDomain,
  "organization_domain.deleted": OrganizationDomain,
  "organization_domain.verified": OrganizationDomain,
  "organization_domain.verification_failed": FailedVerification,

  // Users
  "user.created": User,
  "user.updated": User,
  "user.deleted": User,

  // Memberships of organizations
  "organization_membership.created": OrganizationMembershipInEvent,
  "organization_membership.updated": OrganizationMembershipInEvent,
  "organization_membership.deleted": OrganizationMembershipInEvent,

  // Groups of members
  "group.created": Group,
  "group.updated": Group,
  "group.deleted": Group,
  "group.member_added": GroupMemberInEvent,
  "group.member_removed": GroupMemberInEvent,

  // Invitations, without their tokens
  "invitation.created": InvitationInEvent,
  "invitation.resent": InvitationInEvent,
  "invitation.accepted": InvitationInEvent,
  "invitation.revoked": InvitationInEvent,

  // Sessions
  "session.created": SessionInEvent,
  "session.revoked": SessionInEvent,

  // Codes and password resets, without their secrets
  "email_verification.created": EmailVerificationInEvent,
  "magic_auth.created": MagicAuthInEvent,
  "password_reset.created": PasswordResetInEvent,
  "password_reset.succeeded": PasswordResetInEvent,

  // Authentication
  "authentication.email_verification_succeeded": AuthenticationSucceeded,
  "authentication.email_verification_failed": AuthenticationFailed,
  "authentication.magic_auth_succeeded": AuthenticationSucceeded,
  "authentication.magic_auth_failed": AuthenticationFailed,
  "authentication.mfa_succeeded": AuthenticationSucceeded,
  "authentication.mfa_failed": AuthenticationFailed,
  "authentication.oauth_succeeded": OAuthSucceeded,
  "authentication.oauth_failed": AuthenticationFailed,
  "authentication.passkey_succeeded": AuthenticationSucceeded,
  "authentication.passkey_failed": AuthenticationFailed,
  "authentication.password_succeeded": AuthenticationSucceeded,
  "authentication.password_failed": AuthenticationFailed,
  "authentication.reauthentication_succeeded": AuthenticationSucceeded,
  "authentication.sso_started": SsoStarted,
  "authentication.sso_succeeded": SsoSucceeded,
  "authentication.sso_failed": SsoFailed,
  "authentication.sso_timed_out": SsoTimedOut,
  "authentication.radar_risk_detected": RadarRiskDetected,
  "radar.challenge_created": RadarChallengeCreated,
  "action.authentication.denied": AuthenticationDenied,
  "action.user_registration.denied": UserRegistrationDenied,

  // Roles of the environment, roles of organizations, and permissions
  "role.created": RoleInEvent,
  "role.updated": RoleInEvent,
  "role.deleted": RoleInEvent,
  "organization_role.created": OrganizationRoleInEvent,
  "organization_role.updated": OrganizationRoleInEvent,
  "organization_role.deleted": OrganizationRoleInEvent,
  "permission.created": Permission,
  "permission.updated": Permission,
  "permission.deleted": Permission,

  // API keys, without their values
  "api_key.created": ApiKeyInEvent,
  "api_key.updated": UpdatedApiKey,
  "api_key.revoked": ApiKeyInEvent,

  // Feature flags. The `context` contains the actor and the previous values.
  "flag.created": FeatureFlagInEvent,
  "flag.updated": FeatureFlagInEvent,
  "flag.rule_updated": FeatureFlagInEvent,
  "flag.deleted": FeatureFlagInEvent,

  // Accounts at other services
  "pipes.connected_account.connected": ConnectedAccountInEvent,
  "pipes.connected_account.disconnected": ConnectedAccountInEvent,
  "pipes.connected_account.reauthorization_needed": ConnectedAccountInEvent,
  "pipes.connected_account.connection_failed": ConnectedAccountFailed,

  // Waitlists
  "waitlist_user.created": WaitlistUser,
  "waitlist_user.approved": WaitlistUser,
  "waitlist_user.denied": WaitlistUser,

  // Vault
  "vault.data.created": VaultObjectWritten,
  "vault.data.updated": VaultObjectWritten,
  "vault.data.read": VaultObjectRead,
  "vault.data.deleted": VaultObjectInEvent,
  "vault.metadata.read": VaultObjectInEvent,
  "vault.names.listed": VaultActor,
  "vault.dek.read": DataKeysRead,
  "vault.dek.decrypted": DataKeyDecrypted,
  "vault.kek.created": KeyEncryptionKeyInEvent,
  "vault.kek.deleted": KeyEncryptionKeyInEvent,
  "vault.byok_key.verification_completed": CustomerKeyVerified,
  "vault.byok_key.deleted": CustomerKeyDeleted,

  // Agents
  "agent.registration.created": AgentRegistration,
  "agent.registration.claim.attempt.created": AgentClaimAttempt,
  "agent.registration.claim.completed": AgentClaim,
  "agent.registration.credential.issued": AgentCredential,
  "agent.registration.organization.switched": AgentOrganizationSwitched,
  "agent.registration.refreshed": AgentRegistrationReference,
  "agent.registration.expired": AgentRegistrationReference,
  "agent.registration.revoked": AgentRegistrationReference,
  "agent.registration.deleted": AgentRegistrationReference
}
