// `verify proxy` between a client and an emulator, over real sockets.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { oneTooMany } from "./laws.ts"
import { proxy } from "./proxy.ts"
import { cli, emulated, folder, inProcess, key } from "./running.ts"

const apiKey = Redacted.make(key)

const ready = /^Proxy ready: WORKOS_BASE_URL=(http:\/\/127\.0\.0\.1:\d+) forwards to http:\/\/127\.0\.0\.1:\d+\n/

/** Requests paths through the proxy as soon as it is ready. Returns a condition that is true when it has responded. */
const client = (paths: ReadonlyArray<string>) => {
  let isStarted = false
  const statuses: Array<number> = []
  return {
    statuses,
    interruptWhen: ({ stdout }: { readonly stdout: string }) => {
      const url = ready.exec(stdout)?.[1]
      if (url !== undefined && !isStarted) {
        isStarted = true
        void (async () => {
          for (const path of paths) {
            const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } })
            await response.text()
            statuses.push(response.status)
          }
        })()
      }
      return statuses.length === paths.length
    }
  }
}

const pages = ["/connections?limit=2&order=desc", "/connections?limit=1&order=desc", "/app.js"]

describe("verify proxy", () => {
  it.live("`verify proxy` exits with 0 after Ctrl-C if the server conforms, and needs no key", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey }, { connections: 12 })
      const { interruptWhen, statuses } = client(pages)
      const { code, stderr, stdout } = yield* cli("verify proxy --port 0", {
        env: { WORKOS_BASE_URL: env.WORKOS_BASE_URL },
        interruptWhen
      })
      assert.deepStrictEqual(statuses, [200, 200, 404])
      assert.match(stdout, /\nAll [\d,]+ checks passed\. [^]*: 2 requests in /)
      assert.strictEqual(
        stderr,
        "2 of 3 exchanges with the server were checked. Not checked: 1 for undocumented paths or methods.\n"
      )
      assert.strictEqual(code, 0)
    })
  )

  it.live(
    "`verify proxy` prints each violation once while it runs, and writes reports and an archive without the key",
    () =>
      Effect.gen(function* () {
        const cwd = yield* folder
        const { env } = yield* emulated({ apiKey }, { connections: 12 })
        const { url } = yield* proxy(env.WORKOS_BASE_URL, undefined, oneTooMany)
        const { interruptWhen } = client(pages)
        const { stderr, stdout } = yield* inProcess(
          "verify proxy --port 0 --laws lists/limit --report json=r.json --record app.har",
          { env: { ...env, WORKOS_BASE_URL: url }, cwd, interruptWhen }
        )
        assert.match(
          stderr,
          /^✕ lists\/limit connections\.list: GET \/connections\?limit=2&order=desc: 3 rows exceed the limit of 2\n2 of 3 exchanges [^\n]+\n$/
        )
        assert.match(stdout, /\n1 of 1 check failed|\n1 finding: 1 of 1 check failed/)
        const report = readFileSync(join(cwd, "r.json"), "utf8")
        const archive = readFileSync(join(cwd, "app.har"), "utf8")
        assert.deepInclude(JSON.parse(report), { target: url, requests: 2 })
        for (const text of [stdout, stderr, report, archive]) assert.notInclude(text, key)
        const again = yield* inProcess("verify --traffic app.har --laws lists/limit", { cwd })
        assert.include(again.stdout, "2 rows exceed the limit of 1")
        assert.strictEqual(again.code, 1)
      }).pipe(Effect.scoped)
  )

  it.live("`verify proxy` on a port in use fails with a sentence that says what to do", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey }, { connections: 12 })
      const { port } = new URL(env.WORKOS_BASE_URL)
      const { code, stderr } = yield* inProcess(`verify proxy --port ${port}`, { env })
      assert.strictEqual(stderr, `Port ${port} is in use. Set another --port, or --port 0 for a free port.\n`)
      assert.strictEqual(code, 1)
    })
  )
})
