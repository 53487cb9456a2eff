// The results, reports, annotations and usage errors of `verify`.
import { assert, describe, it } from "@effect/vitest"
import * as Clients from "@effect-workos/emulator/Clients"
import { checksOf } from "@effect-workos/contract-engine/Suite"
import * as WorkOs from "@effect-workos/contract/WorkOs"
import { isExhaustive } from "@effect-workos/testing/Sample"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { execFile } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { type ProxyResponse, proxy } from "./proxy.ts"
import { encodeAll } from "./exported.ts"
import { emulated, folder, inProcess, key } from "./running.ts"
import { oneTooMany, readingFlags } from "./laws.ts"

const apiKey = Redacted.make(key)

/** Enough rows for the laws about lists. */
const small = { connections: 12 }

const shell = (line: string) =>
  Effect.promise(async () => {
    const { stdout } = await promisify(execFile)("sh", ["-c", line], { env: { ...process.env, WORKOS_API_KEY: key } })
    return stdout
  })

const withField = (response: ProxyResponse): ProxyResponse => ({
  ...response,
  text: response.text.replace('{"object":"connection"', '{"object":"connection","beta":true')
})

/** Asserts that the numbers in the summary are those of the checks of these flags. */
const assertCounts = (stdout: string, flags: string) => {
  const [, passed, skipped] = /\n(\d+) passed, 0 failed, 0 drift, (\d+) skipped: /.exec(stdout) ?? []
  const laws = flags === "" ? undefined : flags.replace("--only ", "").split(",")
  assert.strictEqual(Number(passed) + Number(skipped), checksOf(WorkOs.suite, { laws }).length)
}

/** Resources whose lists have several pages. */
const large = "connections,organizations,events"

const WORKOS_CLIENT_ID = Clients.defaultClientId

