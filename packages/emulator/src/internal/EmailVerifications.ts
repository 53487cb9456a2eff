// The declaration of email verifications.
import type {
  EmailVerification,
  EmailVerificationInEvent,
  emailVerifications as resource
} from "@effect-workos/domain/user-management/EmailVerification"
import type { Declaration } from "./Declaration.ts"

const toEventData = ({ code: _, ...data }: EmailVerification): EmailVerificationInEvent => data

export const emailVerifications: Declaration<typeof resource.endpoints> = {
  parents: { userId: { resource: "users" } },
  events: (before, after) =>
    before === undefined && after !== undefined
      ? [{ event: "email_verification.created", data: toEventData(after) }]
      : []
}
