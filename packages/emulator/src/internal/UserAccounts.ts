// The declaration of users.
import * as ApiError from "@effect-workos/domain/ApiError"
import type { CreateUser, UpdateUser, User, users as resource } from "@effect-workos/domain/user-management/User"
import { UserCreationFailed } from "@effect-workos/domain/user-management/UserError"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { Declaration } from "./Declaration.ts"
import * as NotFound from "./NotFound.ts"
import * as Passwords from "./Passwords.ts"
import { month } from "./SeedRow.ts"
import * as UserEmails from "./UserEmails.ts"

const firstNames = ["Ada", "Alan", "Barbara", "Edsger", "Frances", "Grace", "Jürgen", "Katherine", "María", "恵"]
const lastNames = [
  "Allen",
  "Dijkstra",
  "Franklin",
  "Hopper",
  "Johnson",
  "Liskov",
  "Lovelace",
  "Nuñez",
  "Świątek",
  "佐藤"
]

const fail = (code: string, message: string) => Result.fail(new ApiError.BadRequest({ code, message }))

const fullName = ({ firstName, lastName }: Pick<CreateUser, "firstName" | "lastName">): string | undefined =>
  [firstName, lastName].filter((name) => typeof name === "string" && name !== "").join(" ") || undefined

/** Returns the password of a payload. A hash is accepted, but the emulator cannot compare passwords with it. */
const passwordIn = ({
  password,
  passwordHash,
  passwordHashType,
  passwordSaltPosition
}: Pick<CreateUser | UpdateUser, "password" | "passwordHash" | "passwordHashType" | "passwordSaltPosition">) => {
  if (password && passwordHash !== undefined) {
    return fail("password_and_password_hash_provided", "Only one of 'password' and 'password_hash' can be given.")
  }
  if (password && passwordHashType !== undefined) {
    return fail(
      "password_and_password_hash_type_provided",
      "Only one of 'password' and 'password_hash_type' can be given."
    )
  }
  if (passwordSaltPosition !== undefined && passwordHash === undefined) {
    return fail("password_salt_position_requires_password_hash", "'password_salt_position' requires 'password_hash'.")
  }
  if ((passwordHash === undefined) !== (passwordHashType === undefined)) {
    const message = "'password_hash' and 'password_hash_type' require each other."
    return Result.fail(new ApiError.UnprocessableEntity({ code: "invalid_request_parameters", message }))
  }
  if (!password) return Result.succeed(undefined)
  const text = Redacted.value(password)
  const error = Passwords.weakness(text)
  return error === undefined ? Result.succeed(text) : Result.fail(error)
}

const isLocale = (locale: string): boolean => Result.isSuccess(Result.try(() => Intl.getCanonicalLocales(locale)))

export const users: Declaration<typeof resource.endpoints> = {
  unique: {
    externalId: (externalId) =>
      new ApiError.BadRequest({
        code: "external_id_already_used",
        message: `Another user has the external id '${externalId}'.`
      })
  },
  filters: {
    email: { values: ({ email }) => email.toLowerCase(), of: (email) => email.toLowerCase() },
    organizationId: ({ id }, organizationId, { organizationMemberships }) =>
      organizationMemberships.findBy("userId", id).some((row) => row.organizationId === organizationId)
  },

  create: (payload, { id }, { store }) =>
    Result.gen(function* () {
      const password = yield* passwordIn(payload)
      if (UserEmails.conflict(store, payload.email) !== undefined) {
        const errors = [{ code: "email_not_available", message: "This email address is not available." }]
        const message = "Could not create the user."
        return yield* Result.fail(new UserCreationFailed({ code: "user_creation_error", message, errors }))
      }
      if (password !== undefined) store.secrets.passwords.set(id, password)
      const name = payload.name ?? fullName(payload)
      return {
        emailVerified: payload.emailVerified ?? false,
        metadata: payload.metadata ?? {},
        ...(name === undefined ? {} : { name })
      }
    }),

  update: (user, payload, { store }) =>
    Result.gen(function* () {
      const password = yield* passwordIn(payload)
      const { email, locale } = payload
      const conflict = email === undefined ? undefined : UserEmails.conflict(store, email, user.id)
      if (conflict !== undefined) return yield* Result.fail(conflict)
      if (typeof locale === "string" && !isLocale(locale)) {
        return yield* fail("invalid_locale", `'${locale}' is not a language tag.`)
      }
      if (password !== undefined) store.secrets.passwords.set(user.id, password)
      const isNewEmail = email !== undefined && email.toLowerCase() !== user.email.toLowerCase()
      return {
        ...(payload.metadata === null ? { metadata: {} } : {}),
        ...(isNewEmail ? { emailVerified: payload.emailVerified ?? false } : {}),
        ...renamed(user, payload)
      }
    }),

  actions: {
    getByExternalId: ({ params: { external_id: externalId } }, { store }) =>
      NotFound.ifUndefined("User", externalId)(store.users.findBy("externalId", externalId)[0]),
    ...UserEmails.actions,
    listIdentities: ({ params: { id } }, { store }) =>
      Effect.map(NotFound.ifUndefined("User", id)(store.users.get(id)), () => store.secrets.identities.get(id) ?? [])
  },

  events: { created: "user.created", updated: "user.updated", deleted: "user.deleted" },

  onChange: (before, after, { invitations, secrets }) => {
    if (before === undefined || after !== undefined) return
    secrets.passwords.delete(before.id)
    secrets.identities.delete(before.id)
    for (const invitation of invitations.rows) {
      const { acceptedUserId, inviterUserId, ...rest } = invitation
      if (acceptedUserId !== before.id && inviterUserId !== before.id) continue
      invitations.set({
        ...rest,
        ...(acceptedUserId === undefined || acceptedUserId === before.id ? {} : { acceptedUserId }),
        ...(inviterUserId === undefined || inviterUserId === before.id ? {} : { inviterUserId })
      })
    }
  },

  seed: ({ below, chance, created, customer, index, pick }) => {
    const isNamed = chance(0.9)
    const firstName = pick(firstNames)
    const lastName = pick(lastNames)
    const signedIn = chance(0.8) ? created + below(month) : undefined
    return {
      email: `user-${index + 1}@${customer?.domain ?? "mail.example"}`,
      email_verified: chance(0.9),
      first_name: isNamed ? firstName : null,
      last_name: isNamed ? lastName : null,
      name: isNamed ? `${firstName} ${lastName}` : null,
      profile_picture_url: chance(0.2) ? `https://images.example/${index + 1}.png` : null,
      external_id: chance(0.5) ? `user-${index + 1}` : null,
      metadata: chance(0.3) ? { plan: pick(["free", "pro"]) } : {},
      last_sign_in_at: signedIn === undefined ? null : new Date(signedIn).toISOString(),
      locale: chance(0.5) ? pick(["de-DE", "en-US", "fr-CA"]) : null,
      updated_at: new Date(signedIn ?? created).toISOString()
    }
  }
}

// The full name follows the first and the last name, unless the application has chosen another one.
const renamed = (user: User, payload: UpdateUser): Partial<User> => {
  if (payload.name !== undefined || user.name !== fullName(user)) return {}
  const name = fullName({
    firstName: payload.firstName ?? user.firstName,
    lastName: payload.lastName ?? user.lastName
  })
  return name === undefined ? {} : { name }
}
