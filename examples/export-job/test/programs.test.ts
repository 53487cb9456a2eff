// The programs as processes, with an emulator on a socket.
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { DuckDBInstance } from "@duckdb/node-api"
import { assert, describe, it } from "@effect/vitest"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Process from "@effect-workos/testing/Process"
import { postgres } from "@effect-workos/testing/Services"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { execFile } from "node:child_process"
import { readdirSync } from "node:fs"
import { createServer } from "node:http"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expected, inSchema, schema, stored } from "./database.ts"

const WorkOsLive = Emulator.layerServer().pipe(
  Layer.provideMerge(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 })),
  Layer.provideMerge(Store.layer({ connections: 250, organizations: 5, seed: 5 }))
)

const folder = Process.folder("effect-workos-")

/** Runs a program, and returns its exit code and output. */
const run = Effect.fnUntraced(function* (program: string, cwd: string, env: Readonly<Record<string, string>> = {}) {
  const baseUrl = yield* HttpServer.addressFormattedWith(Effect.succeed)
  const workos = { WORKOS_BASE_URL: baseUrl, WORKOS_API_KEY: Redacted.value(Emulator.defaultApiKey) }
  const file = fileURLToPath(new URL(`../src/${program}`, import.meta.url))
  return yield* Effect.callback<{ readonly code: number | null; readonly output: string }>((resume) => {
    const child = execFile(
      process.execPath,
      [file],
      { cwd, env: { PATH: process.env["PATH"], ...Process.compileCache, ...workos, ...env } },
      (_, stdout, stderr) => resume(Effect.succeed({ code: child.exitCode, output: stdout + stderr }))
    )
    return Effect.sync(() => child.kill("SIGKILL"))
  })
})

describe("to-file.ts", () => {
  it.live("`to-file.ts` writes a Parquet file of all connections, and an index for the next export", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const { code, output } = yield* run("to-file.ts", cwd)
      assert.strictEqual(code, 0, output)
      assert.include(output, "250 connections")
      assert.deepStrictEqual(readdirSync(cwd).toSorted(), ["connections.parquet", "connections.parquet.index"])
      const duckDb = yield* Effect.promise(() => DuckDBInstance.create().then((instance) => instance.connect()))
      const query = `SELECT id FROM '${join(cwd, "connections.parquet")}' ORDER BY id`
      const rows = yield* Effect.promise(() => duckDb.runAndReadAll(query).then((reader) => reader.getRows()))
      assert.deepStrictEqual(
        rows.map(([id]) => id),
        (yield* expected).map(({ id }) => id)
      )
    }).pipe(Effect.scoped, Effect.provide(WorkOsLive))
  )
})

describe.skipIf(postgres === undefined)("to-postgres.ts", () => {
  it.live("`to-postgres.ts` fills the tables, and can be started again by a scheduler", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const address = new URL(postgres ?? "")
      address.searchParams.set("options", `-c search_path=${schema}`)
      for (const nth of [1, 2]) {
        const { code, output } = yield* run("to-postgres.ts", cwd, { DATABASE_URL: address.href })
        assert.strictEqual(code, 0, `run ${nth}: ${output}`)
        assert.deepStrictEqual<unknown>(yield* stored, yield* expected)
      }
    }).pipe(inSchema, Effect.scoped, Effect.provide(WorkOsLive))
  )
})
