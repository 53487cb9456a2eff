// Commands as processes: exit codes, signals, pipes and redirections.
import { assert, describe, it } from "@effect/vitest"
import { isExhaustive, runs, sample, sampleOfEach } from "@effect-workos/testing/Sample"
import * as Json from "@effect-workos/contract-engine/report/Json"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { execFile } from "node:child_process"
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import * as DemoRun from "../src/DemoRun.ts"
import { proxy } from "./proxy.ts"
import { assertComplete, countLines, encodeAll, large, parseLines } from "./exported.ts"
import { bin, cli, demo, emulated, folder, inProcess, key, run, runInProcess } from "./running.ts"

const apiKey = Redacted.make(key)

const bash = (script: string, options: { readonly env: Readonly<Record<string, string>>; readonly cwd?: string }) =>
  Effect.promise(() => promisify(execFile)("bash", ["--norc", "-c", script], options))

const exitCodes = [
  { args: "--version", code: 0, output: /^effect-workos v\d+\.\d+\.\d+\n$/ },
  { args: "connections list --limit 3", code: 0, output: /^ID +NAME [^]*\nMore rows exist\. / },
  { args: "connections get conn_01E4ZCR3C56J083X43JQXF3JK5", code: 1, output: /^[^\n]*not found[^\n]*\n$/i },
  { args: "connections lsit", code: 2, output: /^Unknown command lsit\. Did you mean list\? See [^\n]+\n$/ },
  { args: "verify --only lists/limit --runs 1", code: 0, output: /\nAll [\d,]+ checks passed\./ }
]

describe("exit codes", { concurrent: true }, () => {
  // The sample has a command that succeeds and a command that fails.
  it.live.each(sampleOfEach(exitCodes, ({ code }) => (code === 0 ? "success" : "failure")))(
    "A process of `effect-workos $args` exits with $code",
    ({ args, code, output }) =>
      Effect.gen(function* () {
        const { env } = yield* emulated({ apiKey })
        const finished = yield* cli(args, { env })
        assert.match(finished.stdout + finished.stderr, output)
        assert.strictEqual(finished.code, code)
      })
  )
})

/** The commands that receive SIGINT as processes, and exit with 130. Other commands are interrupted in this process. */
const signalled = new Set(sample(["emulate", "export", "verify", "events follow"], 1))

const interruptible = (command: string): { readonly start: typeof cli; readonly code: number | null } =>
  signalled.has(command) ? { start: cli, code: 130 } : { start: inProcess, code: null }

