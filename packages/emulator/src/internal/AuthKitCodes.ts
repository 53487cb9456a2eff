// One-time codes that the steps of an authentication issue and check.
import { EmailVerificationId } from "@effect-workos/domain/user-management/EmailVerification"
import { InvalidOneTimeCode } from "@effect-workos/domain/user-management/AuthenticationError"
import { MagicAuthId } from "@effect-workos/domain/user-management/MagicAuth"
import { RadarChallengeId } from "@effect-workos/domain/user-management/RadarChallenge"
import type { User } from "@effect-workos/domain/user-management/User"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { AuthKit } from "./AuthKit.ts"
import * as IdGenerator from "./IdGenerator.ts"
import * as OneTimeCodes from "./OneTimeCodes.ts"
import type { Row } from "./Table.ts"

const issue = Effect.fnUntraced(function* (
  kind: "magic_auth" | "email_verification" | "radar_challenge",
  newest: Row | undefined,
  { email, id: userId }: User
) {
  const { store } = yield* AuthKit
  const ids = yield* IdGenerator.current
  const { createdAt, id } = ids.next(newest, kind)
  const { code, expiresAt } = OneTimeCodes.make(ids)
  OneTimeCodes.issue(store, { kind, id, recipient: email, code, createdAt, expiresAt })
  return { id, row: { userId, email, expiresAt, code: Redacted.make(code), createdAt, updatedAt: createdAt } }
})

/** Creates an email verification. */
export const createEmailVerification = Effect.fnUntraced(function* (user: User) {
  const { store } = yield* AuthKit
  const { id, row } = yield* issue("email_verification", store.emailVerifications.newest, user)
  store.emailVerifications.set({
    object: "email_verification",
    id: EmailVerificationId.make(id, { disableChecks: true }),
    ...row
  })
  return id
})

/** Creates a magic code. */
export const createMagicAuth = Effect.fnUntraced(function* (user: User) {
  const { store } = yield* AuthKit
  const { id, row } = yield* issue("magic_auth", store.magicAuth.newest, user)
  store.magicAuth.set({ object: "magic_auth", id: MagicAuthId.make(id, { disableChecks: true }), ...row })
  return row.code
})

/** Creates a Radar challenge by email. */
export const createRadarChallenge = Effect.fnUntraced(function* (user: User) {
  const { store } = yield* AuthKit
  const { id, row } = yield* issue("radar_challenge", store.radarChallenges.newest, user)
  const radarChallengeId = RadarChallengeId.make(id, { disableChecks: true })
  store.radarChallenges.set({ object: "radar_challenge", id: radarChallengeId, type: "email", ...row })
  store.emit({
    event: "radar.challenge_created",
    data: { type: "email", radarChallengeId, userId: user.id, email: user.email }
  })
  return id
})

/** Creates the code of a Radar challenge by SMS, and returns the id of the verification. */
export const sendSms = Effect.fnUntraced(function* (recipient: string) {
  const { store } = yield* AuthKit
  const ids = yield* IdGenerator.current
  const id = ids.id("vrf")
  OneTimeCodes.issue(store, { kind: "radar_challenge", id, recipient, createdAt: ids.now, ...OneTimeCodes.make(ids) })
  return id
})

const codes = {
  wrong: "invalid_one_time_code",
  used: "one_time_code_previously_used",
  expired: "one_time_code_expired",
  tooManyAttempts: "one_time_code_too_many_attempts"
} as const

const messages = {
  wrong: "The code is wrong.",
  used: "The code was used before.",
  expired: "The code has expired.",
  tooManyAttempts: "Too many wrong codes were entered."
} as const

/** Fails unless a code is valid. */
export const requireValid = (outcome: OneTimeCodes.Outcome): Effect.Effect<void, InvalidOneTimeCode> => {
  if (outcome === "valid") return Effect.void
  const reason = outcome ?? "wrong"
  return Effect.fail(new InvalidOneTimeCode({ code: codes[reason], message: messages[reason] }))
}
