// The program of docs/getting-started.md prints what the guide shows.
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import { assert, describe, it } from "@effect/vitest"
import * as Process from "@effect-workos/testing/Process"
import { sample } from "@effect-workos/testing/Sample"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { createServer } from "node:http"
import { fileURLToPath } from "node:url"

const guide = readFileSync(new URL("../../../docs/getting-started.md", import.meta.url), "utf8")

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))

interface Environment {
  readonly WORKOS_API_KEY: string
  readonly WORKOS_BASE_URL: string
}

/** Runs the program, optionally with the id of a connection. */
const run = (env: Partial<Environment>, ...arguments_: ReadonlyArray<string>) =>
  Effect.callback<{ readonly code: number | null; readonly output: string }>((resume) => {
    const program = execFile(
      process.execPath,
      [main, ...arguments_],
      { env: { ...Process.compileCache, ...env } },
      (_, stdout, stderr) => resume(Effect.succeed({ code: program.exitCode, output: stdout + stderr }))
    )
  })

// The defaults of `effect-workos emulate`.
const LayerEmulator = Emulator.layerServer().pipe(
  Layer.provideMerge(Store.layer({ connections: 1000, organizations: 50, seed: 1 })),
  Layer.provideMerge(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 }))
)

const emulated = Effect.map(HttpServer.addressFormattedWith(Effect.succeed), (WORKOS_BASE_URL) => ({
  WORKOS_BASE_URL,
  WORKOS_API_KEY: "sk_test_emulator"
}))

/** The errors in the table of the guide. Ellipses replace values. */
const listed = Array.from(guide.matchAll(/^\| `(\w+: [^`]+)` /gm), ([, error = ""]) => error)

const assertListed = ({ code, output }: { readonly code: number | null; readonly output: string }) => {
  assert.strictEqual(code, 1)
  assert.lengthOf(
    listed.filter((error) => error.split("…").every((part) => output.replaceAll(/\s+/g, " ").includes(part))),
    1,
    output
  )
}

const failures: ReadonlyArray<{
  readonly problem: string
  /** Changes the environment of a successful request. */
  readonly change?: (env: Environment) => Partial<Environment>
  readonly id?: string
}> = [
  { problem: "without a key", change: ({ WORKOS_BASE_URL }) => ({ WORKOS_BASE_URL }) },
  { problem: "with a malformed key", change: (env) => ({ ...env, WORKOS_API_KEY: "sk test" }) },
  { problem: "with a wrong key", change: (env) => ({ ...env, WORKOS_API_KEY: "sk_wrong" }) },
  { problem: "for an unknown connection", id: "conn_01E4ZCR3C56J083X43JQXF3JK5" },
  { problem: "for the id of an organization", id: "org_01E4ZCR3C56J083X43JQXF3JK5" },
  { problem: "over unencrypted HTTP", change: (env) => ({ ...env, WORKOS_BASE_URL: "http://workos.example" }) },
  { problem: "to a URL without a scheme", change: (env) => ({ ...env, WORKOS_BASE_URL: "localhost:4100" }) },
  { problem: "to an unreachable server", change: (env) => ({ ...env, WORKOS_BASE_URL: "http://127.0.0.1:1" }) }
]

describe("the first request", () => {
  it.live.each(sample(["without arguments", "with the id of the newest connection"], 1))(
    "The program of the guide prints the connection that the guide shows if it is started %s",
    (start) =>
      Effect.gen(function* () {
        const { connections } = yield* Store.Store
        const { code, output } = yield* run(
          yield* emulated,
          ...(start === "without arguments" ? [] : connections.rows.slice(-1).map(({ id }) => id))
        )
        assert.strictEqual(code, 0)
        assert.match(output, /^[^\n]+ \(conn_\w+\)\.\n$/)
        assert.include(guide, output)
      }).pipe(Effect.provide(LayerEmulator))
  )

  it.live.each(sample(failures, 1))("A request $problem fails with an error that the guide lists", ({ change, id }) =>
    Effect.gen(function* () {
      const env = yield* emulated
      assertListed(yield* run(change?.(env) ?? env, ...(id === undefined ? [] : [id])))
    }).pipe(Effect.provide(LayerEmulator))
  )

  it("The guide lists an error for each problem", () => {
    assert.lengthOf(listed, failures.length)
  })
})
