// Generated data of stores.
import { assert, describe, it } from "@effect/vitest"
import { runs } from "@effect-workos/testing/Sample"
import { ConnectionState, ConnectionType } from "@effect-workos/domain/sso/Connection"
import * as DateTime from "effect/DateTime"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Seed from "../src/Seed.ts"

const options: Seed.Options = { connections: 1000, organizations: 100, seed: 1 }

const millisOf = (time: DateTime.Utc | undefined): number => time?.epochMilliseconds ?? NaN

// All values as JSON, with timestamps moved, but not beyond the last event. Open rows expire in 2100.
const textOf = (seed: Seed.Seed, offset: number): string =>
  JSON.stringify(seed).replaceAll(/(?!2100)\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) =>
    new Date(Math.min(Date.parse(time), millisOf(seed.events.at(-1)?.createdAt)) + offset).toISOString()
  )

// Rows are updated after their creation, and every event of a row occurred after the creation of the row.
const isConsistent = ({ events, ...resources }: Seed.Seed): boolean => {
  const all: ReadonlyArray<{ id: string; createdAt?: DateTime.Utc; updatedAt?: DateTime.Utc }> = [
    ...Object.values(resources).flat(),
    ...resources.organizations.flatMap(({ domains }) => domains)
  ]
  // Some rows have no time of creation.
  const rows = all.filter(({ createdAt }) => createdAt !== undefined)
  const created = new Map(rows.map(({ createdAt, id }): readonly [string, number] => [id, millisOf(createdAt)]))
  return (
    rows.every(({ createdAt, updatedAt = createdAt }) => millisOf(createdAt) <= millisOf(updatedAt)) &&
    events.every(({ createdAt, data }) =>
      Predicate.hasProperty(data, "id") ? millisOf(createdAt) >= (created.get(String(data.id)) ?? Infinity) : true
    )
  )
}

const counted = <A>(values: Iterable<A>): Map<A, number> => {
  const counts = new Map<A, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

describe("Seed", () => {
  it.effect("Seed.make generates equal data for equal seed numbers, and different data for different ones", () =>
    Effect.gen(function* () {
      const few: Seed.Options = { connections: 200, organizations: 20, seed: 1 }
      const data = yield* Seed.make(few)
      assert.deepStrictEqual(yield* Seed.make(few), data)
      assert.notDeepEqual(yield* Seed.make({ ...few, seed: 2 }), data)
    })
  )

  it.effect("Seed.make generates the requested number of rows with unique ids, oldest first", () =>
    Effect.gen(function* () {
      for (const connections of [0, 1, 7, 1000]) {
        const data = yield* Seed.make({ ...options, connections })
        assert.strictEqual(data.organizations.length, 100)
        assert.strictEqual(new Set(data.connections.map(({ id }) => id)).size, connections)
        const times = data.connections.map(({ createdAt }) => DateTime.toEpochMillis(createdAt))
        assert.deepStrictEqual(
          times,
          times.toSorted((a, b) => a - b)
        )
      }
    })
  )

  it.effect(
    "Seed.make generates a history that ends at a given time, with ids and time spans independent of that time",
    () =>
      Effect.gen(function* () {
        const result = yield* Arbitrary.checkEffect(
          Arbitrary.schema(
            Schema.Struct({
              until: Schema.Int.check(Schema.isBetween({ minimum: Date.UTC(2015, 0), maximum: Date.UTC(2100, 0) })),
              seed: Schema.Int,
              organizations: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 20 })),
              connections: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 60 }))
            })
          ),
          ({ until, ...options }) =>
            Effect.gen(function* () {
              const plain = yield* Seed.make(options)
              const moved = yield* Seed.make({ ...options, until: DateTime.makeUnsafe(until) })
              const offset = millisOf(moved.events.at(-1)?.createdAt) - millisOf(plain.events.at(-1)?.createdAt)
              const last = millisOf(moved.events.at(-1)?.createdAt)
              return (
                last <= until &&
                until - last <= 60_000 &&
                Equal.equals(textOf(plain, offset), textOf(moved, 0)) &&
                isConsistent(plain) &&
                isConsistent(moved)
              )
            }),
          { runs: runs(20, 5), seed: 5, concurrency: 1 }
        )
        assert.isUndefined(Arbitrary.formatCheckFailure(result))
      })
  )

  it.effect("Seed.make generates ties, shared domains, and every type and state of connections", () =>
    Effect.gen(function* () {
      const { connections, organizations } = yield* Seed.make(options)
      const times = counted(connections.map(({ createdAt }) => DateTime.toEpochMillis(createdAt)))
      assert.isTrue(
        [...times.values()].some((count) => count > 1),
        "ties in creation time"
      )
      assert.deepStrictEqual(
        new Set(connections.map(({ connectionType }) => connectionType)),
        new Set(ConnectionType.known)
      )
      assert.deepStrictEqual(new Set(connections.map(({ state }) => state)), new Set(ConnectionState.known))
      assert.isTrue(
        connections.some((connection) => !("organizationId" in connection)),
        "no organization"
      )
      const belongTo = new Set(connections.map(({ organizationId }) => organizationId))
      assert.isTrue(
        organizations.every(({ id }) => belongTo.has(id)),
        "every organization has a connection"
      )
      const domains = counted(connections.flatMap(({ domains }) => domains.map(({ domain }) => domain)))
      assert.isTrue(
        [...domains.values()].some((count) => count > 20),
        "shared domains"
      )
      assert.deepStrictEqual(
        [0, 1, 2, 3].map((count) => connections.some(({ domains }) => domains.length === count)),
        [true, true, true, true]
      )
      assert.isTrue(connections.some(({ options }) => options?.signingCert?.startsWith("-----BEGIN") === true))
    })
  )
})
