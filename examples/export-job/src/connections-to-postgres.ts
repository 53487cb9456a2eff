// Exports all connections to a table in PostgreSQL. A batch and its checkpoint are stored in one transaction, so each
// connection is stored exactly once.
import type { ConnectionInEvent } from "@effect-workos/domain/sso/ConnectionEvent"
import * as Crawl from "@effect-workos/export/Crawl"
import * as Export from "@effect-workos/export/Export"
import * as Exportable from "@effect-workos/export/Exportable"
import * as Arr from "effect/Array"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import * as SqlSchema from "effect/sql/SqlSchema"
import * as Stream from "effect/Stream"

// An export without a checkpoint has not started. The checkpoint of a complete export stays: without it, the next run would
// export again, and would fail because the rows exist.
export const createTables = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`CREATE TABLE IF NOT EXISTS connections (
    id text PRIMARY KEY, organization_id text, connection_type text NOT NULL, name text NOT NULL, state text NOT NULL,
    domains text[] NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, raw jsonb NOT NULL
  )`
  yield* sql`CREATE TABLE IF NOT EXISTS export_checkpoints (
    name text PRIMARY KEY, state jsonb NOT NULL, batches int NOT NULL, is_complete boolean NOT NULL DEFAULT false,
    up_to timestamptz NOT NULL DEFAULT now()
  )`
})

const Checkpoint = Schema.Struct({ state: Crawl.State, batches: Schema.Int, is_complete: Schema.Boolean })

export const toColumns = (row: Exportable.ConnectionRow | typeof ConnectionInEvent.Encoded) => ({
  id: row.id,
  organization_id: row.organization_id,
  connection_type: row.connection_type,
  name: row.name,
  state: row.state,
  domains: row.domains?.map(({ domain }) => domain) ?? [],
  created_at: row.created_at,
  updated_at: row.updated_at,
  raw: JSON.stringify(row)
})

/** Another run of the same export has stored rows since this run started. */
export class Overtaken extends Data.TaggedError("Overtaken")<{ readonly name: string }> {}

export const connectionsToPostgres = Effect.fn("connectionsToPostgres")(function* (
  name: string,
  options?: Export.Options<Exportable.ConnectionFilters>
) {
  const sql = yield* SqlClient.SqlClient
  const find = SqlSchema.findOneOption({
    Request: Schema.String,
    Result: Checkpoint,
    execute: (name) => sql`SELECT state, batches, is_complete FROM export_checkpoints WHERE name = ${name}`
  })
  const found = Option.getOrUndefined(yield* find(name))
  if (found?.is_complete === true) return

  let batches = found?.batches ?? 0
  const store = Effect.fnUntraced(function* ({ rows }: Crawl.Batch<Exportable.ConnectionRow>, state: Crawl.State) {
    batches++
    // Stores a checkpoint only if it follows the stored one. If the response to a COMMIT is lost, the COMMIT may still be
    // in progress while the next run reads an older checkpoint.
    const stored = yield* sql`
      INSERT INTO export_checkpoints ${sql.insert({ name, state: JSON.stringify(state), batches })}
      ON CONFLICT (name) DO UPDATE SET state = excluded.state, batches = excluded.batches
      WHERE export_checkpoints.batches = excluded.batches - 1 RETURNING batches`
    if (stored.length === 0) return yield* new Overtaken({ name })
    // No ON CONFLICT: a repeated row is a bug, and must fail.
    if (Arr.isReadonlyArrayNonEmpty(rows)) yield* sql`INSERT INTO connections ${sql.insert(Arr.map(rows, toColumns))}`
  }, sql.withTransaction)

  const from = found?.state
  yield* Stream.run(Export.batches(Exportable.connections, { ...options, from }), Crawl.sink({ from, store }))
  // All rows are committed. If a run stops before this statement, the next run finds no more rows and executes it.
  yield* sql`UPDATE export_checkpoints SET is_complete = true WHERE name = ${name}`
})
