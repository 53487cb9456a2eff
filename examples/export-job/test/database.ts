// Tables in the PostgreSQL of the test run.
import * as PgClient from "@effect/sql-pg/PgClient"
import { Connection } from "@effect-workos/domain/sso/Connection"
import * as Store from "@effect-workos/emulator/Store"
import { postgres } from "@effect-workos/testing/Services"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { createTables } from "../src/connections-to-postgres.ts"

export const schema = `effect_workos_${process.pid}`

/** A client whose session has a time zone with an offset of half an hour. */
export const clientOf = (config: PgClient.PgPoolConfig = {}) =>
  PgClient.layer({
    url: Redacted.make(postgres ?? ""),
    startupParameters: { search_path: schema, timezone: "America/St_Johns" },
    ...config
  })

/** Runs an effect with empty tables. */
export const inSchema = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    yield* Effect.acquireRelease(sql`CREATE SCHEMA ${sql(schema)}`, () =>
      Effect.orDie(sql`DROP SCHEMA ${sql(schema)} CASCADE`)
    )
    yield* createTables
    return yield* effect
  }).pipe(Effect.scoped, Effect.provide(clientOf()))

/** The rows of the table, by id. */
export const stored = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  return yield* sql<Record<string, unknown>>`SELECT id, organization_id, connection_type, name, state, domains, raw,
    to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS created_at,
    to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS updated_at
    FROM connections ORDER BY id COLLATE "C"`
})

const instant = (text: string) => text.replace("Z", "000")

/** The connections of the store, as rows of the table. */
export const expected = Effect.gen(function* () {
  const { connections } = yield* Store.Store
  const rows = yield* Schema.encodeEffect(Schema.Array(Connection))([...connections.rows])
  return rows
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((row) => ({
      id: row.id,
      organization_id: row.organization_id ?? null,
      connection_type: row.connection_type,
      name: row.name,
      state: row.state,
      domains: row.domains?.map(({ domain }) => domain) ?? [],
      raw: row,
      created_at: instant(row.created_at),
      updated_at: instant(row.updated_at)
    }))
})
