import { assert, describe, it } from "@effect/vitest"
import { ConnectionState, ConnectionType } from "@effect-workos/domain/sso/Connection"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Seed from "../src/Seed.ts"

const options: Seed.Options = { connections: 2500, organizations: 100, seed: 1 }

const counted = <A>(values: Iterable<A>): Map<A, number> => {
  const counts = new Map<A, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

describe("Seed", () => {
  it.effect("generates equal data for equal seed numbers, and different data for different ones", () =>
    Effect.gen(function* () {
      const data = yield* Seed.make(options)
      assert.deepStrictEqual(yield* Seed.make(options), data)
      assert.notDeepEqual(yield* Seed.make({ ...options, seed: 2 }), data)
    })
  )

  it.effect("generates the requested number of rows with unique ids, oldest first", () =>
    Effect.gen(function* () {
      for (const connections of [0, 1, 7, 2500]) {
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

  it.effect("generates rows that are easily overlooked", () =>
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
        [...domains.values()].some((count) => count > 50),
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
