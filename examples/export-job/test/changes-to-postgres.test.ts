// The example that updates a table from events.
import { assert, describe, it } from "@effect/vitest"
import { Connections } from "@effect-workos/client/Connections"
import type { ConnectionState } from "@effect-workos/domain/sso/Connection"
import * as Admin from "@effect-workos/emulator/Admin"
import * as Store from "@effect-workos/emulator/Store"
import { runs, seed } from "@effect-workos/testing/Sample"
import * as Arbitrary from "effect/Arbitrary"
import { postgres } from "@effect-workos/testing/Services"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { changesToPostgres } from "../src/changes-to-postgres.ts"
import { connectionsToPostgres } from "../src/connections-to-postgres.ts"
import { expected, inSchema, stored } from "./database.ts"
import * as WorkOs from "./workos.ts"

const connections = 12

const Change = Schema.Struct({
  what: Schema.Literals(["activate", "deactivate", "delete", "run the job"]),
  which: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: connections - 1 }))
})
type Change = typeof Change.Type

const setState = (id: string, state: ConnectionState) => Effect.asVoid(Admin.setConnectionState(id, state))

const make = Effect.fnUntraced(function* ({ what, which }: Change) {
  if (what === "run the job") return yield* changesToPostgres("connections")
  const { connections } = yield* Store.Store
  const { id, state } = [...connections.rows][which] ?? {}
  // Only these changes have events.
  if (id === undefined || (what === "deactivate" && state !== "active")) return
  if (what === "delete") return yield* Connections.use((connections) => connections.delete(id))
  return yield* setState(id, what === "activate" ? "active" : "inactive")
})

// Events contain more fields of a connection than lists.
const withoutRaw = (row: Readonly<Record<string, unknown>>) => ({ ...row, raw: undefined })

describe.skipIf(postgres === undefined)("changesToPostgres", { timeout: 120_000 }, () => {
  it.live(
    "changesToPostgres updates the table to the current connections after any changes and any number of runs",
    () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const check = Effect.fnUntraced(
          function* (changes: ReadonlyArray<Change>) {
            yield* sql`TRUNCATE connections, export_checkpoints`
            yield* connectionsToPostgres("connections")
            yield* Effect.forEach(changes, make)
            yield* changesToPostgres("connections")
            const all = (yield* expected).map(withoutRaw)
            assert.deepStrictEqual<unknown>((yield* stored).map(withoutRaw), all)
            return true
          },
          Effect.provide(
            Layer.fresh(WorkOs.layerClients()).pipe(
              Layer.provideMerge(Layer.fresh(Store.layer({ connections, organizations: 3, seed: 5 }))),
              Layer.provide(WorkOs.layerOnce)
            )
          )
        )
        const changes = Schema.Array(Change).check(Schema.isMinLength(1), Schema.isMaxLength(12))
        const result = yield* Arbitrary.checkEffect(Arbitrary.schema(changes), check, {
          runs: runs(40, 8),
          seed: `changes ${seed}`,
          concurrency: 1
        })
        assert.isUndefined(Arbitrary.formatCheckFailure(result))
      }).pipe(inSchema)
  )
})
