// Secrets of records, which responses do not contain.

/**
 * The secrets of a store.
 *
 * - `passwords`: the passwords of users, by user id. They are not hashed, because the emulator protects nothing.
 * - `totpSecrets`: the secrets of authentication factors, by factor id.
 */
export interface Secrets {
  readonly passwords: Map<string, string>
  readonly totpSecrets: Map<string, string>
}

/** Makes empty secrets. */
export const make = (): Secrets => ({ passwords: new Map(), totpSecrets: new Map() })
