// The example that exports into PostgreSQL: each row exactly once, wherever it is stopped.
import { assert, describe, it } from "@effect/vitest"
import { TransportError } from "@effect-workos/client/ClientError"
import * as Store from "@effect-workos/emulator/Store"
import * as Arbitrary from "effect/Arbitrary"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import { postgres } from "@effect-workos/testing/Services"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { SqlError } from "effect/sql/SqlError"
import * as Statement from "effect/sql/Statement"
import { connect } from "node:net"
import { connectionsToPostgres, Overtaken } from "../src/connections-to-postgres.ts"
import { clientOf, expected, inSchema, schema, stored } from "./database.ts"
import * as WorkOs from "./workos.ts"

const connections = 330
const concurrency = 3

/** What stops an export, and after how many requests, statements, or writes to the socket. */
const Stop = Schema.Struct({
  what: Schema.Literals(["network gone", "interrupted", "backend terminated", "answer lost"]),
  after: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 50 }))
})
type Stop = typeof Stop.Type

const application = `${schema}_export`

// A connection whose client hears nothing more after so many writes; what it has written arrives all the same.
const losingAnswers = (after: number) => {
  let left = after
  return () => {
    const { hostname, port } = new URL(postgres ?? "")
    const socket = connect({ host: hostname, port: Number(port === "" ? 5432 : port) })
    const write = socket._write.bind(socket)
    socket._write = (chunk, encoding, callback) => {
      if (left-- > 0) return write(chunk, encoding, callback)
      socket.removeAllListeners("data").pause()
      return write(chunk, encoding, () => socket.destroy())
    }
    return socket
  }
}

// Each run is as a process of its own: it knows nothing of the one before, and connects anew.
const run = Effect.fnUntraced(function* (urls: Array<string>, stop?: Stop, pageSize = 20) {
  const admin = yield* SqlClient.SqlClient
  const left = (what: Stop["what"]) => (stop?.what === what ? stop.after : Infinity)
  let requests = left("network gone")
  const workOs = WorkOs.layerClients((url) => {
    if (requests-- <= 0) return false
    urls.push(url)
    return true
  })

  const interrupted = yield* Deferred.make<"interrupted">()
  const terminate = admin`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE application_name = ${application}`.pipe(
    Effect.provideService(Statement.CurrentTransformer, undefined),
    Effect.orDie
  )
  let statements = 0
  const beforeEach: Statement.Transformer = (statement) => {
    const at = statements++
    if (at === left("interrupted")) return Effect.as(Deferred.succeed(interrupted, "interrupted"), statement)
    return at === left("backend terminated") ? Effect.as(terminate, statement) : Effect.succeed(statement)
  }

  const answers = left("answer lost")
  const postgres = clientOf({
    applicationName: application,
    ...(answers < Infinity ? { stream: losingAnswers(answers) } : {})
  })
  return yield* connectionsToPostgres("connections", { pageSize, concurrency }).pipe(
    Effect.as("complete" as const),
    Effect.raceFirst(Deferred.await(interrupted)),
    Effect.provideService(Statement.CurrentTransformer, beforeEach),
    Effect.provide(Layer.merge(workOs, postgres)),
    // A transaction that can't be rolled back, because its connection is gone, dies.
    Effect.exit
  )
})

const store = Layer.merge(Store.layer({ connections, organizations: 12, seed: 5 }), WorkOs.layerOnce)

describe.skipIf(postgres === undefined)("connectionsToPostgres", { timeout: 120_000 }, () => {
  it.live("stores each row exactly once, whatever stops it, and fetches nothing again that is stored", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const all = yield* expected
      const seen = new Set<Stop["what"] | undefined>()
      const check = Effect.fnUntraced(function* (stops: ReadonlyArray<Stop>) {
        yield* sql`TRUNCATE connections, export_checkpoints`
        const urls: Array<string> = []
        let runs = 0
        let ids = new Set<string>()
        for (;;) {
          const stop = stops[runs++]
          const result = yield* run(urls, stop)
          const now = new Set((yield* sql<{ id: string }>`SELECT id FROM connections`).map(({ id }) => id))
          assert.isTrue([...ids].every((id) => now.has(id)))
          ids = now
          if (Exit.isSuccess(result) && result.value === "complete") break
          const error = Exit.isSuccess(result) ? undefined : Cause.squash(result.cause)
          // A COMMIT whose answer was lost may be on its way still, and then the next run is the one to give way.
          if (error instanceof Overtaken) {
            assert.strictEqual(stops[runs - 2]?.what, "answer lost")
            continue
          }
          assert.isDefined(stop, String(error))
          seen.add(stop?.what)
          if (stop?.what === "network gone") assert.instanceOf(error, TransportError)
          else if (stop?.what === "interrupted") assert.isUndefined(error)
          else {
            assert.instanceOf(error, SqlError)
            assert.notStrictEqual(error instanceof SqlError && error.reason._tag, "UniqueViolation")
          }
        }
        assert.deepStrictEqual<unknown>(yield* stored, all)
        const before = urls.length
        // One that is complete stays complete.
        assert.isTrue(Exit.isSuccess(yield* run(urls)))
        assert.strictEqual(urls.length, before)
        // Pages that were handed over, as many that waited, and one that each of the two walks had ready.
        return urls.length - new Set(urls).size <= (2 * concurrency + 2) * (runs - 1)
      })
      const stops = Schema.Array(Stop).check(Schema.isMinLength(1), Schema.isMaxLength(6))
      const result = yield* Arbitrary.checkEffect(Arbitrary.schema(stops), check, {
        runs: 30,
        seed: "stops",
        concurrency: 1
      })
      assert.isUndefined(Arbitrary.formatCheckFailure(result))
      assert.deepStrictEqual([...seen].toSorted(), [...Stop.fields.what.literals].toSorted())
    }).pipe(inSchema, Effect.provide(store))
  )

  it.live("does not care which answer is lost, and whether what it was about was committed", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const all = yield* expected
      const committed = sql<{ batches: number }>`SELECT batches FROM export_checkpoints`.pipe(
        Effect.map(([checkpoint]) => checkpoint?.batches ?? 0)
      )
      const batches = new Set<number>()
      for (let after = 0; ; after++) {
        yield* sql`TRUNCATE connections, export_checkpoints`
        const result = yield* run([], { what: "answer lost", after }, 40)
        if (Exit.isSuccess(result)) break
        batches.add(yield* committed)
        while (Exit.isFailure(yield* run([], undefined, 40)));
        assert.deepStrictEqual<unknown>(yield* stored, all)
      }
      // They were lost from the first transaction to the last.
      assert.isAtLeast(batches.size, 4)
    }).pipe(inSchema, Effect.provide(store))
  )

  it.live("lets one of two at once go on, and the other one give way", () =>
    Effect.gen(function* () {
      const results = yield* Effect.all([run([]), run([])], { concurrency: "unbounded" })
      for (const result of results) {
        if (Exit.isFailure(result)) assert.instanceOf(Cause.squash(result.cause), Overtaken)
      }
      assert.isTrue(results.some(Exit.isSuccess))
      assert.deepStrictEqual<unknown>(yield* stored, yield* expected)
    }).pipe(inSchema, Effect.provide(store))
  )
})
