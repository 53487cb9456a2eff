// Runs commands in this process, or as separate processes for tests about processes.
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Store from "@effect-workos/emulator/Store"
import type * as Emulator from "@effect-workos/emulator/Emulator"
import * as Seed from "@effect-workos/emulator/Seed"
import * as Process from "@effect-workos/testing/Process"
import * as Command from "effect/cli/Command"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Sink from "effect/Sink"
import * as Stdio from "effect/Stdio"
import { spawn } from "node:child_process"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { cli as commandLine } from "../src/Cli.ts"
import { serve } from "../src/commands/emulate.ts"
import * as Failure from "../src/Failure.ts"
import * as Usage from "../src/Usage.ts"

/** The folder of the bundled command line, which setup.ts writes. It starts in a third of the time of the sources. */
export const program = fileURLToPath(new URL("../build/program", import.meta.url))
export const bin = join(program, "bin.js")
export const demo = fileURLToPath(new URL("../src/demo.ts", import.meta.url))

export const key = "sk_test_never_to_be_seen"

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Options {
  readonly env?: Readonly<Record<string, string>>
  /** The working directory, for relative names of files. */
  readonly cwd?: string
  /** Interrupts the command when its output meets this condition. A process receives SIGINT. */
  readonly interruptWhen?: (written: Omit<Finished, "code">) => boolean
}

export interface ProcessOptions extends Options {
  /** Sends SIGKILL to the process when this condition is true. */
  readonly killWhen?: () => boolean
}

/** The interval at which conditions are checked, in milliseconds. */
const pollInterval = 5

/** Runs a script of this package to the end. The script receives no variable of this process except PATH. */
export const run = (script: string, args: ReadonlyArray<string>, options: ProcessOptions = {}) =>
  Effect.callback<Finished>((resume) => {
    const child = spawn(process.execPath, [script, ...args], {
      env: { PATH: process.env["PATH"], ...Process.compileCache, ...options.env },
      cwd: options.cwd
    })
    let stdout = ""
    let stderr = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text
    })
    const watching = setInterval(() => {
      if (options.killWhen?.() === true) child.kill("SIGKILL")
      if (options.interruptWhen?.({ stdout, stderr }) !== true) return
      clearInterval(watching)
      child.kill("SIGINT")
    }, pollInterval)
    child.on("close", (code) => {
      clearInterval(watching)
      resume(Effect.succeed({ code, stdout, stderr }))
    })
    return Effect.sync(() => child.kill("SIGKILL"))
  })

const split = (args: string | ReadonlyArray<string>): ReadonlyArray<string> =>
  typeof args === "string" ? args.split(" ").filter((arg) => arg !== "") : args

/** Runs the command line as a process. */
export const cli = (args: string | ReadonlyArray<string>, options?: ProcessOptions) => run(bin, split(args), options)

/** Returns a file system that resolves relative names against a working directory. */
const inFolder = (fs: FileSystem.FileSystem, cwd: string) =>
  FileSystem.make({
    ...fs,
    access: (path, options) => fs.access(resolve(cwd, path), options),
    chmod: (path, mode) => fs.chmod(resolve(cwd, path), mode),
    makeDirectory: (path, options) => fs.makeDirectory(resolve(cwd, path), options),
    open: (path, options) => fs.open(resolve(cwd, path), options),
    readFile: (path) => fs.readFile(resolve(cwd, path)),
    readLink: (path) => fs.readLink(resolve(cwd, path)),
    realPath: (path) => fs.realPath(resolve(cwd, path)),
    remove: (path, options) => fs.remove(resolve(cwd, path), options),
    rename: (from, to) => fs.rename(resolve(cwd, from), resolve(cwd, to)),
    stat: (path) => fs.stat(resolve(cwd, path)),
    writeFile: (path, data, options) => fs.writeFile(resolve(cwd, path), data, options)
  })

/** Waits in real time until a condition is true. */
const until = (condition: () => boolean) =>
  Effect.callback<void>((resume) => {
    const watching = setInterval(() => {
      if (!condition()) return
      clearInterval(watching)
      resume(Effect.void)
    }, pollInterval)
    return Effect.sync(() => clearInterval(watching))
  })

/** Runs a program in this process. The exit code of an interrupted program is `null`. */
export const runInProcess = Effect.fnUntraced(function* <E extends Parameters<typeof Failure.report>[0]>(
  program: Effect.Effect<void, E, NodeServices.NodeServices>,
  { cwd, env = {}, interruptWhen }: Options = {}
) {
  const written = { stdout: "", stderr: "" }
  const to = (name: keyof typeof written) => () =>
    Sink.forEach((text: string | Uint8Array) =>
      Effect.sync(() => void (written[name] += typeof text === "string" ? text : Buffer.from(text).toString()))
    )
  const running = program.pipe(
    Effect.catch(Failure.report),
    Effect.match({ onSuccess: () => 0, onFailure: ({ exitCode }) => exitCode }),
    Effect.updateService(FileSystem.FileSystem, (fs) => (cwd === undefined ? fs : inFolder(fs, cwd))),
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
  const fiber = yield* Effect.forkChild(running)
  if (interruptWhen !== undefined) {
    yield* Effect.raceFirst(
      Fiber.await(fiber),
      until(() => interruptWhen(written))
    )
    yield* Fiber.interrupt(fiber)
  }
  const exit = yield* Fiber.await(fiber)
  // Errors of the program have been reported, so any other failure is a defect.
  if (Exit.isFailure(exit) && !Exit.hasInterrupts(exit)) return yield* Effect.failCause(exit.cause)
  const code = Exit.isSuccess(exit) ? exit.value : null
  const finished: Finished = { code, ...written }
  return finished
})

/** Runs the command line in this process. The exit code of an interrupted command is `null`. */
export const inProcess = (
  args: string | ReadonlyArray<string>,
  options?: Options,
  command: typeof commandLine = commandLine
) => runInProcess(Command.runWith(command, { version: "0.0.0" })(split(args)), options)

/** An empty folder for the lifetime of the scope. */
export const folder = Process.folder("effect-workos-")

/** A cache of seeds, by the number of connections. Stores do not change their seed. */
const seeds = new Map<number, Seed.Seed>()

const seedOf = Effect.fnUntraced(function* (connections: number) {
  const seed = seeds.get(connections) ?? (yield* Seed.make({ connections, organizations: 30, seed: 5 }))
  seeds.set(connections, seed)
  return seed
}, Effect.orDie)

/** Starts an emulator on a free port, and returns its store and the environment of commands that use it. */
export const emulated = Effect.fnUntraced(function* (
  options: Emulator.Options = {},
  { connections = 60 }: { readonly connections?: number } = {}
) {
  const store = yield* Store.make(yield* seedOf(connections))
  const url = yield* Effect.provide(serve({ port: 0, store, emulator: options }), NodeServices.layer)
  return { store, env: { WORKOS_API_KEY: key, WORKOS_BASE_URL: url } }
})
