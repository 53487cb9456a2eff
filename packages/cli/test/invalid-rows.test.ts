// Commands that show or export rows that do not have the documented shape.
import { assert, layer } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { readFileSync } from "node:fs"
import { createServer } from "node:http"
import { join } from "node:path"
import { folder, inProcess, key } from "./running.ts"

const organization = (number: number, domains: ReadonlyArray<unknown>) => ({
  object: "organization",
  id: `org_${number}`,
  name: `Organization ${number}`,
  domains,
  created_at: `2026-01-0${number}T12:00:00.000Z`,
  updated_at: "2026-01-15T12:00:00.000Z"
})

const malformed = organization(2, [{ object: "organization_domain", id: "org_domain_2", domain: 42 }])
const rows = [organization(1, []), malformed, organization(3, [])]

class Target extends Context.Service<Target, Readonly<Record<string, string>>>()("Target") {}

/** A server with three organizations. The domain of the second organization is a number. */
const layerTarget = Layer.effect(
  Target,
  Effect.acquireRelease(
    Effect.callback<{ readonly env: Readonly<Record<string, string>>; readonly close: () => void }>((resume) => {
      const server = createServer(({ url = "/" }, response) => {
        const isAscending = new URL(url, "http://127.0.0.1").searchParams.get("order") === "asc"
        const data = isAscending ? rows : rows.toReversed()
        response.writeHead(200, { "content-type": "application/json" })
        response.end(JSON.stringify({ object: "list", data, list_metadata: { before: null, after: null } }))
      }).listen(0, "127.0.0.1", () => {
        const address = server.address()
        const port = typeof address === "object" && address !== null ? address.port : 0
        const env = { WORKOS_API_KEY: key, WORKOS_BASE_URL: `http://127.0.0.1:${port}` }
        resume(Effect.succeed({ env, close: () => server.close() }))
      })
    }),
    ({ close }) => Effect.sync(close)
  ).pipe(Effect.map(({ env }) => env))
)

const linesOf = (text: string): ReadonlyArray<unknown> =>
  text
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line))

const note = "1 row did not match the documented shape and was written as received."

layer(layerTarget)("rows that do not have the documented shape", (it) => {
  it.effect("`organizations list` shows a malformed row together with valid rows", () =>
    Effect.gen(function* () {
      const env = yield* Target
      const table = yield* inProcess("organizations list --order asc", { env })
      assert.deepStrictEqual([table.code, table.stderr], [0, ""])
      assert.match(table.stdout, /org_1 [^]*org_2 +Organization 2 [^]*org_3 /)
      const json = yield* inProcess("organizations list --order asc --all --json", { env })
      assert.deepStrictEqual(linesOf(json.stdout), rows)
    })
  )

  it.effect("`export organizations` writes malformed rows as received, and reports their number", () =>
    Effect.gen(function* () {
      const env = yield* Target
      const cwd = yield* folder
      for (const format of ["ndjson", "csv", "parquet"]) {
        const file = join(cwd, `all.${format}`)
        const { code, stderr } = yield* inProcess(["export", "organizations", "-o", file], { env })
        assert.strictEqual(code, 0)
        assert.include(stderr, "Exported 3 organizations")
        assert.include(stderr, note)
        if (format === "ndjson") assert.sameDeepMembers([...linesOf(readFileSync(file, "utf8"))], rows)
        if (format === "csv") assert.match(readFileSync(file, "utf8"), /\norg_2,,Organization 2,/)
      }
      const { stdout } = yield* inProcess(["export", "organizations", "-o", join(cwd, "other.ndjson"), "--json"], {
        env
      })
      assert.include(linesOf(stdout).at(-1), { done: true, rows: 3, invalid: 1 })
      const piped = yield* inProcess("export organizations -o -", { env })
      assert.sameDeepMembers([...linesOf(piped.stdout)], rows)
      assert.include(piped.stderr, note)
    }).pipe(Effect.scoped)
  )

  it.effect(
    "`export organizations --strict` fails with the id and the field of a malformed row, and writes no file",
    () =>
      Effect.gen(function* () {
        const env = yield* Target
        const file = join(yield* folder, "all.ndjson")
        for (const output of [file, "-"]) {
          const { code, stderr, stdout } = yield* inProcess(["export", "organizations", "--strict", "-o", output], {
            env
          })
          assert.deepStrictEqual([code, stdout], [1, ""])
          assert.match(stderr, /row 2 of the page \(org_2\) does not have the documented shape: domains\.0\.domain: /)
        }
        assert.throws(() => readFileSync(file))
      }).pipe(Effect.scoped)
  )
})
