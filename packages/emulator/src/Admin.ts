/**
 * Changes that the WorkOS API cannot make: those of an administrator in the dashboard, and those of DNS verification.
 *
 * @module
 */
import type { Connection, ConnectionState } from "@effect-workos/domain/sso/Connection"
import type {
  OrganizationDomain,
  OrganizationDomainState
} from "@effect-workos/domain/organizations/OrganizationDomain"
import * as Effect from "effect/Effect"
import * as IdGenerator from "./internal/IdGenerator.ts"
import * as OneTimeCodes from "./internal/OneTimeCodes.ts"
import { Store } from "./Store.ts"

/**
 * Sets the state of a connection and returns the connection. Emits `connection.activated` if the connection becomes active,
 * and `connection.deactivated` if an active connection receives another state. Returns `undefined` if the id is unknown.
 *
 * **Example** (Deactivating a connection)
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
 * Sets the state of an organization's domain and returns the domain. If the state changes, the new state `verified` emits
 * `organization_domain.verified`, `failed` emits `organization_domain.verification_failed`, and any other state emits
 * `organization_domain.updated`. Returns `undefined` if the id is unknown.
 *
 * **Example** (A verification that fails)
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
  const { organizationDomains } = yield* Store
  const { now } = yield* IdGenerator.current
  const domain = organizationDomains.get(id)
  if (domain === undefined || domain.state === state) return domain
  const changed: OrganizationDomain = { ...domain, state, updatedAt: IdGenerator.updateTime(now, domain.updatedAt) }
  organizationDomains.set(changed)
  return changed
})

/**
 * A one-time code or token that the emulator issued in place of an email or a message.
 *
 * **Details**
 *
 * - `kind`: the purpose of the code, for example `magic_auth`.
 * - `id`: the id of the record that the code belongs to, for example of the email verification.
 * - `recipient`: the email address or the phone number of the user.
 */
export interface IssuedCode extends Pick<
  OneTimeCodes.Issued,
  "kind" | "id" | "recipient" | "code" | "createdAt" | "expiresAt"
> {}

/**
 * Returns the codes that can be used, newest first: those of one recipient, or all.
 *
 * **Example** (The code that a user would receive by email)
 *
 * ```ts
 * import * as Admin from "@effect-workos/emulator/Admin"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.map(Admin.codes("ada@example.com"), ([newest]) => newest?.code)
 * ```
 */
export const codes = Effect.fnUntraced(function* (
  recipient?: string
): Effect.fn.Return<ReadonlyArray<IssuedCode>, never, Store> {
  const { secrets } = yield* Store
  const { now } = yield* IdGenerator.current
  const address = recipient?.toLowerCase()
  return Array.from(secrets.codes.values())
    .filter(
      (issued) =>
        OneTimeCodes.isUsable(issued, now) && (address === undefined || issued.recipient.toLowerCase() === address)
    )
    .toReversed()
})
