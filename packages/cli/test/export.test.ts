// `export`, as its users run it: to files and pipes, stopped, killed, and gone on with.
import { assert, describe, it } from "@effect/vitest"
import type * as Store from "@effect-workos/emulator/Store"
import { Connection } from "@effect-workos/domain/sso/Connection"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { execFile, execFileSync, spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { proxy } from "./proxy.ts"
import { bin, cli, emulated, folder, key } from "./running.ts"

const apiKey = Redacted.make(key)

const parseLines = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line): { readonly id: string } => JSON.parse(line))

const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1)

const encoded = (store: Store.Store["Service"]) =>
  Schema.encodeEffect(Schema.Array(Connection))([...store.connections.rows])

// The same rows, each once, in whichever order.
const assertComplete = Effect.fnUntraced(function* (file: string, store: Store.Store["Service"]) {
  const expected = yield* encoded(store)
  assert.deepStrictEqual<unknown>(parseLines(readFileSync(file, "utf8")).toSorted(byId), expected.toSorted(byId))
})

const linesOf = (file: string) => (existsSync(file) ? readFileSync(file, "utf8").split("\n").length - 1 : 0)

describe("export connections", { concurrent: true }, () => {
  it.effect("writes every row once, leaves an index for the next time, and nothing else", () =>
    Effect.gen(function* () {
      const { env, store } = yield* emulated({ apiKey })
      const cwd = yield* folder
      const { code, stderr, stdout } = yield* cli("export connections --output all.ndjson", { env, cwd })
      assert.strictEqual(code, 0)
      assert.strictEqual(stdout, "")
      assert.match(stderr, /^Exported 730 connections to all\.ndjson in \d+\.\d s: 9 requests, [\d,]+ rows\/s\.\n$/)
      assert.deepStrictEqual(readdirSync(cwd).toSorted(), ["all.ndjson", "all.ndjson.index"])
      yield* assertComplete(join(cwd, "all.ndjson"), store)

      // From the places that the index knows, all at once.
      const again = yield* cli("export connections --output all.ndjson", { env, cwd })
      assert.match(again.stderr, / 1\d requests, /)
      yield* assertComplete(join(cwd, "all.ndjson"), store)
    }).pipe(Effect.scoped)
  )

  it.effect("completes when the third of eleven pages fails once with 522", () =>
    Effect.gen(function* () {
      const { env, store } = yield* emulated({ apiKey }, { connections: 1_100 })
      let pages = 0
      const { seen, url } = yield* proxy(env.WORKOS_BASE_URL, (answer) =>
        ++pages === 3
          ? { status: 522, headers: { "content-type": "text/html" }, text: "<html>Connection timed out</html>" }
          : answer
      )
      const cwd = yield* folder
      const { code, stderr } = yield* cli("export connections --output all.ndjson --concurrency 1", {
        env: { ...env, WORKOS_BASE_URL: url },
        cwd
      })
      assert.strictEqual(code, 0, stderr)
      assert.lengthOf(seen, 12)
      yield* assertComplete(join(cwd, "all.ndjson"), store)
    }).pipe(Effect.scoped)
  )

  it.effect("keeps the order that is asked for", () =>
    Effect.gen(function* () {
      const { env, store } = yield* emulated({ apiKey })
      const cwd = yield* folder
      yield* cli("export connections --output all.ndjson --order asc", { env, cwd })
      assert.deepStrictEqual<unknown>(parseLines(readFileSync(join(cwd, "all.ndjson"), "utf8")), yield* encoded(store))
    }).pipe(Effect.scoped)
  )

  it.effect("with --json, tells machines about the end on stdout, in one line", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey })
      const cwd = yield* folder
      const { code, stderr, stdout } = yield* cli("export connections -o all.csv --format csv --json", { env, cwd })
      assert.strictEqual(code, 0)
      // How far it is it tells on stderr, and that only where it takes more than a moment.
      for (const line of stderr.split("\n").filter((line) => line !== "")) assert.isFalse(JSON.parse(line).done)
      const { rows, seconds, ...others }: { rows: number; seconds: number } = JSON.parse(stdout)
      assert.strictEqual(rows, 730)
      assert.isAbove(seconds, 0)
      assert.deepStrictEqual(others, { done: true, invalid: 0, resumed: 0, expected: null, requests: 9, waited: 0 })
      assert.match(stdout, /^[^\n]+\n$/)
    }).pipe(Effect.scoped)
  )

  it.effect.each(["ndjson", "csv", "parquet"])(
    "refuses a %s file whose name is too long for its checkpoint before it sends a request",
    (format) =>
      Effect.gen(function* () {
        const cwd = yield* folder
        // In bytes, a third of the letters.
        for (const name of ["a".repeat(240), "あ".repeat(79)]) {
          const { code, stderr, stdout } = yield* cli(
            `export connections --output ${name}.${format} --format ${format}`,
            {
              env: { WORKOS_API_KEY: key, WORKOS_BASE_URL: "http://127.0.0.1:9" },
              cwd
            }
          )
          assert.strictEqual(
            stderr,
            `Cannot write ${name}.${format}: its name is too long, because .checkpoint.partial is appended until the file is complete. Choose a shorter file name.\n`
          )
          assert.strictEqual(stdout, "")
          assert.strictEqual(code, 1)
          assert.deepStrictEqual(readdirSync(cwd), [])
        }
      }).pipe(Effect.scoped)
  )

  it.effect("takes the format from the name of the file, unless it is told one", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey })
      const cwd = yield* folder
      const written = Effect.fnUntraced(function* (file: string, format = "") {
        yield* cli(`export organizations --output ${file}${format}`, { env, cwd })
        return readFileSync(join(cwd, file), "utf8")
      })
      assert.match(yield* written("all.csv"), /^id,external_id,/)
      assert.match(yield* written("all.PARQUET"), /^PAR1[^]*PAR1$/)
      assert.match(yield* written("csv"), /^\{"object":"organization"/)
      assert.match(yield* written("other.csv", " --format ndjson"), /^\{"object":"organization"/)
    }).pipe(Effect.scoped)
  )

  it.effect.each(["ndjson", "csv", "parquet"])(
    "writes %s to stdout with -, and ends quietly when the reader has seen enough",
    (format) =>
      Effect.gen(function* () {
        const { env } = yield* emulated({ apiKey })
        const all = yield* cli(`export connections --output - --format ${format}`, { env })
        assert.strictEqual(all.code, 0)
        assert.match(all.stderr, /^Exported 730 connections in .* [\d,]+ rows\/s\.\n$/)
        if (format === "ndjson") assert.lengthOf(parseLines(all.stdout), 730)
        if (format === "csv") assert.match(all.stdout, /^id,organization_id,/)
        if (format === "parquet") assert.match(all.stdout, /^PAR1[^]*PAR1$/)
        // It is written at once, when all of it is there.
        if (format === "parquet") return
        const head = yield* cli(`export connections --output - --format ${format}`, { env, closeStdout: true })
        assert.strictEqual(head.code, 0)
        assert.strictEqual(head.stderr, "")
      })
  )
})