describe("verify", () => {
  it.live("`verify` reports that a conforming server passes, and sends safe requests only", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey }, small)
      const { received, url } = yield* proxy(env.WORKOS_BASE_URL)
      const { code, stderr, stdout } = yield* inProcess(`verify --runs 1 ${readingFlags}`, {
        env: { ...env, WORKOS_BASE_URL: url }
      })
      assert.match(stdout, /^authentication\w* +\w+[^]*\n\d+ passed, /)
      assert.match(stdout, /\nAll [\d,]+ checks passed\./)
      assertCounts(stdout, readingFlags)
      assert.match(stderr, /^Expected: about [\d,]+ requests in .*\.\n(?:\d+\/\d+ checks .*\n)*$/)
      assert.strictEqual(code, 0)
      for (const { method } of received) assert.include(["GET", "HEAD", "OPTIONS", "QUERY", "TRACE"], method)
    })
  )

  it.live("`verify --writes` reports that a conforming server passes, and deletes the created connections", () =>
    Effect.gen(function* () {
      const { env, store } = yield* emulated({ apiKey }, small)
      const before = encodeAll([...store.connections.rows])
      const selected = isExhaustive ? "" : "--only lifecycle/deleted-again,lifecycle/created-in-list"
      const { code, stdout } = yield* inProcess(`verify --writes --runs 1 ${selected}`, {
        env: { ...env, WORKOS_CLIENT_ID }
      })
      assert.match(stdout, /\nAll [\d,]+ checks passed\./)
      assertCounts(stdout, selected)
      assert.strictEqual(code, 0)
      assert.deepStrictEqual(encodeAll([...store.connections.rows]), before)
    })
  )

  it.live("`verify` reports a failed law with a curl command and a verify command that reproduce the failure", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const { env } = yield* emulated({ apiKey }, small)
      const { url } = yield* proxy(env.WORKOS_BASE_URL, undefined, oneTooMany)
      const broken = { ...env, WORKOS_BASE_URL: url }
      const reports = "--report json=r.json --report junit=r.xml --report html=r.html"
      const { code, stderr, stdout } = yield* inProcess(
        `verify --only lists/limit --operations ${large} --runs 5 --seed 7 ${reports}`,
        {
          env: broken,
          cwd
        }
      )
      assert.strictEqual(code, 1)
      assert.match(stderr, /^Expected: [^\n]+\n$/)
      assert.match(stdout, /^✕ lists\/limit {2}connections\.list\n {2}A page contains at most `limit` rows\.\n/)
      assert.include(stdout, "2 rows exceed the limit of 1")
      const line = /^ {2}(curl .*)$/m.exec(stdout)?.[1] ?? ""
      const page: { readonly data: ReadonlyArray<unknown> } = JSON.parse(yield* shell(`${line} -s`))
      assert.lengthOf(page.data, 2)
      const again = /^ {2}effect-workos (verify .*)$/m.exec(stdout)?.[1] ?? ""
      assert.strictEqual(again, "verify --seed 7 --runs 5 --laws lists/limit --operations connections.list")
      const found = yield* inProcess(again, { env: broken })
      assert.include(found.stdout, line)

      const report: unknown = JSON.parse(readFileSync(join(cwd, "r.json"), "utf8"))
      assert.deepInclude(report, {
        target: url,
        seed: 7,
        summary: { passed: 0, failed: 3, drift: 0, skipped: 0 }
      })
      assert.match(readFileSync(join(cwd, "r.xml"), "utf8"), /^<\?xml [^]*<failure /)
      assert.match(readFileSync(join(cwd, "r.html"), "utf8"), /^<!doctype html>[^]*lists\/limit/i)
      for (const name of readdirSync(cwd)) assert.notInclude(readFileSync(join(cwd, name), "utf8"), key)
    }).pipe(Effect.scoped)
  )

  it.live("`verify` redacts the API key in its output and its reports", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const { env } = yield* emulated({ apiKey }, small)
      const { url } = yield* proxy(env.WORKOS_BASE_URL, (response, { authorization = "" }) => ({
        ...response,
        status: 200,
        headers: { ...response.headers, "x-echo": authorization },
        text: JSON.stringify({ message: `You said ${authorization}`, key: authorization.slice(7) })
      }))
      const selected = isExhaustive
        ? ""
        : "--only resources/unknown-id,lists/limit,responses/content-type,lifecycle/deleted-again"
      const { code, stderr, stdout } = yield* inProcess(
        `verify --runs 1 --writes --report json=r.json --report junit=r.xml --report html=r.html ${selected}`,
        { env: { ...env, WORKOS_BASE_URL: url, GITHUB_ACTIONS: "true" }, cwd }
      )
      assert.strictEqual(code, 1)
      assert.include(stdout, "$WORKOS_API_KEY")
      for (const text of [stdout, stderr, ...readdirSync(cwd).map((name) => readFileSync(join(cwd, name), "utf8"))]) {
        assert.notInclude(text, key)
        assert.notInclude(text, key.slice(0, -1))
      }
    }).pipe(Effect.scoped)
  )

  it.live("`verify` reports an undocumented field as drift, and as a failure with --strict", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey }, small)
      const { url } = yield* proxy(env.WORKOS_BASE_URL, withField)
      const drifting = { ...env, WORKOS_BASE_URL: url }
      const only = "--only responses/undocumented-field --runs 1"
      const { code, stdout } = yield* inProcess(`verify ${only}`, { env: drifting })
      assert.match(stdout, /^◐ responses\/undocumented-field {2}connections\.list {2}drift\n/)
      assert.include(stdout, "beta: undocumented field (true)")
      assert.strictEqual(code, 0)
      assert.strictEqual((yield* inProcess(`verify --strict ${only}`, { env: drifting })).code, 1)
    })
  )

  it.live("`verify` prints annotations and writes a summary only in GitHub Actions", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const { env } = yield* emulated({ apiKey }, small)
      const { url } = yield* proxy(env.WORKOS_BASE_URL, undefined, oneTooMany)
      const broken = { ...env, WORKOS_BASE_URL: url }
      const summary = join(cwd, "summary.md")
      writeFileSync(summary, "before\n")
      const args = "verify --only lists/limit --runs 1"
      const inside = yield* inProcess(args, {
        env: { ...broken, GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary }
      })
      assert.match(inside.stdout, /^::error title=/m)
      assert.match(readFileSync(summary, "utf8"), /^before\n[^]*lists\/limit/)
      assert.notInclude((yield* inProcess(args, { env: broken })).stdout, "::error")
    }).pipe(Effect.scoped)
  )

  it.live("`verify --list` prints the laws and operations with their requests, without a key", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* inProcess("verify --list")
      for (const { id, method, path } of WorkOs.suite.operations) {
        const line = stdout.split("\n").find((line) => line.startsWith(`${id} `)) ?? ""
        assert.match(line, /^\S+ +[1-9][\d,]*  /)
        assert.include(line, `${method} ${path}`)
      }
      assert.match(stdout, /\nAbout \d+,\d{3} requests, or \d+,\d{3} with --writes\. /)
      assert.strictEqual(stderr, "")
      assert.strictEqual(code, 0)
      const printed = stdout.split("\n").flatMap((line) => /^[a-z]+\/\S+/.exec(line) ?? [])
      assert.deepStrictEqual(
        printed,
        WorkOs.suite.laws.map(({ id }) => id)
      )
    })
  )
})

