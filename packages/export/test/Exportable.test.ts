// Exports of organizations and events.
import { assert, describe, it, layer } from "@effect/vitest"
import { Event, UnknownEventName } from "@effect-workos/domain/events/Event"
import { Organization } from "@effect-workos/domain/organizations/Organization"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import { runs, seed } from "@effect-workos/testing/Sample"
import * as Arbitrary from "effect/Arbitrary"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Export from "../src/Export.ts"
import * as WorkOs from "./workos.ts"

const layerOf = (connections: number) =>
  WorkOs.layerResources.pipe(
    Layer.provide(WorkOs.layerConfig("unlimited")),
    Layer.provide(Emulator.layerHttpClient()),
    Layer.provideMerge(Store.layer({ connections, organizations: 30, seed: 5 }))
  )

layer(layerOf(300))("Export", (it) => {
  it.effect("An export of organizations emits encoded rows and applies the filters of organizations", () =>
    Effect.gen(function* () {
      const { organizations } = yield* Store.Store
      const rows = (yield* Stream.runCollect(
        Export.organizations({ order: "asc", concurrency: 1, pageSize: 7 })
      )).flat()
      assert.deepStrictEqual<unknown>(
        rows,
        yield* Schema.encodeEffect(Schema.Array(Organization))([...organizations.rows])
      )
      const [one, other] = organizations.rows.flatMap(({ domains: [domain] }) => (domain ? [domain.domain] : []))
      assert.isDefined(one)
      assert.isDefined(other)
      const some = (yield* Stream.runCollect(Export.organizations({ domains: [one, other], pageSize: 1 }))).flat()
      assert.sameMembers(
        some.flatMap(({ domains }) => (domains ?? []).slice(0, 1).map(({ domain }) => domain)),
        [one, other]
      )
    })
  )

  it.effect("An export of events emits encoded rows and applies the filters of events", () =>
    Effect.gen(function* () {
      const { events } = yield* Store.Store
      const rows = (yield* Stream.runCollect(Export.events({ order: "asc", concurrency: 1 }))).flat()
      assert.deepStrictEqual<unknown>(rows, yield* Schema.encodeEffect(Schema.Array(Event))([...events.rows]))
      // With several segments, a page in the middle has a cursor and a range.
      const middle = events.rows[events.rows.length >> 1]
      assert.isDefined(middle)
      const types = ["connection.activated", "connection.deactivated"] as const
      const some = yield* Stream.runCollect(
        Export.events({ events: types, rangeStart: middle.createdAt, pageSize: 5, concurrency: 3 })
      )
      assert.sameMembers(
        some.flat().map(({ id }) => id),
        events.rows
          .filter(
            ({ createdAt, event }) =>
              DateTime.isGreaterThanOrEqualTo(createdAt, middle.createdAt) && types.some((type) => type === event)
          )
          .map(({ id }): string => id)
      )
    })
  )
})

const Case = Schema.Struct({
  concurrency: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 6 })),
  order: Schema.Literals(["asc", "desc"]),
  pageSize: Schema.Int.check(Schema.isBetween({ minimum: 2, maximum: 20 })),
  known: Schema.Int.check(Schema.isBetween({ minimum: 5, maximum: 90 })),
  seed: Schema.Int
})

// An export of events during which more events occur, a few turns apart.
const growing = Effect.fnUntraced(function* ({ concurrency, known, order, pageSize }: typeof Case.Type) {
  const random = yield* Random.Random
  const { emit, events } = yield* Store.Store
  const initial = events.rows.map(({ id }): string => id)
  // A limited number, so that an ascending export ends.
  const happening = Effect.gen(function* () {
    for (let more = 0; more < 100; more++) {
      for (let turns = Math.floor(random.nextDoubleUnsafe() * 8); turns > 0; turns--) yield* Effect.yieldNow
      emit({ event: UnknownEventName.make("future.created"), data: { more } })
    }
    return yield* Effect.never
  })
  const index = initial.filter((_, at) => at % known === 0)
  const pages = yield* Export.events({ concurrency, order, pageSize, index }).pipe(
    Stream.runCollect,
    Effect.raceFirst(happening)
  )
  const seen = pages.flat().map(({ id }): string => id)
  return { seen, initial, all: events.rows.map(({ id }): string => id) }
})

describe("an export of a growing list", () => {
  it.live(
    "An export of events contains every event up to its last one exactly once, also when events occur during the export",
    () =>
      Effect.gen(function* () {
        let happened = 0
        const result = yield* Arbitrary.checkEffect(
          Arbitrary.schema(Case),
          (one) =>
            Effect.gen(function* () {
              const { all, initial, seen } = yield* Random.withSeed(growing(one), one.seed)
              happened += all.length - initial.length
              const whole = all.slice(0, seen.length)
              return seen.length >= initial.length && seen.toSorted().join() === whole.toSorted().join()
            }).pipe(Effect.provide(layerOf(100))),
          { runs: runs(60, 6), seed: `growing ${seed}`, concurrency: 1 }
        )
        assert.isUndefined(Arbitrary.formatCheckFailure(result))
        assert.isAbove(happened, 0)
      })
  )
})