describe("export connections --resume", { concurrent: true }, () => {
  // Live, since the emulator takes its time by the clock of the test.
  it.live("goes on after Ctrl-C, which ends it with 130, the old file as it was", () =>
    Effect.gen(function* () {
      const { env, store } = yield* emulated({ apiKey, latency: "100 millis" })
      const cwd = yield* folder
      const file = join(cwd, "all.ndjson")
      writeFileSync(file, "old")
      const stopped = yield* cli("export connections --output all.ndjson", {
        env,
        cwd,
        interruptWhen: () => linesOf(`${file}.part`) >= 200
      })
      assert.strictEqual(stopped.code, 130)
      assert.match(stopped.stderr, /^\d00 rows are kept: go on with --resume\.\n$/)
      assert.strictEqual(stopped.stdout, "")
      assert.deepStrictEqual(readdirSync(cwd).toSorted(), ["all.ndjson", "all.ndjson.checkpoint", "all.ndjson.part"])
      assert.strictEqual(readFileSync(file, "utf8"), "old")

      const resumed = yield* cli("export connections --output all.ndjson --resume", { env, cwd })
      assert.match(
        resumed.stderr,
        /^Exported 730 connections to all\.ndjson in \d+\.\d s: [3-8] requests, [\d,]+ rows\/s; \d00 of them there before\.\n$/
      )
      yield* assertComplete(file, store)
      assert.deepStrictEqual(readdirSync(cwd).toSorted(), ["all.ndjson", "all.ndjson.index"])
    }).pipe(Effect.scoped)
  )

  it.live("leaves nothing where it was stopped before there was a row", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey, latency: "1 second" })
      const { seen, url } = yield* proxy(env.WORKOS_BASE_URL)
      const cwd = yield* folder
      const { code, stderr } = yield* cli("export connections --output all.ndjson", {
        env: { ...env, WORKOS_BASE_URL: url },
        cwd,
        interruptWhen: () => seen.length > 0
      })
      assert.strictEqual(code, 130)
      assert.strictEqual(stderr, "")
      assert.deepStrictEqual(readdirSync(cwd), [])
    }).pipe(Effect.scoped)
  )

  it.live.each(["ndjson", "parquet"])(
    "killed again and again, in %s, fetches no page twice that is on disk",
    (format) =>
      Effect.gen(function* () {
        const { env, store } = yield* emulated({ apiKey, latency: "120 millis" })
        const { seen, url } = yield* proxy(env.WORKOS_BASE_URL)
        const cwd = yield* folder
        const file = join(cwd, "all")
        let kills = 0
        for (let stored = 0; ; kills++) {
          // After two or three batches more each time.
          const until = stored + 2 + (kills % 2)
          const { code } = yield* cli(`export connections -o all --format ${format} --resume --concurrency 2`, {
            env: { ...env, WORKOS_BASE_URL: url },
            cwd,
            killWhen: () => linesOf(`${file}.checkpoint`) > until
          })
          // Killed or not: a file that is there is complete, and then all was done.
          if (existsSync(file)) break
          assert.isNull(code)
          stored = Math.max(linesOf(`${file}.checkpoint`) - 1, 1)
        }
        assert.isAtLeast(kills, 1)
        if (format === "ndjson") yield* assertComplete(file, store)
        const whole = yield* cli(`export connections -o whole --format ${format} --order asc`, { env, cwd })
        assert.strictEqual(whole.code, 0)
        if (format !== "parquet") {
          const sorted = (name: string) => readFileSync(join(cwd, name), "utf8").split("\n").toSorted()
          assert.deepStrictEqual(sorted("all"), sorted("whole"))
        }
        const urls = seen.map(({ url }) => url)
        // Each run may fetch again what was under way, waited, or was being written when the one before it was killed.
        assert.isAtMost(urls.length - new Set(urls).size, 3 * 2 * kills)
      }).pipe(Effect.scoped)
  )

  it.live("keeps the order that was asked for, where none is asked for now", () =>
    Effect.gen(function* () {
      const { env, store } = yield* emulated({ apiKey, latency: "60 millis" })
      const cwd = yield* folder
      const part = join(cwd, "all.ndjson.part")
      for (const args of ["--order asc", "--resume"]) {
        yield* cli(`export connections -o all.ndjson ${args}`, {
          env,
          cwd,
          interruptWhen: () => linesOf(part) >= (args === "--resume" ? 500 : 200)
        })
        assert.isTrue(existsSync(part))
      }
      const { code } = yield* cli("export connections -o all.ndjson --resume", { env, cwd })
      assert.strictEqual(code, 0)
      assert.deepStrictEqual<unknown>(parseLines(readFileSync(join(cwd, "all.ndjson"), "utf8")), yield* encoded(store))
    }).pipe(Effect.scoped)
  )

  it.live("refuses to go on with an export of something else, in one sentence", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey, latency: "100 millis" })
      const cwd = yield* folder
      yield* cli("export connections -o all.ndjson --type OktaSAML", {
        env,
        cwd,
        interruptWhen: () => linesOf(join(cwd, "all.ndjson.part")) > 0
      })
      const files = readdirSync(cwd)
      const kept = readFileSync(join(cwd, "all.ndjson.part"), "utf8")
      for (const [args, other, sentence] of [
        ["--type OktaSAML", { WORKOS_API_KEY: "sk_test_of_somebody_else" }, /another key \([0-9a-f]{12}\)/],
        [
          "--type OktaSAML",
          { WORKOS_BASE_URL: "http://127.0.0.1:1" },
          /another target \(http:\/\/127\.0\.0\.1:\d+\/\)/
        ],
        ["--type GoogleOAuth", {}, /another filter \(--type OktaSAML\)/],
        ["", {}, /another filter \(--type OktaSAML\)/],
        ["--type OktaSAML --format csv", {}, /another format \(ndjson\)/],
        ["--type OktaSAML --order asc", {}, /another order \(none\)/]
      ] as const) {
        const { code, stderr } = yield* cli(`export connections -o all.ndjson --resume ${args}`.trimEnd(), {
          env: { ...env, ...other },
          cwd
        })
        assert.match(stderr, sentence)
        assert.match(
          stderr,
          /^all\.ndjson\.checkpoint is of an export with another [^\n]+\. Go on with that one, or start again without --resume\.\n$/
        )
        assert.strictEqual(code, 1)
        assert.notInclude(stderr, key)
      }
      assert.deepStrictEqual(readdirSync(cwd), files)
      assert.strictEqual(readFileSync(join(cwd, "all.ndjson.part"), "utf8"), kept)
      assert.notInclude(readFileSync(join(cwd, "all.ndjson.checkpoint"), "utf8"), key)
    }).pipe(Effect.scoped)
  )

  it.live("stops when another export to the same file begins, and leaves it to that", () =>
    Effect.gen(function* () {
      const { env, store } = yield* emulated({ apiKey, latency: "400 millis" })
      const cwd = yield* folder
      const part = join(cwd, "all.ndjson.part")
      const first = cli("export connections -o all.ndjson --concurrency 1", { env, cwd })
      const second = Effect.gen(function* () {
        while (linesOf(part) < 100) yield* Effect.sleep("5 millis")
        return yield* cli("export connections -o all.ndjson --resume --concurrency 1", { env, cwd })
      })
      const [stopped, done] = yield* Effect.all([first, second], { concurrency: 2 })
      assert.strictEqual(stopped.code, 1)
      assert.match(stopped.stderr, /^Another export to all\.ndjson has begun, or all\.ndjson\.checkpoint was removed: /)
      assert.strictEqual(done.code, 0)
      yield* assertComplete(join(cwd, "all.ndjson"), store)
    }).pipe(Effect.scoped)
  )
})

