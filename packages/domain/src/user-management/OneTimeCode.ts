/**
 * One-time codes, which users receive by email or SMS, or read from an authenticator app.
 *
 * @module
 */
import { RedactedString } from "../RedactedString.ts"

/**
 * A one-time code of six digits.
 */
export const OneTimeCode = RedactedString(/[0-9]{6}/)
