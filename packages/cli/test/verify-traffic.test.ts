// Recording a run with `verify --record`, and verifying recorded traffic with `verify --traffic`.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { proxy } from "./proxy.ts"
import { emulated, folder, inProcess, key } from "./running.ts"
import { oneTooMany } from "./laws.ts"

const apiKey = Redacted.make(key)
const small = { connections: 12 }
const laws = "--laws responses/body,lists/limit --operations connections"

interface Archive {
  readonly log: {
    readonly version: string
    readonly entries: ReadonlyArray<{ readonly request: { readonly url: string } }>
  }
}

const read = (folder: string, name: string): Archive => JSON.parse(readFileSync(join(folder, name), "utf8"))

const entry = (url: string, status = 200) => ({
  request: { method: "GET", url },
  response: { status, headers: [{ name: "x-request-id", value: "1" }], content: { text: "{}" } }
})

describe("recorded traffic", () => {
  it.live(
    "`verify --record` writes an archive without the key, and `verify --traffic` checks it without a server",
    () =>
      Effect.gen(function* () {
        const cwd = yield* folder
        const { env } = yield* emulated({ apiKey }, small)
        const run = yield* inProcess(`verify ${laws} --runs 2 --record run.har`, { env, cwd })
        assert.strictEqual(run.code, 0, run.stderr)
        const { log } = read(cwd, "run.har")
        assert.strictEqual(log.version, "1.2")
        assert.include(run.stdout, ` ${log.entries.length} requests in `)
        assert.notInclude(readFileSync(join(cwd, "run.har"), "utf8"), key)
        assert.deepStrictEqual(readdirSync(cwd), ["run.har"])
        const { code, stderr, stdout } = yield* inProcess(`verify ${laws} --traffic run.har`, { cwd })
        assert.match(
          stdout,
          /^connections +list +get\b[^]*\nAll 3 checks passed\.\n3 passed, 0 failed, 0 drift, 0 skipped: /
        )
        assert.match(
          stderr,
          /^(?:\d+ of \d+ exchanges in run\.har were checked\. Not checked: \d+ for excluded operations\.\n)?$/
        )
        assert.strictEqual(code, 0)
      }).pipe(Effect.scoped)
  )

  it.live("`verify --traffic` reports failures with the entries that show them, in all reports, and exits with 1", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const { env } = yield* emulated({ apiKey }, small)
      const { url } = yield* proxy(env.WORKOS_BASE_URL, undefined, oneTooMany)
      yield* inProcess(`verify ${laws} --runs 2 --record run.har`, { env: { ...env, WORKOS_BASE_URL: url }, cwd })
      const reports = "--report json=r.json --report html=r.html"
      const { code, stdout } = yield* inProcess(`verify --traffic run.har ${reports}`, { cwd })
      assert.strictEqual(code, 1)
      assert.match(stdout, /^✕ lists\/limit {2}connections\.list\n/m)
      const again =
        /^ {2}effect-workos (verify --traffic run\.har \S+ \S+ \S+ \S+) # entry \d+$/m.exec(stdout)?.[1] ?? ""
      const found = yield* inProcess(again, { cwd })
      assert.match(found.stdout, /1 of 1 check failed/)
      assert.deepInclude(JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")), { target: "run.har" })
      assert.isTrue(existsSync(join(cwd, "r.html")))
      const known = yield* inProcess("verify --traffic run.har --baseline known.json --update-baseline", { cwd })
      assert.strictEqual(known.code, 0)
      const second = yield* inProcess("verify --traffic run.har --baseline known.json", { cwd })
      assert.strictEqual(second.code, 0, second.stdout)
    }).pipe(Effect.scoped)
  )

  it.live("an interruption of `verify --record` leaves a complete archive of the exchanges until then", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const { env } = yield* emulated({ apiKey, latency: 5 }, small)
      const { code } = yield* inProcess("verify --record run.har", {
        env,
        cwd,
        interruptWhen: () =>
          existsSync(join(cwd, "run.har.partial")) && readFileSync(join(cwd, "run.har.partial")).length > 5000
      })
      assert.isNull(code)
      assert.isAbove(read(cwd, "run.har").log.entries.length, 0)
      assert.deepStrictEqual(readdirSync(cwd), ["run.har"])
    }).pipe(Effect.scoped)
  )

  it.live("`verify --openapi --traffic` verifies the traffic of any API with a document", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const schema = { type: "object", required: ["name"], properties: { name: { type: "string" } } }
      const success = { description: "A pet", content: { "application/json": { schema } } }
      const document = {
        openapi: "3.1.0",
        info: { title: "Pets", version: "1" },
        servers: [{ url: "https://pets.example/v1" }],
        components: { securitySchemes: { petKey: { type: "apiKey", in: "query", name: "appid" } } },
        security: [{ petKey: [] }],
        paths: {
          "/pets/{id}": {
            get: {
              operationId: "getPet",
              parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
              responses: { 200: success }
            }
          }
        }
      }
      const entries = ["v1", "v2"].map((version) => ({
        request: { method: "GET", url: `https://pets.example/${version}/pets/7?appid=abc` },
        response: {
          status: 200,
          headers: [{ name: "content-type", value: "application/json" }],
          content: { text: '{ "name": 7 }' }
        }
      }))
      writeFileSync(join(cwd, "pets.json"), JSON.stringify(document))
      writeFileSync(join(cwd, "pets.har"), JSON.stringify({ log: { entries } }))
      const { code, stderr, stdout } = yield* inProcess("verify --openapi pets.json --traffic pets.har", { cwd })
      assert.match(stderr, /^1 of 2 exchanges in pets\.har were checked\. Not checked: 1 for undocumented paths/)
      assert.match(stdout, /^✕ responses\/body/)
      assert.match(stdout, /\n {2}curl 'https:\/\/pets\.example\/v1\/pets\/7\?'"appid=\$\w+"\n/)
      assert.match(
        stdout,
        /\n {2}effect-workos verify --openapi pets\.json --traffic pets\.har --laws responses\/body /
      )
      assert.strictEqual(code, 1)
    }).pipe(Effect.scoped)
  )

  it.live(
    "`verify --traffic` counts the entries that it does not check, describes malformed ones, and honours WORKOS_BASE_URL",
    () =>
      Effect.gen(function* () {
        const cwd = yield* folder
        const entries = [
          entry("https://api.workos.com/connections", 0),
          entry("https://a.example/app.js"),
          { request: 7 }
        ]
        writeFileSync(join(cwd, "app.har"), JSON.stringify({ log: { entries } }))
        const { code, stderr, stdout } = yield* inProcess("verify --traffic app.har", { cwd })
        assert.match(stderr, /^Entry 3 in app\.har is malformed\. request: Expected [^\n]+\n/)
        assert.include(
          stderr,
          "\n0 of 3 exchanges in app.har were checked. Not checked: 1 for undocumented paths or methods, 1 without a response, 1 malformed.\n"
        )
        assert.include(stdout, "Nothing was checked.")
        assert.strictEqual(code, 1)
        const env = { WORKOS_BASE_URL: "http://127.0.0.1:1" }
        const other = yield* inProcess("verify --traffic app.har", { cwd, env })
        assert.include(other.stderr, "Only requests to http://127.0.0.1:1 are checked.")
      }).pipe(Effect.scoped)
  )

  it.live(
    "a file that is no archive, and flags that exclude each other, are refused in one sentence with exit code 2",
    () =>
      Effect.gen(function* () {
        const cwd = yield* folder
        writeFileSync(join(cwd, "data.json"), '{ "data": [] }')
        writeFileSync(join(cwd, "page.html"), "<html>")
        const refusal = Effect.fnUntraced(function* (args: string) {
          const { code, stderr, stdout } = yield* inProcess(`verify ${args}`, { cwd })
          assert.deepStrictEqual([code, stdout], [2, ""])
          return stderr
        })
        assert.match(
          yield* refusal("--traffic data.json"),
          /^Cannot read data\.json: it has no list log\.entries[^\n]+\n$/
        )
        assert.match(yield* refusal("--traffic page.html"), /^Cannot read page\.html: it is not valid JSON[^\n]+\n$/)
        assert.match(yield* refusal("--traffic none.har"), /^Cannot read none\.har: the file does not exist\.\n$/)
        assert.match(yield* refusal("--traffic data.json --record x.har"), /^--traffic sends no requests[^\n]+\n$/)
        assert.match(yield* refusal("--record none/x.har"), /^Cannot write none\/x\.har: the folder none [^\n]+\n$/)
      }).pipe(Effect.scoped)
  )
})
