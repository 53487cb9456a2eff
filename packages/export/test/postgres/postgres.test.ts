// The example that exports into PostgreSQL: each row exactly once, wherever it is stopped.
import * as PgClient from "@effect/sql-pg/PgClient"
import { assert, describe, it } from "@effect/vitest"
import { TransportError } from "@effect-workos/client/ClientError"
import { Connection } from "@effect-workos/domain/Connection"
import * as World from "@effect-workos/emulator/World"
import * as Arbitrary from "effect/Arbitrary"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { SqlError } from "effect/sql/SqlError"
import * as Statement from "effect/sql/Statement"
import { readFileSync } from "node:fs"
import { connect } from "node:net"
import * as WorkOs from "../workos.ts"
import { connectionsToPostgres, createTables, Overtaken } from "./connections-to-postgres.ts"

const url = process.env["TEST_DATABASE_URL"]
const reason = "no PostgreSQL: say where one is in TEST_DATABASE_URL, as .ci/run does"
if (url === undefined) process.stderr.write(`\n↓ test/postgres/postgres.test.ts is skipped: ${reason}\n`)

const connections = 330
const concurrency = 3

/** What stops an export, and after how many requests, statements, or writes to the socket. */
const Stop = Schema.Struct({
  what: Schema.Literals(["network gone", "interrupted", "backend terminated", "answer lost"]),
  after: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 50 }))
})
type Stop = typeof Stop.Type

// Tables of its own, in a session whose time zone is no whole number of hours from UTC.
const schema = `effect_workos_${process.pid}`
const application = `${schema}_export`

const clientOf = (config: PgClient.PgPoolConfig = {}) =>
  PgClient.layer({
    url: Redacted.make(url ?? ""),
    startupParameters: { search_path: schema, timezone: "America/St_Johns" },
    ...config
  })

const inSchema = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    yield* Effect.acquireRelease(sql`CREATE SCHEMA ${sql(schema)}`, () =>
      Effect.orDie(sql`DROP SCHEMA ${sql(schema)} CASCADE`)
    )
    yield* createTables
    return yield* effect
  }).pipe(Effect.scoped, Effect.provide(clientOf()))

// A connection whose client hears nothing more after so many writes; what it has written arrives all the same.
const losingAnswers = (after: number) => {
  let left = after
  return () => {
    const { hostname, port } = new URL(url ?? "")
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

const stored = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  return yield* sql<Record<string, unknown>>`SELECT id, organization_id, connection_type, name, state, domains, raw,
    to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS created_at,
    to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS updated_at
    FROM connections ORDER BY id COLLATE "C"`
})

const instant = (text: string) => text.replace("Z", "000")

const expected = Effect.gen(function* () {
  const { connections } = yield* World.World
  const rows = yield* Schema.encodeEffect(Schema.Array(Connection))([...connections.rows])
  return rows
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((row) => ({
      id: row.id,
      organization_id: row.organization_id ?? null,
      connection_type: row.connection_type,
      name: row.name,
      state: row.state,
      domains: row.domains.map(({ domain }) => domain),
      raw: row,
      created_at: instant(row.created_at),
      updated_at: instant(row.updated_at)
    }))
})

const world = Layer.merge(World.layer({ connections, organizations: 12, seed: 5 }), WorkOs.layerOnce)

describe.skipIf(url === undefined)(
  url === undefined ? `connectionsToPostgres (skipped: ${reason})` : "connectionsToPostgres",
  { timeout: 120_000 },
  () => {
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
      }).pipe(inSchema, Effect.provide(world))
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
      }).pipe(inSchema, Effect.provide(world))
    )

    it.live("lets one of two at once go on, and the other one give way", () =>
      Effect.gen(function* () {
        const results = yield* Effect.all([run([]), run([])], { concurrency: "unbounded" })
        for (const result of results) {
          if (Exit.isFailure(result)) assert.instanceOf(Cause.squash(result.cause), Overtaken)
        }
        assert.isTrue(results.some(Exit.isSuccess))
        assert.deepStrictEqual<unknown>(yield* stored, yield* expected)
      }).pipe(inSchema, Effect.provide(world))
    )
  }
)

it("is what the guide shows", () => {
  const program = readFileSync(new URL("connections-to-postgres.ts", import.meta.url), "utf8")
  const guide = readFileSync(new URL("../../../../docs/export.md", import.meta.url), "utf8")
  assert.isTrue(guide.includes(`\`\`\`ts\n${program}\`\`\`\n`))
})
