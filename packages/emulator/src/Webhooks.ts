// Webhooks: events that are sent to whoever asked for them, signed.
import { Event } from "@effect-workos/domain/events/Event"
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
 * Where events are sent.
 *
 * **Details**
 *
 * - `url`: each event is a POST there.
 * - `secret`: what it is signed with.
 * - `events`: the types of event that are sent; all where nothing is said.
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
 * A webhook that is in: the id by which it is removed, how many events were `delivered` and how many `failed` for good, and
 * how many are `waiting`, the one included that is being sent. Its secret is told to nobody.
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
 * The webhooks of one emulator. Programs may put them in and take them out at any time; the next event sees a change.
 *
 * **Details**
 *
 * - `add` puts a webhook in: it is sent what happens from now on. One that is not what `Webhook` says, with an empty secret or
 *   a URL of another kind, is a defect.
 * - `list` gives those that are in, in order.
 * - `remove` says whether there was a webhook with this id. What waits for it is not sent any more.
 *
 * **Example** (Webhooks that a test puts in)
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
    /** Puts a webhook in. */
    readonly add: (webhook: Webhook) => Effect.Effect<Registered>
    /** Those that are in, in order. */
    readonly list: Effect.Effect<ReadonlyArray<Registered>>
    /** Removes the webhook with an id, and says whether there was one. */
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
 * Just these webhooks, which are sent the events of a `Store` for as long as the scope lasts.
 *
 * **Details**
 *
 * A webhook gets its events one after the other, in the order in which they happened, and none before the one before it is
 * done with: a status of 2xx within ten seconds, whatever follows it, or six attempts that had none, with pauses between them
 * of 250 ms and then twice as long each time. Each attempt is signed anew. An event that can't be sent at all is logged and
 * has failed. Nothing that answers requests waits for any of it.
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
      // One event that can't be sent is no reason to send none any more.
      Effect.catchCauseIf(
        (cause) => !Cause.hasInterruptsOnly(cause),
        (cause) => Effect.as(Effect.logError(`${entry.id} can't be sent the event ${event.id}.`, cause), false)
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
 * Just these webhooks, as a layer, by `fetch`.
 *
 * **Example** (What became of what was sent)
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

const patience = "10 seconds"

// Says whether it was taken.
const deliver = Effect.fnUntraced(function* (
  client: HttpClient.HttpClient.With<HttpClientError, Scope.Scope>,
  { secret, url }: Webhook,
  event: Event
) {
  const body = JSON.stringify(yield* Effect.orDie(encode(event)))
  const attempt = Effect.gen(function* () {
    const timestamp = yield* Clock.currentTimeMillis
    const signature = yield* WebhookSignature.sign({ secret, body, timestamp })
    const request = HttpClientRequest.post(url).pipe(
      HttpClientRequest.bodyText(body, "application/json"),
      HttpClientRequest.setHeader(WebhookSignature.headerName, signature)
    )
    // What it says besides does not matter, nor whether it ever ends: with the scope goes the connection.
    yield* Effect.flatMap(client.execute(request), HttpClientResponse.filterStatusOk)
  }).pipe(Effect.scoped)
  return yield* attempt.pipe(
    // Whoever answers with a redirect has not taken it.
    Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
    Effect.timeout(patience),
    Effect.retry(backOff),
    Effect.isSuccess
  )
})
