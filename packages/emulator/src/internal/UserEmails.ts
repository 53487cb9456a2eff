// Email addresses of users: their uniqueness, verification and change.
import * as ApiError from "@effect-workos/domain/ApiError"
import { EmailVerificationId } from "@effect-workos/domain/user-management/EmailVerification"
import type { User, users as resource } from "@effect-workos/domain/user-management/User"
import { EmailNotAvailable, InvalidEmailCode } from "@effect-workos/domain/user-management/UserError"
import type { UserId } from "@effect-workos/domain/user-management/UserId"
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Redacted from "effect/Redacted"
import type { Context, Declaration } from "./Declaration.ts"
import * as IdGenerator from "./IdGenerator.ts"
import * as NotFound from "./NotFound.ts"
import * as OneTimeCodes from "./OneTimeCodes.ts"
import type { Tables } from "./Tables.ts"

type Actions = Declaration<typeof resource.endpoints>["actions"]

/** Returns the user with an email address, in any case. */
export const find = ({ users }: Pick<Tables, "users">, email: string): User | undefined =>
  users.findBy("email", email.toLowerCase())[0]

/** Returns the error if a user other than `id` has an email address. */
export const conflict = (store: Tables, email: string, id?: string): EmailNotAvailable | undefined => {
  const owner = find(store, email)
  return owner === undefined || owner.id === id
    ? undefined
    : new EmailNotAvailable({ code: "email_not_available", message: "This email address is not available." })
}

const existing = ({ users }: Tables, id: UserId) => NotFound.ifUndefined("User", id)(users.get(id))

const change = ({ ids, store }: Context, user: User, changes: Partial<User>): User => {
  const changed = { ...user, ...changes, updatedAt: IdGenerator.updateTime(ids.now, user.updatedAt) }
  store.users.set(changed)
  return changed
}

/** Creates the code that verifies the email address of a user. */
const sendVerification = ({ ids, store }: Context, { email, id: userId }: User): void => {
  const { createdAt, id } = ids.next(store.emailVerifications.newest, "email_verification")
  const { code, expiresAt } = OneTimeCodes.make(ids)
  OneTimeCodes.issue(store, { kind: "email_verification", id, recipient: email, code, createdAt, expiresAt })
  store.emailVerifications.set({
    object: "email_verification",
    id: EmailVerificationId.make(id),
    userId,
    email,
    expiresAt,
    code: Redacted.make(code),
    createdAt,
    updatedAt: createdAt
  })
}

const invalidCode = (code: string, message: string) => Effect.fail(new InvalidEmailCode({ code, message }))

const badRequest = (code: string, message: string) => Effect.fail(new ApiError.BadRequest({ code, message }))

const conflicting = (code: string, message: string) => Effect.fail(new ApiError.Conflict({ code, message }))

const tooManyAttempts = {
  code: "email_change_too_many_attempts",
  message: "Too many incorrect codes were entered. Send another code."
}

// One pending change for each user: a new one replaces it.
const changeId = (userId: UserId): string => `email_change ${userId}`

export const actions: Pick<
  Actions,
  "sendEmailVerification" | "confirmEmailVerification" | "sendEmailChange" | "confirmEmailChange"
> = {
  sendEmailVerification: Effect.fnUntraced(function* ({ params: { id } }, context) {
    const user = yield* existing(context.store, id)
    if (user.emailVerified) {
      return yield* badRequest("email_already_verified", "The email address is already verified.")
    }
    sendVerification(context, user)
    return { user }
  }),

  confirmEmailVerification: Effect.fnUntraced(function* ({ params: { id }, payload: { code } }, context) {
    const { ids, store } = context
    const user = yield* existing(store, id)
    if (user.emailVerified) {
      return yield* badRequest("email_previously_verified", "The email address was verified before.")
    }
    const given = Redacted.value(code)
    switch (OneTimeCodes.consumeOf(store, ids.now, "email_verification", user.email, given).outcome) {
      case "valid":
        return { user: change(context, user, { emailVerified: true }) }
      case "used":
        return yield* invalidCode("email_verification_code_previously_used", "The code was used before.")
      case "expired":
        return yield* invalidCode("email_verification_code_expired", "The code has expired.")
      default:
        return yield* invalidCode("email_verification_code_incorrect", "Email verification code is incorrect.")
    }
  }),

  sendEmailChange: Effect.fnUntraced(function* ({ params: { id }, payload: { newEmail } }, { ids, store }) {
    const user = yield* existing(store, id)
    if (user.email.toLowerCase() === newEmail.toLowerCase()) {
      return yield* conflicting("email_change_not_needed", "The user already has this email address.")
    }
    const error = conflict(store, newEmail)
    if (error !== undefined) return yield* error
    const { code, expiresAt } = OneTimeCodes.make(ids)
    const issued = { kind: "email_change", id: changeId(id), recipient: newEmail, code, expiresAt } as const
    OneTimeCodes.issue(store, { ...issued, createdAt: ids.now })
    return { object: "email_change", user, newEmail, expiresAt, createdAt: ids.now } as const
  }),

  confirmEmailChange: Effect.fnUntraced(function* ({ params: { id }, payload: { code } }, context) {
    const { ids, store } = context
    const user = yield* existing(store, id)
    const email = store.secrets.codes.get(changeId(id))?.recipient ?? ""
    switch (OneTimeCodes.consume(store, ids.now, changeId(id), Redacted.value(code))) {
      case "valid": {
        const error = conflict(store, email, id)
        if (error !== undefined) return yield* error
        const changed = change(context, user, { email, emailVerified: true })
        return { object: "email_change_confirmation", user: changed } as const
      }
      case "used":
        return yield* conflicting("email_change_code_previously_used", "The code was used before.")
      case "expired":
        return yield* invalidCode("email_change_code_expired", "The code has expired.")
      case "wrong":
        return yield* invalidCode("email_change_code_incorrect", "The code is incorrect.")
      case "tooManyAttempts":
        return HttpServerResponse.jsonUnsafe(tooManyAttempts, { status: 429 })
      default:
        return yield* conflicting("no_pending_email_change", "The user has no pending email change.")
    }
  })
}
