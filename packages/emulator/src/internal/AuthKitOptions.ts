// The options of AuthKit, which an administrator of WorkOS sets in the dashboard.
import * as Duration from "effect/Duration"

/**
 * Options of AuthKit.
 *
 * @see https://workos.com/docs/authkit
 */
export interface Options {
  /** Requires that users verify their email addresses before they sign in. Defaults to true. */
  readonly requireEmailVerification?: boolean | undefined
  /**
   * Requires that users enrol an authentication factor. Users with a factor must always enter a code of the factor, and users
   * who sign in with SSO never. Defaults to false.
   */
  readonly requireMfa?: boolean | undefined
  /** Requires SSO for sign-ins to organizations that have an active connection. Defaults to false. */
  readonly requireSso?: boolean | undefined
  /** Allows new users to sign up. Defaults to true. */
  readonly allowSignUp?: boolean | undefined
  /** The Radar challenge that users who sign in with a password or a magic code must solve. Defaults to none. */
  readonly radarChallenge?: "email" | "sms" | undefined
  /** The permissions of roles, by the slug of the role. Defaults to none. */
  readonly permissions?: Readonly<Record<string, ReadonlyArray<string>>> | undefined
  /** The entitlements of organizations, by the id of the organization. Defaults to none. */
  readonly entitlements?: Readonly<Record<string, ReadonlyArray<string>>> | undefined
  /** The feature flags of all users. Defaults to none. */
  readonly featureFlags?: ReadonlyArray<string> | undefined
  /** The lifetime of sessions. Defaults to 365 days. */
  readonly sessionLifetime?: Duration.Input | undefined
}

/** Options with defaults. */
export interface Settings {
  readonly requireEmailVerification: boolean
  readonly requireMfa: boolean
  readonly requireSso: boolean
  readonly allowSignUp: boolean
  readonly radarChallenge: "email" | "sms" | undefined
  readonly permissionsOf: (role: string) => ReadonlyArray<string>
  readonly entitlementsOf: (organizationId: string) => ReadonlyArray<string>
  readonly featureFlags: ReadonlyArray<string>
  readonly sessionLifetime: Duration.Duration
}

/** Adds the defaults. */
export const withDefaults = ({
  allowSignUp = true,
  entitlements = {},
  featureFlags = [],
  permissions = {},
  radarChallenge,
  requireEmailVerification = true,
  requireMfa = false,
  requireSso = false,
  sessionLifetime = "365 days"
}: Options): Settings => ({
  allowSignUp,
  featureFlags,
  radarChallenge,
  requireEmailVerification,
  requireMfa,
  requireSso,
  permissionsOf: (role) => (Object.hasOwn(permissions, role) ? (permissions[role] ?? []) : []),
  entitlementsOf: (id) => (Object.hasOwn(entitlements, id) ? (entitlements[id] ?? []) : []),
  sessionLifetime: Duration.fromInputUnsafe(sessionLifetime)
})
