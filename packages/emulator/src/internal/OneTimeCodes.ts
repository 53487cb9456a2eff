// One-time codes and tokens: each can be used once, until it expires or was guessed wrongly too often.
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import type { IdGenerator } from "./IdGenerator.ts"

/** The lifetime of codes. */
export const lifetime = Duration.minutes(10)

/** The number of wrong codes after which a record accepts no code. */
const maxAttempts = 5

/** The kinds of codes and tokens. */
export type Kind =
  | "magic_auth"
  | "email_verification"
  | "email_change"
  | "password_reset"
  | "radar_challenge"
  | "authentication_challenge"

/** The use of something that can be used once. */
export interface Use {
  /** Absent if a code does not expire. */
  readonly expiresAt?: DateTime.Utc
  readonly wrongAttempts: number
  readonly isUsed: boolean
}

/** A code or a token, and its use. */
export interface Issued extends Use {
  readonly kind: Kind
  /** The id of the record that the code belongs to. */
  readonly id: string
  readonly code: string
  /** The email address or phone number to which the code was sent. */
  readonly recipient: string
  readonly createdAt: DateTime.Utc
  readonly expiresAt: DateTime.Utc
}

/** A store, as far as this module uses it: `Tables` refers to this module. */
interface Codes {
  readonly secrets: { readonly codes: Map<string, Issued> }
}

/** The result of a code: `undefined` for a code of an unknown record. */
export type Outcome = "valid" | "wrong" | "expired" | "used" | "tooManyAttempts" | undefined

/** Makes a code of six digits that expires ten minutes after its creation. */
export const make = (ids: IdGenerator): { readonly code: string; readonly expiresAt: DateTime.Utc } => ({
  code: ids.digits(6),
  expiresAt: DateTime.addDuration(ids.now, lifetime)
})

/** Registers a code of a new record. */
export const issue = ({ secrets }: Codes, issued: Omit<Issued, "wrongAttempts" | "isUsed">): void => {
  secrets.codes.set(issued.id, { ...issued, wrongAttempts: 0, isUsed: false })
}

/** Makes all codes of a kind for a recipient unusable. */
export const revoke = ({ secrets }: Codes, kind: Kind, recipient: string): void => {
  for (const issued of secrets.codes.values()) {
    if (issued.kind === kind && issued.recipient === recipient)
      secrets.codes.set(issued.id, { ...issued, isUsed: true })
  }
}

/** Tests whether a code can be used. */
export const isUsable = ({ expiresAt, isUsed, wrongAttempts }: Issued, now: DateTime.Utc): boolean =>
  !isUsed && wrongAttempts < maxAttempts && DateTime.isLessThan(now, expiresAt)

/** Returns the result of an attempt to use a code, and the use after the attempt. */
export const attempt = <U extends Use>(use: U, now: DateTime.Utc, isRight: boolean): readonly [Outcome, U] => {
  if (use.isUsed) return ["used", use]
  if (use.expiresAt !== undefined && DateTime.isGreaterThanOrEqualTo(now, use.expiresAt)) return ["expired", use]
  if (use.wrongAttempts >= maxAttempts) return ["tooManyAttempts", use]
  return isRight ? ["valid", { ...use, isUsed: true }] : ["wrong", { ...use, wrongAttempts: use.wrongAttempts + 1 }]
}

/** Uses the code of a record. */
export const consume = ({ secrets }: Codes, now: DateTime.Utc, id: string, given: string): Outcome => {
  const issued = secrets.codes.get(id)
  if (issued === undefined) return undefined
  const [outcome, next] = attempt(issued, now, issued.code === given)
  secrets.codes.set(id, next)
  return outcome
}

/**
 * Uses a code of a recipient. A recipient may have several codes: the code that was given is used, and a wrong code counts
 * for the newest one.
 */
export const consumeOf = (
  store: Codes,
  now: DateTime.Utc,
  kind: Kind,
  recipient: string,
  given: string
): { readonly outcome: Outcome; readonly id?: string } => {
  const issued = [...store.secrets.codes.values()].filter(
    (other) => other.kind === kind && other.recipient.toLowerCase() === recipient.toLowerCase()
  )
  const right = issued.findLast(({ code }) => code === given)
  const { id } = right ?? issued.at(-1) ?? {}
  if (id === undefined) return { outcome: undefined }
  const outcome = consume(store, now, id, given)
  // A wrong code says nothing about a code that was used or has expired.
  return { id, outcome: right === undefined && outcome !== "tooManyAttempts" ? "wrong" : outcome }
}
