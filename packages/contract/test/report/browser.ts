// Reports in a real browser, where the machine has one.
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { existsSync } from "node:fs"
import { chromium, type BrowserContextOptions, type Page } from "playwright-core"

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
 * A page, and what it did that nobody wants: requests besides the one for itself, and errors.
 */
export interface Opened {
  readonly page: Page
  readonly requests: Array<string>
  readonly errors: Array<string>
}

// A secure context, as `https:` is, has a clipboard. Nothing is asked: we answer.
const address = "https://report.test/"

export class Browser extends Context.Service<Browser>()("test/report/Browser", {
  make: Effect.gen(function* () {
    const browser = yield* Effect.acquireRelease(
      Effect.promise(() => chromium.launch(executable === undefined ? {} : { executablePath: executable })),
      (browser) => Effect.promise(() => browser.close())
    )
    const open = Effect.fnUntraced(function* (html: string, options?: BrowserContextOptions) {
      const context = yield* Effect.acquireRelease(
        Effect.promise(() =>
          browser.newContext({
            permissions: ["clipboard-read", "clipboard-write"],
            reducedMotion: "reduce",
            ...options
          })
        ),
        (context) => Effect.promise(() => context.close())
      )
      return yield* Effect.promise(async (): Promise<Opened> => {
        const page = await context.newPage()
        const requests: Array<string> = []
        const errors: Array<string> = []
        page.on("pageerror", (error) => errors.push(String(error)))
        page.on("console", (message) => {
          if (message.type() === "error" || message.type() === "warning") errors.push(message.text())
        })
        page.on("dialog", (dialog) => {
          errors.push(dialog.message())
          return dialog.dismiss()
        })
        await page.route("**/*", (route) => {
          const url = route.request().url()
          if (url === address) return route.fulfill({ contentType: "text/html; charset=utf-8", body: html })
          requests.push(url)
          return route.abort()
        })
        await page.goto(address)
        return { page, requests, errors }
      })
    })
    return { open }
  })
}) {
  static readonly layer = Layer.effect(Browser, Browser.make)
}
