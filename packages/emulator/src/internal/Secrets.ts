// Values that no list and no `get` returns: secrets of records, and records without a `get`.
import type { PasswordlessSession } from "@effect-workos/domain/passwordless/PasswordlessSession"
import type { AuthenticationChallenge } from "@effect-workos/domain/user-management/AuthenticationChallenge"
import type { Identity } from "@effect-workos/domain/user-management/Identity"
import type { JwtTemplate } from "@effect-workos/domain/user-management/JwtTemplate"
import * as DateTime from "effect/DateTime"
import type * as OneTimeCodes from "./OneTimeCodes.ts"

/**
 * The secrets of a store.
 *
 * - `passwords`: the passwords of users, by user id. They are not hashed, because the emulator protects nothing.
 * - `identities`: the OAuth identities of users, by user id.
 * - `groupMembers`: the ids of the organization memberships in each group, by group id.
 * - `totpSecrets`: the secrets of authentication factors, by factor id.
 * - `codes`: the one-time codes and tokens that were issued, by the id of their record.
 * - `challenges`: the challenges of authentication factors, by id.
 * - `passwordlessSessions`: passwordless sessions, by id.
 * - `jwtTemplate`: the JWT template of the environment, which adds no claims until an update.
 * - `allowSignUp`: whether codes are sent to addresses of no user. The options of AuthKit set this value.
 */
export interface Secrets {
  readonly passwords: Map<string, string>
  readonly identities: Map<string, ReadonlyArray<Identity>>
  readonly groupMembers: Map<string, ReadonlySet<string>>
  readonly totpSecrets: Map<string, string>
  readonly codes: Map<string, OneTimeCodes.Issued>
  readonly challenges: Map<string, OneTimeCodes.Use & { readonly challenge: AuthenticationChallenge }>
  readonly passwordlessSessions: Map<string, PasswordlessSession>
  jwtTemplate: JwtTemplate | undefined
  allowSignUp: boolean
}

/** The time at which the environment was created. */
const creation = DateTime.makeUnsafe("2020-01-01T00:00:00.000Z")

/** Makes the secrets of a store without records. */
export const make = (): Secrets => ({
  passwords: new Map(),
  identities: new Map(),
  groupMembers: new Map(),
  totpSecrets: new Map(),
  codes: new Map(),
  challenges: new Map(),
  passwordlessSessions: new Map(),
  jwtTemplate: { object: "jwt_template", content: "{}", createdAt: creation, updatedAt: creation },
  allowSignUp: true
})
