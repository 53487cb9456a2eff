/**
 * The events of connections.
 *
 * @module
 */
import * as Schema from "effect/Schema"
import { ConnectionDomain, ConnectionId, connectionFields } from "./Connection.ts"
import * as EventEnvelope from "../events/EventEnvelope.ts"
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
export const ConnectionInEvent = Wire.Struct(() => ({
  ...connectionFields(),
  ...maybeUnassigned,
  externalKey: Lenient.optional(Arbitraries.stringMatching(/[0-9A-Za-z]{20}/))
}))
export interface ConnectionInEvent extends Schema.Schema.Type<typeof ConnectionInEvent> {}

/**
 * The data of the event of a deleted connection: the connection, with or without its domains.
 *
 * @see https://workos.com/docs/events/connection
 */
export const DeletedConnection = Wire.Struct(() => ({
  ...connectionFields(),
  ...maybeUnassigned,
  domains: Lenient.optional(Schema.Array(ConnectionDomain))
}))
export interface DeletedConnection extends Schema.Schema.Type<typeof DeletedConnection> {}

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
 * A connection was activated: its users can sign in.
 *
 * @see https://workos.com/docs/events/connection
 */
export class ConnectionActivated extends Schema.Opaque<ConnectionActivated>()(
  EventEnvelope.make(Schema.Literal("connection.activated"), ConnectionInEvent)
) {}

/**
 * A connection was deactivated: its users can no longer sign in.
 *
 * **Example** (A sentence for each event)
 *
 * ```ts
 * import type * as ConnectionEvent from "@effect-workos/domain/sso/ConnectionEvent"
 *
 * type ConnectionEvents =
 *   | ConnectionEvent.ConnectionActivated
 *   | ConnectionEvent.ConnectionDeactivated
 *   | ConnectionEvent.ConnectionDeleted
 *   | ConnectionEvent.SamlCertificateRenewalRequired
 *   | ConnectionEvent.SamlCertificateRenewed
 *
 * const sentence = (event: ConnectionEvents): string => {
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
export class ConnectionDeactivated extends Schema.Opaque<ConnectionDeactivated>()(
  EventEnvelope.make(Schema.Literal("connection.deactivated"), ConnectionInEvent)
) {}

/**
 * A connection was deleted.
 *
 * @see https://workos.com/docs/events/connection
 */
export class ConnectionDeleted extends Schema.Opaque<ConnectionDeleted>()(
  EventEnvelope.make(Schema.Literal("connection.deleted"), DeletedConnection)
) {}

/**
 * A certificate of a SAML connection has expired or will expire in `daysUntilExpiry` days.
 *
 * @see https://workos.com/docs/events/connection
 */
export class SamlCertificateRenewalRequired extends Schema.Opaque<SamlCertificateRenewalRequired>()(
  EventEnvelope.make(
    Schema.Literal("connection.saml_certificate_renewal_required"),
    Wire.Struct(() => ({
      connection: connectionReference,
      certificate: Wire.Struct(() => ({
        certificateType: CertificateType,
        expiryDate: Timestamp,
        isExpired: Schema.Boolean
      })),
      daysUntilExpiry: Schema.Int
    }))
  )
) {}

/**
 * A certificate of a SAML connection was renewed.
 *
 * @see https://workos.com/docs/events/connection
 */
export class SamlCertificateRenewed extends Schema.Opaque<SamlCertificateRenewed>()(
  EventEnvelope.make(
    Schema.Literal("connection.saml_certificate_renewed"),
    Wire.Struct(() => ({
      connection: connectionReference,
      certificate: Wire.Struct(() => ({ certificateType: CertificateType, expiryDate: Timestamp })),
      renewedAt: Timestamp
    }))
  )
) {}
