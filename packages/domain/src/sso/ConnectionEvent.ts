/**
 * The data of events of connections.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import { ConnectionDomain, ConnectionId, connectionFields } from "./Connection.ts"
import * as Arbitraries from "../Arbitraries.ts"
import * as OpenEnum from "../OpenEnum.ts"
import * as Lenient from "../Lenient.ts"
import { OrganizationId } from "../organizations/OrganizationId.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"

// In events, `null` is documented for connections without an organization.
const maybeUnassigned = { organizationId: Lenient.optional(OrganizationId, { nullable: true }) }

/**
 * The data of an event of a connection: the connection, and `externalKey`, the key of its identity provider.
 *
 * @see https://workos.com/docs/events/connection
 */
export class ConnectionInEvent extends Schema.Opaque<ConnectionInEvent>()(
  Wire.Struct(() => ({
    ...connectionFields(),
    ...maybeUnassigned,
    externalKey: Lenient.optional(Arbitraries.stringMatching(/[0-9A-Za-z]{20}/))
  }))
) {}

/**
 * The data of the event of a deleted connection: the connection, with or without its domains.
 *
 * @see https://workos.com/docs/events/connection
 */
export class DeletedConnection extends Schema.Opaque<DeletedConnection>()(
  Wire.Struct(() => ({
    ...connectionFields(),
    ...maybeUnassigned,
    domains: Lenient.optional(Schema.Array(ConnectionDomain))
  }))
) {}

/**
 * The purpose of a certificate of a SAML connection.
 *
 * @see https://workos.com/docs/events/connection
 */
export const CertificateType = OpenEnum.make(
  ["ResponseSigning", "RequestSigning", "ResponseEncryption"],
  /[A-Z][a-z]{4,8}Signing/
)
export type CertificateType = typeof CertificateType.Type

// Events about certificates contain only the ids of the connection and its organization.
const connectionReference = Wire.Struct(() => ({ id: ConnectionId, ...maybeUnassigned }))

/**
 * The data of the event of a certificate of a SAML connection that has expired, or will expire in `daysUntilExpiry` days.
 *
 * **Example** (A sentence for each event of a connection)
 *
 * ```ts
 * import type * as Event from "@effect-workos/domain/events/Event"
 *
 * type ConnectionEvent = Event.OfType<
 *   | "connection.activated"
 *   | "connection.deactivated"
 *   | "connection.deleted"
 *   | "connection.saml_certificate_renewal_required"
 *   | "connection.saml_certificate_renewed"
 * >
 *
 * const sentence = (event: ConnectionEvent): string => {
 *   switch (event.event) {
 *     case "connection.activated":
 *       return `${event.data.name} can sign in.`
 *     case "connection.deactivated":
 *     case "connection.deleted":
 *       return `${event.data.name} can't sign in any more.`
 *     case "connection.saml_certificate_renewal_required":
 *       return `A certificate of ${event.data.connection.id} expires.`
 *     case "connection.saml_certificate_renewed":
 *       return `${event.data.connection.id} has a new certificate.`
 *   }
 * }
 * ```
 *
 * @see https://workos.com/docs/events/connection
 */
export class ExpiringCertificate extends Schema.Opaque<ExpiringCertificate>()(
  Wire.Struct(() => ({
    connection: connectionReference,
    certificate: Wire.Struct(() => ({
      certificateType: CertificateType,
      expiryDate: Timestamp,
      isExpired: Schema.Boolean
    })),
    daysUntilExpiry: Schema.Int
  }))
) {}

/**
 * The data of the event of a renewed certificate of a SAML connection.
 *
 * @see https://workos.com/docs/events/connection
 */
export class RenewedCertificate extends Schema.Opaque<RenewedCertificate>()(
  Wire.Struct(() => ({
    connection: connectionReference,
    certificate: Wire.Struct(() => ({ certificateType: CertificateType, expiryDate: Timestamp })),
    renewedAt: Timestamp
  }))
) {}