// A small disk takes the rights to mount one.
const mount = (at: string) => spawnSync("mount", ["-t", "tmpfs", "-o", "size=200k", "tmpfs", at]).status === 0
const unmount = (at: string) => spawnSync("umount", [at])

const probe = mkdtempSync(join(tmpdir(), "effect-workos-"))
const canMount = mount(probe)
if (canMount) unmount(probe)
else process.stderr.write("\n↓ test/export.test.ts skips the full disk: it takes the rights to mount a small one\n")
rmSync(probe, { recursive: true })

describe.skipIf(!canMount)("on a full disk", () => {
  it.live("says so, keeps what it has, and goes on when there is room", () =>
    Effect.gen(function* () {
      const { env, store } = yield* emulated({ apiKey, latency: "20 millis" })
      const cwd = yield* folder
      yield* Effect.acquireRelease(
        Effect.sync(() => assert.isTrue(mount(cwd))),
        () => Effect.sync(() => unmount(cwd))
      )
      const full = yield* cli("export connections -o all.ndjson --concurrency 2", { env, cwd })
      const sentence = "Cannot write all\\.ndjson: the disk is full\\. Make room, or name a file on another disk\\.\n"
      assert.match(full.stderr, new RegExp(`^${sentence}\\d00 rows are kept: go on with --resume\\.\n$`))
      assert.strictEqual(full.code, 1)
      // Where there is still no room, nothing is lost.
      const still = yield* cli("export connections -o all.ndjson --resume", { env, cwd })
      assert.match(still.stderr, new RegExp(`^${sentence}`))
      assert.strictEqual(still.code, 1)
      assert.isFalse(existsSync(join(cwd, "all.ndjson")))
      execFileSync("mount", ["-o", "remount,size=20m", cwd])
      const { code, stderr } = yield* cli("export connections -o all.ndjson --resume", { env, cwd })
      assert.match(stderr, /^Exported 730 connections to all\.ndjson in .*; \d00 of them there before/)
      assert.strictEqual(code, 0)
      yield* assertComplete(join(cwd, "all.ndjson"), store)
      assert.deepStrictEqual(readdirSync(cwd).toSorted(), ["all.ndjson", "all.ndjson.index"])
    }).pipe(Effect.scoped)
  )
})

