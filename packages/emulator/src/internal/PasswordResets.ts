// The declaration of password resets.
import * as ApiError from "@effect-workos/domain/ApiError"
import { WeakPassword } from "@effect-workos/domain/user-management/PasswordError"
import type {
  PasswordReset,
  PasswordResetInEvent,
  passwordResets as resource
} from "@effect-workos/domain/user-management/PasswordReset"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Struct from "effect/Struct"
import * as CodeUsers from "./CodeUsers.ts"
import type { Declaration } from "./Declaration.ts"
import * as IdGenerator from "./IdGenerator.ts"
import * as NotFound from "./NotFound.ts"
import * as OneTimeCodes from "./OneTimeCodes.ts"
import * as Passwords from "./Passwords.ts"

// Recorded resets of WorkOS expire after this time.
const lifetime = Duration.minutes(15)

const toEventData = (row: PasswordReset): PasswordResetInEvent =>
  Struct.omit(row, ["passwordResetToken", "passwordResetUrl"])

export const passwordResets: Declaration<typeof resource.endpoints> = {
  parents: { userId: { resource: "users" } },
  events: (before, after) =>
    before === undefined && after !== undefined ? [{ event: "password_reset.created", data: toEventData(after) }] : [],

  create: ({ email }, { id }, { ids, store }) => {
    const user = CodeUsers.find(store, email)
    if (user === undefined) return Result.fail(NotFound.make("User", email))
    const token = ids.token(25)
    const expiresAt = DateTime.addDuration(ids.now, lifetime)
    const issued = { kind: "password_reset", id, recipient: user.email, code: token, expiresAt } as const
    OneTimeCodes.issue(store, { ...issued, createdAt: ids.now })
    return Result.succeed({
      userId: user.id,
      email: user.email,
      expiresAt,
      passwordResetToken: Redacted.make(token),
      passwordResetUrl: Redacted.make(`https://authkit.example/reset-password?token=${token}`)
    })
  },

  actions: {
    confirm: ({ payload }, { ids, store }) => {
      const token = Redacted.value(payload.token)
      const reset = store.passwordResets.rows.find((row) => Redacted.value(row.passwordResetToken) === token)
      const user = reset && store.users.get(reset.userId)
      const notFound = new ApiError.NotFound({
        code: "password_reset_token_not_found",
        message: "Could not locate user with provided token."
      })
      const issued = store.secrets.codes.get(reset?.id ?? "")
      if (reset === undefined || user === undefined || issued === undefined) return Effect.fail(notFound)
      const [outcome, used] = OneTimeCodes.attempt(issued, ids.now, true)
      if (outcome !== "valid") return Effect.fail(notFound)
      const newPassword = Redacted.value(payload.newPassword)
      // A weak password does not use the token.
      const weakness = Passwords.weakness(newPassword)
      if (weakness !== undefined) {
        return Effect.fail(
          new WeakPassword({ code: "password_reset_error", message: weakness.message, errors: weakness.errors })
        )
      }
      store.secrets.codes.set(reset.id, used)
      const updatedAt = IdGenerator.updateTime(ids.now, user.updatedAt)
      const changed = user.emailVerified ? user : { ...user, emailVerified: true, updatedAt }
      store.secrets.passwords.set(user.id, newPassword)
      store.users.set(changed)
      store.emit({ event: "password_reset.succeeded", data: toEventData(reset) })
      return Effect.succeed({ user: changed })
    }
  }
}
