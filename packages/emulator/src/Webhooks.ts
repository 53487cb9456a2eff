/**
 * Webhooks: signed deliveries of events to URLs.
 *
 * @module
 */
import { Event } from "@effect-workos/domain/events/Event"
import * as UserAgent from "@effect-workos/domain/UserAgent"
import * as WebhookSignature from "@effect-workos/domain/webhooks/WebhookSignature"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { Store } from "./Store.ts"

/**
 * A webhook endpoint.
 *
 * **Details**
 *
 * - `url`: the URL that events are posted to.
 * - `secret`: the signing secret.
 * - `events`: the event types to send. Defaults to all.
 */
export const Webhook = Schema.Struct({
  url: Schema.String.check(
    Schema.makeFilter((url) => URL.canParse(url) && /^https?:/i.test(url), { expected: "an http or https URL" })
  ),
  secret: Schema.RedactedFromValue(Schema.NonEmptyString),
  events: Schema.optionalKey(Schema.NonEmptyArray(Schema.NonEmptyString))
})
export interface Webhook extends Schema.Schema.Type<typeof Webhook> {}

/**
 * A webhook that was added: its id and the numbers of events that were `delivered`, that `failed` permanently, and that are
 * `waiting`, including the event that is being sent. The secret is omitted.
 */
export const Registered = Schema.Struct({
  id: Schema.String,
  url: Schema.String,
  events: Schema.optionalKey(Schema.NonEmptyArray(Schema.NonEmptyString)),
  delivered: Schema.Int,
  failed: Schema.Int,
  waiting: Schema.Int
})
export interface Registered extends Schema.Schema.Type<typeof Registered> {}

/**
 * The webhooks of one emulator. A program may add and remove webhooks at any time. A change applies to all later events.
 *
 * **Example** (Adding a webhook in a test)
 *
 * ```ts
 * import * as Emulator from "@effect-workos/emulator/Emulator"
 * import * as Webhooks from "@effect-workos/emulator/Webhooks"
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 *
 * const program = Effect.gen(function* () {
 *   const webhooks = yield* Webhooks.make()
 *   const fetch = yield* Emulator.fetch({ webhooks })
 *   yield* webhooks.add({ url: "http://127.0.0.1:3000/webhook", secret: Redacted.make("whsec_test") })
 *   // … a program that uses `fetch` …
 * })
 * ```
 */
export class Webhooks extends Context.Service<
  Webhooks,
  {
    /** Adds a webhook that receives all later events of its types. An invalid webhook is a defect. */
    readonly add: (webhook: Webhook) => Effect.Effect<Registered>
    /** All webhooks in order. */
    readonly list: Effect.Effect<ReadonlyArray<Registered>>
    /** Removes a webhook and discards its waiting events. Returns `false` if the id is unknown. */
    readonly remove: (id: string) => Effect.Effect<boolean>
  }
>()("@effect-workos/emulator/Webhooks") {}

interface Entry {
  readonly id: string
  readonly webhook: Webhook
  readonly queue: Queue.Queue<Event>
  delivered: number
  failed: number
  waiting: number
}

/**
 * Makes a `Webhooks` service that delivers the events of a `Store` until the scope closes.
 *
 * **Details**
 *
 * Each webhook receives its events in order, one at a time. An event is delivered if the response has a 2xx status within
 * ten seconds. An event fails after six attempts, with exponential backoff from 250 ms. Each attempt has a new signature.
 * Deliveries do not delay responses of the emulator.
 */
