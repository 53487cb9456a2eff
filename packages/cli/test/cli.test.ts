import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Connection } from "@effect-workos/domain/sso/Connection"
import * as Effect from "effect/Effect"
import { ServeError } from "effect/http/HttpServerError"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Sink from "effect/Sink"
import * as Stdio from "effect/Stdio"
import { readFileSync, readdirSync, writeFileSync } from "node:fs"
import type { IncomingMessage, ServerResponse } from "node:http"
import { join } from "node:path"
import * as Failure from "../src/Failure.ts"
import { listen } from "./proxy.ts"
import { bin, cli, demo, emulated, folder, inProcess, key, run } from "./running.ts"

const apiKey = Redacted.make(key)

const encodeAll = Schema.encodeEffect(Schema.Array(Connection))

const parseLines = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line))

describe("connections", { concurrent: true }, () => {
  it.effect("get shows a connection, for people and as it came", () =>
    Effect.gen(function* () {
      const { env, store } = yield* emulated({ apiKey })
      const row = store.connections.rows.find(({ domains }) => domains.length > 1)
      assert.isDefined(row)
      const [human, json] = yield* Effect.all(
        [cli(`connections get ${row.id}`, { env }), cli(`connections get ${row.id} --json`, { env })],
        { concurrency: 2 }
      )
      assert.strictEqual(human.code, 0)
      assert.match(human.stdout, new RegExp(`^Id {12}${row.id}\nName {10}${row.name}\n`))
      assert.include(human.stdout, row.domains.map(({ domain }) => domain).join(", "))
      assert.deepStrictEqual(parseLines(json.stdout), [...(yield* encodeAll([row]))])
      assert.strictEqual(human.stderr + json.stderr, "")
    })
  )

  it.effect("list shows a page as a table and says that there are more", () =>
    Effect.gen(function* () {
      const { env, store } = yield* emulated({ apiKey })
      const { code, stderr, stdout } = yield* cli("connections list --limit 3 --order asc", { env })
      assert.strictEqual(code, 0)
      const lines = stdout.split("\n")
      assert.match(lines[0] ?? "", /^ID +NAME +TYPE +STATE +CREATED +DOMAINS$/)
      assert.deepStrictEqual<ReadonlyArray<string>>(
        lines.slice(1, 4).map((line) => line.slice(0, 31)),
        store.connections.rows.slice(0, 3).map(({ id }) => id)
      )
      assert.strictEqual(stderr, "There are more: --all shows all of them, --limit 100 a longer page.\n")
    })
  )

  it.effect("list --all --json gives every row that matches, as it came", () =>
    Effect.gen(function* () {
      const { env, store } = yield* emulated({ apiKey })
      const { code, stderr, stdout } = yield* cli("connections list --all --json --order asc --type OktaSAML", { env })
      const rows = store.connections.rows.filter(({ connectionType }) => connectionType === "OktaSAML")
      assert.deepStrictEqual(parseLines(stdout), [...(yield* encodeAll(rows))])
      assert.strictEqual(stderr, "")
      assert.strictEqual(code, 0)
    })
  )

  it.effect("list says that nothing matches", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey })
      const { code, stderr } = yield* cli("connections list --domain nobody.example", { env })
      assert.strictEqual(code, 0)
      assert.strictEqual(stderr, "No connection matches.\n")
    })
  )
})

