// `verify --openapi`: documents in files and at URLs, servers, credentials, and invalid documents.
import * as HttpApiFrom from "@effect-workos/domain/HttpApiFrom"
import { connections } from "@effect-workos/domain/sso/Connection"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpApi from "effect/http-api/HttpApi"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Redacted from "effect/Redacted"
import { writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { join } from "node:path"
import { emulated, folder, inProcess, key } from "./running.ts"

const document = OpenApi.fromApi(HttpApi.make("workos").add(HttpApiFrom.group(connections)))
const env = { BEARER: key }
const narrow = "--operations connections.list --laws lists/limit,access/no-key --runs 5"

const files = Effect.fnUntraced(function* (contents: Readonly<Record<string, string>>) {
  const cwd = yield* folder
  for (const [name, text] of Object.entries(contents)) writeFileSync(join(cwd, name), text)
  return cwd
})

/** Serves a text, and the status 404 for other paths. */
const served = (path: string, text: string) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.callback<ReturnType<typeof createServer>>((resume) => {
        const server = createServer(({ url }, response) => {
          response.writeHead(url === path ? 200 : 404)
          response.end(url === path ? text : "")
        })
        server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
      }),
      (server) => Effect.sync(() => void server.close())
    ),
    (server) => {
      const address = server.address()
      return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`
    }
  )

describe("verify --openapi", () => {
  it.live("verifies a server against its document, and prints lists, issues and a replay with the document", () =>
    Effect.gen(function* () {
      const { env: emulator } = yield* emulated({ apiKey: Redacted.make("another key") })
      const withDefect = {
        ...document,
        info: { title: "Test", version: "1" },
        paths: { ...document.paths, "/x?y": {} }
      }
      const cwd = yield* files({ "workos api.json": JSON.stringify(withDefect) })
      const args = ["--openapi", "workos api.json", "--base-url", emulator.WORKOS_BASE_URL]
      const passed = yield* inProcess(["verify", ...args, ...narrow.split(" ")], {
        cwd,
        env: { BEARER: "another key" }
      })
      assert.match(passed.stderr, /^Detected lists: .*connections\.list \(/)
      assert.match(passed.stderr, /\nDefect in the document at #\/paths\/~1x\?y: the path contains a query/)
      assert.match(passed.stdout, /All [\d,]+ checks passed\./)
      assert.strictEqual(passed.code, 0)
    })
  )

  it.live("verifies the lists of the configuration file, which the document does not show", () =>
    Effect.gen(function* () {
      const { env: emulator } = yield* emulated({ apiKey: Redacted.make(key) })
      const path = document.paths["/connections"]
      const parameters = path?.get?.parameters?.filter(({ name }) => name !== "limit")
      const withoutLimit = { ...document, paths: { "/connections": { get: { ...path?.get, parameters } } } }
      const list = {
        items: ["data"],
        id: "id",
        limit: { parameter: "limit", maximum: 100 },
        pagination: { type: "cursor", cursors: "ids", after: "after", next: ["list_metadata", "after"] }
      }
      const config = (lists: Record<string, unknown>) =>
        JSON.stringify({ openapi: "api.json", baseUrl: emulator.WORKOS_BASE_URL, runs: 3, laws: ["lists"], lists })
      const cwd = yield* files({ "api.json": JSON.stringify(withoutLimit), "effect-workos.verify.json": config({}) })
      const verify = inProcess(["verify"], { cwd, env })
      assert.notMatch((yield* verify).stdout, /checks passed/)
      writeFileSync(join(cwd, "effect-workos.verify.json"), config({ "GET /connections": list }))
      assert.match((yield* verify).stdout, /All [\d,]+ checks passed/)
      writeFileSync(join(cwd, "effect-workos.verify.json"), config({ "notes.list": list }))
      assert.match((yield* verify).stderr, /lists: the document has no operation notes\.list/)
    })
  )

  it.live("reads a document in YAML from a URL, and takes the server from it", () =>
    Effect.gen(function* () {
      const { env: emulator } = yield* emulated({ apiKey: Redacted.make(key) })
      const text = JSON.stringify({ ...document, servers: [{ url: emulator.WORKOS_BASE_URL }] }, undefined, 1)
      const url = yield* served("/openapi.yaml", `# a comment\n${text}`)
      const { code, stdout } = yield* inProcess(`verify --openapi ${url}/openapi.yaml ${narrow}`, { env })
      assert.match(stdout, /All [\d,]+ checks passed\./)
      assert.strictEqual(code, 0)
    })
  )

  it.live("a counterexample is replayed with the same document and server, without the key", () =>
    Effect.gen(function* () {
      const cwd = yield* files({ "workos api.json": JSON.stringify(document) })
      const anything = yield* served("/connections", "{}")
      const { code, stdout } = yield* inProcess(
        [
          "verify",
          "--openapi",
          "workos api.json",
          "--base-url",
          anything,
          "--laws",
          "responses/body",
          "--operations",
          "connections.list"
        ],
        { cwd, env }
      )
      assert.include(stdout, `--openapi 'workos api.json' --base-url ${anything} --seed 1`)
      assert.include(stdout, `-H "Authorization: Bearer $BEARER"`)
      assert.notInclude(stdout, key)
      assert.strictEqual(code, 1)
    })
  )

  it.live("a key that the server does not accept is reported with the name of its variable", () =>
    Effect.gen(function* () {
      const { env: emulator } = yield* emulated({ apiKey: Redacted.make("another key") })
      const cwd = yield* files({ "api.json": JSON.stringify(document) })
      const { code, stderr } = yield* inProcess(
        `verify --openapi api.json --base-url ${emulator.WORKOS_BASE_URL} ${narrow}`,
        { cwd, env }
      )
      assert.match(stderr, /does not accept the key: .* returned 401\. Check BEARER\.\n$/)
      assert.strictEqual(code, 1)
    })
  )

  it.live("lists the laws without a key", () =>
    Effect.gen(function* () {
      const cwd = yield* files({ "api.json": JSON.stringify(document) })
      const { code, stdout } = yield* inProcess("verify --openapi api.json --list", { cwd })
      assert.match(stdout, /^lists\/limit /m)
      assert.notMatch(stdout, /^workos\//m)
      assert.strictEqual(code, 0)
    })
  )
})

