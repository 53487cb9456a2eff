/**
 * Sealed sessions: the contents of session cookies, encrypted and signed with a password.
 *
 * The format is that of the official SDK, so programs with either library read the same cookies. This module uses
 * `node:crypto`. `CookieSessions` seals and opens the cookies of a server; use this module for sessions in other places.
 *
 * @module
 */
import { InvalidConfig } from "@effect-workos/client/WorkOsConfig"
import { AuthenticationResponse } from "@effect-workos/domain/user-management/Authentication"
import * as Wire from "@effect-workos/domain/Wire"
import type * as Arr from "effect/Array"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Record from "effect/Record"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Seal from "./internal/Seal.ts"
import { InvalidSessionCookie } from "./SessionError.ts"

/**
 * The contents of a sealed session: the parts of an `AuthenticationResponse` that the official SDK seals too.
 */
export interface SessionData extends Pick<
  AuthenticationResponse,
  "user" | "accessToken" | "refreshToken" | "organizationId" | "authenticationMethod" | "impersonator"
> {}

/**
 * One password, or several during a rotation. The first password seals, and each of them opens. Each has at least 32
 * characters, for example from `openssl rand -base64 32`.
 *
 * **Example** (Rotating a password)
 *
 * ```ts
 * import type { Passwords } from "@effect-workos/server/SealedSession"
 * import * as Redacted from "effect/Redacted"
 *
 * const passwords = (next: string, previous: string): Passwords => [Redacted.make(next), Redacted.make(previous)]
 * ```
 */
export type Passwords = Redacted.Redacted | Arr.NonEmptyReadonlyArray<Redacted.Redacted>

/**
 * Functions that seal sessions and open sealed sessions.
 */
export interface Sealer {
  /**
   * Seals a session with the first password. Each call returns another text, which only contains characters that cookies
   * may contain.
   */
  readonly seal: (session: SessionData) => Effect.Effect<Redacted.Redacted>
  /**
   * Opens a sealed session with any of the passwords. Fails with `InvalidSessionCookie` if that is impossible. Does not
   * verify the access token.
   */
  readonly unseal: (sealed: Redacted.Redacted | string) => Effect.Effect<SessionData, InvalidSessionCookie>
}

/**
 * Makes the functions that seal and open sessions. Fails with `InvalidConfig` if a password is shorter than 32 characters.
 *
 * **Example** (Reading a cookie that the official SDK has sealed)
 *
 * ```ts
 * import * as SealedSession from "@effect-workos/server/SealedSession"
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 *
 * const readUser = Effect.fn("readUser")(function* (cookie: string) {
 *   const sealer: SealedSession.Sealer = yield* SealedSession.make(Redacted.make("a password with 32 characters…"))
 *   const { user }: SealedSession.SessionData = yield* sealer.unseal(cookie)
 *   return user
 * })
 * ```
 *
 * @see https://workos.com/docs/authkit/sessions
 */
export const make = (passwords: Passwords): Effect.Effect<Sealer, InvalidConfig> =>
  Effect.suspend(() => {
    const all = Redacted.isRedacted(passwords) ? [passwords] : passwords
    const texts = all.map((password) => Redacted.value(password))
    const [first] = texts
    const expected = all.map(violation).find(Predicate.isNotUndefined)
    // The array is empty if a program in JavaScript passes no password.
    if (first === undefined || expected !== undefined) {
      const message = `cookiePasswords: Expected ${expected ?? "a password"}`
      return Effect.fail(new InvalidConfig({ option: "cookiePasswords", message }))
    }
    return Effect.succeed<Sealer>({
      seal: (session) => Effect.sync(() => Redacted.make(Seal.seal(JSON.stringify(encode(session)), first))),
      unseal: (sealed) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) => {
          const opened = Seal.unseal(Redacted.isRedacted(sealed) ? Redacted.value(sealed) : sealed, texts, now)
          return Effect.fromResult(Result.flatMap(Result.mapError(opened, invalid), decode))
        })
    })
  })

/**
 * Returns a description of a valid password if this one is too short. The description does not contain the password.
 */
export const violation = (password: Redacted.Redacted): string | undefined =>
  Redacted.value(password).length < Seal.minPasswordLength
    ? `passwords of at least ${Seal.minPasswordLength} characters`
    : undefined

// -----------------------------------------------------------------------------
// Form
// -----------------------------------------------------------------------------

// The SDK seals its objects, whose keys are camelCase. Keys below those of the user are not renamed.
const encode = (session: SessionData) => {
  const encoded = Schema.encodeSync(AuthenticationResponse)(session)
  return {
    organizationId: session.organizationId,
    // The SDK writes `null` for a user without a name.
    user: { name: null, ...Record.mapKeys(encoded.user, camelCase) },
    accessToken: encoded.access_token,
    refreshToken: encoded.refresh_token,
    authenticationMethod: encoded.authentication_method,
    impersonator: encoded.impersonator
  }
}

const decodeResponse = Wire.decodeResult(AuthenticationResponse)

const decode = (text: string): Result.Result<SessionData, InvalidSessionCookie> => {
  const json = parse(text)
  if (!Predicate.isReadonlyObject(json) || !Predicate.isReadonlyObject(json["user"])) {
    return Result.fail(invalid("InvalidData"))
  }
  const response = { ...Record.mapKeys(json, Wire.snakeCase), user: Record.mapKeys(json["user"], Wire.snakeCase) }
  // The error contains data of the user, so it is dropped.
  return Result.mapError(decodeResponse(response), () => invalid("InvalidData"))
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text, text.includes("__proto__") ? withoutPrototype : undefined)
  } catch {
    return undefined
  }
}

// Some ways to copy an object with the key `__proto__` change the prototype of the copy.
const withoutPrototype = (key: string, value: unknown): unknown => (key === "__proto__" ? undefined : value)

const camelCase = (key: string): string => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

const invalid = (reason: InvalidSessionCookie["reason"]) =>
  new InvalidSessionCookie({ reason, message: messages[reason] })

const messages: Readonly<Record<InvalidSessionCookie["reason"], string>> = {
  Malformed: "The session cookie is not a sealed session.",
  WrongSeal: "The session cookie was modified, or sealed with another password.",
  Expired: "The seal of the session cookie has expired.",
  InvalidData: "The session cookie does not contain a session."
}
