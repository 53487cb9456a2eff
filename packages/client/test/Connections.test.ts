// Connections over the emulator: rules that do not follow from the description of the endpoints.
import { assert, describe, it, layer } from "@effect/vitest"
import { Store } from "@effect-workos/emulator/Store"
import { CreateConnection } from "@effect-workos/domain/sso/Connection"
import { runs } from "@effect-workos/testing/Sample"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { WorkOs } from "../src/WorkOs.ts"
import { LayerSmallStore, layerWorkOs } from "./emulated.ts"
import { id as unknownId } from "./samples.ts"

layer(layerWorkOs({}, LayerSmallStore))("connections", (it) => {
  it.effect("`create` returns the existing connection of the organization with the same external id", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const [organizationId = "", otherId = ""] = (yield* Store).organizations.rows.map(({ id }) => id)
      const first = yield* connections.create({ organizationId, externalId: "legacy-2", name: "First" })
      const second = yield* connections.create({ organizationId, externalId: "legacy-2", name: "Second" })
      assert.deepStrictEqual(second, first)
      const other = yield* connections.create({ organizationId: otherId, externalId: "legacy-2" })
      assert.notStrictEqual(other.id, first.id)
    })
  )

  it.effect.prop(
    "`create` returns the new connection for all values of its type, which `get` and `list` return too",
    [CreateConnection],
    ([options]) =>
      Effect.gen(function* () {
        const { connections } = yield* WorkOs
        const organizationId = (yield* Store).organizations.rows[0]?.id ?? ""
        const { externalId: _, ...rest } = options
        const connection = yield* connections.create({ ...rest, organizationId })
        assert.strictEqual(connection.organizationId, organizationId)
        assert.strictEqual(connection.name, options.name ?? options.connectionType ?? "Pending")
        assert.strictEqual(connection.connectionType, options.connectionType ?? "Pending")
        assert.deepStrictEqual(yield* connections.get(connection.id), connection)
        assert.deepStrictEqual((yield* connections.list({ organizationId, limit: 1 })).data, [connection])
      }),
    { arbitrary: { runs: runs(40, 6) } }
  )

  it.effect("`delete` deletes a connection, and fails with NotFound the second time", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const store = yield* Store
      const id = store.connections.rows[5]?.id ?? ""
      yield* connections.delete(id)
      assert.isUndefined(store.connections.get(id))
      assert.strictEqual((yield* Effect.flip(connections.delete(id)))._tag, "NotFound")
    })
  )

  it.effect("`stream` emits every row of the emulator once, in both orders", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const { rows } = (yield* Store).connections
      const options = { pageSize: 7 }
      assert.deepStrictEqual(yield* Stream.runCollect(connections.stream({ ...options, order: "asc" })), [...rows])
      assert.deepStrictEqual(yield* Stream.runCollect(connections.stream(options)), rows.toReversed())
    })
  )

  it.effect("`list` fails with UnprocessableEntity for a cursor that does not exist", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      const error = yield* Effect.flip(connections.list({ after: unknownId }))
      assert.strictEqual(error._tag, "UnprocessableEntity")
    })
  )
})

describe("a rate limit of the emulator", () => {
  it.effect("A call fails immediately with TooManyRequests if Retry-After exceeds the deadline", () =>
    Effect.gen(function* () {
      const { connections } = yield* WorkOs
      yield* connections.list()
      yield* TestClock.adjust("18 seconds")
      const error = yield* Effect.flip(connections.list())
      assert.strictEqual(error._tag, "TooManyRequests")
      // An hour minus 18 seconds.
      assert.deepStrictEqual("retryAfter" in error && error.retryAfter, Headers.retryAfterDuration("3582 seconds"))
      assert.deepStrictEqual("attempts" in error && [error.attempts, error.elapsed], [1, Duration.zero])
    }).pipe(Effect.provide(layerWorkOs({ rateLimit: { requests: 1, window: "1 hour" } }, LayerSmallStore)))
  )
})
