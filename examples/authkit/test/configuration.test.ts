// The environment of the application: required variables, valid values, and messages.
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, describe, it } from "@effect/vitest"
import { WorkOs } from "@effect-workos/client/WorkOs"
import { isExhaustive } from "@effect-workos/testing/Sample"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import { execFile } from "node:child_process"
import { createServer as createHttpServer } from "node:http"
import { createServer } from "node:net"
import { fileURLToPath } from "node:url"
import * as App from "../src/App.ts"

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))

type Env = Readonly<Record<string, string>>

const valid: Env = {
  WORKOS_API_KEY: "sk_secret",
  WORKOS_CLIENT_ID: "client_1",
  WORKOS_COOKIE_PASSWORD: "a secret password of 32 characters"
}

/** Starts the application in this process for the lifetime of the scope. */
const start = (env: Env) =>
  Layer.build(
    App.layer.pipe(
      Layer.provide(WorkOs.layerConfig),
      Layer.provide([
        FetchHttpClient.layer,
        Layer.fresh(NodeHttpServer.layer(createHttpServer, { port: 0, host: "127.0.0.1" }))
      ]),
      Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnvRecord(env)))
    )
  )

const freePort = Effect.callback<string>((resume) => {
  const server = createServer().listen(0, () => {
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    server.close(() => resume(Effect.succeed(String(port))))
  })
})

/** Runs the program as a process, which ends as soon as the server listens, and returns the exit code and the output. */
const run = (env: Env) =>
  Effect.flatMap(freePort, (PORT) =>
    Effect.callback<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>((resume) => {
      const program = execFile(process.execPath, [main], { env: { PORT, ...env } }, (_, stdout, stderr) =>
        resume(Effect.succeed({ code: program.exitCode, stdout, stderr }))
      )
      program.stdout?.on("data", (text: string) => {
        if (text.includes("Listening")) program.kill("SIGTERM")
      })
    })
  )

describe("the environment", () => {
  it.effect("The application starts with a key, a client and a password", () => start(valid))

  it.effect.each([
    ["WORKOS_API_KEY", ""],
    ["WORKOS_BASE_URL", "http://workos.example"],
    ["WORKOS_CLIENT_ID", ""],
    ["WORKOS_CLIENT_ID", "conn_1"],
    ["WORKOS_COOKIE_PASSWORD", ""],
    ["WORKOS_COOKIE_PASSWORD", "short"],
    ["APP_URL", "http://app.example"],
    ["APP_URL", "app.example"]
  ] as const)("The application rejects the environment if %s is '%s'", ([name, value]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(start({ ...valid, [name]: value }))
      assert.strictEqual(error._tag, "ConfigError")
      assert.include(error.message, name)
    })
  )

  it.live("The program reports an invalid environment in one sentence", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* run({ ...valid, WORKOS_COOKIE_PASSWORD: "secret" })
      assert.deepStrictEqual([code, stdout], [2, ""])
      assert.match(stderr, /^Check the environment: WORKOS_COOKIE_PASSWORD: Expected .* 32 characters\.\n$/)
    })
  )

  // In other runs, the test in this process covers the same layers.
  if (isExhaustive) {
    it.live("The program starts with a key, a client and a password, and logs no secrets", () =>
      Effect.gen(function* () {
        const { stderr, stdout } = yield* run(valid)
        assert.match(stdout, /Listening on http/)
        assert.notMatch(stdout + stderr, /secret/)
      })
    )
  }
})
