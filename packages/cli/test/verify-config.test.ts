// The configuration file of `verify`, and the precedence of flags.
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Setting from "../src/Setting.ts"
import * as VerifyConfig from "../src/VerifyConfig.ts"
import { settings } from "../src/VerifySettings.ts"
import { listen } from "./proxy.ts"
import { emulated, folder, inProcess, key, runInProcess } from "./running.ts"

const configs = Arbitrary.schema(VerifyConfig.VerifyConfig)

/** The arguments that set each setting on the command line, and the value that these arguments mean. */
const samples: {
  readonly [K in keyof typeof settings]: readonly [args: ReadonlyArray<string>, value: unknown]
} = {
  openapi: [["--openapi", "api.yaml"], "api.yaml"],
  baseUrl: [["--base-url", "http://127.0.0.1:4100"], "http://127.0.0.1:4100"],
  operations: [
    ["--operations", "connections", "--operations", "GET /events*, *.get"],
    ["connections", "GET /events*", "*.get"]
  ],
  excludeOperations: [["--exclude-operations", "events.list"], ["events.list"]],
  excludeLaws: [["--exclude-laws", "responses/time"], ["responses/time"]],
  laws: [
    ["--laws", "lists,input/limit", "--only", "access"],
    ["lists", "input/limit", "access"]
  ],
  implemented: [["--implemented"], true],
  seed: [["--seed", "7"], 7],
  runs: [["--runs", "8"], 8],
  writes: [["--no-writes"], false],
  strict: [["--strict"], true],
  baseline: [["--baseline", "flag.json"], "flag.json"],
  maxFailures: [["--max-failures", "3"], 3],
  showKnown: [["--show-known"], true],
  reports: [["--report", "html=a=b.html", "--report", "json=c.json"], { html: "a=b.html", json: "c.json" }],
  workers: [["--workers", "2"], 2],
  maxRate: [["--max-rate", "9"], 9],
  timeBudget: [["--time-budget", "10"], 10]
}

const names = Object.keys(samples)

/** Parses arguments as the flags of `verify` are parsed. */
const parseFlags = Effect.fnUntraced(function* (args: ReadonlyArray<string>) {
  let parsed: Setting.FlagValues<typeof settings> | undefined
  const command = Command.make("verify", { settings: Setting.flags(settings) }, ({ settings }) =>
    Effect.sync(() => void (parsed = settings))
  )
  const { stderr } = yield* runInProcess(Command.runWith(command, { version: "0" })(args))
  assert.strictEqual(stderr, "")
  return parsed ?? assert.fail("the flags were not parsed")
})

const kebabCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