describe("interruptions", { concurrent: true }, () => {
  it.live("`emulate` serves the emulator until an interruption", () =>
    Effect.gen(function* () {
      const { code: expected, start } = interruptible("emulate")
      let rows = 0
      const { code, stderr, stdout } = yield* start("emulate --port 0 --connections 25 --api-key sk_test_mine", {
        interruptWhen: ({ stdout }) => {
          const url = /WORKOS_BASE_URL=(\S+)/.exec(stdout)?.[1]
          if (url !== undefined && rows === 0) {
            rows = -1
            void fetch(`${url}/connections?limit=100`, { headers: { authorization: "Bearer sk_test_mine" } })
              .then((response) => response.json())
              .then((page: { readonly data: ReadonlyArray<unknown> }) => (rows = page.data.length))
          }
          return rows > 0
        }
      })
      assert.strictEqual(rows, 25)
      assert.match(
        stdout,
        /^WorkOS emulator ready: WORKOS_BASE_URL=http:\/\/127\.0\.0\.1:\d+ WORKOS_API_KEY=sk_test_mine\n$/
      )
      assert.strictEqual(stderr, "")
      assert.strictEqual(code, expected)
    })
  )

  it.live("An interrupted `export` keeps the old file and the received rows, and can resume", () =>
    Effect.gen(function* () {
      const { code, start } = interruptible("export")
      const { env, store } = yield* emulated({ apiKey, latency: "100 millis" }, large)
      const cwd = yield* folder
      const file = join(cwd, "all.ndjson")
      writeFileSync(file, "old")
      const stopped = yield* start("export connections --output all.ndjson", {
        env,
        cwd,
        // With the second batch, the first one is counted.
        interruptWhen: () => countLines(`${file}.part`) >= 300
      })
      assert.strictEqual(stopped.code, code)
      assert.match(stopped.stderr, /^\d00 rows are kept\. To continue, run the command again with --resume\.\n$/)
      assert.strictEqual(stopped.stdout, "")
      assert.deepStrictEqual(readdirSync(cwd).toSorted(), ["all.ndjson", "all.ndjson.checkpoint", "all.ndjson.part"])
      assert.strictEqual(readFileSync(file, "utf8"), "old")

      const resumed = yield* inProcess("export connections --output all.ndjson --resume", { env, cwd })
      assert.match(
        resumed.stderr,
        /^Exported 730 connections to all\.ndjson in \d+\.\d s: [3-8] requests, [\d,]+ rows\/s; \d00 rows are from the interrupted export\.\n$/
      )
      assertComplete(file, store)
      assert.deepStrictEqual(readdirSync(cwd).toSorted(), ["all.ndjson", "all.ndjson.index"])
    }).pipe(Effect.scoped)
  )

  it.live("An interrupted `verify --writes` deletes the connections that it created, and writes complete reports", () =>
    Effect.gen(function* () {
      const { code: expected, start } = interruptible("verify")
      const { env, store } = yield* emulated({ apiKey, latency: 10 })
      const before = encodeAll([...store.connections.rows])
      const cwd = yield* folder
      const { code, stdout } = yield* start(
        "verify --writes --laws lifecycle,resources/unknown-id --report json=report.json --report html=report.html",
        { env, cwd, interruptWhen: () => store.connections.rows.length > before.length }
      )
      assert.strictEqual(code, expected)
      assert.deepStrictEqual(encodeAll([...store.connections.rows]), before)
      assert.deepStrictEqual(readdirSync(cwd).toSorted(), ["report.html", "report.json"])
      const { interrupted, results } = yield* Json.parse(readFileSync(join(cwd, "report.json"), "utf8"))
      assert.strictEqual(interrupted, "the process received a signal")
      // Checks that only read had ended, and lifecycles had not.
      assert.isTrue(results.some(({ law, status }) => law === "resources/unknown-id" && status === "passed"))
      assert.isTrue(results.some(({ message, status }) => message === "interrupted" && status === "skipped"))
      assert.match(readFileSync(join(cwd, "report.html"), "utf8"), /<\/html>\s*$/)
      assert.include(stdout, "The run was interrupted: the process received a signal.")
    }).pipe(Effect.scoped)
  )

  it.live("`events follow` resumes after an interruption, after the last printed event", () =>
    Effect.gen(function* () {
      const { code, start } = interruptible("events follow")
      const { env, store } = yield* emulated({ apiKey })
      const cwd = yield* folder
      const deleteOne = () => {
        const [row] = store.connections.rows
        if (row !== undefined) store.connections.remove(row.id)
        return store.events.rows.at(-1)?.id
      }
      const selection = `${env.WORKOS_BASE_URL}/ --type connection.deleted`
      const follow = Effect.fnUntraced(function* (begin: typeof cli, waiting: ReadonlyArray<string | undefined>) {
        const deleted = [...waiting]
        const finished = yield* begin("events follow --type connection.deleted --json --state state", {
          env,
          cwd,
          interruptWhen: ({ stdout }) => {
            // The state file shows that the command has started.
            if (deleted.length === waiting.length && existsSync(join(cwd, "state"))) deleted.push(deleteOne())
            const isStored = countLines(join(cwd, "state")) > 0 && readState().startsWith(deleted.at(-1) ?? "none")
            return deleted.length > waiting.length && stdout.split("\n").length > deleted.length && isStored
          }
        })
        assert.strictEqual(finished.stderr, "")
        assert.deepStrictEqual<ReadonlyArray<unknown>>(
          parseLines(finished.stdout).map(({ id }) => id),
          deleted
        )
        assert.deepStrictEqual(readdirSync(cwd), ["state"])
        assert.strictEqual(readState(), `${deleted.at(-1)}\n${selection}\n`)
        return finished.code
      })
      const readState = () => readFileSync(join(cwd, "state"), "utf8")
      assert.strictEqual(yield* follow(start, []), code)
      yield* follow(inProcess, [deleteOne()])
    }).pipe(Effect.scoped)
  )
})

