// Chromium for tests, if it is installed.
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { existsSync } from "node:fs"
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from "playwright-core"

/**
 * The path of Chromium, if it is installed.
 */
export const executable = [
  process.env["CHROME_BIN"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
].find((path) => path !== undefined && existsSync(path))

const launchOptions = executable === undefined ? {} : { executablePath: executable }

/**
 * Starts a browser for the lifetime of the scope. Returns the endpoint for `Chromium.layerConnect`.
 */
export const serve = Effect.map(
  Effect.acquireRelease(
    Effect.promise(() => chromium.launchServer(launchOptions)),
    (server) => Effect.promise(() => server.close())
  ),
  (server) => server.wsEndpoint()
)

const make = Effect.fnUntraced(function* (launch: () => Promise<Browser>) {
  const browser = yield* Effect.acquireRelease(Effect.promise(launch), (browser) =>
    Effect.promise(() => browser.close())
  )
  const open = (options?: BrowserContextOptions) =>
    Effect.acquireRelease(
      Effect.promise(() => browser.newContext({ reducedMotion: "reduce", ...options })),
      (context) => Effect.promise(() => context.close())
    )
  return { open }
})

/**
 * A browser. Each context has separate cookies, and closes at the end of its scope.
 */
export class Chromium extends Context.Service<
  Chromium,
  { readonly open: (options?: BrowserContextOptions) => Effect.Effect<BrowserContext, never, Scope.Scope> }
>()("@effect-workos/testing/Chromium") {
  /** Starts a new browser. */
  static readonly layer = Layer.effect(
    this,
    make(() => chromium.launch(launchOptions))
  )

  /** Connects to a browser that `serve` has started. */
  static readonly layerConnect = (endpoint: string) =>
    Layer.effect(
      this,
      make(() => chromium.connect(endpoint))
    )
}
