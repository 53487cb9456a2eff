// The scheduled exports: the crontab line, and the service of systemd with its timer.
import { assert, describe, it } from "@effect/vitest"
import * as Process from "@effect-workos/testing/Process"
import * as Effect from "effect/Effect"
import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { environment, layerEmulator, pathOf, start } from "./workos.ts"

// The bundle of the global setup.
const bin = fileURLToPath(new URL("build/program/bin.js", import.meta.resolve("effect-workos/package.json")))

const files = ["effect-workos-export.service", "effect-workos-export.timer", "crontab"] as const

/** Installs the command line and the scheduled files in a folder, instead of `/opt`, `/var/lib` and `/etc`. */
const install = Effect.gen(function* () {
  const folder = yield* Process.folder("scheduled-")
  const tools = join(folder, "opt/node_modules/.bin")
  const data = join(folder, "data")
  for (const path of [tools, data]) mkdirSync(path, { recursive: true })
  writeFileSync(join(tools, "effect-workos"), `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`, { mode: 0o755 })
  for (const name of files) {
    const text = readFileSync(pathOf(`scheduled/${name}`), "utf8")
    const installed = text
      .replaceAll("/opt/effect-workos", join(folder, "opt"))
      .replaceAll("/var/lib/effect-workos", data)
    writeFileSync(join(folder, name), installed)
  }
  return {
    folder,
    data,
    file: (name: string) => join(data, name),
    text: (name: (typeof files)[number]) => readFileSync(join(folder, name), "utf8")
  }
})

/** Returns the value of a setting of a unit. */
const settingOf = (unit: string, name: string): string => new RegExp(`^${name}=(.*)$`, "m").exec(unit)?.[1] ?? ""

const countLines = (file: string): number => (existsSync(file) ? readFileSync(file, "utf8").split("\n").length - 1 : 0)

const assertParquet = (file: string) => assert.match(readFileSync(file, "latin1"), /^PAR1[^]*PAR1$/)

describe("crontab", () => {
  it.live.skipIf(!Process.isInstalled("flock"))(
    "The command of the crontab exports all connections, and does nothing while another run has the lock",
    () =>
      Effect.gen(function* () {
        const { data, file, text } = yield* install
        const [, command = ""] = /^\d+ \d+ \* \* \* (.+)$/m.exec(text("crontab")) ?? []
        const options = { cwd: data, env: yield* environment }

        const lock = yield* start(
          "flock",
          ["--no-fork", "export.lock", "sh", "-c", "echo locked; exec sleep 60"],
          options
        )
        yield* Effect.promise(() => lock.printed(/locked/))
        const second = yield* start("sh", ["-c", command], options)
        assert.strictEqual(yield* Effect.promise(() => second.exitCode), 0)
        assert.deepStrictEqual(readdirSync(data), ["export.lock", "export.log"])
        lock.kill("SIGTERM")
        yield* Effect.promise(() => lock.exitCode)

        const first = yield* start("sh", ["-c", command], options)
        assert.strictEqual(yield* Effect.promise(() => first.exitCode), 0)
        assert.match(
          readFileSync(file("export.log"), "utf8"),
          /^Exported 250 connections to connections\.parquet in .*\n$/
        )
        assertParquet(file("connections.parquet"))
      }).pipe(Effect.scoped, Effect.provide(layerEmulator()))
  )

  it("The crontab sets variables in the form that cron accepts", () => {
    const lines = readFileSync(pathOf("scheduled/crontab"), "utf8").trimEnd().split("\n")
    for (const line of lines) assert.match(line, /^(#.*|[A-Z_]+=\S+|17 3 \* \* \* [^%]+)$/)
  })
})

describe("systemd", () => {
  it.live("The service exits with 130 after SIGTERM, and its next run resumes the export", () =>
    Effect.gen(function* () {
      const { data, file, text } = yield* install
      const unit = text("effect-workos-export.service")
      assert.strictEqual(settingOf(unit, "SuccessExitStatus"), "130")
      const [program = "", ...args] = settingOf(unit, "ExecStart").split(" ")
      const [name = "", value = ""] = settingOf(unit, "Environment").split(/=(.*)/)
      const options = { cwd: data, env: { ...(yield* environment), [name]: value } }

      const stopped = yield* start(program, args, options)
      // The first line identifies the export. Each further line is the progress after a batch of rows.
      const lines = () => countLines(file("connections.parquet.checkpoint"))
      yield* Effect.promise(async () => {
        while (lines() < 2) await new Promise((resolve) => setTimeout(resolve, 10))
      })
      stopped.kill("SIGTERM")
      assert.strictEqual(yield* Effect.promise(() => stopped.exitCode), 130)
      assert.deepStrictEqual(readdirSync(data), ["connections.parquet.checkpoint", "connections.parquet.part"])

      const resumed = yield* start(program, args, options)
      assert.strictEqual(yield* Effect.promise(() => resumed.exitCode), 0)
      assert.match(resumed.output(), /Exported 250 connections .* rows are from the interrupted export\.\n$/)
      assertParquet(file("connections.parquet"))
    }).pipe(Effect.scoped, Effect.provide(layerEmulator({ latency: "150 millis" })))
  )

  it.live.skipIf(!Process.isInstalled("systemd-analyze"))("systemd accepts the service and the timer", () =>
    Effect.gen(function* () {
      const { folder } = yield* install
      const units = files.filter((name) => name.startsWith("effect-workos-export.")).map((name) => join(folder, name))
      // Throws if the command fails. Prints a warning for each unknown setting.
      const warnings = execFileSync("systemd-analyze", ["verify", ...units], { encoding: "utf8", stdio: "pipe" })
      assert.strictEqual(warnings, "")
    }).pipe(Effect.scoped)
  )
})
