// The reports and the baseline of `verify`.
import { assert, describe, it } from "@effect/vitest"
import * as Json from "@effect-workos/contract-engine/report/Json"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { type ProxyResponse, proxy } from "./proxy.ts"
import { emulated, folder, inProcess, key } from "./running.ts"
import { oneTooMany } from "./laws.ts"

const apiKey = Redacted.make(key)

/** Enough rows for the laws about lists. */
const small = { connections: 12 }

/** Changes the status of missing rows. */
const withoutNotFound = (response: ProxyResponse): ProxyResponse => ({
  ...response,
  status: response.status === 404 ? 400 : response.status
})

/** Starts an emulator behind a proxy that changes requests and responses. */
const broken = Effect.fnUntraced(function* (
  spoil?: (response: ProxyResponse) => ProxyResponse,
  rewrite?: (url: string) => string
) {
  const { env } = yield* emulated({ apiKey }, small)
  const { url } = yield* proxy(env.WORKOS_BASE_URL, spoil, rewrite)
  return { ...env, WORKOS_BASE_URL: url }
})

const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0

describe("reports of verify", () => {
  it.live("`verify` writes complete reports if laws fail, and no other files", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const env = yield* broken(withoutNotFound, oneTooMany)
      const { code } = yield* inProcess(
        "verify --only lists/limit,resources/unknown-id,input/malformed-body --runs 1 --seed 3" +
          " --report json=r.json --report junit=r.xml --report html=r.html",
        { env, cwd }
      )
      assert.strictEqual(code, 1)
      assert.deepStrictEqual(readdirSync(cwd).toSorted(), ["r.html", "r.json", "r.xml"])
      const [html, json, junit] = ["r.html", "r.json", "r.xml"].map((name) => readFileSync(join(cwd, name), "utf8"))

      // These names are documented.
      const { results, seed, summary, target } = yield* Json.parse(json ?? "")
      const counted = (wanted: string) => results.filter(({ status }) => status === wanted).length
      const failed = counted("failed")
      assert.deepStrictEqual(
        { target, seed, summary },
        {
          target: env.WORKOS_BASE_URL,
          seed: 3,
          summary: { passed: counted("passed"), failed, drift: 0, skipped: counted("skipped") }
        }
      )
      const limit = results.find(({ law, operation }) => law === "lists/limit" && operation === "connections.list")
      assert.strictEqual(limit?.status, "failed")
      assert.match(limit?.message ?? "", /2 rows exceed the limit of 1$/)
      assert.isAtLeast(limit?.runs ?? 0, 1)
      assert.include(limit?.counterexample?.curl, `curl -H "Authorization: Bearer $WORKOS_API_KEY" '${target}/`)
      assert.strictEqual(limit?.counterexample?.expected, "at most 1 row")
      assert.match(limit?.counterexample?.actual ?? "", /^2 rows: conn_\w+, conn_\w+$/)
      assert.strictEqual(
        limit?.counterexample?.replay,
        "effect-workos verify --seed 3 --runs 1 --laws lists/limit --operations connections.list"
      )
      const skipped = results.find(({ message, status }) => status === "skipped" && /--writes/.test(message ?? ""))
      assert.isDefined(skipped)
      assert.isUndefined(skipped?.counterexample)

      assert.match(junit ?? "", /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites /)
      assert.include(junit, ` tests="${results.length}" failures="${failed}" `)
      assert.strictEqual(count(junit ?? "", /<testcase /g), results.length)
      assert.strictEqual(
        count(junit ?? "", /<failure message="[^"]+" type="(?:lists\/limit|resources\/unknown-id)">/g),
        failed
      )
      assert.match(junit ?? "", /<\/testsuites>\n$/)

      assert.match(html ?? "", /^<!doctype html>/)
      assert.include(html, "2 rows exceed the limit of 1")
      assert.match(html ?? "", /<\/html>\s*$/)
    }).pipe(Effect.scoped)
  )

  it.live("`verify` replaces an old report, and keeps it if the server is unreachable", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const { env } = yield* emulated({ apiKey }, small)
      const file = join(cwd, "r.json")
      writeFileSync(file, "old")
      const args = `verify --only resources/unknown-id --runs 1 --report json=${file}`
      const unreachable = yield* inProcess(args, { env: { ...env, WORKOS_BASE_URL: "http://127.0.0.1:1" } })
      assert.strictEqual(unreachable.code, 1)
      assert.strictEqual(readFileSync(file, "utf8"), "old")
      assert.strictEqual((yield* inProcess(args, { env })).code, 0)
      assert.strictEqual((yield* Json.parse(readFileSync(file, "utf8"))).summary.failed, 0)
      assert.deepStrictEqual(readdirSync(cwd), ["r.json"])
    }).pipe(Effect.scoped)
  )

  it.live("`verify` in GitHub Actions disables the workflow commands in responses", () =>
    Effect.gen(function* () {
      const env = yield* broken((response) => ({
        ...response,
        status: 500,
        text: "\n::error::x\n::add-mask::e\n##[error]x"
      }))
      const { stdout } = yield* inProcess("verify --only responses/no-server-error --runs 1", {
        env: { ...env, GITHUB_ACTIONS: "true" }
      })
      const [, token] = /^::stop-commands::(\w+)\n/.exec(stdout) ?? []
      const [quoted = "", commands = ""] = stdout.split(`\n::${token}::\n`)
      assert.include(quoted, "::add-mask::e")
      const lines = commands.trimEnd().split("\n")
      assert.isNotEmpty(lines)
      for (const line of lines)
        assert.match(line, /^::error title=(?:responses\/no-server-error on \w+\.\w+|Contract)::/)
    })
  )
})

