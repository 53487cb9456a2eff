// Challenges of authentication factors: enrolment, codes and verification.
import {
  type AuthenticationChallenge,
  AuthenticationChallengeId
} from "@effect-workos/domain/user-management/AuthenticationChallenge"
import type { AuthenticationFactor } from "@effect-workos/domain/user-management/AuthenticationFactor"
import { AuthenticationFactorId } from "@effect-workos/domain/user-management/AuthenticationFactorId"
import type { UserId } from "@effect-workos/domain/user-management/UserId"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Context } from "./Declaration.ts"
import * as OneTimeCodes from "./OneTimeCodes.ts"
import type { Tables } from "./Tables.ts"
import * as Totp from "./Totp.ts"

/** The way in which a new factor proves its possession. */
export type Method =
  | { readonly type: "totp"; readonly issuer: string; readonly user: string; readonly secret: string }
  | { readonly type: "sms"; readonly phoneNumber: string }
  | { readonly type: "generic_otp" }

/** Tests whether a text is a phone number in the form of E.164. */
export const isPhoneNumber = (text: string): boolean => /^\+[1-9][0-9]{6,14}$/.test(text)

/** Adds a factor, which belongs to a user of the emulator or of the application. */
export const enroll = ({ ids, store }: Context, method: Method, userId?: UserId): AuthenticationFactor => {
  const { createdAt, id } = ids.next(store.authenticationFactors.newest, "auth_factor")
  const factor: AuthenticationFactor = {
    object: "authentication_factor",
    id: AuthenticationFactorId.make(id),
    type: method.type,
    ...(userId === undefined ? {} : { userId }),
    ...(method.type === "totp" ? { totp: { issuer: method.issuer, user: method.user } } : {}),
    ...(method.type === "sms" ? { sms: { phoneNumber: method.phoneNumber } } : {}),
    createdAt,
    updatedAt: createdAt
  }
  if (method.type === "totp") store.secrets.totpSecrets.set(factor.id, method.secret)
  store.authenticationFactors.set(factor)
  return factor
}

/** Creates a challenge for a factor. The code of an SMS is in the list of issued codes only. */
export const create = ({ ids, store }: Context, factor: AuthenticationFactor): AuthenticationChallenge => {
  const id = AuthenticationChallengeId.make(ids.id("auth_challenge"))
  const issued = factor.type === "totp" ? undefined : OneTimeCodes.make(ids)
  const challenge: AuthenticationChallenge = {
    object: "authentication_challenge",
    id,
    authenticationFactorId: factor.id,
    ...(issued === undefined ? {} : { expiresAt: issued.expiresAt }),
    ...(issued === undefined || factor.type !== "generic_otp" ? {} : { code: Redacted.make(issued.code) }),
    createdAt: ids.now,
    updatedAt: ids.now
  }
  store.secrets.challenges.set(id, { challenge, wrongAttempts: 0, isUsed: false })
  if (issued !== undefined) {
    const recipient = factor.sms?.phoneNumber ?? ""
    OneTimeCodes.issue(store, { kind: "authentication_challenge", id, recipient, createdAt: ids.now, ...issued })
  }
  return challenge
}

/** Returns a challenge and its factor. A challenge ends with its factor. */
export const find = (
  { authenticationFactors, secrets }: Tables,
  id: string
): { readonly challenge: AuthenticationChallenge; readonly factor: AuthenticationFactor } | undefined => {
  const challenge = secrets.challenges.get(id)?.challenge
  const factor = challenge && authenticationFactors.get(challenge.authenticationFactorId)
  return challenge === undefined || factor === undefined ? undefined : { challenge, factor }
}

/** Uses the code of a challenge. */
export const verify = Effect.fnUntraced(function* (
  store: Tables,
  now: DateTime.Utc,
  id: string,
  code: string
): Effect.fn.Return<OneTimeCodes.Outcome> {
  const { secrets } = store
  const secret = secrets.totpSecrets.get(find(store, id)?.factor.id ?? "") ?? Totp.seededSecret
  const isRight = yield* Totp.matches(secret, code, DateTime.toEpochMillis(now))
  // Nothing yields from here on, so a code is used once.
  const found = find(store, id)
  const known = secrets.challenges.get(id)
  if (found === undefined || known === undefined) return undefined
  if (found.factor.type !== "totp") return OneTimeCodes.consume(store, now, id, code)
  const [outcome, next] = OneTimeCodes.attempt(known, now, isRight)
  secrets.challenges.set(id, next)
  return outcome
})
