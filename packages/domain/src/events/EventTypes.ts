/**
 * The types of events with typed data.
 *
 * @module
 */
import { Organization } from "../organizations/Organization.ts"
import { OrganizationDomain } from "../organizations/OrganizationDomain.ts"
import { FailedVerification } from "../organizations/OrganizationDomainEvent.ts"
import {
  ConnectionInEvent,
  DeletedConnection,
  ExpiringCertificate,
  RenewedCertificate
} from "../sso/ConnectionEvent.ts"

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
  "organization_domain.verification_failed": FailedVerification
}
