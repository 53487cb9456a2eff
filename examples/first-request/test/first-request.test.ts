// The program of docs/first-request.md as its reader runs it, and what the guide says that it says.
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { createServer } from "node:http"
import { fileURLToPath } from "node:url"

const guide = readFileSync(new URL("../../../docs/first-request.md", import.meta.url), "utf8")

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))

/** What it says to its one argument, if it is given one. */
const run = (env: Readonly<Record<string, string>>, ...arguments_: ReadonlyArray<string>) =>
  Effect.callback<{ readonly code: number | null; readonly said: string }>((resume) => {
    const program = execFile(process.execPath, [main, ...arguments_], { env }, (_, stdout, stderr) =>
      resume(Effect.succeed({ code: program.exitCode, said: stdout + stderr }))
    )
  })

// What `effect-workos emulate` serves where nothing else is said.
const LayerEmulator = Emulator.layerServer().pipe(
  Layer.provide(Store.layer({ connections: 1000, organizations: 50, seed: 1 })),
  Layer.provideMerge(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 }))
)

const emulated = Effect.map(HttpServer.addressFormattedWith(Effect.succeed), (WORKOS_BASE_URL) => ({
  WORKOS_BASE_URL,
  WORKOS_API_KEY: "sk_test_emulator"
}))

/** The errors in the guide's table, each with what is between its ellipses. */
const listed = Array.from(guide.matchAll(/^\| `(\w+: [^`]+)` /gm), ([, error = ""]) => error)

const isListed = ({ code, said }: { readonly code: number | null; readonly said: string }) => {
  assert.strictEqual(code, 1)
  assert.lengthOf(
    listed.filter((error) => error.split("…").every((part) => said.replaceAll(/\s+/g, " ").includes(part))),
    1,
    said
  )
}

describe("the first request", () => {
  it.live("shows the connection that the guide shows, and the newest where none is named", () =>
    Effect.gen(function* () {
      const env = yield* emulated
      const newest = yield* run(env)
      assert.strictEqual(newest.code, 0)
      assert.include(guide, newest.said)
      const id = /\((conn_\w+)\)/.exec(newest.said)?.[1] ?? ""
      assert.deepStrictEqual(yield* run(env, id), newest)
    }).pipe(Effect.provide(LayerEmulator))
  )

  it.live("says what is wrong as the guide lists it", () =>
    Effect.gen(function* () {
      const env = yield* emulated
      isListed(yield* run({}))
      isListed(yield* run({ ...env, WORKOS_API_KEY: "sk test" }))
      isListed(yield* run({ ...env, WORKOS_API_KEY: "sk_wrong" }))
      isListed(yield* run(env, "conn_01E4ZCR3C56J083X43JQXF3JK5"))
      isListed(yield* run(env, "org_01E4ZCR3C56J083X43JQXF3JK5"))
      isListed(yield* run({ ...env, WORKOS_BASE_URL: "http://workos.example" }))
      isListed(yield* run({ ...env, WORKOS_BASE_URL: "http://127.0.0.1:1" }))
      assert.lengthOf(listed, 7)
    }).pipe(Effect.provide(LayerEmulator))
  )
})