describe("bad input", { concurrent: true }, () => {
  const unreachable = { WORKOS_API_KEY: key, WORKOS_BASE_URL: "http://127.0.0.1:1" }

  it.live.each<{
    readonly args: string
    readonly env?: Record<string, string>
    readonly code: 1 | 2
    readonly sentence: RegExp
  }>([
    { args: "connections list", env: {}, code: 2, sentence: /^Set WORKOS_API_KEY to your secret key, sk_…/ },
    { args: "connections list", env: { WORKOS_API_KEY: "" }, code: 2, sentence: /^Set WORKOS_API_KEY/ },
    ...(
      [
        [`${key}\n`, "line break"],
        [`"${key}"`, "quotes around it"],
        [` ${key}`, "spaces"]
      ] as const
    ).flatMap(([mistyped, problem]) =>
      ["connections list", "export connections -o -", "events follow", "verify"].map((args) => ({
        args,
        env: { WORKOS_API_KEY: mistyped },
        code: 2 as const,
        sentence: new RegExp(`^WORKOS_API_KEY is not a key without (a )?${problem}\\. Set it to the key alone\\.\\n$`)
      }))
    ),
    {
      args: "connections list",
      env: { WORKOS_API_KEY: key, WORKOS_BASE_URL: "workos" },
      code: 2,
      sentence: /^WORKOS_BASE_URL is no URL that starts with https:\/\/ or http:\/\/\. Set it to the address/
    },
    ...["http://key@127.0.0.1", "https://api.workos.com?key=1", "http://workos.test/#a"].map((url) => ({
      args: "connections list",
      env: { WORKOS_API_KEY: key, WORKOS_BASE_URL: url },
      code: 2 as const,
      sentence: /^WORKOS_BASE_URL is more than an address: leave out the user, the password, \? and #\./
    })),
    ...["http://workos.test", "http://localhost.workos.test", "http://127.0.0.1.workos.test"].map((url) => ({
      args: "connections list",
      env: { WORKOS_API_KEY: key, WORKOS_BASE_URL: url },
      code: 2 as const,
      sentence:
        /^WORKOS_BASE_URL starts with http:\/\/, so the key could be read on the way\. Use https:\/\/, or set WORKOS_A/
    })),
    {
      args: "connections list",
      env: { WORKOS_API_KEY: key, WORKOS_ALLOW_INSECURE_HTTP: "perhaps" },
      code: 2,
      sentence: /^WORKOS_ALLOW_INSECURE_HTTP is neither true nor false\./
    },
    {
      args: "connections list",
      code: 1,
      sentence: /^connections\.list: no response from http:\/\/127\.0\.0\.1:1 \(ECONNREFUSED\)/
    },
    {
      args: "connections list --limit 0",
      code: 2,
      sentence: /^Invalid --limit "0": expected a value between 1 and 100\./
    },
    {
      args: "connections list --limit 101",
      code: 2,
      sentence: /^Invalid --limit "101": expected a value between 1 and/
    },
    { args: "connections list --limit ten", code: 2, sentence: /^Invalid --limit "ten": expected / },
    { args: "connections list --order up", code: 2, sentence: /^Invalid --order "up": expected / },
    {
      args: "connections list --type okta",
      code: 2,
      sentence: /^Invalid --type "okta": .*OktaOIDC or OktaSAML perhaps/
    },
    { args: "connections list --type Nonsense", code: 2, sentence: /a connection type such as OktaSAML/ },
    { args: "connections list --organization conn_1", code: 2, sentence: /expected an id that starts with org_\./ },
    { args: "connections list --limt 5", code: 2, sentence: /^Unknown flag --limt\. Did you mean --limit\? See / },
    { args: "connections lsit", code: 2, sentence: /^Unknown command lsit\. Did you mean list\? See / },
    {
      args: "connections get",
      code: 2,
      sentence: /^Missing required argument: id\. See effect-workos connections get --help/
    },
    { args: "connections get org_01E4ZCR3C56J083X43JQXF3JK5", code: 2, sentence: /^Invalid id .*starts with conn_\./ },
    {
      args: "connections list",
      env: { ...unreachable, WORKOS_RATE_LIMIT: "fast" },
      code: 2,
      sentence: /^WORKOS_RATE_LIMIT is no number of requests a minute\. Set it to one, or to unlimited, /
    },
    {
      args: "export connections --output all.parquet --escape-formulas",
      code: 2,
      sentence: /^--escape-formulas is for CSV: ask for --format csv, or leave it out\.$/m
    },
    {
      args: "export connections -o x --order asc --concurrency 4",
      code: 2,
      sentence: /^--order is for one request at a time: leave out --concurrency, or --order\.$/m
    },
    { args: "export connections --output=", code: 2, sentence: /^Invalid --output "": expected / },
    { args: "export connections -o - --resume", code: 2, sentence: /^--resume is for a file: / },
    { args: "export connections -o x --concurrency 0", code: 2, sentence: /^Invalid --concurrency "0": expected / },
    {
      args: "connections get conn_01E4/../x",
      code: 2,
      sentence: /^Invalid id "conn_01E4\/\.\.\/x": expected an id that/
    },
    { args: "connections get conn_01E4%2f", code: 2, sentence: /^Invalid id / },
    { args: `connections get ${key}`, code: 2, sentence: /^Invalid id "sk_…": expected an id that starts with conn_/ },
    {
      args: "export connection --output x",
      code: 2,
      sentence: /^Unknown command connection\. Did you mean connections\? See effect-workos export --help\.$/m
    },
    { args: `connections ${key}`, code: 2, sentence: /^Unknown command sk_…\. See / },
    { args: `connections list --${key}`, code: 2, sentence: /^Unknown flag --sk_…\. See / },
    { args: "export connections", code: 2, sentence: /^Missing required flag: --output\. See / },
    { args: "export connections -o x --format xml", code: 2, sentence: /^Invalid --format "xml": expected / },
    {
      args: "export connections -o /nowhere/at/all.ndjson",
      code: 1,
      sentence: /^Cannot write \/nowhere\/at\/all\.ndjson: its folder does not exist\. Create the folder/
    },
    { args: "export connections -o /", code: 1, sentence: /^Cannot write \/: it is a folder\. Name a file in it\./ },
    { args: "emulate --port 70000", code: 2, sentence: /^Invalid --port "70000": expected a value between 0 and 65535/ }
  ])("$args: one sentence, exit code $code", ({ args, code, env, sentence }) =>
    Effect.gen(function* () {
      const cwd = yield* folder
      // What writes is a process of its own, in a folder of its own.
      const finished = yield* args.startsWith("export")
        ? cli(args, { env: env ?? unreachable, cwd })
        : inProcess(args, env ?? unreachable)
      assert.match(finished.stderr, sentence)
      assert.strictEqual(finished.code, code)
      assert.strictEqual(finished.stdout, "")
      assert.match(finished.stderr, /^[^\n]+\n$/, "one line")
      assert.notInclude(finished.stderr, key)
      assert.notMatch(finished.stderr, /\n\s+at /, "no stack trace")
      assert.deepStrictEqual(readdirSync(cwd), [])
    }).pipe(Effect.scoped)
  )

  it.effect.each<{
    readonly server: string
    readonly answer: (request: IncomingMessage, response: ServerResponse) => void
    readonly sentence: RegExp
  }>([
    {
      server: "closes the connection",
      answer: (request) => request.socket.destroy(),
      sentence: /^connections\.list: no response from http:\/\/127\.0\.0\.1:\d+ \(/
    },
    {
      server: "answers HTML",
      answer: (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html>"),
      sentence:
        /^connections\.list: http:\/\/127\.0\.0\.1:\d+ returned 200 with text\/html, which WorkOS does not document\./
    },
    {
      server: "fails",
      answer: (_, response) => response.writeHead(501).end(),
      sentence: /^connections\.list: http:\/\/127\.0\.0\.1:\d+ failed with 501\. Try again later\./
    },
    {
      server: "refuses the key",
      answer: (_, response) =>
        response.writeHead(401, { "content-type": "application/json" }).end('{"message":"Unauthorized"}'),
      sentence: /^The API key is not accepted\. Check WORKOS_API_KEY\.$/m
    },
    {
      server: "has had enough",
      answer: (_, response) =>
        response
          .writeHead(429, { "content-type": "application/json", "retry-after": "90", "x-request-id": "req_7" })
          .end('{"message":"Slow down"}'),
      sentence: /^Too many requests \(request req_7\)\. Try again in 1m 30s\.$/m
    }
  ])("a server that $server: one sentence, and the file that was there stays", ({ answer, sentence }) =>
    Effect.gen(function* () {
      const cwd = yield* folder
      writeFileSync(join(cwd, "all.ndjson"), "old")
      const env = { WORKOS_API_KEY: key, WORKOS_BASE_URL: yield* listen(answer) }
      const { code, stderr, stdout } = yield* cli("export connections -o all.ndjson", { env, cwd })
      assert.match(stderr, sentence)
      // And how far it is, where it takes longer than five seconds.
      assert.match(stderr, /^(0 rows [^\n]+\n)?[^\n]+\n$/, "one line")
      assert.strictEqual(code, 1)
      assert.strictEqual(stdout, "")
      assert.deepStrictEqual(readdirSync(cwd), ["all.ndjson"])
      assert.strictEqual(readFileSync(join(cwd, "all.ndjson"), "utf8"), "old")
    }).pipe(Effect.scoped)
  )
})

describe("emulate", { concurrent: true }, () => {
  it.effect("prints one line when it answers, serves any client, and stops at Ctrl-C with 130", () =>
    Effect.gen(function* () {
      let answers = 0
      const { code, stderr, stdout } = yield* cli("emulate --port 0 --connections 25 --api-key sk_test_mine", {
        interruptWhen: ({ stdout }) => {
          const url = /WORKOS_BASE_URL=(\S+)/.exec(stdout)?.[1]
          if (url !== undefined && answers === 0) {
            answers = -1
            void fetch(`${url}/connections?limit=100`, { headers: { authorization: "Bearer sk_test_mine" } })
              .then((response) => response.json())
              .then((page: { readonly data: ReadonlyArray<unknown> }) => (answers = page.data.length))
          }
          return answers > 0
        }
      })
      assert.strictEqual(answers, 25)
      assert.match(
        stdout,
        /^WorkOS emulator ready: WORKOS_BASE_URL=http:\/\/127\.0\.0\.1:\d+ WORKOS_API_KEY=sk_test_mine\n$/
      )
      assert.strictEqual(stderr, "")
      assert.strictEqual(code, 130)
    })
  )

  it.effect("misbehaves as --fault says, in order", () =>
    Effect.gen(function* () {
      const faults = ["GET /connections status=429 retry-after=7 times=1", "/connections html times=1"]
      const answers: Array<string> = []
      let isAsked = false
      const ask = async (url: string) => {
        for (let i = 0; i < 3; i++) {
          const { headers, status } = await fetch(`${url}/connections`, {
            headers: { authorization: "Bearer sk_test_emulator" }
          })
          answers.push(`${status} ${headers.get("content-type")} ${headers.get("retry-after")}`)
        }
      }
      const { code, stderr } = yield* run(
        bin,
        ["emulate", "--port", "0", "--connections", "5", ...faults.flatMap((fault) => ["--fault", fault])],
        {
          interruptWhen: ({ stdout }) => {
            const url = /WORKOS_BASE_URL=(\S+)/.exec(stdout)?.[1]
            if (url !== undefined && !isAsked) {
              isAsked = true
              void ask(url)
            }
            return answers.length === 3
          }
        }
      )
      assert.deepStrictEqual(answers, [
        "429 application/json 7",
        "200 text/html; charset=utf-8 null",
        "200 application/json null"
      ])
      assert.strictEqual(stderr, "")
      assert.strictEqual(code, 130)
    })
  )

  it.effect.each([
    { fault: "statsu=503", sentence: "expected a kind of fault instead of statsu, status perhaps" },
    { fault: "status=abc", sentence: "expected status to be a whole number from 200 to 599" },
    { fault: "latency", sentence: "expected latency to be a whole number of milliseconds, at most 600000" },
    { fault: "stale tims=2", sentence: "expected an option of stale instead of tims, times perhaps" },
    { fault: "GTE /connections html", sentence: "expected method to be one of GET, POST, PUT, PATCH" }
  ])("--fault '$fault': one sentence, exit code 2", ({ fault, sentence }) =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* inProcess(["emulate", "--port", "0", "--fault", fault])
      assert.isTrue(stderr.startsWith(`Invalid --fault "${fault}": ${sentence}`), stderr)
      assert.match(stderr, /^[^\n]+ See effect-workos emulate --help\.\n$/)
      assert.strictEqual(stdout, "")
      assert.strictEqual(code, 2)
    })
  )

  it.effect("names the port that is in use", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated()
      const { port } = new URL(env.WORKOS_BASE_URL)
      const { code, stderr } = yield* cli(`emulate --port ${port}`)
      assert.strictEqual(stderr, `Port ${port} is in use. Choose another with --port, or 0 for a free one.\n`)
      assert.strictEqual(code, 1)
    })
  )

  it.effect("names the port that needs more rights", () =>
    Effect.gen(function* () {
      const cause = Object.assign(new Error("listen EACCES"), { code: "EACCES", address: "127.0.0.1", port: 80 })
      const written: Array<string> = []
      const { exitCode } = yield* Effect.flip(Failure.report(new ServeError({ cause }))).pipe(
        Effect.provide(
          Layer.mergeAll(
            NodeServices.layer,
            Stdio.layerTest({
              stderr: () => Sink.forEach((text) => Effect.sync(() => void written.push(String(text))))
            })
          )
        )
      )
      assert.deepStrictEqual(written, ["Port 80 needs more rights than you have. Choose one above 1023 with --port.\n"])
      assert.strictEqual(exitCode, 1)
    })
  )

  it.effect.each([
    { host: "0.0.0.0", url: /^http:\/\/127\.0\.0\.1:\d+$/ },
    { host: "::", url: /^http:\/\/\[::1\]:\d+$/ },
    { host: "[::1]", url: /^http:\/\/\[::1\]:\d+$/ },
    { host: "localhost", url: /^http:\/\/(?:127\.0\.0\.1|\[::1\]):\d+$/ }
  ])("listens on --host $host, and prints a URL that programs on this machine can use", ({ host, url }) =>
    Effect.gen(function* () {
      let printed = ""
      let status = 0
      const { code, stderr } = yield* cli(`emulate --host ${host} --port 0 --connections 1`, {
        interruptWhen: ({ stdout }) => {
          if (printed === "") {
            printed = /WORKOS_BASE_URL=(\S+)/.exec(stdout)?.[1] ?? ""
            if (printed !== "") {
              void fetch(`${printed}/connections`, { headers: { authorization: "Bearer sk_test_emulator" } }).then(
                (response) => (status = response.status)
              )
            }
          }
          return status > 0
        }
      })
      assert.match(printed, url)
      assert.strictEqual(status, 200)
      assert.strictEqual(stderr, "")
      assert.strictEqual(code, 130)
    })
  )

  it.effect.each([
    {
      host: "http://localhost",
      sentence:
        'Invalid --host "http://localhost": expected an address or a name of this machine, such as 0.0.0.0 or ::1. See effect-workos emulate --help.'
    },
    {
      host: "0.0.0.256",
      sentence:
        'Invalid --host "0.0.0.256": expected an address or a name of this machine, such as 0.0.0.0 or ::1. See effect-workos emulate --help.'
    },
    {
      host: "203.0.113.1",
      sentence: "203.0.113.1 is not an address of this machine. Set another --host, or 0.0.0.0 for all addresses."
    },
    {
      host: "nothing.invalid",
      sentence: "nothing.invalid is not the name of a host. Set another --host, or 0.0.0.0 for all addresses."
    }
  ])("refuses --host $host with one sentence", ({ host, sentence }) =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* cli(`emulate --port 0 --connections 1 --host ${host}`)
      assert.strictEqual(stderr, `${sentence}\n`)
      assert.strictEqual(stdout, "")
      assert.strictEqual(code, 2)
    })
  )

  it.effect("has events of the last day, and the same ids whenever it starts", () =>
    Effect.gen(function* () {
      const listed: Array<string> = []
      for (let start = 0; start < 2; start++) {
        let output = ""
        yield* cli("emulate --port 0 --connections 20 --organizations 3", {
          interruptWhen: ({ stdout }) => {
            const url = /WORKOS_BASE_URL=(\S+)/.exec(stdout)?.[1]
            if (url !== undefined && output === "") {
              output = "…"
              void Effect.runPromise(
                cli("events list --since 24h --json", {
                  env: { WORKOS_BASE_URL: url, WORKOS_API_KEY: "sk_test_emulator" }
                })
              ).then(({ stderr, stdout }) => (output = stderr + stdout))
            }
            return output.length > 1
          }
        })
        listed.push(JSON.parse(output.split("\n")[0] ?? "").id)
      }
      assert.match(listed[0] ?? "", /^event_/)
      assert.strictEqual(listed[1], listed[0])
    })
  )
})

