// Admin that WorkOS's API cannot change: what an administrator does in the dashboard, and what DNS does to a domain.
import type { Connection, ConnectionState } from "@effect-workos/domain/sso/Connection"
import type {
  OrganizationDomain,
  OrganizationDomainState
} from "@effect-workos/domain/organizations/OrganizationDomain"
import * as Effect from "effect/Effect"
import * as IdGenerator from "./internal/IdGenerator.ts"
import * as Domains from "./internal/Domains.ts"
import { Store } from "./Store.ts"

/**
 * Gives a connection another state, and gives it back: `inactive` deactivates it, `active` activates it, and both have
 * their events. `undefined` where there is no such connection.
 *
 * **Example** (A connection that an administrator deactivates)
 *
 * ```ts
 * import * as Admin from "@effect-workos/emulator/Admin"
 *
 * const program = Admin.setConnectionState("conn_01E4ZCR3C56J083X43JQXF3JK5", "inactive")
 * ```
 */
export const setConnectionState = Effect.fnUntraced(function* (
  id: string,
  state: ConnectionState
): Effect.fn.Return<Connection | undefined, never, Store> {
  const { connections } = yield* Store
  const { now } = yield* IdGenerator.current
  const connection = connections.get(id)
  if (connection === undefined || connection.state === state) return connection
  const changed: Connection = {
    ...connection,
    state,
    status: state === "active" ? "linked" : "unlinked",
    updatedAt: IdGenerator.updateTime(now, connection.updatedAt)
  }
  connections.set(changed)
  return changed
})

/**
 * Gives a domain of an organization another state, and gives it back: `verified` as when its DNS record was found, `failed`
 * as when it was not, and both have their events. `undefined` where there is no such domain.
 *
 * **Example** (A domain that nobody verifies in time)
 *
 * ```ts
 * import * as Admin from "@effect-workos/emulator/Admin"
 *
 * const program = Admin.setDomainState("org_domain_01EZTR5N6Y9RQKHK2E9F31KZX6", "failed")
 * ```
 */
export const setDomainState = Effect.fnUntraced(function* (
  id: string,
  state: OrganizationDomainState
): Effect.fn.Return<OrganizationDomain | undefined, never, Store> {
  const { organizations } = yield* Store
  const { now } = yield* IdGenerator.current
  const found = Domains.find(organizations, id)
  if (found === undefined || found.domain.state === state) return found?.domain
  const { domain, organization } = found
  const updatedAt = IdGenerator.updateTime(now, domain.updatedAt)
  return Domains.put(organizations, organization, { ...domain, state, updatedAt })
})
