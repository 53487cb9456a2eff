// Applies the events of connections to the table: in the first run those since the start of the export, and in later runs
// those since the previous run.
import { Events } from "@effect-workos/client/Events"
import { ConnectionInEvent } from "@effect-workos/domain/sso/ConnectionEvent"
import * as Event from "@effect-workos/domain/events/Event"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import * as SqlSchema from "effect/sql/SqlSchema"
import * as Stream from "effect/Stream"
import { toColumns } from "./connections-to-postgres.ts"

const types = ["connection.activated", "connection.deactivated", "connection.deleted"] as const

// Clocks differ, and events may be delayed, so the events of the hour before the previous run are applied again. Applying
// events a second time leads to the same table.
const overlap = { hours: 1 }

export const changesToPostgres = Effect.fn("changesToPostgres")(
  function* (name: string) {
    const sql = yield* SqlClient.SqlClient
    const find = SqlSchema.findOne({
      Request: Schema.String,
      Result: Schema.Struct({ up_to: Schema.DateTimeUtcFromDate }),
      // The lock makes concurrent runs wait for each other.
      execute: (name) => sql`SELECT up_to FROM export_checkpoints WHERE name = ${name} FOR UPDATE`
    })
    const { up_to } = yield* find(name)
    const now = DateTime.makeUnsafe(yield* Clock.currentTimeMillis)

    const apply = Effect.fnUntraced(function* (event: Event.Event) {
      if (Event.is("connection.deleted")(event)) yield* sql`DELETE FROM connections WHERE id = ${event.data.id}`
      if (!Event.is("connection.activated", "connection.deactivated")(event)) return
      const row = toColumns(yield* Schema.encodeEffect(ConnectionInEvent)(event.data))
      // An event that is older than the row in the table changes nothing.
      yield* sql`INSERT INTO connections ${sql.insert(row)} ON CONFLICT (id)
        DO UPDATE SET ${sql.update({ ...row, id: undefined }, ["id"])} WHERE connections.updated_at <= excluded.updated_at`
    })

    const events = yield* Events
    const since = { events: types, rangeStart: DateTime.subtractDuration(up_to, overlap), order: "asc" } as const
    yield* Stream.runForEach(events.stream(since), apply)
    yield* sql`UPDATE export_checkpoints SET up_to = ${DateTime.toDate(now)} WHERE name = ${name}`
  },
  // One transaction, so that readers never see a deleted connection reappear while older events are applied again.
  (effect) => Effect.flatMap(SqlClient.SqlClient, (sql) => sql.withTransaction(effect))
)