describe("what is there", { concurrent: true }, () => {
  it.live("is kept until there is a row to put in its place", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey, latency: "100 millis" })
      const cwd = yield* folder
      yield* cli("export connections -o all.ndjson", {
        env,
        cwd,
        interruptWhen: () => linesOf(join(cwd, "all.ndjson.part")) > 0
      })
      const kept = readFileSync(join(cwd, "all.ndjson.part"), "utf8")
      // Without --resume, and for nothing.
      const { code } = yield* cli("export connections -o all.ndjson", {
        env: { ...env, WORKOS_BASE_URL: "http://127.0.0.1:1" },
        cwd
      })
      assert.strictEqual(code, 1)
      assert.strictEqual(readFileSync(join(cwd, "all.ndjson.part"), "utf8"), kept)
      const resumed = yield* cli("export connections -o all.ndjson --resume", { env, cwd })
      assert.include(resumed.stderr, "of them there before")
    }).pipe(Effect.scoped)
  )

  it.effect("is not touched where it is somebody else's, and may be read by those who might", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey })
      const cwd = yield* folder
      for (const [name, sentence] of [
        ["all.checkpoint", "all.checkpoint is no checkpoint of an export"],
        ["all.part", "all.part is of no export"]
      ] as const) {
        writeFileSync(join(cwd, name), "mine")
        const { code, stderr } = yield* cli("export connections -o all", { env, cwd })
        assert.strictEqual(stderr, `${sentence}. Move it away, or name another file.\n`)
        assert.strictEqual(code, 1)
        assert.strictEqual(readFileSync(join(cwd, name), "utf8"), "mine")
        rmSync(join(cwd, name))
      }
      writeFileSync(join(cwd, "all.index"), "mine")
      writeFileSync(join(cwd, "all"), "old", { mode: 0o600 })
      yield* cli("export connections -o all", { env, cwd })
      assert.strictEqual(readFileSync(join(cwd, "all.index"), "utf8"), "mine")
      assert.strictEqual(statSync(join(cwd, "all")).mode & 0o777, 0o600)
      assert.lengthOf(parseLines(readFileSync(join(cwd, "all"), "utf8")), 730)
    }).pipe(Effect.scoped)
  )
})

