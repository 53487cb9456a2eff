// Users of AuthKit: sign-up, and users whose address an identity provider has verified.
import type { Profile } from "@effect-workos/domain/sso/Profile"
import type { User } from "@effect-workos/domain/user-management/User"
import { UserId } from "@effect-workos/domain/user-management/UserId"
import * as Effect from "effect/Effect"
import * as IdGenerator from "./IdGenerator.ts"
import type { Tables } from "./Tables.ts"
import * as UserEmails from "./UserEmails.ts"

/** The values of a new user. */
interface NewUser extends Pick<User, "email" | "emailVerified"> {
  readonly firstName?: string | undefined
  readonly lastName?: string | undefined
}

/** Creates a user. */
export const create = Effect.fnUntraced(function* (
  { users }: Tables,
  { email, emailVerified, firstName, lastName }: NewUser
) {
  const ids = yield* IdGenerator.current
  const { createdAt, id } = ids.next(users.newest, "user")
  const name = [firstName, lastName].filter(Boolean).join(" ")
  const user: User = {
    object: "user",
    id: UserId.make(id, { disableChecks: true }),
    email,
    emailVerified,
    ...(firstName ? { firstName } : {}),
    ...(lastName ? { lastName } : {}),
    ...(name === "" ? {} : { name }),
    metadata: {},
    createdAt,
    updatedAt: createdAt
  }
  users.set(user)
  return user
})

/** Changes a user. */
export const change = Effect.fnUntraced(function* ({ users }: Tables, user: User, changes: Partial<User>) {
  const { now } = yield* IdGenerator.current
  const changed = { ...user, ...changes, updatedAt: IdGenerator.updateTime(now, user.updatedAt) }
  users.set(changed)
  return changed
})

/** Returns the user with an email address that was verified, for example by an identity provider. */
export const vouchedFor = Effect.fnUntraced(function* (
  store: Tables,
  { email, firstName, lastName }: Pick<Profile, "email" | "firstName" | "lastName">
) {
  const user = UserEmails.find(store, email)
  if (user === undefined) return yield* create(store, { email, emailVerified: true, firstName, lastName })
  return user.emailVerified ? user : yield* change(store, user, { emailVerified: true })
})