describe("verify --openapi with wrong usage", () => {
  const base = "--base-url http://127.0.0.1:1"
  const cases: Readonly<Record<string, readonly [args: string, sentence: RegExp, env?: Record<string, string>]>> = {
    "a file that does not exist": [
      "--openapi none.json",
      /^The OpenAPI document none\.json does not exist\. Correct --openapi\.\n$/
    ],
    "a folder": ["--openapi .", /^Cannot read \.\. Check that it is a file/],
    "a URL without a document": [
      "--openapi http://127.0.0.1:1/a.json",
      /^Cannot read http:\/\/127\.0\.0\.1:1\/a\.json: no response\. Check the URL\.\n$/
    ],
    "invalid JSON": ["--openapi broken.json", /^broken\.json is not valid JSON: .*\.\n$/],
    "invalid YAML": ["--openapi broken.yaml", /^broken\.yaml is not valid YAML: .*\.\n$/],
    "Swagger 2.0": [
      "--openapi swagger.json",
      /^swagger\.json cannot be verified\. The document is in the format Swagger 2\.0\. Convert it/
    ],
    "no operations": ["--openapi empty.json", /^empty\.json cannot be verified\. The document has no operations\.\n$/],
    "an unknown server": [
      "--openapi relative.json",
      /^relative\.json does not contain the full URL of a server\. Add --base-url URL\.\n$/
    ],
    "an invalid base URL": ["--openapi api.json --base-url ftp://a", /^Invalid --base-url "ftp:\/\/a": expected a URL/],
    "a missing key": [
      `--openapi api.json ${base}`,
      /^BEARER is missing\. Set it to the credentials of the security scheme bearer \(in the header Authorization\)/
    ],
    "an unencrypted key": [
      "--openapi api.json --base-url http://example.test",
      /^http:\/\/example\.test\/ starts with http:\/\/, so BEARER would be sent unencrypted\./,
      env
    ],
    "writes to another machine": [
      "--openapi api.json --base-url https://example.test --writes",
      /^example\.test is not this machine, and --writes creates and deletes resources\. Add --yes-production/,
      env
    ],
    "a base URL without a document": [base, /^--base-url requires --openapi\./]
  }
  const contents = {
    "broken.json": `{"openapi": "3.1.0",`,
    "broken.yaml": "openapi: 3.1.0\n  paths: [",
    "swagger.json": `{"swagger": "2.0", "paths": {}}`,
    "empty.json": `{"openapi": "3.1.0", "paths": {}}`,
    "relative.json": JSON.stringify({ ...document, servers: [{ url: "/api" }] }),
    "api.json": JSON.stringify(document)
  }
  for (const [name, [args, sentence, env]] of Object.entries(cases)) {
    it.live(`${name} is refused in one sentence with exit code 2`, () =>
      Effect.gen(function* () {
        const cwd = yield* files(contents)
        const { code, stderr, stdout } = yield* inProcess(`verify ${args}`, {
          cwd,
          ...(env === undefined ? {} : { env })
        })
        assert.match(stderr, sentence)
        assert.strictEqual(stderr.trim().split("\n").length, 1)
        assert.strictEqual(stdout, "")
        assert.strictEqual(code, 2)
      })
    )
  }
})
