// The admin API for emitting events.
import * as ApiError from "@effect-workos/domain/ApiError"
import * as ApiErrorResponse from "@effect-workos/domain/ApiErrorResponse"
import { Attributes } from "@effect-workos/domain/Attributes"
import { Event, isTyped, UnknownEventName } from "@effect-workos/domain/events/Event"
import { issuesOf } from "@effect-workos/domain/Issue"
import * as Documented from "@effect-workos/domain/Documented"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { EventDraft } from "./EventLog.ts"
import { InvalidRequests, layerInvalidRequests } from "./EmulatedApi.ts"
import { Store } from "../Store.ts"

/**
 * An event without id and time.
 */
const EmitPayload = Schema.Struct({
  event: Schema.NonEmptyString,
  data: Attributes,
  context: Schema.optionalKey(Attributes)
})
interface EmitPayload extends Schema.Schema.Type<typeof EmitPayload> {}

/**
 * Emits events. They are listed and delivered like other events, and change no resource.
 */
const EventsApi = HttpApi.make("emulator")
  .add(
    HttpApiGroup.make("events").add(
      HttpApiEndpoint.post("emit", "/_emulator/events", {
        payload: EmitPayload,
        success: Event.pipe(HttpApiSchema.status(201)),
        error: ApiErrorResponse.UnprocessableEntityResponse
      })
    )
  )
  .middleware(InvalidRequests)

const layerGroup = HttpApiBuilder.group(
  EventsApi,
  "events",
  Effect.fnUntraced(function* (handlers) {
    const { emit } = yield* Store
    return handlers.handle("emit", ({ payload }) => Effect.map(decodePayload(payload), (event) => emit(draftOf(event))))
  })
)

const draftOf = (event: Event): EventDraft => {
  if (isTyped(event)) {
    const { createdAt: _createdAt, id: _id, object: _object, ...draft } = event
    return draft
  }
  const { context, data, event: name } = event
  return { event: UnknownEventName.make(name), data, ...(context === undefined ? {} : { context }) }
}

const decode = Schema.decodeUnknownEffect(Documented.of(Event))

// Only whole events can be decoded, so id and time are placeholders.
const decodePayload = (event: EmitPayload) =>
  decode({
    object: "event",
    id: "event_1",
    created_at: DateTime.formatIso(DateTime.makeUnsafe(0)),
    ...event
  }).pipe(
    Effect.mapError((error) => {
      const issues = issuesOf(error).map(({ message, path }) => `${path}: ${message}`)
      return new ApiError.UnprocessableEntity({
        message: `The event is not a valid '${event.event}': ${issues.join("; ")}`
      })
    })
  )

/** The routes. */
export const layer = HttpApiBuilder.layer(EventsApi).pipe(
  Layer.provide(layerGroup),
  Layer.provide(layerInvalidRequests)
)
