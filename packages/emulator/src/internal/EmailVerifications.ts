// The declaration of email verifications.
import type {
  EmailVerification,
  EmailVerificationInEvent,
  emailVerifications as resource
} from "@effect-workos/domain/user-management/EmailVerification"
import * as Struct from "effect/Struct"
import type { Declaration } from "./Declaration.ts"

const toEventData = (row: EmailVerification): EmailVerificationInEvent => Struct.omit(row, ["code"])

export const emailVerifications: Declaration<typeof resource.endpoints> = {
  parents: { userId: { resource: "users" } },
  events: (before, after) =>
    before === undefined && after !== undefined
      ? [{ event: "email_verification.created", data: toEventData(after) }]
      : []
}
