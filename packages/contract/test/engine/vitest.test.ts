// The Vitest binding: one test for each law and operation.
import { runs } from "@effect-workos/testing/Sample"
import { assert, describe, it } from "@effect/vitest"
import * as Vitest from "../../src/Vitest.ts"
import * as WorkOs from "../../src/WorkOs.ts"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { spawn } from "node:child_process"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { connections } from "../suites.ts"

Vitest.contract(connections, {
  name: "the emulator",
  runs: runs(5, 2),
  writes: true,
  strict: true,
  target: WorkOs.layerTarget({ baseUrl: "http://workos.test", apiKey: Emulator.defaultApiKey }).pipe(
    Layer.provide(Emulator.layerHttpClient()),
    Layer.provide(Store.layer({ connections: 30, organizations: 5, seed: 4 }))
  )
})

// Runs fixtures/crowded.ts in a separate process.
const runFixture = Effect.callback<{ readonly code: number | null; readonly output: string }>((resume) => {
  const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs")
  const root = fileURLToPath(new URL("fixtures", import.meta.url))
  const child = spawn(process.execPath, [vitest, "run", "--root", root, "--reporter", "verbose"], {
    env: { PATH: process.env["PATH"], NO_COLOR: "1" }
  })
  let output = ""
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text))
  }
  child.on("close", (code) => resume(Effect.succeed({ code, output })))
  return Effect.sync(() => child.kill("SIGKILL"))
})

describe("a test file for a faulty server", () => {
  it.live("a test file for a faulty server fails with the counterexample, and states why tests are skipped", () =>
    Effect.gen(function* () {
      const { code, output } = yield* runFixture
      assert.strictEqual(code, 1, output)
      assert.match(
        output,
        /LawFailed: GET \/connections\?limit=1&order=desc: .*\nexpected: at most 1 .*\nactual: {3}2 rows: conn_/
      )
      const curl =
        `curl:     curl -H "Authorization: Bearer $WORKOS_API_KEY" 'http://workos.test/connections?limit=1&order=desc'\n` +
        "replay:   effect-workos verify --seed 3 --runs 60 --laws lists/limit --operations connections.list"
      assert.include(output, curl)
      assert.notInclude(output, "sk_test_emulator")
      assert.match(output, /✓ .*our own WorkOS > lists\/filter-matches connections\.list/)
      assert.match(
        output,
        /↓ .*our own WorkOS > lifecycle\/model connections\.create.*\[writing is not allowed; allow it with --writes, or with `writes: true` in a program\]/
      )
      // Skipped tests log no errors.
      assert.notInclude(output, "abort execution")
      assert.match(output, /Tests +1 failed \| 1 passed \| 1 skipped/)
    })
  )
})
