// An authentication in progress: a user who has proved an identity, and must perhaps take further steps.
import type { AuthenticationMethod } from "@effect-workos/domain/user-management/Authentication"

/**
 * An authentication in progress.
 *
 * **Details**
 *
 * - `organizationId`: the requested or selected organization.
 * - `passed`: the steps that the user has taken.
 */
export interface Attempt {
  readonly clientId: string
  readonly userId: string
  readonly method: AuthenticationMethod
  readonly organizationId?: string | undefined
  readonly invitationToken?: string | undefined
  readonly passed: ReadonlyArray<"radar" | "mfa">
  readonly ipAddress?: string | undefined
  readonly userAgent?: string | undefined
}

/** The grant that continues a pending authentication. */
export type Purpose = "email_verification" | "mfa" | "organization_selection" | "radar_email" | "radar_sms"

/** An authentication that waits for the next step. A token of one purpose is invalid for another. */
export interface Pending {
  readonly purpose: Purpose
  readonly attempt: Attempt
}

/** The authentication that an authorization code stands for. */
export interface Code {
  readonly attempt: Attempt
  /** The PKCE code challenge, if the authorization request had one. */
  readonly codeChallenge?: string | undefined
}
