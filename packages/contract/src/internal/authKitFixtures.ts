// Requests to AuthKit that succeed, with users, codes and tokens that belong to the run.
import * as Effect from "effect/Effect"
import { valueAt } from "@effect-workos/contract-engine/ApiConventions"
import type { Exchange, NoResponse } from "@effect-workos/contract-engine/Exchange"
import type * as Law from "@effect-workos/contract-engine/Law"
import * as Lifecycle from "@effect-workos/contract-engine/Lifecycle"
import { type Fixture, type Fixtures, Session } from "@effect-workos/contract-engine/Session"
import { authorize, createMagicCode } from "./authKit.ts"
import { operation, send } from "./created.ts"
import * as Users from "./users.ts"

type Requests = Effect.Effect<ReadonlyArray<Exchange>, NoResponse | Law.CannotCheck, Session>

const fixture = (requests: Requests): Fixture => ({
  writes: true,
  send: Effect.catchTag(requests, "CannotCheck", () => Effect.succeed([]))
})

const forUser = (requests: (user: Users.User) => Requests): Fixture => fixture(Users.withUser(requests))

const idIn = ({ response: { json } }: Exchange): string => String(valueAt(json, ["id"]))

// Sends a request that must be refused, because its body is empty.
const refused = (id: string) => send(id, "", {})

// -----------------------------------------------------------------------------
// Authentication
// -----------------------------------------------------------------------------

const authentication: Fixtures = {
  "authentication.authorize": forUser((user) => Effect.map(authorize(user), ({ authorized }) => [authorized])),
  "authentication.authenticate": forUser((user) =>
    Effect.gen(function* () {
      const { exchange, refreshToken } = yield* Users.startSession(user)
      return [exchange, yield* Users.withRefreshToken(refreshToken), yield* Users.withRefreshToken(refreshToken)]
    })
  ),
  "authentication.logout": forUser((user) =>
    Effect.gen(function* () {
      const session = yield* Session
      const { sessionId } = yield* Users.startSession(user)
      const request = Lifecycle.itemRequest(yield* operation("authentication.logout"), "")
      return [yield* session.send({ ...request, query: [["session_id", sessionId]] })]
    })
  ),
  "sessions.revoke": forUser((user) =>
    Effect.gen(function* () {
      const { sessionId: session_id } = yield* Users.startSession(user)
      const revoke = send("sessions.revoke", "", { session_id })
      return [yield* revoke, yield* revoke, yield* refused("sessions.revoke")]
    })
  )
}

// -----------------------------------------------------------------------------
// Codes
// -----------------------------------------------------------------------------

// Signs in with an unverified email address, which sends a code.
const sendVerification = Effect.fnUntraced(function* (user: Users.User) {
  const { addSecrets } = yield* Session
  const required = yield* Users.withPassword(user)
  const got = yield* send("emailVerifications.get", String(valueAt(required.response.json, ["email_verification_id"])))
  const code = valueAt(got.response.json, ["code"])
  yield* addSecrets([code])
  return { code, got }
})

const forUnverified = (requests: (user: Users.User) => Requests): Fixture =>
  fixture(Users.withUser(requests, { isVerified: false }))

const resetPassword = Effect.fnUntraced(function* ({ email }: Users.User) {
  const { addSecrets } = yield* Session
  const created = yield* send("passwordResets.create", "", { email })
  const token = valueAt(created.response.json, ["password_reset_token"])
  yield* addSecrets([token, valueAt(created.response.json, ["password_reset_url"])])
  return { created, token }
})

const createLink = Effect.fnUntraced(function* ({ email }: Users.User) {
  const { addSecrets } = yield* Session
  const created = yield* send("passwordlessSessions.create", "", { type: "MagicLink", email })
  yield* addSecrets([valueAt(created.response.json, ["link"])])
  return created
})

const codes: Fixtures = {
  "magicAuth.get": forUser((user) =>
    Effect.gen(function* () {
      const { created } = yield* createMagicCode(user)
      return [yield* send("magicAuth.get", idIn(created))]
    })
  ),
  "emailVerifications.get": forUnverified((user) => Effect.map(sendVerification(user), ({ got }) => [got])),
  "users.confirmEmailVerification": forUnverified((user) =>
    Effect.gen(function* () {
      const { code } = yield* sendVerification(user)
      return [yield* send("users.confirmEmailVerification", user.id, { code })]
    })
  ),
  "passwordResets.get": forUser((user) =>
    Effect.gen(function* () {
      const { created } = yield* resetPassword(user)
      return [yield* send("passwordResets.get", idIn(created))]
    })
  ),
  "passwordlessSessions.create": forUser((user) =>
    Effect.gen(function* () {
      return [yield* createLink(user), yield* refused("passwordlessSessions.create")]
    })
  ),
  "passwordlessSessions.send": forUser((user) =>
    Effect.gen(function* () {
      return [yield* send("passwordlessSessions.send", idIn(yield* createLink(user)))]
    })
  )
}

// -----------------------------------------------------------------------------
// Configuration
// -----------------------------------------------------------------------------

const createUri = Effect.fnUntraced(function* () {
  const { settings } = yield* Session
  return yield* send("redirectUris.create", "", { uri: `https://example.com/effect-workos-contract/${settings.seed}` })
})

const configuration: Fixtures = {
  "redirectUris.create": fixture(
    Effect.gen(function* () {
      const created = yield* createUri()
      yield* send("redirectUris.delete", idIn(created))
      return [created, yield* refused("redirectUris.create")]
    })
  ),
  "redirectUris.delete": fixture(
    Effect.gen(function* () {
      const remove = send("redirectUris.delete", idIn(yield* createUri()))
      return [yield* remove, yield* remove]
    })
  )
}

/**
 * Requests of AuthKit that succeed, and requests that are refused, for operations whose inputs cannot be generated.
 */
export const fixtures: Fixtures = { ...authentication, ...codes, ...configuration }
