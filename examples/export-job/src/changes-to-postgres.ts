// What has happened to connections since the export, or since this ran last, into the same table.
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

// Clocks differ, and an event may come late. What happened before is looked at again, which changes nothing.
const overlap = { hours: 1 }

export const changesToPostgres = Effect.fn("changesToPostgres")(
  function* (name: string) {
    const sql = yield* SqlClient.SqlClient
    const find = SqlSchema.findOne({
      Request: Schema.String,
      Result: Schema.Struct({ up_to: Schema.DateTimeUtcFromDate }),
      // One run at a time: another waits here.
      execute: (name) => sql`SELECT up_to FROM export_checkpoints WHERE name = ${name} FOR UPDATE`
    })
    const { up_to } = yield* find(name)
    const now = DateTime.makeUnsafe(yield* Clock.currentTimeMillis)

    const apply = Effect.fnUntraced(function* (event: Event.Event) {
      if (Event.is("connection.deleted")(event)) yield* sql`DELETE FROM connections WHERE id = ${event.data.id}`
      if (!Event.is("connection.activated", "connection.deactivated")(event)) return
      const row = toColumns(yield* Schema.encodeEffect(ConnectionInEvent)(event.data))
      // An event that is older than what is in the table changes nothing.
      yield* sql`INSERT INTO connections ${sql.insert(row)} ON CONFLICT (id)
        DO UPDATE SET ${sql.update({ ...row, id: undefined }, ["id"])} WHERE connections.updated_at <= excluded.updated_at`
    })

    const events = yield* Events
    const since = { events: types, rangeStart: DateTime.subtractDuration(up_to, overlap), order: "asc" } as const
    yield* Stream.runForEach(events.stream(since), apply)
    yield* sql`UPDATE export_checkpoints SET up_to = ${DateTime.toDate(now)} WHERE name = ${name}`
  },
  // All of it, or nothing: nobody sees a connection that was deleted long ago come back for a moment.
  (effect) => Effect.flatMap(SqlClient.SqlClient, (sql) => sql.withTransaction(effect))
)
