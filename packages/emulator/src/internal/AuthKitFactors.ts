// Authentication factors of users who sign in: challenges, codes and enrolment.
import type { User } from "@effect-workos/domain/user-management/User"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { AuthKit } from "./AuthKit.ts"
import * as Challenges from "./Challenges.ts"
import * as IdGenerator from "./IdGenerator.ts"
import type * as OneTimeCodes from "./OneTimeCodes.ts"
import * as Totp from "./Totp.ts"

/** Makes the secret of a new authenticator app. */
export const newSecret = Effect.map(IdGenerator.current, Totp.makeSecret)

/** Creates a challenge for a factor, and returns its id. */
export const challenge = Effect.fnUntraced(function* (factorId: string) {
  const { store } = yield* AuthKit
  const ids = yield* IdGenerator.current
  const factor = store.authenticationFactors.get(factorId)
  return factor === undefined ? "" : Challenges.create({ ids, store }, factor).id
})

/** Uses the code of a challenge of the user. */
export const verify = Effect.fnUntraced(function* (
  user: User,
  challengeId: string,
  code: string
): Effect.fn.Return<OneTimeCodes.Outcome, never, AuthKit> {
  const { store } = yield* AuthKit
  const { now } = yield* IdGenerator.current
  const isOwn = Challenges.find(store, challengeId)?.factor.userId === user.id
  return isOwn ? yield* Challenges.verify(store, now, challengeId, code) : undefined
})

/** Enrols an authenticator app of a user without factors, if the code is the current one of the secret. */
export const enrol = Effect.fnUntraced(function* (
  user: User,
  secret: string,
  code: string
): Effect.fn.Return<OneTimeCodes.Outcome, never, AuthKit> {
  const { store } = yield* AuthKit
  const ids = yield* IdGenerator.current
  if (!(yield* Totp.matches(secret, code, DateTime.toEpochMillis(ids.now)))) return "wrong"
  if (store.authenticationFactors.findBy("userId", user.id).length > 0) return "used"
  Challenges.enroll({ ids, store }, { type: "totp", issuer: "WorkOS", user: user.email, secret }, user.id)
  return "valid"
})