describe("SIGKILL", { concurrent: true }, () => {
  it.live.each(sample(["ndjson", "parquet"], 1))(
    "`export --format %s` resumes after SIGKILL without requesting a stored page again",
    (format) =>
      Effect.gen(function* () {
        const { env, store } = yield* emulated({ apiKey, latency: "120 millis" }, large)
        const { received, url } = yield* proxy(env.WORKOS_BASE_URL)
        const cwd = yield* folder
        const file = join(cwd, "all")
        const args = `export connections -o all --format ${format} --resume --concurrency 2`
        const options = { env: { ...env, WORKOS_BASE_URL: url }, cwd }
        let kills = 0
        let stored = 0
        while (kills < runs(5, 1) && !existsSync(file)) {
          // Each run stores two or three batches more.
          const next = stored + 2 + (kills % 2)
          const { code } = yield* cli(args, { ...options, killWhen: () => countLines(`${file}.checkpoint`) > next })
          // If the command ends before the signal, the file is complete.
          if (existsSync(file)) break
          assert.isNull(code)
          stored = Math.max(countLines(`${file}.checkpoint`) - 1, 1)
          kills++
        }
        assert.isAtLeast(kills, 1)
        if (!existsSync(file)) assert.strictEqual((yield* inProcess(args, options)).code, 0)
        if (format === "ndjson") assertComplete(file, store)
        else assert.match(readFileSync(file, "latin1"), /^PAR1[^]*PAR1$/)
        const urls = received.map(({ url }) => url)
        // Each run may repeat requests of pages that the killed run has not stored.
        assert.isAtMost(urls.length - new Set(urls).size, 3 * 2 * kills)
      }).pipe(Effect.scoped)
  )
})

describe("pipes and redirections", { concurrent: true }, () => {
  it.live("A shell pipeline succeeds if it reads only the first rows of an `export`", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey }, large)
      const script = `set -o pipefail; "${process.execPath}" "${bin}" export connections -o - | head -3 | wc -l`
      const { stderr, stdout } = yield* bash(script, { env })
      assert.deepStrictEqual([stdout.trim(), stderr], ["3", ""])
    })
  )

  it.live("`export` writes to a named pipe", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey })
      const cwd = yield* folder
      yield* bash("mkfifo pipe", { env, cwd })
      const reading = bash("wc -l < pipe", { env, cwd })
      const exporting = inProcess("export connections -o pipe", { env, cwd })
      const [{ stdout }] = yield* Effect.all([reading, exporting], { concurrency: 2 })
      assert.strictEqual(stdout.trim(), "60")
    }).pipe(Effect.scoped)
  )

  it.live.each(
    sample(
      [
        { output: "/dev/stdout | wc -l", lines: "60" },
        { output: ">(wc -l); wait", lines: "60" },
        { output: "/dev/stdout >> appended; wc -l < appended", lines: "61" }
      ],
      1
    )
  )("`export -o $output` writes each row to the descriptor of a shell", ({ lines, output }) =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey })
      const cwd = yield* folder
      writeFileSync(join(cwd, "appended"), "first\n")
      const { stdout } = yield* bash(`"${process.execPath}" "${bin}" export connections -o ${output}`, { env, cwd })
      assert.strictEqual(stdout.trim(), lines)
    }).pipe(Effect.scoped)
  )

  it.live.each(sample(["-o -", "-o all.ndjson --json"], 1))(
    "`export %s` reports that stdout is full, and exits with 1",
    (args) =>
      Effect.gen(function* () {
        const { env } = yield* emulated({ apiKey })
        const cwd = yield* folder
        const script = `"${process.execPath}" "${bin}" export connections ${args} > /dev/full; echo $?`
        const { stderr, stdout } = yield* bash(script, { env, cwd })
        assert.strictEqual(stdout, "1\n")
        // On a busy machine, lines of progress precede the error.
        assert.strictEqual(
          stderr.replaceAll(/^\{.*\}\n/gm, ""),
          "Cannot write to stdout: the disk is full. Make room, or name a file on another disk.\n"
        )
      }).pipe(Effect.scoped)
  )
})

describe("demo", () => {
  it.live("The demo exports all connections, checks the file, and prints further commands", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const { code, stderr, stdout } = yield* isExhaustive ? run(demo, [], { cwd }) : runInProcess(DemoRun.run, { cwd })
      assert.strictEqual(code, 0)
      assert.match(stdout, /The file contains each of the 2500 ids once\./)
      assert.match(stdout, /pnpm@12 effect-workos export connections/)
      assert.match(stderr, /Exported 2,500 connections to out\/connections\.ndjson/)
      assert.lengthOf(parseLines(readFileSync(join(cwd, "out/connections.ndjson"), "utf8")), 2500)
    }).pipe(Effect.scoped)
  )
})
