// `events follow` through interruptions and crashes.
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Events } from "@effect-workos/client/Events"
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import type { EventRow } from "@effect-workos/export/Exportable"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import { runs } from "@effect-workos/testing/Sample"
import * as Arbitrary from "effect/Arbitrary"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as FollowRun from "../src/FollowRun.ts"

const LayerTest = Events.layer.pipe(
  Layer.provide(WorkOsConfig.layer({ apiKey: Emulator.defaultApiKey, rateLimit: "unlimited" })),
  Layer.provide(Emulator.layerHttpClient()),
  Layer.provideMerge(Store.layer({ connections: 20, organizations: 4, seed: 5 })),
  Layer.provideMerge(NodeServices.layer)
)

/** A stop after `after` events, or a crash after `after` changes to the disk, delayed by a number of fiber turns. */
const Stop = Schema.Struct({
  isKilled: Schema.Boolean,
  after: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 24 })),
  turns: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 12 }))
})

// A file system that ignores changes after a crash.
const dying = (fs: FileSystem.FileSystem, life: { left: number }): FileSystem.FileSystem => {
  const change = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.suspend(() => (life.left-- > 0 ? effect : Effect.die("killed")))
  return FileSystem.FileSystem.of({
    ...fs,
    rename: (from, to) => change(fs.rename(from, to)),
    remove: (path, options) => change(fs.remove(path, options)),
    open: (path, options) => change(fs.open(path, options))
  })
}

const check = Effect.fnUntraced(function* (stops: ReadonlyArray<typeof Stop.Type>) {
  const fs = yield* FileSystem.FileSystem
  const { follow } = yield* Events
  const { events } = yield* Store.Store
  const ids = events.rows.map(({ id }): string => id)
  const state = `${yield* fs.makeTempDirectoryScoped()}/state`
  const seen: Array<string> = []
  let kills = 0
  for (const stop of [...stops, undefined]) {
    if (new Set(seen).size === ids.length) break
    const isOver = yield* Deferred.make<void>()
    const until = stop === undefined || stop.isKilled ? Infinity : seen.length + stop.after
    const life = { left: stop?.isKilled === true ? stop.after : Infinity }
    const print = (events: ReadonlyArray<EventRow>) =>
      Effect.suspend(() => {
        if (life.left >= 0) seen.push(...events.map(({ id }) => id))
        const isAll = new Set(seen).size === ids.length
        return Effect.as(isAll || seen.length >= until ? Deferred.succeed(isOver, undefined) : Effect.void, true)
      })
    const fiber = yield* FollowRun.run({
      follow: (start) => follow.encoded({ ...start, pageSize: 6 }),
      from: { since: DateTime.makeUnsafe(0) },
      print,
      state: Option.some(state),
      selection: "https://api.workos.com",
      onResume: Effect.void
    }).pipe(Effect.provideService(FileSystem.FileSystem, dying(fs, life)), Effect.forkChild)
    yield* Effect.raceFirst(Deferred.await(isOver), Effect.exit(Fiber.join(fiber)))
    if (life.left < 0) kills++
    for (let turns = stop?.turns ?? 0; turns > 0; turns--) yield* Effect.yieldNow
    yield* Fiber.interrupt(fiber)
  }
  // Only an event that was printed but not stored is printed again, as the next event.
  const again = seen.filter((id, at) => id === seen[at - 1])
  assert.deepStrictEqual(
    seen.filter((id, at) => id !== seen[at - 1]),
    ids
  )
  assert.isAtMost(again.length, kills)
  return true
})

describe("FollowRun", () => {
  it.live(
    "FollowRun prints each event once despite interruptions, and repeats at most the last event after a crash",
    () =>
      Effect.gen(function* () {
        const result = yield* Arbitrary.checkEffect(
          Arbitrary.schema(Schema.Array(Stop).check(Schema.isMaxLength(5))),
          (stops) => Effect.scoped(check(stops)),
          { runs: runs(30, 10), seed: "following", concurrency: 1 }
        )
        assert.isUndefined(Arbitrary.formatCheckFailure(result))
      }).pipe(Effect.provide(LayerTest))
  )
})
