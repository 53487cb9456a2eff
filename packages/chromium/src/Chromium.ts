// A real browser for tests, where the machine has one.
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { existsSync } from "node:fs"
import { type BrowserContext, type BrowserContextOptions, chromium } from "playwright-core"

/**
 * Where Chromium is, if it is anywhere.
 */
export const executable = [
  process.env["CHROME_BIN"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
].find((path) => path !== undefined && existsSync(path))

/**
 * What to call a group of tests that is skipped where there is no browser, which is then said aloud.
 */
export const titleOf = (title: string, file: string): string => {
  if (executable !== undefined) return title
  const reason = "no Chromium on this machine: install it, or say where it is in CHROME_BIN"
  process.stderr.write(`\n↓ ${file} is skipped: ${reason}\n`)
  return `${title} (skipped: ${reason})`
}

/**
 * The browser. Each context has cookies of its own, and lasts as long as its scope.
 */
export class Chromium extends Context.Service<
  Chromium,
  { readonly open: (options?: BrowserContextOptions) => Effect.Effect<BrowserContext, never, Scope.Scope> }
>()("@effect-workos/chromium/Chromium") {
  static readonly layer = Layer.effect(
    this,
    Effect.gen(function* () {
      const browser = yield* Effect.acquireRelease(
        Effect.promise(() => chromium.launch(executable === undefined ? {} : { executablePath: executable })),
        (browser) => Effect.promise(() => browser.close())
      )
      return {
        open: (options) =>
          Effect.acquireRelease(
            Effect.promise(() => browser.newContext({ reducedMotion: "reduce", ...options })),
            (context) => Effect.promise(() => context.close())
          )
      }
    })
  )
}