describe("replays of verify", () => {
  it.live("`verify --replay` prints whether each failure of a report still occurs", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const { env } = yield* emulated({ apiKey }, small)
      const bad = yield* proxy(env.WORKOS_BASE_URL, withoutNotFound, oneTooMany)
      const verify = (args: string, url: string) =>
        inProcess(`verify ${args}`, { env: { ...env, WORKOS_BASE_URL: url }, cwd })

      const stopped = yield* verify(
        "--operations connections --laws resources/unknown-id,lists/limit --runs 1 --max-failures 1 --report json=r.json",
        bad.url
      )
      assert.strictEqual(stopped.code, 1)
      assert.match(stopped.stdout, /^1 finding: 1 of \d checks? failed\. The run was stopped after 1 finding/m)
      const { results } = yield* Json.parse(readFileSync(join(cwd, "r.json"), "utf8"))
      const [failed] = results.filter(({ status }) => status === "failed")

      const still = yield* verify("--replay r.json", bad.url)
      assert.strictEqual(still.code, 1)
      assert.include(still.stdout, `✕ ${failed?.law} on ${failed?.operation}: still fails\n`)
      assert.match(still.stdout, /^1 of 1 failure still fails\.$/m)
      const fixed = yield* verify("--replay r.json", env.WORKOS_BASE_URL)
      assert.strictEqual(fixed.code, 0)
      assert.include(fixed.stdout, `✓ ${failed?.law} on ${failed?.operation}: passes now\n`)

      writeFileSync(join(cwd, "other.json"), "{}")
      const other = yield* verify("--replay other.json", bad.url)
      assert.deepStrictEqual(
        [other.code, other.stderr],
        [2, "other.json is not a report. Write one with verify --report json=FILE.\n"]
      )
    }).pipe(Effect.scoped)
  )
})

describe("the baseline of verify", () => {
  it.live("`verify --baseline` passes with known failures, fails with new ones, and lists the fixed ones", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const large = "connections,organizations,events"
      const args = `verify --only resources/unknown-id,lists/limit --operations ${large} --runs 1 --baseline known.json`
      const { env } = yield* emulated({ apiKey }, small)
      const bad = yield* proxy(env.WORKOS_BASE_URL, undefined, oneTooMany)
      const worse = yield* proxy(env.WORKOS_BASE_URL, withoutNotFound, oneTooMany)
      const verify = (args: string, url: string) => inProcess(args, { env: { ...env, WORKOS_BASE_URL: url }, cwd })

      const written = yield* verify(`${args} --update-baseline`, bad.url)
      assert.match(written.stderr, /^The current failures are in known\.json\. Review and commit this file\.\n$/m)
      assert.strictEqual(written.code, 0)

      const known = yield* verify(args, bad.url)
      assert.notMatch(known.stdout, /^✕ lists\/limit/m)
      assert.match(known.stdout, /^The baseline lists 1 known finding\. Add --show-known to print the failures\.$/m)
      assert.match(known.stdout, /^No new failures: the 3 failures are in the baseline\./m)
      assert.strictEqual(known.code, 0)

      const news = yield* verify(args, worse.url)
      assert.match(news.stdout, /^✕ resources\/unknown-id {2}\w+\.(?:get|list)$/m)
      assert.match(news.stdout, /^1 finding: \d+ of \d+ checks failed\. 3 more checks failed as in the baseline/m)
      assert.strictEqual(news.code, 1)

      const fixed = yield* verify(args, env.WORKOS_BASE_URL)
      assert.match(fixed.stdout, /^Fixed: lists\/limit connections\.list passed, but is in the baseline\.$/m)
      assert.strictEqual(fixed.code, 0)

      // The baseline is sorted and has one failure per line.
      assert.strictEqual((yield* verify(`${args} --update-baseline`, worse.url)).code, 0)
      assert.deepStrictEqual(readdirSync(cwd), ["known.json"])
      const failures = readFileSync(join(cwd, "known.json"), "utf8").match(/^ {4}\{.*\}(?=,?$)/gm) ?? []
      const named = failures.map((line) => line.slice(0, line.indexOf(',"kind"')))
      assert.deepStrictEqual(named, named.toSorted())
      assert.includeMembers(named, [
        '    {"law":"lists/limit","operation":"connections.list"',
        '    {"law":"resources/unknown-id","operation":"connections.get"'
      ])
    }).pipe(Effect.scoped)
  )
})
