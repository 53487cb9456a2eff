// What the program says of an environment that is wrong, and that the rest of it is enough.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { execFile } from "node:child_process"
import { createServer } from "node:net"
import { fileURLToPath } from "node:url"
import { serve } from "./serving.ts"

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))

const freePort = Effect.callback<string>((resume) => {
  const server = createServer().listen(0, () => {
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    server.close(() => resume(Effect.succeed(String(port))))
  })
})

/** Its exit code and what it says; it is stopped once it says that it listens. */
const run = (env: Readonly<Record<string, string>>) =>
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
  it.effect.each([
    ["WORKOS_API_KEY", ""],
    ["WORKOS_BASE_URL", "http://workos.example"],
    ["WORKOS_CLIENT_ID", ""],
    ["WORKOS_CLIENT_ID", "conn_1"],
    ["WORKOS_WEBHOOK_SECRET", ""],
    ["APP_URL", "http://app.example"],
    ["APP_URL", "app.example"]
  ] as const)("is not taken where %s is '%s'", ([name, value]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(serve({ env: { [name]: value } }))
      assert.strictEqual(error._tag, "ConfigError")
      assert.include(error.message, name)
    })
  )

  it.live("is told to be wrong in one sentence", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* run({ WORKOS_API_KEY: "sk_secret", WORKOS_CLIENT_ID: "conn_1" }), {
        code: 2,
        stdout: "",
        stderr: "Check the environment: WORKOS_CLIENT_ID: Expected an id that starts with client_.\n"
      })
    })
  )

  it.live("is enough with a key, a client and a webhook's secret", () =>
    Effect.gen(function* () {
      const { stderr, stdout } = yield* run({
        WORKOS_API_KEY: "sk_secret",
        WORKOS_CLIENT_ID: "client_1",
        WORKOS_WEBHOOK_SECRET: "whsec_secret"
      })
      assert.match(stdout, /Listening on http/)
      assert.notMatch(stdout + stderr, /secret/)
    })
  )
})