describe("help and version", { concurrent: true }, () => {
  it.effect.each(["", "connections", "export", "--help", "connections list --help", "export connections -h"])(
    "%j: help on stdout, nothing on stderr",
    (args) =>
      Effect.gen(function* () {
        const { code, stderr, stdout } = yield* run(bin, args === "" ? [] : args.split(" "))
        assert.match(stdout, /USAGE/)
        assert.strictEqual(stderr, "")
        assert.strictEqual(code, 0)
      })
  )

  it.effect("--version", () =>
    Effect.gen(function* () {
      const { stdout } = yield* cli("--version")
      assert.match(stdout, /^effect-workos v\d+\.\d+\.\d+\n$/)
    })
  )
})

describe("demo", () => {
  it.effect("exports 2,500 connections, checks them, and says what to type next", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const { code, stderr, stdout } = yield* run(demo, [], { cwd })
      assert.strictEqual(code, 0)
      assert.match(stdout, /Every one of the 2500 ids is there, once\./)
      assert.match(stdout, /pnpm@12 effect-workos export connections/)
      assert.match(stderr, /Exported 2,500 connections to out\/connections\.ndjson/)
      assert.lengthOf(parseLines(readFileSync(join(cwd, "out/connections.ndjson"), "utf8")), 2500)
    }).pipe(Effect.scoped)
  )
})
