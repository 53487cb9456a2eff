// Reports in a real browser, if the machine has one.
import { Chromium } from "@effect-workos/testing/Chromium"
import { chromium } from "@effect-workos/testing/Services"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { BrowserContextOptions, Page } from "playwright-core"

/**
 * A page with its unwanted effects: further requests and errors.
 */
export interface Opened {
  readonly page: Page
  readonly requests: Array<string>
  readonly errors: Array<string>
}

// Only a secure context has a clipboard. The requests are intercepted.
const address = "https://report.test/"

export class Browser extends Context.Service<Browser>()("test/report/Browser", {
  make: Effect.gen(function* () {
    const chromium = yield* Chromium
    const open = Effect.fnUntraced(function* (html: string, options?: BrowserContextOptions) {
      const context = yield* chromium.open({ permissions: ["clipboard-read", "clipboard-write"], ...options })
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
  static readonly layer = Layer.effect(Browser, Browser.make).pipe(Layer.provide(Chromium.layerConnect(chromium ?? "")))
}
