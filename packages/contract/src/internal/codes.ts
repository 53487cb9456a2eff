// The fixtures of codes, authentication factors and widgets: for a user and an organization that belong to the run.
import * as Effect from "effect/Effect"
import { type Row, valueAt } from "@effect-workos/contract-engine/ApiConventions"
import type { Exchange, NoResponse } from "@effect-workos/contract-engine/Exchange"
import { type Fixture, type Fixtures, Session } from "@effect-workos/contract-engine/Session"
import * as Lifecycle from "@effect-workos/contract-engine/Lifecycle"
import { createIfPossible, send } from "./created.ts"

const none: ReadonlyArray<Exchange> = []

/** A fixture for a user that the run creates and deletes. */
const withUser = (
  exchanges: (user: Lifecycle.Created) => Effect.Effect<ReadonlyArray<Exchange>, NoResponse, Session>
): Fixture => ({
  writes: true,
  send: Effect.gen(function* () {
    const user = yield* createIfPossible("users", { email: "replaced@acme.example" })
    return user === undefined ? none : yield* Lifecycle.thenRemove(user, exchanges(user))
  })
})

// Codes and tokens grant access to the user.
const sendSecret = Effect.fnUntraced(function* (secret: string, id: string, about: string, json?: unknown) {
  const { addSecrets } = yield* Session
  const exchange = yield* send(id, about, json)
  yield* addSecrets([valueAt(exchange.response.json, [secret])])
  return exchange
})

const textAt = ({ response: { json } }: Exchange, ...path: ReadonlyArray<string>): string => String(valueAt(json, path))

const emailOf = ({ row }: Lifecycle.Created): Row => ({ email: row["email"] })

const create = (resource: string, secret: string) =>
  withUser((user) => Effect.map(sendSecret(secret, `${resource}.create`, "", emailOf(user)), (exchange) => [exchange]))

const enroll = sendSecret("code", "authenticationFactors.enroll", "", { type: "generic_otp" })

/** A fixture for an authentication factor that the run enrolls and deletes. */
const withFactor = (
  exchanges: (factor: Exchange) => Effect.Effect<ReadonlyArray<Exchange>, NoResponse, Session>
): Fixture => ({
  writes: true,
  send: Effect.gen(function* () {
    const factor = yield* enroll
    const sent = yield* exchanges(factor)
    yield* send("authenticationFactors.delete", textAt(factor, "id"))
    return sent
  })
})

const challenge = (factor: Exchange) => sendSecret("code", "authenticationFactors.challenge", textAt(factor, "id"), {})

export const fixtures: Fixtures = {
  "magicAuth.create": create("magicAuth", "code"),
  "passwordResets.create": create("passwordResets", "password_reset_token"),
  "passwordResets.confirm": withUser((user) =>
    Effect.gen(function* () {
      const { addSecrets } = yield* Session
      const reset = yield* sendSecret("password_reset_token", "passwordResets.create", "", emailOf(user))
      const password = `Contract ${textAt(reset, "id")}`
      yield* addSecrets([password])
      const json = { token: textAt(reset, "password_reset_token"), new_password: password }
      return [yield* send("passwordResets.confirm", "", json)]
    })
  ),
  "authenticationFactors.enroll": withFactor((factor) => Effect.succeed([factor])),
  "authenticationFactors.challenge": withFactor((factor) => Effect.map(challenge(factor), (exchange) => [exchange])),
  "authenticationFactors.delete": {
    writes: true,
    send: Effect.gen(function* () {
      const factor = yield* enroll
      return [yield* send("authenticationFactors.delete", textAt(factor, "id"))]
    })
  },
  "authenticationFactors.enrollForUser": withUser((user) =>
    Effect.map(send("authenticationFactors.enrollForUser", user.id, { type: "totp" }), (exchange) => [exchange])
  ),
  "authenticationChallenges.verify": withFactor((factor) =>
    Effect.gen(function* () {
      const created = yield* challenge(factor)
      const json = { code: textAt(created, "code") }
      return [yield* send("authenticationChallenges.verify", textAt(created, "id"), json)]
    })
  ),
  // The template stays the same.
  "jwtTemplate.update": {
    writes: true,
    send: Effect.gen(function* () {
      const template = yield* send("jwtTemplate.get", "")
      if (template.response.status !== 200) return none
      return [yield* send("jwtTemplate.update", "", { content: textAt(template, "content") })]
    })
  },
  "widgets.createToken": withUser((user) =>
    Effect.map(sendSecret("token", "widgets.createToken", "", { user_id: user.id }), (exchange) => [exchange])
  )
}
