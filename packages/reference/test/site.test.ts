// The API reference as a site: built by TypeDoc, and opened in a real browser.
import { assert, describe, it } from "@effect/vitest"
import { Chromium } from "@effect-workos/testing/Chromium"
import { folder } from "@effect-workos/testing/Process"
import { isExhaustive } from "@effect-workos/testing/Sample"
import { chromium } from "@effect-workos/testing/Services"
import * as Effect from "effect/Effect"
import { execFile } from "node:child_process"
import { existsSync, globSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { promisify } from "node:util"

const root = fileURLToPath(new URL("..", import.meta.url))
const packages = ["client", "contract", "contract-engine", "domain", "emulator", "export", "server"]

// The site takes half a minute of CPU time.
describe.runIf(isExhaustive)("the API reference", () => {
  it.live.skipIf(chromium === undefined)(
    "The API reference has a page for each public module, and its search finds a service",
    () =>
      Effect.gen(function* () {
        const site = yield* folder("api-reference-")
        yield* Effect.promise(() =>
          promisify(execFile)(process.execPath, [join(root, "node_modules/typedoc/bin/typedoc"), "--out", site], {
            cwd: root
          })
        )

        const missing = packages.flatMap((name) =>
          globSync(join(root, "..", name, "src/**/*.ts")).flatMap((file) => {
            const module = /\/src\/(?<path>.+)\.ts$/.exec(file)?.groups?.["path"] ?? ""
            if (module.startsWith("internal/")) return []
            const page = `_effect-workos_${name}.${module.replaceAll("/", "_")}.html`
            return existsSync(join(site, "modules", page)) ? [] : [page]
          })
        )
        assert.deepStrictEqual(missing, [])

        const { open } = yield* Chromium
        const context = yield* open()
        yield* Effect.promise(async () => {
          const page = await context.newPage()
          const errors: Array<string> = []
          page.on("pageerror", (error) => errors.push(String(error)))
          await page.goto(pathToFileURL(join(site, "index.html")).href)
          await page.locator("#tsd-search-trigger").click()
          await page.locator("#tsd-search-input").fill("Connections")
          await page
            .locator("#tsd-search-results a[href$='_effect-workos_client.Connections.Connections.html']")
            .click()
          await page.waitForURL(/Connections\.Connections\.html/)
          assert.strictEqual(await page.locator("h1").innerText(), "Class Connections")
          assert.isAbove(await page.locator("pre code").count(), 0)
          assert.deepStrictEqual(errors, [])
        })
      }).pipe(Effect.provide(Chromium.layerConnect(chromium ?? "")), Effect.scoped),
    180_000
  )
})
