// Processes and temporary folders for tests.
import * as Effect from "effect/Effect"
import { type ChildProcess, spawn, spawnSync, type SpawnOptions } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/**
 * Makes a temporary folder for the lifetime of the scope.
 */
export const folder = (prefix: string) =>
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), prefix))),
    (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
  )

/**
 * Environment variables that let later processes reuse compiled code. Compilation takes half of the time of a short process.
 */
export const compileCache = { NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache") }

/**
 * Starts a program for the lifetime of the scope, and waits until its output matches a pattern.
 */
export const start = (program: string, args: ReadonlyArray<string>, ready: RegExp, options: SpawnOptions = {}) =>
  Effect.acquireRelease(
    Effect.callback<ChildProcess>((resume) => {
      const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] })
      let output = ""
      const onData = (text: Buffer) => {
        output += text
        if (ready.test(output)) resume(Effect.succeed(child))
      }
      child.stdout?.on("data", onData)
      child.stderr?.on("data", onData)
      child.on("error", (error) => resume(Effect.die(error)))
      child.on("exit", () => resume(Effect.die(new Error(`${program} ended:\n${output}`))))
    }),
    (child) =>
      Effect.promise(async () => {
        if (child.exitCode !== null || child.signalCode !== null) return
        child.kill("SIGKILL")
        await once(child, "exit")
      })
  )

/**
 * Returns true if a program can run.
 */
export const isInstalled = (program: string): boolean => spawnSync(program, ["--version"]).status === 0
