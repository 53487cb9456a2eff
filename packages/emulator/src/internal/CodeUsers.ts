// The users who receive codes by email.
import { type User } from "@effect-workos/domain/user-management/User"
import { UserId } from "@effect-workos/domain/user-management/UserId"
import type { Context } from "./Declaration.ts"
import type { Tables } from "./Tables.ts"

/** Returns the user with an email address, in any case. */
export const find = ({ users }: Tables, email: string): User | undefined =>
  users.rows.find((user) => user.email.toLowerCase() === email.toLowerCase())

/** Returns the user with an email address, or creates one whose address is not verified. */
export const findOrCreate = ({ ids, store }: Context, email: string): User => {
  const found = find(store, email)
  if (found !== undefined) return found
  const { createdAt, id } = ids.next(store.users.newest, "user")
  const user: User = {
    object: "user",
    id: UserId.make(id),
    email,
    emailVerified: false,
    metadata: {},
    createdAt,
    updatedAt: createdAt
  }
  store.users.set(user)
  return user
}
