// Responses that contain the API key or control characters of terminals.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readdirSync, readFileSync } from "node:fs"
import type { IncomingMessage, ServerResponse } from "node:http"
import { join } from "node:path"
import { listen } from "./proxy.ts"
import { folder, inProcess } from "./running.ts"

// The key does not have the form of a WorkOS key.
const key = "correct/horse&battery+staple"

const serve = (respond: (request: IncomingMessage, response: ServerResponse) => void) =>
  Effect.map(listen(respond), (url) => ({ WORKOS_API_KEY: key, WORKOS_BASE_URL: url }))

const evil = "\u001B[2J\u001B]0;pwned\u0007\u009B31m\r\nforged \u202Etxt"
const control = /(?!\n)\p{Cc}|[\u202A-\u202E\u2066-\u2069\u2028\u2029]/u

const row = (number: number) => ({
  object: "connection",
  id: `conn_01E4ZCR3C56J083X43JQXF3JK${number}`,
  connection_type: `OktaSAML${evil}`,
  name: `Foo${evil}`,
  state: `active${evil}`,
  domains: [{ object: "connection_domain", id: "org_domain_1", domain: `foo.com${evil}` }],
  created_at: "2026-01-15T12:00:00.000Z",
  updated_at: "2026-01-15T12:00:00.000Z"
})

describe("responses with the API key and control characters", () => {
  it.live.each([403, 404])("The error of a %d response contains neither the API key nor control characters", (status) =>
    Effect.gen(function* () {
      const env = yield* serve(({ headers }, response) => {
        const text = `${headers.authorization}${evil}`
        response.writeHead(status, { "content-type": `text/${key}\u009B`, "x-request-id": `${key}\u009B31m` })
        response.end(JSON.stringify({ message: text, code: text, errors: [text] }))
      })
      const { code, stderr, stdout } = yield* inProcess(`connections ${status === 404 ? `get ${row(1).id}` : "list"}`, {
        env
      })
      assert.strictEqual(code, 1)
      assert.strictEqual(stdout, "")
      assert.match(stderr, /^[^\n]+\n$/, "one line")
      assert.notInclude(stderr, "correct")
      assert.notMatch(stderr, control)
    })
  )

  it.live("Tables and detail views escape the control characters in names", () =>
    Effect.gen(function* () {
      const env = yield* serve(({ url }, response) => {
        const page = { object: "list", data: [row(1), row(2)], list_metadata: { before: null, after: null } }
        response.end(JSON.stringify(url?.startsWith("/connections/") === true ? row(1) : page))
      })
      const table = yield* inProcess("connections list", { env })
      assert.lengthOf(table.stdout.split("\n"), 4)
      assert.notMatch(table.stdout, control)
      const details = yield* inProcess(`connections get ${row(1).id}`, { env })
      assert.include(details.stdout, "Foo␛[2J␛]0;pwned")
      assert.notMatch(details.stdout, control)
    })
  )

  it.live("The files of a failed `export` do not contain the API key of an error", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const env = yield* serve(({ headers, url = "" }, response) => {
        if (url.includes("after=")) {
          response.writeHead(422).end(JSON.stringify({ message: headers.authorization, errors: [headers] }))
          return
        }
        const metadata = { before: null, after: row(1).id }
        response.end(JSON.stringify({ object: "list", data: [row(1)], list_metadata: metadata }))
      })
      const { code, stderr } = yield* inProcess("export connections -o all.ndjson --concurrency 1", { env, cwd })
      assert.strictEqual(code, 1)
      assert.notInclude(stderr, "correct")
      const files = readdirSync(cwd)
      assert.isNotEmpty(files)
      for (const file of files) assert.notInclude(readFileSync(join(cwd, file), "latin1"), "correct", file)
    }).pipe(Effect.scoped)
  )
})
