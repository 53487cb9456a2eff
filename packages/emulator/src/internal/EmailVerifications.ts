// The declaration of email verifications.
import type { emailVerifications as resource } from "@effect-workos/domain/user-management/EmailVerification"
import type { Declaration } from "./Declaration.ts"

export const emailVerifications: Declaration<typeof resource.endpoints> = {}