describe("a shell", { concurrent: true }, () => {
  it.effect("takes rows through descriptors and pipes with names", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey })
      const cwd = yield* folder
      const ew = `"${process.execPath}" "${bin}" export connections`
      const script = `mkfifo pipe; wc -l < pipe & ${ew} -o pipe; wait; ${ew} -o /dev/stdout | wc -l; ${ew} -o >(wc -l); wait
        echo first > appended; ${ew} -o /dev/stdout >> appended; wc -l < appended`
      const { stdout } = yield* Effect.promise(() =>
        promisify(execFile)("bash", ["--norc", "-c", script], { env, cwd })
      )
      assert.deepStrictEqual(stdout.trim().split(/\s+/), ["730", "730", "730", "731"])
    }).pipe(Effect.scoped)
  )

  it.effect.each(["-o -", "-o all.ndjson --json"])("is told where stdout is full: %s", (args) =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey })
      const cwd = yield* folder
      const script = `"${process.execPath}" "${bin}" export connections ${args} > /dev/full; echo $?`
      const { stderr, stdout } = yield* Effect.promise(() =>
        promisify(execFile)("bash", ["--norc", "-c", script], { env, cwd })
      )
      assert.strictEqual(stdout, "1\n")
      // How far it is it tells as well, where the machine is busy.
      assert.strictEqual(
        stderr.replaceAll(/^\{.*\}\n/gm, ""),
        "Cannot write to stdout: the disk is full. Make room, or name a file on another disk.\n"
      )
    }).pipe(Effect.scoped)
  )

  it.effect("reads as many rows as it likes, and no error", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey })
      const script = `set -o pipefail; "${process.execPath}" "${bin}" export connections -o - | head -3 | wc -l`
      const { stderr, stdout } = yield* Effect.promise(() =>
        promisify(execFile)("bash", ["--norc", "-c", script], { env })
      )
      assert.strictEqual(stdout.trim(), "3")
      assert.strictEqual(stderr, "")
    })
  )
})
