// `export connections` to files and pipes, interrupted and resumed.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { execFileSync, spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import type { IncomingMessage, ServerResponse } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { withFastTime } from "./clock.ts"
import { listen, proxy } from "./proxy.ts"
import { assertComplete, countLines, encodeAll, large, parseLines } from "./exported.ts"
import { emulated, folder, inProcess, key } from "./running.ts"

const apiKey = Redacted.make(key)

describe("export connections", () => {
  it.effect("`export` writes each row once, and an index with which the next export is concurrent from the start", () =>
    Effect.gen(function* () {
      const { env, store } = yield* emulated({ apiKey }, large)
      const cwd = yield* folder
      const { code, stderr, stdout } = yield* inProcess("export connections --output all.ndjson", { env, cwd })
      assert.strictEqual(code, 0)
      assert.strictEqual(stdout, "")
      assert.match(stderr, /^Exported 730 connections to all\.ndjson in \d+\.\d s: 9 requests, [\d,]+ rows\/s\.\n$/)
      assert.deepStrictEqual(readdirSync(cwd).toSorted(), ["all.ndjson", "all.ndjson.index"])
      assertComplete(join(cwd, "all.ndjson"), store)

      const again = yield* inProcess("export connections --output all.ndjson", { env, cwd })
      assert.match(again.stderr, / 1\d requests, /)
      assertComplete(join(cwd, "all.ndjson"), store)
    }).pipe(Effect.scoped)
  )

  it.effect("`export` completes although a page fails once with 522", () =>
    Effect.gen(function* () {
      const { env, store } = yield* emulated({ apiKey }, { connections: 410 })
      let pages = 0
      const { received, url } = yield* proxy(env.WORKOS_BASE_URL, (response) =>
        ++pages === 3
          ? { status: 522, headers: { "content-type": "text/html" }, text: "<html>Connection timed out</html>" }
          : response
      )
      const cwd = yield* folder
      const { code, stderr } = yield* withFastTime(
        inProcess("export connections --output all.ndjson --concurrency 1", {
          env: { ...env, WORKOS_BASE_URL: url },
          cwd
        })
      )
      assert.strictEqual(code, 0, stderr)
      assert.lengthOf(received, 6)
      assertComplete(join(cwd, "all.ndjson"), store)
    }).pipe(Effect.scoped)
  )

  it.effect("`export --order asc` writes the rows in ascending order", () =>
    Effect.gen(function* () {
      const { env, store } = yield* emulated({ apiKey }, large)
      const cwd = yield* folder
      yield* inProcess("export connections --output all.ndjson --order asc", { env, cwd })
      assert.deepStrictEqual<unknown>(
        parseLines(readFileSync(join(cwd, "all.ndjson"), "utf8")),
        encodeAll([...store.connections.rows])
      )
    }).pipe(Effect.scoped)
  )

  it.live("`export --json` prints the result as one line of JSON on stdout", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey }, large)
      const cwd = yield* folder
      const args = "export connections -o all.csv --format csv --json"
      const { code, stderr, stdout } = yield* inProcess(args, { env, cwd })
      assert.strictEqual(code, 0)
      // An export of more than a second reports its progress on stderr.
      for (const line of stderr.split("\n").filter((line) => line !== "")) assert.isFalse(JSON.parse(line).done)
      const { rows, seconds, ...others }: { rows: number; seconds: number } = JSON.parse(stdout)
      assert.strictEqual(rows, 730)
      assert.isAbove(seconds, 0)
      assert.deepStrictEqual(others, { done: true, invalid: 0, resumed: 0, expected: null, requests: 9, waited: 0 })
      assert.match(stdout, /^[^\n]+\n$/)
    }).pipe(Effect.scoped)
  )

  it.effect.each(["ndjson", "csv", "parquet"])(
    "`export` refuses a %s file with a name that is too long for its checkpoint, before the first request",
    (format) =>
      Effect.gen(function* () {
        const cwd = yield* folder
        // The limit is in bytes, and the second name has three bytes per character.
        for (const name of ["a".repeat(240), "あ".repeat(79)]) {
          const { code, stderr, stdout } = yield* inProcess(
            `export connections --output ${name}.${format} --format ${format}`,
            { env: { WORKOS_API_KEY: key, WORKOS_BASE_URL: "http://127.0.0.1:9" }, cwd }
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

  it.effect("`export` derives the format from the extension of the file, unless --format is set", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey })
      const cwd = yield* folder
      const written = Effect.fnUntraced(function* (file: string, format = "") {
        yield* inProcess(`export organizations --output ${file} ${format}`, { env, cwd })
        return readFileSync(join(cwd, file), "utf8")
      })
      assert.match(yield* written("all.csv"), /^id,external_id,/)
      assert.match(yield* written("all.PARQUET"), /^PAR1[^]*PAR1$/)
      assert.match(yield* written("csv"), /^\{"object":"organization"/)
      assert.match(yield* written("other.csv", "--format ndjson"), /^\{"object":"organization"/)
    }).pipe(Effect.scoped)
  )

  it.effect.each(["ndjson", "csv", "parquet"])("`export --output -` writes %s to stdout", (format) =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey })
      const { code, stderr, stdout } = yield* inProcess(`export connections --output - --format ${format}`, { env })
      assert.strictEqual(code, 0)
      assert.match(stderr, /^Exported 60 connections in .* [\d,]+ rows\/s\.\n$/)
      if (format === "ndjson") assert.lengthOf(parseLines(stdout), 60)
      if (format === "csv") assert.match(stdout, /^id,organization_id,/)
      if (format === "parquet") assert.match(stdout, /^PAR1[^]*PAR1$/)
    })
  )
})

