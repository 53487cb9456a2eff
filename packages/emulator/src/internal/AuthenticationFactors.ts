// The declarations of authentication factors and of their challenges.
import * as ApiError from "@effect-workos/domain/ApiError"
import type { authenticationChallenges as challenges } from "@effect-workos/domain/user-management/AuthenticationChallenge"
import type {
  AuthenticationFactor,
  EnrollAuthenticationFactor,
  EnrolledAuthenticationFactor,
  authenticationFactors as factors
} from "@effect-workos/domain/user-management/AuthenticationFactor"
import { UserId } from "@effect-workos/domain/user-management/UserId"
import * as Encoding from "effect/encoding/Base64"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Struct from "effect/Struct"
import * as Challenges from "./Challenges.ts"
import type { Declaration } from "./Declaration.ts"
import type { IdGenerator } from "./IdGenerator.ts"
import * as NotFound from "./NotFound.ts"
import * as Totp from "./Totp.ts"

const unprocessable = (message: string, code?: string) =>
  Effect.fail(new ApiError.UnprocessableEntity({ message, ...(code === undefined ? {} : { code }) }))

const methodOf = (payload: EnrollAuthenticationFactor, ids: IdGenerator): Challenges.Method => {
  switch (payload.type) {
    case "totp":
      return { type: "totp", issuer: payload.totpIssuer, user: payload.totpUser, secret: Totp.makeSecret(ids) }
    case "sms":
      return { type: "sms", phoneNumber: payload.phoneNumber }
    case "generic_otp":
      return { type: "generic_otp" }
  }
}

// A QR code would need a library, so the image contains the URI as text.
const imageOf = (uri: string): string => {
  const text = uri.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="40"><text y="24" font-size="8">${text}</text></svg>`
  return `data:image/svg+xml;base64,${Encoding.encode(svg)}`
}

/** Adds the secrets to a new factor. */
const withSecrets = (factor: AuthenticationFactor, method: Challenges.Method): EnrolledAuthenticationFactor => {
  const rest = Struct.omit(factor, ["totp"])
  if (method.type !== "totp") return rest
  const { issuer, secret, user } = method
  const uri = Totp.uriOf(issuer, user, secret)
  const secrets = { secret: Redacted.make(secret), qrCode: Redacted.make(imageOf(uri)), uri: Redacted.make(uri) }
  return { ...rest, totp: { issuer, user, ...secrets } }
}

export const authenticationFactors: Declaration<typeof factors.endpoints> = {
  parents: { userId: { resource: "users" } },
  onChange: (before, after, { secrets }) => {
    if (before !== undefined && after === undefined) secrets.totpSecrets.delete(before.id)
  },

  actions: {
    enroll: ({ payload }, context) => {
      const { userId } = payload
      if (userId !== undefined && context.store.users.get(userId) === undefined) {
        return unprocessable(`User not found: '${userId}'.`)
      }
      if (payload.type === "sms" && !Challenges.isPhoneNumber(payload.phoneNumber)) {
        return unprocessable("The phone number is invalid.", "invalid_phone_number")
      }
      const method = methodOf(payload, context.ids)
      const owner = userId === undefined ? undefined : UserId.make(userId)
      return Effect.succeed(withSecrets(Challenges.enroll(context, method, owner), method))
    },

    enrollForUser: ({ params: { userId }, payload }, context) => {
      const user = context.store.users.get(userId)
      if (user === undefined) return Effect.fail(NotFound.make("User", userId))
      const secret =
        payload.totpSecret === undefined ? Totp.makeSecret(context.ids) : Redacted.value(payload.totpSecret)
      if (Totp.decodeSecret(secret) === undefined) return unprocessable("The TOTP secret is not in base 32.")
      const method = {
        type: "totp",
        issuer: payload.totpIssuer ?? "WorkOS",
        user: payload.totpUser ?? user.email,
        secret
      } as const
      const factor = Challenges.enroll(context, method, userId)
      return Effect.succeed({
        authenticationFactor: withSecrets(factor, method),
        authenticationChallenge: Challenges.create(context, factor)
      })
    },

    challenge: ({ params: { id } }, context) => {
      const factor = context.store.authenticationFactors.get(id)
      return factor === undefined
        ? Effect.fail(NotFound.make("Authentication factor", id))
        : Effect.succeed(Challenges.create(context, factor))
    }
  },

  // The factors belong to few users, because a user with a factor needs its code to sign in.
  seed: ({ created, customer, id, pick, rowsOf }) => {
    const users = rowsOf("users")
    const user = pick(users.slice(-Math.ceil(users.length / 5)))
    return {
      id: id("auth_factor", created),
      type: "totp",
      ...(user === undefined ? {} : { user_id: user.id }),
      totp: { issuer: customer?.name ?? "WorkOS", user: user?.email ?? "user@example.com" }
    }
  }
}

export const authenticationChallenges: Declaration<typeof challenges.endpoints> = {
  actions: {
    verify: Effect.fnUntraced(function* ({ params: { id }, payload }, { ids, store }) {
      const outcome = yield* Challenges.verify(store, ids.now, id, Redacted.value(payload.code))
      const challenge = store.secrets.challenges.get(id)?.challenge
      if (outcome === undefined || challenge === undefined) {
        return yield* NotFound.make("Authentication challenge", id)
      }
      switch (outcome) {
        case "used":
          return yield* unprocessable(
            `The authentication challenge '${id}' has already been verified.`,
            "authentication_challenge_previously_verified"
          )
        case "expired":
          return yield* unprocessable(
            `The authentication challenge '${id}' has expired.`,
            "authentication_challenge_expired"
          )
        case "tooManyAttempts":
          return yield* new ApiError.BadRequest({
            code: "one_time_code_too_many_attempts",
            message: "Too many wrong codes. Create another challenge."
          })
        default:
          return { challenge, valid: outcome === "valid" }
      }
    })
  }
}
