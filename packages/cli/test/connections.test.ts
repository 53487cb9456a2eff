// `connections get` and `connections list`.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { encodeAll, parseLines } from "./exported.ts"
import { emulated, inProcess, key } from "./running.ts"

const apiKey = Redacted.make(key)

describe("connections", () => {
  it.effect("`connections get` shows a connection, and prints it as received with --json", () =>
    Effect.gen(function* () {
      const { env, store } = yield* emulated({ apiKey })
      const row = store.connections.rows.find(({ domains }) => domains.length > 1)
      assert.isDefined(row)
      const human = yield* inProcess(`connections get ${row.id}`, { env })
      const json = yield* inProcess(`connections get ${row.id} --json`, { env })
      assert.strictEqual(human.code, 0)
      assert.match(human.stdout, new RegExp(`^Id {12}${row.id}\nName {10}${row.name}\n`))
      assert.include(human.stdout, row.domains.map(({ domain }) => domain).join(", "))
      assert.deepStrictEqual<unknown>(parseLines(json.stdout), [...encodeAll([row])])
      assert.strictEqual(human.stderr + json.stderr, "")
    })
  )

  it.effect("`connections list` shows a page as a table, and how to show more rows", () =>
    Effect.gen(function* () {
      const { env, store } = yield* emulated({ apiKey })
      const { code, stderr, stdout } = yield* inProcess("connections list --limit 3 --order asc", { env })
      assert.strictEqual(code, 0)
      const lines = stdout.split("\n")
      assert.match(lines[0] ?? "", /^ID +NAME +TYPE +STATE +CREATED +DOMAINS$/)
      assert.deepStrictEqual<ReadonlyArray<string>>(
        lines.slice(1, 4).map((line) => line.slice(0, 31)),
        store.connections.rows.slice(0, 3).map(({ id }) => id)
      )
      assert.strictEqual(stderr, "More rows exist. Use --all to show all rows, or --limit 100 to show a longer page.\n")
    })
  )

  it.effect("`connections list --all --json` prints all matching rows as received", () =>
    Effect.gen(function* () {
      const { env, store } = yield* emulated({ apiKey })
      const { code, stderr, stdout } = yield* inProcess("connections list --all --json --order asc --type OktaSAML", {
        env
      })
      const rows = store.connections.rows.filter(({ connectionType }) => connectionType === "OktaSAML")
      assert.deepStrictEqual<unknown>(parseLines(stdout), [...encodeAll(rows)])
      assert.strictEqual(stderr, "")
      assert.strictEqual(code, 0)
    })
  )

  it.effect("`connections list` reports that no connection matches", () =>
    Effect.gen(function* () {
      const { env } = yield* emulated({ apiKey })
      const { code, stderr } = yield* inProcess("connections list --domain unknown.example", { env })
      assert.strictEqual(code, 0)
      assert.strictEqual(stderr, "No connection matches.\n")
    })
  )
})