// These tests run in real time, because an interruption does not follow the clock of a test.
describe("export connections --resume", { concurrent: true }, () => {
  it.live("An interrupted `export` without received rows leaves no file", () =>
    Effect.gen(function* () {
      let requests = 0
      const url = yield* listen(() => requests++)
      const cwd = yield* folder
      const { code, stderr } = yield* inProcess("export connections --output all.ndjson", {
        env: { WORKOS_API_KEY: key, WORKOS_BASE_URL: url },
        cwd,
        interruptWhen: () => requests > 0
      })
      assert.isNull(code)
      assert.strictEqual(stderr, "")
      assert.deepStrictEqual(readdirSync(cwd), [])
    }).pipe(Effect.scoped)
  )

  it.live("`export --resume` continues in the order of the interrupted export", () =>
    Effect.gen(function* () {
      const { env, store } = yield* emulated({ apiKey, latency: "60 millis" }, large)
      const cwd = yield* folder
      const part = join(cwd, "all.ndjson.part")
      for (const args of ["--order asc", "--resume"]) {
        yield* inProcess(`export connections -o all.ndjson ${args}`, {
          env,
          cwd,
          interruptWhen: () => countLines(part) >= (args === "--resume" ? 500 : 200)
        })
        assert.isTrue(existsSync(part))
      }
      const { code } = yield* inProcess("export connections -o all.ndjson --resume", { env, cwd })
      assert.strictEqual(code, 0)
      assert.deepStrictEqual<unknown>(
        parseLines(readFileSync(join(cwd, "all.ndjson"), "utf8")),
        encodeAll([...store.connections.rows])
      )
    }).pipe(Effect.scoped)
  )

  it.live("`export --resume` refuses to resume an export with another key, server, filter, format or order", () =>
    Effect.gen(function* () {
      // The filtered list has few pages, so a long latency leaves time for the interruption.
      const { env } = yield* emulated({ apiKey, latency: "400 millis" }, large)
      const cwd = yield* folder
      yield* inProcess("export connections -o all.ndjson --type OktaSAML", {
        env,
        cwd,
        interruptWhen: () => countLines(join(cwd, "all.ndjson.part")) > 0
      })
      const files = readdirSync(cwd)
      const kept = readFileSync(join(cwd, "all.ndjson.part"), "utf8")
      for (const [args, other, sentence] of [
        ["--type OktaSAML", { WORKOS_API_KEY: "sk_test_of_another_team" }, /another key \([0-9a-f]{12}\)/],
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
        const { code, stderr } = yield* inProcess(`export connections -o all.ndjson --resume ${args}`, {
          env: { ...env, ...other },
          cwd
        })
        assert.match(stderr, sentence)
        assert.match(
          stderr,
          /^all\.ndjson\.checkpoint belongs to an export with another [^\n]+\. Resume that export, or start again without --resume\.\n$/
        )
        assert.strictEqual(code, 1)
        assert.notInclude(stderr, key)
      }
      assert.deepStrictEqual(readdirSync(cwd), files)
      assert.strictEqual(readFileSync(join(cwd, "all.ndjson.part"), "utf8"), kept)
      assert.notInclude(readFileSync(join(cwd, "all.ndjson.checkpoint"), "utf8"), key)
    }).pipe(Effect.scoped)
  )

  it.live("`export` stops if another export to the same file starts, and the other export completes the file", () =>
    Effect.gen(function* () {
      const { env, store } = yield* emulated({ apiKey, latency: "60 millis" }, large)
      const cwd = yield* folder
      const part = join(cwd, "all.ndjson.part")
      const first = inProcess("export connections -o all.ndjson --concurrency 1", { env, cwd })
      const second = Effect.gen(function* () {
        while (countLines(part) < 100) yield* Effect.sleep("5 millis")
        return yield* inProcess("export connections -o all.ndjson --resume --concurrency 1", { env, cwd })
      })
      const [stopped, done] = yield* Effect.all([first, second], { concurrency: 2 })
      assert.strictEqual(stopped.code, 1)
      assert.match(
        stopped.stderr,
        /^Another export to all\.ndjson has started, or all\.ndjson\.checkpoint was removed, so this export has stopped\./m
      )
      assert.strictEqual(done.code, 0)
      assertComplete(join(cwd, "all.ndjson"), store)
    }).pipe(Effect.scoped)
  )

  it.live("An `export` that fails before its first row keeps the rows of an interrupted export", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey, latency: "60 millis" }, large)
      const cwd = yield* folder
      yield* inProcess("export connections -o all.ndjson", {
        env,
        cwd,
        // With the second batch, the checkpoint contains the first one.
        interruptWhen: () => countLines(join(cwd, "all.ndjson.part")) >= 300
      })
      const kept = readFileSync(join(cwd, "all.ndjson.part"), "utf8")
      const { code } = yield* inProcess("export connections -o all.ndjson", {
        env: { ...env, WORKOS_API_KEY: "sk_test_wrong" },
        cwd
      })
      assert.strictEqual(code, 1)
      assert.strictEqual(readFileSync(join(cwd, "all.ndjson.part"), "utf8"), kept)
      const resumed = yield* inProcess("export connections -o all.ndjson --resume", { env, cwd })
      assert.include(resumed.stderr, "rows are from the interrupted export")
    }).pipe(Effect.scoped)
  )
})

