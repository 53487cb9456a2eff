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