describe("wrong usage of verify", () => {
  const unreachable = { WORKOS_API_KEY: key, WORKOS_BASE_URL: "http://127.0.0.1:1" }

  it.live.each<{
    readonly args: string
    readonly code: 1 | 2
    readonly sentence: RegExp
    readonly env?: Readonly<Record<string, string>>
  }>([
    { args: "", env: {}, code: 2, sentence: /^WORKOS_API_KEY is missing\. Set it to your secret key/ },
    {
      args: "",
      code: 2,
      env: { ...unreachable, WORKOS_CLIENT_ID: "foo" },
      sentence: /^WORKOS_CLIENT_ID must be an id that starts with client_\./
    },
    {
      args: "",
      env: { WORKOS_API_KEY: key, WORKOS_BASE_URL: "workos" },
      code: 2,
      sentence: /^WORKOS_BASE_URL must be a URL that starts with/
    },
    {
      args: "",
      code: 1,
      sentence: /^No response from http:\/\/127\.0\.0\.1:1: .* \(ECONNREFUSED\)\. Check the URL/
    },
    { args: "--runs 0", code: 2, sentence: /^Invalid --runs "0": expected a whole number, 1 or more\./ },
    { args: "--runs many", code: 2, sentence: /^Invalid --runs "many": expected / },
    { args: "--seed -1", code: 2, sentence: /--seed/ },
    { args: "--time-budget 0", code: 2, sentence: /^Invalid --time-budget "0": expected / },
    { args: "--max-rate 0", code: 2, sentence: /^Invalid --max-rate "0": expected / },
    { args: "--only lists/limits", code: 2, sentence: /^Invalid --laws "lists\/limits": expected ids, families/ },
    { args: "--only unknown-cursors", code: 2, sentence: /^Invalid --laws "unknown-cursors": expected ids, families/ },
    {
      args: "--only cursor",
      code: 2,
      sentence:
        /expected ids, families or patterns of laws\. Did you mean \S*cursor\S* or \S*cursor\S* or \S*cursor\S*\? See /
    },
    {
      args: "--operations conections",
      code: 2,
      sentence:
        /^Invalid --operations "conections": expected ids, groups, paths or patterns of operations\. Did you mean connections\? See /
    },
    {
      args: "--report pdf=x",
      code: 2,
      sentence: /^Invalid --report "pdf=x": expected json=FILE, junit=FILE or html=FILE/
    },
    {
      args: "--report json",
      code: 2,
      sentence: /^Invalid --report "json": expected json=FILE, junit=FILE or html=FILE/
    },
    {
      args: "--report json=no/where.json",
      code: 2,
      sentence: /^Cannot write no\/where\.json: the folder no does not exist or is not writable\. Create it, /
    },
    {
      args: "--report json=folder",
      code: 2,
      sentence: /^Cannot write folder: it is a folder\. Name a file in it\.$/m
    },
    {
      args: "--update-baseline",
      code: 2,
      sentence: /^--update-baseline requires a file\. Add --baseline FILE\.$/m
    },
    {
      args: "--baseline none.json",
      code: 2,
      sentence: /^The baseline none\.json does not exist\. Add --update-baseline to create it\.$/m
    },
    {
      args: "--baseline folder",
      code: 2,
      sentence: /^Cannot read folder\. Check that it is a file and that you have permission to read it\.$/m
    },
    {
      args: "--baseline nonsense.txt",
      code: 2,
      sentence: /^nonsense\.txt: The baseline is invalid: expected JSON with a list of failures/
    },
    {
      args: "--writes",
      env: { WORKOS_API_KEY: "sk_live_never_to_be_seen", WORKOS_BASE_URL: "http://127.0.0.1:1" },
      code: 2,
      sentence: /^WORKOS_API_KEY is a live key, and --writes creates and deletes connections\. Add --yes-production /
    },
    {
      args: "--writes",
      env: { WORKOS_API_KEY: key },
      code: 2,
      sentence:
        /^api\.workos\.com is WorkOS itself, and --writes creates and deletes connections\. Add --yes-production /
    },
    {
      args: "--writes",
      env: { WORKOS_API_KEY: key, WORKOS_BASE_URL: "https://api.workos.com./" },
      code: 2,
      sentence: /^api\.workos\.com\. is WorkOS itself, /
    },
    {
      args: "",
      env: { WORKOS_API_KEY: key, WORKOS_BASE_URL: "http://user:never_to_be_seen@127.0.0.1:1" },
      code: 2,
      sentence:
        /^WORKOS_BASE_URL must not contain a user, a password, a query \(\?\) or a fragment \(#\)\. Remove them\.$/m
    },
    {
      args: "--writes --yes-production",
      env: { WORKOS_API_KEY: "sk_live_never_to_be_seen", WORKOS_BASE_URL: "http://127.0.0.1:1" },
      code: 1,
      sentence: /^No response from /
    }
  ])("`verify $args` reports $sentence and exits with $code", ({ args, code, env, sentence }) =>
    Effect.gen(function* () {
      const cwd = yield* folder
      mkdirSync(join(cwd, "folder"))
      writeFileSync(join(cwd, "nonsense.txt"), "nonsense")
      const finished = yield* inProcess(`verify ${args}`, { env: env ?? unreachable, cwd })
      assert.match(finished.stderr, sentence)
      assert.match(finished.stderr, /^[^\n]+\n$/, "one line")
      assert.strictEqual(finished.code, code)
      assert.strictEqual(finished.stdout, "")
      assert.notMatch(finished.stderr, /never_to_be_seen/)
      assert.deepStrictEqual(readdirSync(cwd).toSorted(), ["folder", "nonsense.txt"])
    }).pipe(Effect.scoped)
  )

  it.live("`verify` reports a key that the server does not accept, and exits with 1", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey: Redacted.make("sk_test_another") })
      const { code, stderr, stdout } = yield* inProcess("verify", { env })
      assert.match(
        stderr,
        /^http:\/\/\S+ does not accept the key: GET \/connections returned 401\. Check WORKOS_API_KEY\.\n$/
      )
      assert.strictEqual(stdout, "")
      assert.strictEqual(code, 1)
    })
  )
})
