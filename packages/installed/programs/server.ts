// Verifies a webhook with a valid signature and a webhook with an invalid signature.
import * as WebhookSignature from "@effect-workos/domain/webhooks/WebhookSignature"
import * as Webhook from "@effect-workos/server/Webhook"
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

const secrets = Redacted.make("whsec_test")

const body = JSON.stringify({
  object: "event",
  id: "event_01EHWNC0FCBHZ3BJ7EGKYXK0E6",
  event: "dsync.activated",
  data: {},
  created_at: "2026-01-15T12:00:00.000Z"
})

const receive = Effect.fn("receive")(
  function* (secret: Redacted.Redacted) {
    const signature = yield* WebhookSignature.sign({ secret, body, timestamp: yield* Clock.currentTimeMillis })
    const { event } = yield* Webhook.decodeEvent(yield* Webhook.verify({ body, signature, secrets }))
    yield* Console.log(event)
  },
  Effect.catchTag("WrongSignature", ({ _tag }) => Console.log(_tag))
)

Effect.runPromise(Effect.andThen(receive(secrets), receive(Redacted.make("whsec_other"))))
