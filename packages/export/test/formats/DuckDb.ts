// DuckDB in memory, as an independent reader of files.
import { DuckDBInstance } from "@duckdb/node-api"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"

/** Runs queries on files. `$file` in a query is the path of the file. */
export class DuckDb extends Context.Service<
  DuckDb,
  {
    readonly query: (bytes: Uint8Array, sql: string) => Effect.Effect<ReadonlyArray<Record<string, unknown>>>
  }
>()("@effect-workos/export/test/DuckDb") {}

export const layer = Layer.effect(
  DuckDb,
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const folder = yield* fs.makeTempDirectoryScoped()
    const connection = yield* Effect.acquireRelease(
      Effect.promise(async () => {
        const instance = await DuckDBInstance.create(":memory:", { threads: "2" })
        const connection = await instance.connect()
        return { instance, connection }
      }),
      ({ connection, instance }) =>
        Effect.sync(() => {
          connection.closeSync()
          instance.closeSync()
        })
    )
    let files = 0
    return DuckDb.of({
      query: (bytes, sql) =>
        Effect.gen(function* () {
          const file = `${folder}/${files++}`
          yield* Effect.orDie(fs.writeFile(file, bytes))
          const reader = yield* Effect.promise(() =>
            connection.connection.runAndReadAll(
              // As JSON, because the client removes a byte order mark at the beginning of a string.
              `SELECT to_json(result)::VARCHAR AS json FROM (${sql.replaceAll("$file", `'${file}'`)}) AS result`
            )
          )
          return reader.getRowObjectsJS().map(({ json }): Record<string, unknown> => JSON.parse(String(json)))
        })
    })
  })
).pipe(Layer.provideMerge(NodeServices.layer))