describe("the configuration file of verify", () => {
  it.effect("A configuration is equal to itself after encoding and decoding", () =>
    Effect.gen(function* () {
      const encode = Schema.encodeSync(VerifyConfig.VerifyConfig)
      const result = yield* Arbitrary.checkEffect(
        configs,
        (config) => {
          assert.deepStrictEqual(VerifyConfig.parse(JSON.stringify(encode(config))), Result.succeed(config))
          return Effect.succeed(true)
        },
        { runs: 200, seed: "config" }
      )
      assert.isUndefined(Arbitrary.formatCheckFailure(result))
    })
  )

  it.effect("A flag has precedence over its key in the file, and the file over the default", () =>
    Effect.gen(function* () {
      const subset = Arbitrary.schema(Schema.Array(Schema.Literals(names)))
      const result = yield* Arbitrary.checkEffect(
        Arbitrary.all([configs, subset]),
        ([config, chosen]) =>
          Effect.gen(function* () {
            const flagged = names.filter((name) => chosen.includes(name))
            const sampled = new Map(Object.entries(samples))
            const flags = yield* parseFlags(flagged.flatMap((name) => sampled.get(name)?.[0] ?? []))
            const expected = Object.entries(settings).map(([name, { defaultValue }]) => {
              if (flagged.includes(name)) return [name, sampled.get(name)?.[1]]
              return [name, name in config ? Reflect.get(config, name) : defaultValue]
            })
            assert.deepStrictEqual<unknown>(Setting.resolve(settings, flags, config), Object.fromEntries(expected))
            return true
          }),
        { runs: 40, seed: "flags" }
      )
      assert.isUndefined(Arbitrary.formatCheckFailure(result))
    })
  )

  it.effect("The key of each setting in the file is the name of its flag in camel case", () =>
    Effect.gen(function* () {
      const { stdout } = yield* inProcess("verify --help")
      // A flag is set once for each report, and the key contains all reports.
      for (const name of names) assert.include(stdout, `--${name === "reports" ? "report" : kebabCase(name)}`)
    })
  )

  it.effect.each<readonly [text: string, problem: string]>([
    ['{ "runs": 0 }', "runs: expected a whole number, 1 or more."],
    ['{ "rnus": 1 }', "unknown setting rnus. Did you mean runs?"],
    ['{ "writes": "yes" }', "writes: expected true or false."],
    ['{ "laws": "lists" }', "laws: expected a list of texts."],
    ['{ "laws": ["lists", ""] }', "laws[1]: expected a text that is not empty."],
    [
      '{ "laws": ["lists", "input/limits"] }',
      'laws: expected ids, families or patterns of laws, not "input/limits". Did you mean input/limit'
    ],
    [
      '{ "excludeOperations": ["connection"] }',
      'excludeOperations: expected ids, groups, paths or patterns of operations, not "connection". Did you mean connections'
    ],
    ['{ "reports": { "pdf": "x" } }', "unknown setting reports.pdf. Known settings are json, junit, html."],
    ['{ "headers": { "Authorization": "never_to_be_seen" } }', "headers: expected headers other than Authorization; "],
    [
      '{ "perOperation": { "events.list": { "timeout": 0 } } }',
      "perOperation.events.list.timeout: expected a whole number"
    ],
    [
      '{ "perOperation": { "events.list": { "rnus": 1 } } }',
      "unknown setting perOperation.events.list.rnus. Did you mean runs?"
    ],
    [
      '{ "perOperation": { "event.list": {} } }',
      'perOperation: expected ids, groups, paths or patterns of operations, not "event.list". '
    ],
    ['{ "tokenCommand": [] }', "tokenCommand: expected a list of a program and its arguments."],
    ["[]", "expected an object with settings."],
    ['{ "runs": 1, }', "expected JSON, error in line 1 column"],
    ['{ "a": never_to_be_seen }', "expected JSON."]
  ])("`verify` refuses the configuration file %s with the path of the value", ([text, problem]) =>
    Effect.gen(function* () {
      const cwd = yield* folder
      writeFileSync(join(cwd, "effect-workos.verify.json"), text)
      const { code, stderr, stdout } = yield* inProcess("verify", { env: { WORKOS_API_KEY: key }, cwd })
      assert.isTrue(stderr.startsWith(`effect-workos.verify.json: ${problem}`), stderr)
      assert.match(stderr, /^[^\n]+\n$/, "one line")
      assert.notInclude(stderr, "never_to_be_seen")
      assert.strictEqual(stdout, "")
      assert.strictEqual(code, 2)
    }).pipe(Effect.scoped)
  )

  it.effect("`verify --config` refuses a missing file", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* inProcess("verify --config none.json")
      assert.strictEqual(
        stderr,
        "The configuration file none.json does not exist. Correct --config, or create the file.\n"
      )
      assert.strictEqual(code, 2)
    })
  )

  it.live("`verify` applies the settings of its configuration file", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const { env } = yield* emulated({ apiKey: Redacted.make(key) }, { connections: 12 })
      const config = { laws: ["lists/limit"], runs: 1, reports: { json: "r.json" } }
      writeFileSync(join(cwd, "own.json"), `\uFEFF${JSON.stringify(config)}`)
      const { code, stdout } = yield* inProcess("verify --config own.json", { env, cwd })
      assert.match(stdout, /\nAll [\d,]+ checks passed\./)
      assert.notInclude(stdout, "resources")
      assert.include(readFileSync(join(cwd, "r.json"), "utf8"), "lists/limit")
      assert.strictEqual(code, 0)
    }).pipe(Effect.scoped)
  )

  it.live("`verify` sends the headers of its configuration file", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const tenants: Array<unknown> = []
      const url = yield* listen((request, response) => {
        tenants.push(request.headers["x-tenant"])
        response.writeHead(401).end()
      })
      writeFileSync(join(cwd, "effect-workos.verify.json"), JSON.stringify({ headers: { "X-Tenant": "acme" } }))
      yield* inProcess("verify", { env: { WORKOS_API_KEY: key, WORKOS_BASE_URL: url }, cwd })
      assert.deepStrictEqual(tenants, ["acme"])
    }).pipe(Effect.scoped)
  )
})

const print = (script: string) => [process.execPath, "-e", script]

describe("the token command of verify", () => {
  it.live("`verify` uses the output of the token command as key, without a shell", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const { env } = yield* emulated({ apiKey: Redacted.make(key) }, { connections: 12 })
      // A shell would expand the variable and the command.
      const tokenCommand = [
        ...print("console.log(process.argv[1] === '$HOME `id`' ? process.argv[2] : '')"),
        "$HOME `id`",
        key
      ]
      writeFileSync(
        join(cwd, "effect-workos.verify.json"),
        JSON.stringify({ laws: ["lists/limit"], runs: 1, tokenCommand })
      )
      const { code, stdout } = yield* inProcess("verify", {
        env: { WORKOS_BASE_URL: env.WORKOS_BASE_URL, WORKOS_API_KEY: "sk_test_replaced" },
        cwd
      })
      assert.match(stdout, /\nAll [\d,]+ checks passed\./)
      assert.notInclude(stdout, key)
      assert.strictEqual(code, 0)
    }).pipe(Effect.scoped)
  )

  it.live.each([
    { tokenCommand: ["no-such-program"], problem: "no-such-program could not be started" },
    { tokenCommand: print("process.exit(3)"), problem: "failed with exit code 3" },
    { tokenCommand: print("console.log(' ')"), problem: "must print the token, and nothing else" },
    { tokenCommand: print("console.log('never_to_be_seen\\nx')"), problem: "must print the token, and nothing else" }
  ])("`verify` fails with one sentence if the token command $problem", ({ problem, tokenCommand }) =>
    Effect.gen(function* () {
      const cwd = yield* folder
      writeFileSync(join(cwd, "effect-workos.verify.json"), JSON.stringify({ tokenCommand }))
      const { code, stderr, stdout } = yield* inProcess("verify", { cwd })
      assert.include(stderr, `${problem}. Run it in a terminal to see its output, or correct tokenCommand.\n`)
      assert.match(stderr, /^The token command [^\n]+\n$/)
      assert.notInclude(stderr, "never_to_be_seen")
      assert.strictEqual(stdout, "")
      assert.strictEqual(code, 2)
    }).pipe(Effect.scoped)
  )
})
