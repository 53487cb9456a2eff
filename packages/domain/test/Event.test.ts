// Schemas of events: known and unknown types, invalid values, and queries.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import { readFileSync } from "node:fs"
import * as Event from "../src/events/Event.ts"
import * as EventEnvelope from "../src/events/EventEnvelope.ts"
import { eventTypes } from "../src/events/EventTypes.ts"
import * as Wire from "../src/Wire.ts"
import { connectionSample } from "./samples.ts"
import { assertRequestRoundTrip, options } from "./round-trip.ts"
import * as Pagination from "../src/Pagination.ts"

const EventPage = Pagination.ForwardPage(Event.Event)

const decode = Schema.decodeUnknownEffect(Event.Event)
const encode = Schema.encodeEffect(Event.Event)

// A union without a fast path is decoded by the interpreter.
const Interpreted = Schema.Union([Event.TypedEvent, Event.UnknownEvent])

const deactivated = {
  object: "event",
  id: "event_01EHZNVPK3SFK441A1RGBFSHRT",
  event: "connection.deactivated",
  data: { ...connectionSample, state: "inactive" },
  created_at: "2026-01-15T12:00:00.000Z",
  context: { client_id: "client_1", previous_attributes: { state: "active" } }
}
const page = (...data: ReadonlyArray<unknown>) => ({ object: "list", data, list_metadata: { after: null } })

describe("Event", () => {
  it.effect(
    "Event decodes data by the type of the event, keeps the context unchanged, and encodes to the same JSON",
    () =>
      Effect.gen(function* () {
        const event = yield* decode(deactivated)
        assert.isTrue(Event.isTyped(event))
        if (!Event.is("connection.deactivated")(event)) return assert.fail("is accepts another type")
        assert.strictEqual(event.data.connectionType, "OktaSAML")
        assert.deepStrictEqual<unknown>(event.context, deactivated.context)
        assert.isFalse(Event.is("connection.activated", "connection.deleted")(event))
        assert.deepStrictEqual<unknown>(yield* encode(event), deactivated)
      })
  )

  it.effect.each([
    "future.created",
    "connection.hibernated",
    "",
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty"
  ])("Event decodes the type %j as an unknown event, with and without the fast path, alone and in a page", (name) =>
    Effect.gen(function* () {
      const wire = { ...deactivated, event: name, data: { someKey: [1, null], some_key: "a" } }
      const event = yield* decode(wire)
      assert.isFalse(Event.isTyped(event))
      assert.deepStrictEqual<unknown>(event.data, wire.data)
      assert.deepStrictEqual(event, yield* Schema.decodeUnknownEffect(Interpreted)(wire))
      assert.deepStrictEqual<unknown>(yield* encode(event), wire)
      assert.isTrue(Wire.isEncoded(EventPage)(page(wire)))
      assert.deepStrictEqual((yield* Schema.decodeUnknownEffect(EventPage)(page(wire))).data, [event])
    })
  )

  it.effect.each([
    { fault: "data of another type of event", wire: { ...deactivated, data: { id: "user_1" } } },
    { fault: "undefined data", wire: { ...deactivated, data: undefined } },
    { fault: "the id of another kind of object", wire: { ...deactivated, id: "conn_1" } },
    { fault: "a type that is not a string", wire: { ...deactivated, event: 7 } },
    { fault: "an invalid timestamp", wire: { ...deactivated, created_at: "yesterday" } },
    { fault: "data that is a list", wire: { ...deactivated, data: [] } }
  ])("Event rejects $fault, with and without the fast path", ({ wire }) =>
    Effect.gen(function* () {
      assert.isTrue(Exit.isFailure(yield* Effect.exit(decode(wire))))
      assert.isTrue(Exit.isFailure(yield* Effect.exit(Schema.decodeUnknownEffect(EventPage)(page(wire)))))
      assert.isFalse(Wire.isEncoded(EventPage)(page(wire)))
    })
  )

  it.effect.prop(
    "A generated event encodes and decodes to the same value, with and without the fast path",
    [Event.Event],
    ([event]) =>
      Effect.gen(function* () {
        const wire = JSON.parse(JSON.stringify(yield* encode(event)))
        const decoded = yield* decode(wire)
        // JSON has no -0, and equivalence does not distinguish it from 0.
        assert.isTrue(Schema.toEquivalence(Event.Event)(decoded, event))
        assert.deepStrictEqual<unknown>(yield* encode(decoded), wire)
        if (!("issue" in event)) assert.deepStrictEqual(yield* Schema.decodeUnknownEffect(Interpreted)(wire), decoded)
        assert.isTrue(Wire.isEncoded(EventPage)(page(wire)))
        assert.deepStrictEqual((yield* Schema.decodeUnknownEffect(EventPage)(page(wire))).data, [decoded])
      }),
    options
  )

  it("Event accepts the id prefixes of WorkOS and of WorkOS's emulator", () => {
    const isId = Schema.is(EventEnvelope.EventId)
    assert.isTrue(isId("event_01EHZNVPK3SFK441A1RGBFSHRT") && isId("evt_1"))
    assert.isFalse(isId("event_") || isId("conn_1") || isId("event_../x"))
  })
})

describe("eventTypes", () => {
  it("eventTypes contains the same types as the guide about events", () => {
    const guide = readFileSync(new URL("../../../docs/events.md", import.meta.url), "utf8")
    const rows = guide.split("\n").filter((line) => line.startsWith("|") && line.includes("../packages/domain/src/"))
    const cells = rows.map((row) => row.split("|").at(-2) ?? "")
    const names = cells.flatMap((cell) => Array.from(cell.matchAll(/`([a-z_.]+)`/g), ([, name]) => name))
    assert.deepStrictEqual(names.toSorted(), Object.keys(eventTypes).toSorted())
  })

  it("All schemas of eventTypes have a fast path", () => {
    const slow = Object.entries(eventTypes).filter(([, { ast }]) => Wire.fastPathOf(ast) === undefined)
    assert.deepStrictEqual(slow, [])
  })
})

describe("EventQuery", () => {
  it.effect.prop(
    "A generated query of events encodes to URL parameters and decodes to the same value",
    [Event.EventQuery],
    ([value]) => assertRequestRoundTrip(Event.EventQuery, value)
  )
})
