// Ids and timestamps of rows that are created in the same millisecond.
import { assert, describe, it } from "@effect/vitest"
import { UnknownEventName } from "@effect-workos/domain/events/Event"
import { OrganizationId } from "@effect-workos/domain/organizations/OrganizationId"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import { TestClock } from "effect/testing"
import * as Emulator from "../src/Emulator.ts"
import * as Ulid from "../src/Ulid.ts"
import * as Store from "../src/Store.ts"
import { sendRequest, idsOf, send } from "./requests.ts"

const LayerEmulator = Layer.fresh(
  Emulator.layerHttpClient().pipe(Layer.provideMerge(Store.layer({ connections: 10, organizations: 3, seed: 3 })))
)

/** A time after all rows of a seed. */
const later = Date.UTC(2030, 0, 1)

const named = (index: number) => ({ event: UnknownEventName.make(`user.${index}`), data: {} })

describe("rows of one millisecond", () => {
  it.effect("Thousands of events of one millisecond have the time of the clock and increasing ids", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(later)
      const { emit, events } = yield* Store.Store
      const emitted = Array.from({ length: 2000 }, (_, index) => emit(named(index)))
      for (const { createdAt } of emitted) assert.strictEqual(createdAt?.epochMilliseconds, later)
      assert.deepStrictEqual(events.rows.slice(-2000), emitted)
      // Earlier events are not in a range that starts now.
      yield* TestClock.adjust("1 milli")
      const now = DateTime.formatIso(yield* DateTime.now)
      emit(named(2000))
      const since = yield* sendRequest(`/events?order=asc&limit=100&range_start=${now}`)
      assert.deepStrictEqual(
        since.body.data.map(({ event }) => event),
        ["user.2000"]
      )
    }).pipe(Effect.provide(LayerEmulator))
  )

  it.effect("Rows have the time of the newest row if the clock is behind", () =>
    Effect.gen(function* () {
      const { emit, events } = yield* Store.Store
      const newest = events.rows.at(-1)
      const emitted = Array.from({ length: 100 }, (_, index) => emit(named(index)))
      for (const { createdAt } of emitted) assert.deepStrictEqual(createdAt, newest?.createdAt)
      assert.deepStrictEqual(events.rows.slice(-100), emitted)
    }).pipe(Effect.provide(LayerEmulator))
  )

  it.effect("Rows of one millisecond are listed newest first, and ids of deleted rows are not reused", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(later)
      const ids = new Set<string | undefined>()
      for (let index = 0; index < 20; index++) {
        const { body } = yield* send("POST", "/organizations", { name: `Foo ${index}` })
        assert.strictEqual(body["created_at"], new Date(later).toISOString())
        assert.deepStrictEqual(idsOf(yield* sendRequest("/organizations?limit=1")), [body.id])
        assert.isFalse(ids.has(body.id))
        ids.add(body.id)
        if (index % 2 === 0) yield* sendRequest(`/organizations/${body.id}`, { method: "DELETE" })
      }
    }).pipe(Effect.provide(LayerEmulator))
  )

  it.effect("Rows of one millisecond sort after a row with any id that a program has added", () =>
    Effect.gen(function* () {
      const { organizations } = yield* Store.Store
      const [first] = organizations.rows
      assert.isDefined(first)
      for (const id of ["org_foo", "org_01ZZZZZZZZZZZZZZZZZZZZZZZZ", "zzz"]) {
        organizations.set({
          ...first,
          id: OrganizationId.make(id, { disableChecks: true }),
          createdAt: newestOf(organizations)
        })
        const { body } = yield* send("POST", "/organizations", { name: "Foo" })
        assert.deepStrictEqual(idsOf(yield* sendRequest("/organizations?limit=1")), [body.id])
      }
    }).pipe(Effect.provide(LayerEmulator))
  )
})

const newestOf = ({ rows }: Store.Tables["organizations"]) => rows.at(-1)?.createdAt ?? DateTime.makeUnsafe(0)

describe("Ulid.after", () => {
  const Letters = Schema.String.check(Schema.isPattern(/^[0-9A-HJKMNP-TV-Z]{16}$/))

  it.effect.prop("Ulid.after returns a greater ULID of the same millisecond", [Letters], ([letters]) =>
    Effect.gen(function* () {
      const other = `01HZZZZZZZ${letters}`
      const after = Ulid.after(other, yield* Random.Random)
      if (letters.startsWith("ZZZZZZZZ")) return assert.isUndefined(after)
      assert.isDefined(after)
      assert.isTrue(after > other)
      assert.match(after, /^01HZZZZZZZ[0-9A-HJKMNP-TV-Z]{16}$/)
    })
  )

  it.effect("Ulid.after returns undefined after the last ULID of a millisecond and for text that is not a ULID", () =>
    Effect.gen(function* () {
      const random = yield* Random.Random
      for (const other of [`01HZZZZZZZ${"Z".repeat(16)}`, "", "foo", "01hzzzzzzz0000000000000000", "0".repeat(27)]) {
        assert.isUndefined(Ulid.after(other, random))
      }
      assert.match(Ulid.after(`01HZZZZZZZYZZZZZZZ${"Z".repeat(8)}`, random) ?? "", /^01HZZZZZZZZ0000000/)
    })
  )
})
