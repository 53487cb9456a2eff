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

export type View = Required<Pick<BrowserContextOptions, "colorScheme" | "viewport">>

/** A view of a screen. */
export const wide: View = { viewport: { width: 1280, height: 900 }, colorScheme: "light" }

// Only a secure context has a clipboard. The requests are intercepted.
const origin = "https://report.test"

// Opening a context or a page takes longer than most tests: the reports share one page.
const make = Effect.gen(function* () {
  const chromium = yield* Chromium
  const context = yield* chromium.open({ permissions: ["clipboard-read", "clipboard-write"] })
  const page = yield* Effect.promise(() => context.newPage())
  const session = yield* Effect.promise(() => context.newCDPSession(page))
  let html = ""
  let requests: Array<string> = []
  let errors: Array<string> = []
  let reports = 0
  page.on("pageerror", (error) => errors.push(String(error)))
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") errors.push(message.text())
  })
  page.on("dialog", (dialog) => {
    errors.push(dialog.message())
    return dialog.dismiss()
  })
  yield* Effect.promise(async () => {
    await page.clock.install()
    await page.route("**/*", (route) => {
      const url = route.request().url()
      if (url === `${origin}/${reports}`) return route.fulfill({ contentType: "text/html; charset=utf-8", body: html })
      requests.push(url)
      return route.abort()
    })
  })
  /** Opens a report in place of the previous one. */
  const open = (report: string, { colorScheme, viewport }: View = wide) =>
    Effect.promise(async (): Promise<Opened> => {
      html = report
      requests = []
      errors = []
      reports++
      if (viewport !== null) await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme, media: "screen" })
      await page.goto(`${origin}/${reports}`)
      return { page, requests, errors }
    })
  const disableScripts = (value: boolean) =>
    Effect.promise(() => session.send("Emulation.setScriptExecutionDisabled", { value }))
  /** Opens a report whose scripts do not run. */
  const openWithoutScript = (report: string) =>
    Effect.andThen(
      Effect.acquireRelease(disableScripts(true), () => disableScripts(false)),
      open(report)
    )
  return { open, openWithoutScript }
})

export class Browser extends Context.Service<Browser>()("test/report/Browser", { make }) {
  static readonly layer = Layer.effect(Browser, Browser.make).pipe(Layer.provide(Chromium.layerConnect(chromium ?? "")))
}