// Mounting a small disk requires root.
const mount = (at: string) => spawnSync("mount", ["-t", "tmpfs", "-o", "size=200k", "tmpfs", at]).status === 0
const unmount = (at: string) => spawnSync("umount", [at])

const probe = mkdtempSync(join(tmpdir(), "effect-workos-"))
const canMount = mount(probe)
if (canMount) unmount(probe)
else process.stderr.write("The test of `export` on a full disk is skipped: mounting a small disk requires root.\n")
rmSync(probe, { recursive: true })

describe.skipIf(!canMount)("export to a full disk", () => {
  it.live("`export` reports a full disk, keeps the rows, and resumes when the disk has free space", () =>
    Effect.gen(function* () {
      const { env, store } = yield* emulated({ apiKey, latency: "20 millis" }, large)
      const cwd = yield* folder
      yield* Effect.acquireRelease(
        Effect.sync(() => assert.isTrue(mount(cwd))),
        () => Effect.sync(() => unmount(cwd))
      )
      const full = yield* inProcess("export connections -o all.ndjson --concurrency 2", { env, cwd })
      const sentence = "Cannot write all\\.ndjson: the disk is full\\. Make room, or name a file on another disk\\.\n"
      assert.match(
        full.stderr,
        new RegExp(`^${sentence}\\d00 rows are kept\\. To continue, run the command again with --resume\\.\n$`)
      )
      assert.strictEqual(full.code, 1)
      // On the full disk, resuming fails and loses no rows.
      const still = yield* inProcess("export connections -o all.ndjson --resume", { env, cwd })
      assert.match(still.stderr, new RegExp(`^${sentence}`))
      assert.strictEqual(still.code, 1)
      assert.isFalse(existsSync(join(cwd, "all.ndjson")))
      execFileSync("mount", ["-o", "remount,size=20m", cwd])
      const { code, stderr } = yield* inProcess("export connections -o all.ndjson --resume", { env, cwd })
      assert.match(stderr, /^Exported 730 connections to all\.ndjson in .*; \d00 rows are from the interrupted export/)
      assert.strictEqual(code, 0)
      assertComplete(join(cwd, "all.ndjson"), store)
      assert.deepStrictEqual(readdirSync(cwd).toSorted(), ["all.ndjson", "all.ndjson.index"])
    }).pipe(Effect.scoped)
  )
})

