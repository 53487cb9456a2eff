// The example that exports connections to PostgreSQL.
import { assert, describe, it } from "@effect/vitest"
import { TransportError } from "@effect-workos/client/ClientError"
import * as Store from "@effect-workos/emulator/Store"
import { isExhaustive, runs, sample, seed } from "@effect-workos/testing/Sample"
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

const connections = isExhaustive ? 330 : 120
const concurrency = 3

/** The cause that stops an export, and the number of requests, statements or writes to the socket before it. */
const Stop = Schema.Struct({
  what: Schema.Literals(["network gone", "interrupted", "backend terminated", "response lost"]),
  after: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: isExhaustive ? 50 : 20 }))
})
type Stop = typeof Stop.Type

const application = `${schema}_export`

// A connection that loses all responses after a number of writes. The writes reach the server.
const losingResponses = (after: number) => {
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

// Each run is like a separate process: it has its own connection and no state of the previous run.
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

  const responses = left("response lost")
  const postgres = clientOf({
    applicationName: application,
    ...(responses < Infinity ? { stream: losingResponses(responses) } : {})
  })
  return yield* connectionsToPostgres("connections", { pageSize, concurrency }).pipe(
    Effect.as("complete" as const),
    Effect.raceFirst(Deferred.await(interrupted)),
    Effect.provideService(Statement.CurrentTransformer, beforeEach),
    Effect.provide(Layer.merge(workOs, postgres)),
    // A transaction dies if its connection is lost, so that it cannot be rolled back.
    Effect.exit
  )
})

const store = Layer.merge(Store.layer({ connections, organizations: 12, seed: 5 }), WorkOs.layerOnce)

describe.skipIf(postgres === undefined)("connectionsToPostgres", { timeout: 120_000 }, () => {
  it.live("connectionsToPostgres stores each row exactly once after any stops, and fetches no stored page again", () =>
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
          // A COMMIT whose response was lost may still be in progress. Then the next run fails with `Overtaken`.
          if (error instanceof Overtaken) {
            assert.strictEqual(stops[runs - 2]?.what, "response lost")
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
        // A complete export stays complete.
        assert.isTrue(Exit.isSuccess(yield* run(urls)))
        assert.strictEqual(urls.length, before)
        // Pages in batches, as many waiting pages, and one prefetched page of each of the two segments.
        return urls.length - new Set(urls).size <= (2 * concurrency + 2) * (runs - 1)
      })
      const stops = Schema.Array(Stop).check(Schema.isMinLength(1), Schema.isMaxLength(6))
      const result = yield* Arbitrary.checkEffect(Arbitrary.schema(stops), check, {
        runs: runs(30, 4),
        seed: `stops ${seed}`,
        concurrency: 1
      })
      assert.isUndefined(Arbitrary.formatCheckFailure(result))
      if (isExhaustive) assert.deepStrictEqual([...seen].toSorted(), [...Stop.fields.what.literals].toSorted())
    }).pipe(inSchema, Effect.provide(store))
  )

  it.live("connectionsToPostgres stores each row exactly once if any response of PostgreSQL is lost", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const all = yield* expected
      const committed = sql<{ batches: number }>`SELECT batches FROM export_checkpoints`.pipe(
        Effect.map(([checkpoint]) => checkpoint?.batches ?? 0)
      )
      const batches = new Set<number>()
      const losing = Effect.fnUntraced(function* (after: number) {
        yield* sql`TRUNCATE connections, export_checkpoints`
        const result = yield* run([], { what: "response lost", after }, 40)
        if (Exit.isSuccess(result)) return false
        batches.add(yield* committed)
        while (Exit.isFailure(yield* run([], undefined, 40)));
        assert.deepStrictEqual<unknown>(yield* stored, all)
        return true
      })
      if (isExhaustive) {
        for (let after = 0; yield* losing(after); after++);
        // Responses were lost from the first transaction to the last.
        assert.isAtLeast(batches.size, 4)
      } else {
        const lost = yield* Effect.forEach(sample([...Array(16).keys()], 3), losing)
        assert.include(lost, true)
      }
    }).pipe(inSchema, Effect.provide(store))
  )

  it.live(
    "One of two concurrent runs of connectionsToPostgres completes, and the other one completes or fails with Overtaken",
    () =>
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
