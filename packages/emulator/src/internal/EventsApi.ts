// Events over HTTP that nothing in the emulator causes: what WorkOS has no endpoint for.
import * as ApiError from "@effect-workos/domain/ApiError"
import { Attributes } from "@effect-workos/domain/Attributes"
import { Event } from "@effect-workos/domain/events/Event"
import { issuesOf } from "@effect-workos/domain/Issue"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { InvalidRequests, layerInvalidRequests } from "./EmulatedApi.ts"
import { Store } from "../Store.ts"

/**
 * An event to be, as it comes over the wire: of any type, with the data that this type has.
 */
const EmitPayload = Schema.Struct({
  event: Schema.NonEmptyString,
  data: Attributes,
  context: Schema.optionalKey(Attributes)
})
interface EmitPayload extends Schema.Schema.Type<typeof EmitPayload> {}

/**
 * Adds events. They are listed and delivered as if something had caused them, and change no resource.
 */
const EventsApi = HttpApi.make("emulator")
  .add(
    HttpApiGroup.make("events").add(
      HttpApiEndpoint.post("emit", "/_emulator/events", {
        payload: EmitPayload,
        success: Event.pipe(HttpApiSchema.status(201)),
        error: ApiError.UnprocessableEntityResponse
      })
    )
  )
  .middleware(InvalidRequests)

const layerGroup = HttpApiBuilder.group(
  EventsApi,
  "events",
  Effect.fnUntraced(function* (handlers) {
    const { emit } = yield* Store
    return handlers.handle("emit", ({ payload }) =>
      Effect.map(asEvent(payload), ({ createdAt: _createdAt, id: _id, object: _object, ...event }) => emit(event))
    )
  })
)

const decode = Schema.decodeUnknownEffect(Event)

// Whether its data is what its type has is known of whole events. The id and the instant are not those that it gets.
const asEvent = (event: EmitPayload) =>
  decode({
    object: "event",
    id: "event_1",
    created_at: DateTime.formatIso(DateTime.makeUnsafe(0)),
    ...event
  }).pipe(
    Effect.mapError((error) => {
      const faults = issuesOf(error).map(({ message, path }) => `${path}: ${message}`)
      return new ApiError.UnprocessableEntity({ message: `This is no '${event.event}': ${faults.join("; ")}` })
    })
  )

/** The routes. */
export const layer = HttpApiBuilder.layer(EventsApi).pipe(
  Layer.provide(layerGroup),
  Layer.provide(layerInvalidRequests)
)
