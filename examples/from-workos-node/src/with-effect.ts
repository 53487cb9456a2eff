// The same program with effect-workos.
import { WorkOs } from "@effect-workos/client/WorkOs"
import * as Event from "@effect-workos/domain/events/Event"
import * as Webhook from "@effect-workos/server/Webhook"
import * as WebhookError from "@effect-workos/server/WebhookError"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import type { AuthorizationRequest, Customer, Person } from "./Questions.ts"

/** Returns the customer with an external id, and all active connections. Returns `undefined` if the id is unknown. */
export const customer = Effect.fn("customer")(
  function* (externalId: string) {
    const { connections, organizations } = yield* WorkOs
    const { id, name } = yield* organizations.getByExternalId(externalId)
    const active = yield* connections.stream({ organizationId: id }).pipe(
      Stream.filter(({ state }) => state === "active"),
      Stream.map(({ id }) => id),
      Stream.runCollect
    )
    return { id, name, active } satisfies Customer
  },
  Effect.catchTag("NotFound", () => Effect.undefined)
)

export const startSignIn = Effect.fn("startSignIn")(function* (
  clientId: string,
  organization: string,
  redirectUri: string
) {
  const { sso } = yield* WorkOs
  const { codeVerifier, state, url } = yield* sso.start({ clientId, organization, redirectUri })
  return { url: url.href, state, codeVerifier: Redacted.value(codeVerifier) } satisfies AuthorizationRequest
})

/** Exchanges the code of a sign-in for the user. Returns `undefined` if the code is invalid. */
export const whoIsBack = Effect.fn("whoIsBack")(
  function* (clientId: string, code: string, codeVerifier: string) {
    const { sso } = yield* WorkOs
    const { profile } = yield* sso.profileAndToken({
      clientId,
      code: Redacted.make(code),
      codeVerifier: Redacted.make(codeVerifier)
    })
    return { email: profile.email, organizationId: profile.organizationId ?? null } satisfies Person
  },
  Effect.catchTag("InvalidGrant", () => Effect.undefined)
)

/** Fetches the ids of the latest 20 events that report an activated connection. */
export const activations = Effect.gen(function* () {
  const { events } = yield* WorkOs
  const { data } = yield* events.list({ events: ["connection.activated"], limit: 20 })
  return data.map(({ id }) => id)
})

/** Returns the id of the connection that a webhook reports as deactivated. Returns `undefined` for other webhooks. */
export const deactivated = Effect.fn("deactivated")(
  function* (body: string, signature: string, secret: string) {
    const verified = yield* Webhook.verify({ body, signature, secrets: Redacted.make(secret) })
    const event = yield* Webhook.decodeEvent(verified)
    return Event.is("connection.deactivated")(event) ? event.data.id : undefined
  },
  Effect.catchIf(WebhookError.isSignatureError, () => Effect.undefined)
)
