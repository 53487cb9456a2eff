// Programs with one key share its rate limit through a real Redis.
import * as NodeRedis from "@effect/platform-node/NodeRedis"
import { assert, describe, it } from "@effect/vitest"
import * as Emulator from "@effect-workos/emulator/Emulator"
import { redis } from "@effect-workos/testing/Services"
import * as Arr from "effect/Array"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as RateLimiter from "effect/persistence/RateLimiter"
import * as References from "effect/References"
import * as Stream from "effect/Stream"
import { Connections } from "../src/Connections.ts"
import * as SharedRateLimit from "../src/SharedRateLimit.ts"
import * as WorkOsConfig from "../src/WorkOsConfig.ts"
import { layerCounted } from "./emulated.ts"

/** A program with its own connection to Redis, as if it were a process of its own. */
const programLayer = (server: Context.Context<HttpClient.HttpClient>) =>
  Layer.fresh(
    Connections.layerNoDeps.pipe(
      Layer.provide(SharedRateLimit.layer),
      Layer.provide(RateLimiter.layer),
      Layer.provide(RateLimiter.layerStoreRedis()),
      Layer.provide(NodeRedis.layer({ socket: { path: redis?.socket ?? "", tls: false } })),
      Layer.provide(
        WorkOsConfig.layer({ apiKey: Emulator.defaultApiKey, rateLimit: { requests: 80, window: "1 second" } })
      ),
      Layer.provide(Layer.succeedContext(server))
    )
  )

const signal = (name: NodeJS.Signals) => Effect.sync(() => redis !== undefined && process.kill(redis.pid, name))

describe.skipIf(redis === undefined)("programs that share a Redis", () => {
  it.live("each stay within the limit while Redis is stopped, and share the limit afterwards", () =>
    Effect.gen(function* () {
      const { layerHttp, seen } = layerCounted(100)
      const server = yield* Layer.build(layerHttp)
      const program = Effect.map(Layer.build(programLayer(server)), (context) => Context.get(context, Connections))
      const one = yield* program
      const two = yield* program
      const list = ({ list }: typeof one, times: number) =>
        Effect.all(Arr.replicate(list({ limit: 1 }), times), { concurrency: "unbounded", discard: true })

      yield* list(one, 20)
      yield* signal("SIGSTOP")
      // Its client waits for the responses to its commands before it closes the connection.
      yield* Effect.addFinalizer(() => signal("SIGCONT"))
      yield* Effect.timeout(list(one, 200), "10 seconds")
      assert.deepStrictEqual(seen, { requests: 220, refused: 0 })

      yield* signal("SIGCONT")
      // It is skipped for five seconds after a failure.
      yield* Effect.sleep("5.5 seconds")
      yield* Effect.all([list(one, 1), list(two, 1)])
      yield* Effect.all([list(one, 150), list(two, 150)], { concurrency: "unbounded" })
      assert.deepStrictEqual(seen, { requests: 522, refused: 0 })
      // The warnings do not belong into the output of the tests.
    }).pipe(Effect.scoped, Effect.provideService(References.MinimumLogLevel, "Error"))
  )

  it.live("share one limit", () =>
    Effect.gen(function* () {
      const { layerHttp, seen } = layerCounted(100)
      const server = yield* Layer.build(layerHttp)
      const crawl = Stream.runCount(
        Stream.unwrap(Effect.map(Connections, ({ list }) => list.encoded.pages({ pageSize: 62 })))
      )
      const program = Effect.all(Arr.replicate(crawl, 5), { concurrency: "unbounded" }).pipe(
        Effect.provide(programLayer(server))
      )
      yield* Effect.all([program, program], { concurrency: "unbounded" })
      assert.deepStrictEqual(seen, { requests: 200, refused: 0 })
    }).pipe(Effect.scoped)
  )
})
