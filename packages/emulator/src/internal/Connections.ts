// The declaration of connections.
import {
  type Connection,
  type connections as resource,
  ConnectionState,
  ConnectionType,
  fromFilter
} from "@effect-workos/domain/sso/Connection"
import type { ConnectionInEvent, DeletedConnection } from "@effect-workos/domain/sso/ConnectionEvent"
import * as Result from "effect/Result"
import type { Declaration } from "./Declaration.ts"
import { month } from "./SeedRow.ts"

const sharedDomains = ["contractors.example", "group.example", "students.example"]
const types = ConnectionType.known.filter((type) => type !== "Pending")

export const connections: Declaration<typeof resource.endpoints> = {
  parents: { organizationId: { resource: "organizations", status: 422 } },
  idempotentBy: ["organizationId", "externalId"],
  filters: {
    connectionType: { values: ({ connectionType }) => connectionType, of: fromFilter },
    domain: {
      values: ({ domains }) => domains.map(({ domain }) => domain.toLowerCase()),
      of: (domain) => domain.toLowerCase()
    }
  },

  create: ({ connectionType = "Pending", name = connectionType, oidcOptions, samlOptions }) => {
    const isConfigured = samlOptions !== undefined || oidcOptions !== undefined
    const state = connectionType === "Pending" ? "requires_type" : isConfigured ? "active" : "draft"
    return Result.succeed({
      connectionType,
      name,
      state,
      status: state === "active" ? "linked" : "unlinked",
      domains: [],
      ...(connectionType.endsWith("SAML") ? { options: {} } : {})
    })
  },

  events: (before, after) => {
    if (after === undefined) {
      return before === undefined ? [] : [{ event: "connection.deleted", data: toDeleted(before) }]
    }
    const wasActive = before?.state === "active"
    const isActive = after.state === "active"
    if (wasActive === isActive) return []
    return [{ event: isActive ? "connection.activated" : "connection.deactivated", data: toEventData(after) }]
  },

  history: (connection) =>
    connection.state === "inactive" ? [{ ...connection, state: "active", updatedAt: connection.createdAt }] : [],

  seed: ({ below, chance, created, customer, id, index, letters, pick }) => {
    const type = chance(0.3) ? "OktaSAML" : chance(0.03) ? "Pending" : pick(types)
    const state = type === "Pending" ? "requires_type" : chance(0.7) ? "active" : pick(ConnectionState.known.slice(1))
    const domains = new Set<string>()
    if (customer !== undefined && chance(0.85)) domains.add(customer.domain)
    if (customer !== undefined && chance(0.1)) domains.add(`mail.${customer.domain}`)
    if (chance(0.1)) domains.add(pick(sharedDomains))
    return {
      id: id("conn", created),
      ...(customer === undefined ? {} : { organization_id: customer.id }),
      connection_type: type,
      name: customer === undefined ? `Unassigned ${index + 1}` : `${customer.name} ${below(9) + 1}`,
      state,
      status: state === "active" ? "linked" : "unlinked",
      domains: Array.from(domains, (domain) => ({
        object: "connection_domain",
        id: id("org_domain", created),
        domain
      })),
      ...(type.endsWith("SAML") ? { options: { signing_cert: chance(0.1) ? certificate(letters(60)) : null } } : {}),
      updated_at: new Date(created + (chance(0.5) ? 0 : below(month))).toISOString()
    }
  }
}

const certificate = (content: string): string => `-----BEGIN CERTIFICATE-----\nMII${content}\n-----END CERTIFICATE-----`

/** The data of a deletion event. */
const toDeleted = (connection: Connection): DeletedConnection => ({
  object: connection.object,
  id: connection.id,
  ...(connection.organizationId === undefined ? {} : { organizationId: connection.organizationId }),
  connectionType: connection.connectionType,
  name: connection.name,
  state: connection.state,
  createdAt: connection.createdAt,
  updatedAt: connection.updatedAt
})

/** The data of other events, which has no options and an additional key. */
const toEventData = (connection: Connection): ConnectionInEvent => ({
  ...toDeleted(connection),
  domains: connection.domains,
  externalKey: connection.id.slice(-20),
  status: connection.state === "active" ? "linked" : "unlinked"
})
