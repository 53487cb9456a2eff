// Interrupted calls, with a server that counts connections and requests without a response.
import { assert, describe, it } from "@effect/vitest"
import { runs, seed } from "@effect-workos/testing/Sample"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as Exit from "effect/Exit"
import { createServer } from "node:http"
import type { Socket } from "node:net"
import * as RetryPolicy from "../src/RetryPolicy.ts"
import { WorkOs } from "../src/WorkOs.ts"
import { platforms } from "./platforms.ts"
import { connection, id } from "./samples.ts"
import { listen } from "./http-server.ts"

/** The behaviour of the server. */
const Behaviour = Schema.Literals(["responds", "never responds", "stops in the body", "fails"])

const counting = Effect.gen(function* () {
  const sockets = new Set<Socket>()
  const counts = { pending: 0 }
  const how: { behaves: typeof Behaviour.Type } = { behaves: "responds" }
  const server = createServer((_, response) => {
    counts.pending++
    response.on("close", () => counts.pending--)
    const text = JSON.stringify(connection)
    const headers = { "content-type": "application/json", "content-length": String(text.length) }
    switch (how.behaves) {
      case "responds":
        return void response.writeHead(200, headers).end(text)
      case "stops in the body":
        return void response.writeHead(200, headers).write(text.slice(0, 20))
      case "fails":
        return void response.writeHead(503).end()
      case "never responds":
        return
    }
  })
  server.on("connection", (socket) => {
    sockets.add(socket)
    socket.on("close", () => sockets.delete(socket))
  })
  const url = yield* listen(server, () => server.closeAllConnections())
  return { url, sockets, counts, how }
})

const until = (what: string, condition: () => boolean): Effect.Effect<void> => {
  const waiting: Effect.Effect<void> = Effect.suspend(() =>
    condition() ? Effect.void : Effect.andThen(Effect.sleep(2), waiting)
  )
  return Effect.timeoutOrElse(waiting, {
    duration: "10 seconds",
    orElse: () => Effect.die(`Expected that ${what}, but timed out.`)
  })
}

const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length

describe.each(platforms)("over $name", ({ isClosed, layer: layerPlatform, name }) => {
  it.live(
    `A call over ${name} that is interrupted at any moment releases its socket, permit and turn in the rate limiter`,
    () =>
      Effect.gen(function* () {
        const rejections: Array<unknown> = []
        const note = (reason: unknown) => void rejections.push(reason)
        process.on("unhandledRejection", note)
        yield* Effect.addFinalizer(() => Effect.sync(() => process.off("unhandledRejection", note)))
        const Case = Schema.Struct({
          behaves: Behaviour,
          calls: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 6 })),
          after: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 25 }))
        })
        const check = Effect.fnUntraced(function* ({ after, behaves, calls }: typeof Case.Type) {
          const server = yield* counting
          const scope = yield* Scope.make()
          const context = yield* Layer.buildWithScope(
            Layer.fresh(
              // One permit, and one request per millisecond: a leak of either delays the next call.
              WorkOs.layer({
                apiKey: Redacted.make("sk_test_interrupted"),
                baseUrl: server.url,
                maxConcurrency: 1,
                rateLimit: { requests: 1000, window: "1 second" }
              })
            ).pipe(Layer.provide(Layer.fresh(layerPlatform))),
            scope
          )
          const get = Effect.provide(
            WorkOs.use(({ connections }) => connections.get(id)),
            context
          )
          server.how.behaves = behaves
          const fibers = yield* Effect.forEach(Array.from({ length: calls }), () => Effect.forkChild(get))
          yield* Effect.sleep(after)
          yield* Fiber.interruptAll(fibers)
          yield* until("no request waits for a response", () => server.counts.pending === 0)
          server.how.behaves = "responds"
          yield* Effect.provideService(get, RetryPolicy.RetryPolicy, {
            ...RetryPolicy.standard,
            deadline: "20 seconds"
          })
          yield* Scope.close(scope, Exit.void)
          // Only the server can close idle connections of `fetch`.
          if (isClosed) yield* until("no connection is open", () => server.sockets.size === 0)
          return true
        })
        const before = timers()
        const result = yield* Arbitrary.checkEffect(Arbitrary.schema(Case), (one) => Effect.scoped(check(one)), {
          runs: runs(40, 8),
          seed: `interrupted ${seed}`,
          concurrency: 1
        })
        assert.isUndefined(Arbitrary.formatCheckFailure(result))
        assert.isEmpty(rejections)
        // A platform may have its own timers, but one per call would be dozens.
        assert.isAtMost(timers(), before + 2)
      }).pipe(Effect.scoped)
  )
})