export const make = Effect.fnUntraced(function* (
  initial: ReadonlyArray<Webhook> = []
): Effect.fn.Return<Webhooks["Service"], never, Store | HttpClient.HttpClient | Scope.Scope> {
  const { onEvent } = yield* Store
  const client = HttpClient.withScope(yield* HttpClient.HttpClient)
  const scope = yield* Effect.scope
  const entries = new Map<string, { readonly entry: Entry; readonly fiber: Fiber.Fiber<never> }>()
  let added = 0

  yield* Effect.acquireRelease(
    Effect.sync(() =>
      onEvent((event) => {
        for (const { entry } of entries.values()) {
          if (entry.webhook.events?.includes(event.event) === false) continue
          entry.waiting++
          Queue.offerUnsafe(entry.queue, event)
        }
      })
    ),
    (stop) => Effect.sync(stop)
  )

  const deliverNext = Effect.fnUntraced(function* (entry: Entry) {
    const event = yield* Queue.take(entry.queue)
    const isDelivered = yield* deliver(client, entry.webhook, event).pipe(
      // A defect in one delivery must not end the queue.
      Effect.catchCauseIf(
        (cause) => !Cause.hasInterruptsOnly(cause),
        (cause) => Effect.as(Effect.logError(`Event ${event.id} could not be sent to ${entry.id}.`, cause), false)
      )
    )
    entry.waiting--
    if (isDelivered) entry.delivered++
    else entry.failed++
  })

  const add = Effect.fnUntraced(function* (given: Webhook) {
    const webhook = yield* Effect.orDie(validate(given))
    const queue = yield* Queue.unbounded<Event>()
    const entry: Entry = { id: `webhook_${++added}`, webhook, queue, delivered: 0, failed: 0, waiting: 0 }
    const fiber = yield* Effect.forkIn(Effect.forever(deliverNext(entry)), scope)
    entries.set(entry.id, { entry, fiber })
    return toRegistered(entry)
  })
  for (const webhook of initial) yield* add(webhook)

  return {
    add,
    list: Effect.sync(() => Array.from(entries.values(), ({ entry }) => toRegistered(entry))),
    remove: Effect.fnUntraced(function* (id) {
      const found = entries.get(id)
      if (found === undefined) return false
      entries.delete(id)
      yield* Fiber.interrupt(found.fiber)
      return true
    })
  }
})

/**
 * A layer with initial webhooks. Events are sent with `fetch`.
 *
 * **Example** (Counting deliveries)
 *
 * ```ts
 * import * as Webhooks from "@effect-workos/emulator/Webhooks"
 * import * as Store from "@effect-workos/emulator/Store"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import * as Redacted from "effect/Redacted"
 *
 * const webhook: Webhooks.Webhook = {
 *   url: "http://127.0.0.1:3000/webhook",
 *   secret: Redacted.make("whsec_test"),
 *   events: ["connection.deactivated"]
 * }
 *
 * const delivered = Effect.gen(function* () {
 *   const webhooks = yield* Webhooks.Webhooks
 *   const registered: ReadonlyArray<Webhooks.Registered> = yield* webhooks.list
 *   for (const { id, failed } of registered) if (failed > 0) yield* webhooks.remove(id)
 *   return registered.map(({ delivered }) => delivered)
 * }).pipe(
 *   Effect.provide(Webhooks.layer([webhook])),
 *   Effect.provide(Store.layer({ connections: 10, organizations: 2, seed: 1 }))
 * )
 * ```
 */
export const layer = (initial: ReadonlyArray<Webhook> = []): Layer.Layer<Webhooks, never, Store> =>
  Layer.effect(Webhooks, make(initial)).pipe(Layer.provide(FetchHttpClient.layer))

const toRegistered = ({ delivered, failed, id, waiting, webhook: { events, url } }: Entry): Registered => ({
  id,
  url,
  ...(events === undefined ? {} : { events }),
  delivered,
  failed,
  waiting
})

// -----------------------------------------------------------------------------
// Delivery
// -----------------------------------------------------------------------------

const validate = Schema.decodeUnknownEffect(Schema.toType(Webhook))

const encode = Schema.encodeEffect(Event)

const backOff = { schedule: Schedule.exponential("250 millis"), times: 5 }

const timeout = "10 seconds"

// Returns whether the event was delivered.
const deliver = Effect.fnUntraced(function* (
  client: HttpClient.HttpClient.With<HttpClientError, Scope.Scope>,
  { secret, url }: Webhook,
  event: Event
) {
  // WorkOS's examples of webhooks have no key `object`, unlike events of `GET /events`.
  const { object: _, ...payload } = yield* Effect.orDie(encode(event))
  const body = JSON.stringify(payload)
  const attempt = Effect.gen(function* () {
    const timestamp = yield* Clock.currentTimeMillis
    const signature = yield* WebhookSignature.sign({ secret, body, timestamp })
    const request = HttpClientRequest.post(url).pipe(
      HttpClientRequest.setHeaders(UserAgent.headers()),
      HttpClientRequest.bodyText(body, "application/json"),
      HttpClientRequest.setHeader(WebhookSignature.headerName, signature)
    )
    // The body is not read: closing the scope closes the connection.
    yield* Effect.flatMap(client.execute(request), HttpClientResponse.filterStatusOk)
  }).pipe(Effect.scoped)
  return yield* attempt.pipe(
    // A redirect is a failed delivery.
    Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
    Effect.timeout(timeout),
    Effect.retry(backOff),
    Effect.isSuccess
  )
})
