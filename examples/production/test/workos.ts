// An emulator on a socket, and programs that use it.
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Process from "@effect-workos/testing/Process"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:http"
import { fileURLToPath } from "node:url"

/** Returns the path of a file of this example. */
export const pathOf = (file: string): string => fileURLToPath(new URL(`../${file}`, import.meta.url))

/** An emulator on a free port. */
export const layerEmulator = (options: Emulator.Options = {}) =>
  Emulator.layerServer(options).pipe(
    Layer.provideMerge(Store.layer({ connections: 250, organizations: 5, seed: 1 })),
    Layer.provideMerge(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 }))
  )

/** The variables that lead a program to the emulator. */
export const environment = HttpServer.addressFormattedWith((WORKOS_BASE_URL) =>
  Effect.succeed({ WORKOS_API_KEY: "sk_test_emulator", WORKOS_BASE_URL })
)

/** An organization, and its connections in the order of a list. */
export const organization = Effect.gen(function* () {
  const { connections } = yield* Store.Store
  const id = connections.rows.find(({ organizationId }) => typeof organizationId === "string")?.organizationId ?? ""
  const rows = connections.findBy("organizationId", id).map(({ id, name, state }) => ({ id, name, state }))
  return { id, connections: rows.toReversed() }
})

/** A program that runs for at most the lifetime of the scope. */
export interface Program {
  readonly kill: (signal: NodeJS.Signals) => void
  /** The exit code, when the program has ended. */
  readonly exitCode: Promise<number | null>
  /** The output so far, of both stdout and stderr. */
  readonly output: () => string
  /** Waits until the output matches a pattern, and returns the first group of the match. */
  readonly printed: (pattern: RegExp) => Promise<string>
}

/** Starts a program. */
export const start = (
  program: string,
  args: ReadonlyArray<string>,
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> }
) =>
  Effect.acquireRelease(
    Effect.sync((): Program => {
      const variables = { ...Process.compileCache, PATH: process.env["PATH"], ...env }
      const child = spawn(program, args, { cwd, env: variables, stdio: ["ignore", "pipe", "pipe"] })
      let output = ""
      child.stdout.on("data", (text: Buffer) => (output += text))
      child.stderr.on("data", (text: Buffer) => (output += text))
      const ended = once(child, "close")
      const isEnded = () => child.exitCode !== null || child.signalCode !== null
      return {
        kill: (signal) => void child.kill(signal),
        exitCode: ended.then(() => child.exitCode),
        output: () => output,
        printed: async (pattern) => {
          for (;;) {
            const match = pattern.exec(output)
            if (match !== null) return match[1] ?? ""
            if (isEnded()) throw new Error(`${program} ended with ${child.exitCode}:\n${output}`)
            await Promise.race([once(child.stdout, "data"), once(child.stderr, "data"), ended])
          }
        }
      }
    }),
    ({ exitCode, kill }) => {
      kill("SIGKILL")
      return Effect.promise(() => exitCode)
    }
  )
