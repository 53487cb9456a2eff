// The command line as its users run it, a process of its own; and, where nothing is to be seen of that, in this one.
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Store from "@effect-workos/emulator/Store"
import type * as Emulator from "@effect-workos/emulator/Emulator"
import * as Command from "effect/cli/Command"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Sink from "effect/Sink"
import * as Stdio from "effect/Stdio"
import { spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { cli as commandLine } from "../src/Cli.ts"
import { serve } from "../src/commands/emulate.ts"
import * as Failure from "../src/Failure.ts"
import * as Usage from "../src/Usage.ts"

/** Where the command line is put together as it is published (setup.ts): it starts in a third of the time of its sources. */
export const program = fileURLToPath(new URL("../build/program", import.meta.url))
export const bin = join(program, "bin.js")
export const demo = fileURLToPath(new URL("../src/demo.ts", import.meta.url))

export const key = "sk_test_never_to_be_seen"

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Presses Ctrl-C as soon as this is true of what the process has written. */
  readonly interruptWhen?: (written: Omit<Finished, "code">) => boolean
  /** Kills it with SIGKILL as soon as this is true. */
  readonly killWhen?: () => boolean
  /** Closes the pipe behind stdout at the first output, as `head -1` does. */
  readonly closeStdout?: boolean
}

// What Node has compiled once: compiling is half of what a short run costs.
const compiled = { NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache") }

/** Runs a script of this package to its end. No variable of this process reaches it but PATH. */
export const run = (script: string, args: ReadonlyArray<string>, options: RunOptions = {}) =>
  Effect.callback<Finished>((resume) => {
    const child = spawn(process.execPath, [script, ...args], {
      env: { PATH: process.env["PATH"], ...compiled, ...options.env },
      cwd: options.cwd
    })
    let stdout = ""
    let stderr = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text
      if (options.closeStdout === true) child.stdout.destroy()
    })
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text
    })
    const watching = setInterval(() => {
      if (options.killWhen?.() === true) child.kill("SIGKILL")
      if (options.interruptWhen?.({ stdout, stderr }) !== true) return
      clearInterval(watching)
      child.kill("SIGINT")
    }, 5)
    child.on("close", (code) => {
      clearInterval(watching)
      resume(Effect.succeed({ code, stdout, stderr }))
    })
    return Effect.sync(() => child.kill("SIGKILL"))
  })

/** Runs the command line to its end. */
export const cli = (args: string, options?: RunOptions) => run(bin, args.split(" "), options)

/** Runs the command line in this process: a second less, and nothing of how a process starts and ends. */
export const inProcess = Effect.fnUntraced(function* (
  args: string | ReadonlyArray<string>,
  env: Readonly<Record<string, string>> = {},
  command: typeof commandLine = commandLine
) {
  const written = { stdout: "", stderr: "" }
  const to = (name: keyof typeof written) => () =>
    Sink.forEach((text: string | Uint8Array) =>
      Effect.sync(() => void (written[name] += typeof text === "string" ? text : Buffer.from(text).toString()))
    )
  const code = yield* Command.runWith(command, { version: "0.0.0" })(
    typeof args === "string" ? args.split(" ") : args
  ).pipe(
    Effect.catch(Failure.report),
    Effect.match({ onSuccess: () => 0, onFailure: ({ exitCode }) => exitCode }),
    Effect.provide(
      Usage.layer.pipe(
        Layer.provideMerge(
          Layer.mergeAll(
            Stdio.layerTest({ stdout: to("stdout"), stderr: to("stderr") }),
            ConfigProvider.layer(ConfigProvider.fromEnvRecord(env))
          )
        ),
        Layer.provideMerge(NodeServices.layer)
      )
    ),
    Effect.provideService(Console.Console, {
      ...globalThis.console,
      log: (text: string) => void (written.stdout += `${text}\n`),
      error: (text: string) => void (written.stderr += `${text}\n`)
    })
  )
  return { code, ...written }
})

/** An empty folder, for as long as the scope lasts. */
export const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "effect-workos-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

/** An emulator on a socket of its own, with what a command needs to know of it. */
export const emulated = Effect.fnUntraced(function* (
  options: Emulator.Options = {},
  { connections = 730 }: { readonly connections?: number } = {}
) {
  const store = yield* Store.seeded({ connections, organizations: 30, seed: 5 })
  const url = yield* Effect.provide(serve({ port: 0, store, emulator: options }), NodeServices.layer)
  return { store, env: { WORKOS_API_KEY: key, WORKOS_BASE_URL: url } }
})