describe("existing files", () => {
  it.effect("`export` does not change files of other programs, and keeps the permissions of the replaced file", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey })
      const cwd = yield* folder
      for (const [name, sentence] of [
        ["all.checkpoint", "all.checkpoint is not a checkpoint of an export"],
        ["all.part", "all.part does not belong to an export"]
      ] as const) {
        writeFileSync(join(cwd, name), "mine")
        const { code, stderr } = yield* inProcess("export connections -o all", { env, cwd })
        assert.strictEqual(stderr, `${sentence}. Move it away, or name another file.\n`)
        assert.strictEqual(code, 1)
        assert.strictEqual(readFileSync(join(cwd, name), "utf8"), "mine")
        rmSync(join(cwd, name))
      }
      writeFileSync(join(cwd, "all.index"), "mine")
      writeFileSync(join(cwd, "all"), "old", { mode: 0o600 })
      yield* inProcess("export connections -o all", { env, cwd })
      assert.strictEqual(readFileSync(join(cwd, "all.index"), "utf8"), "mine")
      assert.strictEqual(statSync(join(cwd, "all")).mode & 0o777, 0o600)
      assert.lengthOf(parseLines(readFileSync(join(cwd, "all"), "utf8")), 60)
    }).pipe(Effect.scoped)
  )

  it.effect.each<{
    readonly server: string
    readonly respond: (request: IncomingMessage, response: ServerResponse) => void
    readonly sentence: RegExp
  }>([
    {
      server: "closes the connection",
      respond: (request) => request.socket.destroy(),
      sentence: /^connections\.list: no response from http:\/\/127\.0\.0\.1:\d+ \(/
    },
    {
      server: "returns HTML",
      respond: (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html>"),
      sentence:
        /^connections\.list: http:\/\/127\.0\.0\.1:\d+ returned 200 with text\/html, which WorkOS does not document\./
    },
    {
      server: "fails",
      respond: (_, response) => response.writeHead(501).end(),
      sentence: /^connections\.list: http:\/\/127\.0\.0\.1:\d+ failed with 501\. Try again later\./
    },
    {
      server: "refuses the key",
      respond: (_, response) =>
        response.writeHead(401, { "content-type": "application/json" }).end('{"message":"Unauthorized"}'),
      sentence: /^The server does not accept the API key\. Check WORKOS_API_KEY\.$/m
    },
    {
      server: "limits the rate",
      respond: (_, response) =>
        response
          .writeHead(429, { "content-type": "application/json", "retry-after": "90", "x-request-id": "req_7" })
          .end('{"message":"Slow down"}'),
      sentence: /^Too many requests \(request req_7\)\. Try again in 1m 30s\.$/m
    }
  ])("`export` reports a server that $server in one line, and keeps the file", ({ respond, sentence }) =>
    Effect.gen(function* () {
      const cwd = yield* folder
      writeFileSync(join(cwd, "all.ndjson"), "old")
      const env = { WORKOS_API_KEY: key, WORKOS_BASE_URL: yield* listen(respond) }
      const { code, stderr, stdout } = yield* withFastTime(inProcess("export connections -o all.ndjson", { env, cwd }))
      // Retries may take longer than the five seconds between two lines of progress.
      assert.match(stderr.replaceAll(/^0 rows [^\n]+\n/g, ""), sentence)
      assert.match(stderr, /^(0 rows [^\n]+\n)*[^\n]+\n$/, "one line")
      assert.strictEqual(code, 1)
      assert.strictEqual(stdout, "")
      assert.deepStrictEqual(readdirSync(cwd), ["all.ndjson"])
      assert.strictEqual(readFileSync(join(cwd, "all.ndjson"), "utf8"), "old")
    }).pipe(Effect.scoped)
  )
})
