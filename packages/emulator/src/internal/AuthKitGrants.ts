// The grants of `authenticate`: each proves an identity or continues a pending authentication, and starts a session.
import type { Grant, Grants } from "@effect-workos/domain/user-management/Authentication"
import {
  AccessDenied,
  AuthorizationPending,
  DeviceCodeExpired,
  SlowDown
} from "@effect-workos/domain/user-management/AuthenticationError"
import { InvalidClient, InvalidGrant } from "@effect-workos/domain/sso/OAuthError"
import { CodeVerifier } from "@effect-workos/domain/sso/Sso"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { AuthKit } from "./AuthKit.ts"
import type { Attempt } from "./AuthKitAttempt.ts"
import * as AuthKitContinuation from "./AuthKitContinuation.ts"
import * as AuthKitIdentity from "./AuthKitIdentity.ts"
import * as AuthKitSteps from "./AuthKitSteps.ts"
import * as Authorization from "./Authorization.ts"
import * as Users from "./Users.ts"

type Payload<Name extends keyof typeof Grants> = (typeof Grants)[Name]["Type"]

// One message for all causes, so that it reveals nothing about codes.
const invalidCode =
  "The code is invalid: it is unknown, used, expired, or was issued to another client or for another code_verifier."

const isCodeVerifier = Schema.is(CodeVerifier)

/** Fails if the client is unknown or its secret is wrong. */
const authenticateClient = Effect.fnUntraced(function* ({
  clientId,
  clientSecret
}: {
  readonly clientId: string
  readonly clientSecret?: Redacted.Redacted | undefined
}) {
  const { signIn } = yield* AuthKit
  const client = signIn.clients.find(clientId)
  if (client === undefined) return yield* new InvalidClient({ message: Authorization.unknownClient })
  if (clientSecret !== undefined && !signIn.clients.isSecret(client, clientSecret)) {
    return yield* new InvalidClient({ message: "The client_secret is invalid." })
  }
})

const originOf = ({
  invitationToken,
  ...payload
}: AuthKitIdentity.Origin extends infer Origin
  ? Omit<Origin, "invitationToken"> & { readonly invitationToken?: Redacted.Redacted | undefined }
  : never): AuthKitIdentity.Origin => ({
  ...payload,
  invitationToken: invitationToken && Redacted.value(invitationToken)
})

// Clients authenticate with a secret, a code verifier, or both.
const withCode = Effect.fnUntraced(function* (payload: Payload<"withCode">) {
  const { codes } = yield* AuthKit
  const { clientId, clientSecret, code, codeVerifier, invitationToken, ipAddress, userAgent } = payload
  if (clientSecret === undefined && codeVerifier === undefined) {
    return yield* new InvalidClient({ message: "A client_secret or a code_verifier is required." })
  }
  const verifier = codeVerifier === undefined ? undefined : Redacted.value(codeVerifier)
  if (verifier !== undefined && !isCodeVerifier(verifier)) return yield* new InvalidGrant({ message: invalidCode })
  const challenge = verifier === undefined ? undefined : Base64Url.encode(yield* Users.sha256(verifier))
  // A code without a challenge accepts no verifier, so that a removed challenge is detected.
  const found = yield* codes.takeIf(
    Redacted.value(code),
    ({ attempt, codeChallenge }) => attempt.clientId === clientId && codeChallenge === challenge
  )
  if (found === undefined) return yield* new InvalidGrant({ message: invalidCode })
  const attempt: Attempt = { ...found.attempt, ipAddress, userAgent }
  return invitationToken === undefined ? attempt : { ...attempt, invitationToken: Redacted.value(invitationToken) }
})

const withDeviceCode = Effect.fnUntraced(function* ({
  clientId,
  deviceCode,
  ipAddress,
  userAgent
}: Payload<"withDeviceCode">) {
  const { devices } = yield* AuthKit
  const polled = yield* devices.poll(Redacted.value(deviceCode), clientId)
  switch (polled) {
    case "pending":
      return yield* new AuthorizationPending({ message: "The user has not entered the code yet." })
    case "slow_down":
      return yield* new SlowDown({ message: "The device asks too often." })
    case "expired":
      return yield* new DeviceCodeExpired({ message: "The device code has expired." })
    case "denied":
      return yield* new AccessDenied({ message: "The user denied access." })
    case "unknown":
      return yield* new InvalidGrant({ message: "The device code is unknown, used, or was issued to another client." })
    default: {
      const attempt: Attempt = { ...polled, ipAddress, userAgent }
      return attempt
    }
  }
})

const attemptOf = (payload: Exclude<Grant, { readonly grantType: "refresh_token" }>) => {
  switch (payload.grantType) {
    case "authorization_code":
      return withCode(payload)
    case "password":
      return AuthKitIdentity.withPassword(originOf(payload), payload)
    case "urn:workos:oauth:grant-type:magic-auth:code":
      return AuthKitIdentity.withMagicCode(originOf(payload), payload)
    case "urn:workos:oauth:grant-type:email-verification:code":
      return AuthKitContinuation.withEmailVerification(payload)
    case "urn:workos:oauth:grant-type:mfa-totp":
      return AuthKitContinuation.withTotp(payload)
    case "urn:workos:oauth:grant-type:organization-selection":
      return AuthKitContinuation.withOrganizationSelection(payload)
    case "urn:workos:oauth:grant-type:radar-email-challenge:code":
      return AuthKitContinuation.withRadarEmailChallenge(payload)
    case "urn:workos:oauth:grant-type:radar-sms-challenge:code":
      return AuthKitContinuation.withRadarSmsChallenge(payload)
    case "urn:ietf:params:oauth:grant-type:device_code":
      return withDeviceCode(payload)
  }
}

/** Authenticates a user with one of the grants. */
export const authenticate = Effect.fnUntraced(function* (payload: Grant) {
  const { sessions } = yield* AuthKit
  yield* authenticateClient(payload)
  if (payload.grantType === "refresh_token") return yield* sessions.refresh(payload)
  const { attempt, organizationId, user } = yield* AuthKitSteps.proceed(yield* attemptOf(payload))
  return yield* sessions.start(attempt, user, organizationId)
})
