// The events of authentications: successes and failures by method.
import type { ErrorFields } from "@effect-workos/domain/ApiError"
import type { Connection } from "@effect-workos/domain/sso/Connection"
import type { UserId } from "@effect-workos/domain/user-management/UserId"
import * as Effect from "effect/Effect"
import { AuthKit } from "./AuthKit.ts"

type Method = "password" | "magic_auth" | "email_verification" | "mfa" | "oauth"

interface Origin {
  readonly ipAddress?: string | undefined
  readonly userAgent?: string | undefined
}

interface Subject {
  readonly id?: UserId
  readonly email: string
}

const originOf = ({ ipAddress, userAgent }: Origin) => ({
  ...(ipAddress === undefined ? {} : { ipAddress }),
  ...(userAgent === undefined ? {} : { userAgent })
})

/** Emits the event of a successful authentication. */
export const succeeded = Effect.fnUntraced(function* (
  method: Method,
  origin: Origin,
  { email, id }: Required<Subject>
) {
  const { store } = yield* AuthKit
  store.emit({
    event: `authentication.${method}_succeeded`,
    data: { type: method, status: "succeeded", ...originOf(origin), userId: id, email }
  })
})

/** Emits the event of a failed authentication. */
export const failed = Effect.fnUntraced(function* (
  method: Method,
  origin: Origin,
  { email, id }: Subject,
  { code, message }: ErrorFields
) {
  const { store } = yield* AuthKit
  store.emit({
    event: `authentication.${method}_failed`,
    data: {
      type: method,
      status: "failed",
      ...originOf(origin),
      ...(id === undefined ? {} : { userId: id }),
      email,
      error: { code: code ?? `${method}_failed`, message }
    }
  })
})

/** Emits the event of a successful single sign-on. */
export const signedOn = Effect.fnUntraced(function* (
  origin: Origin,
  { email, id }: Required<Subject>,
  { id: connectionId, organizationId }: Connection
) {
  const { store } = yield* AuthKit
  store.emit({
    event: "authentication.sso_succeeded",
    data: {
      type: "sso",
      status: "succeeded",
      ...originOf(origin),
      userId: id,
      email,
      sso: { connectionId, ...(organizationId === undefined ? {} : { organizationId }) }
    }
  })
})
