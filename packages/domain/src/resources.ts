/**
 * All resources that this library describes. Each resource has one line.
 *
 * @module
 */
export { directories } from "./directory-sync/Directory.ts"
export { portal } from "./admin-portal/Portal.ts"
export { events } from "./events/Event.ts"
export { organizations } from "./organizations/Organization.ts"
export { organizationDomains } from "./organizations/OrganizationDomain.ts"
export { connections } from "./sso/Connection.ts"
export { sso } from "./sso/Sso.ts"
export { authentication } from "./user-management/Authentication.ts"
export { authenticationChallenges } from "./user-management/AuthenticationChallenge.ts"
export { authenticationFactors } from "./user-management/AuthenticationFactor.ts"
export { corsOrigins } from "./user-management/CorsOrigin.ts"
export { emailVerifications } from "./user-management/EmailVerification.ts"
export { jwtTemplate } from "./user-management/JwtTemplate.ts"
export { magicAuth } from "./user-management/MagicAuth.ts"
export { passwordResets } from "./user-management/PasswordReset.ts"
export { passwordlessSessions } from "./passwordless/PasswordlessSession.ts"
export { radarChallenges } from "./user-management/RadarChallenge.ts"
export { redirectUris } from "./user-management/RedirectUri.ts"
export { widgets } from "./widgets/Widgets.ts"
export { groups } from "./organizations/Group.ts"
export { invitations } from "./user-management/Invitation.ts"
export { organizationMemberships } from "./user-management/OrganizationMembership.ts"
export { sessions } from "./user-management/Session.ts"
export { users } from "./user-management/User.ts"
