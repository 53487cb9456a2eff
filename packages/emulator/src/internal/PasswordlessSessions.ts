// The declaration of passwordless sessions.
import {
  type PasswordlessSession,
  PasswordlessSessionId,
  type passwordlessSessions as resource
} from "@effect-workos/domain/passwordless/PasswordlessSession"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Declaration } from "./Declaration.ts"
import * as NotFound from "./NotFound.ts"

export const passwordlessSessions: Declaration<typeof resource.endpoints> = {
  actions: {
    create: ({ payload: { email, expiresIn = 600 } }, { ids, store: { secrets } }) => {
      const session: PasswordlessSession = {
        object: "passwordless_session",
        id: PasswordlessSessionId.make(ids.id("passwordless_session")),
        email,
        expiresAt: DateTime.add(ids.now, { seconds: expiresIn }),
        link: Redacted.make(`https://auth.workos.com/passwordless/${ids.token(25)}/confirm`)
      }
      secrets.passwordlessSessions.set(session.id, session)
      return Effect.succeed(session)
    },
    // There are no emails: a test reads the link in the response of `create`.
    send: ({ params: { id } }, { store: { secrets } }) =>
      secrets.passwordlessSessions.has(id)
        ? Effect.succeed({ success: true })
        : Effect.fail(NotFound.make("Passwordless session", id))
  }
}
