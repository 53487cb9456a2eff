// The HTML report in a real browser.
import { assert, describe, layer } from "@effect/vitest"
import { tooFaint } from "@effect-workos/testing/Contrast"
import { chromium } from "@effect-workos/testing/Services"
import * as Effect from "effect/Effect"
import type { Page } from "playwright-core"
import * as Html from "../../src/report/Html.ts"
import { sample } from "@effect-workos/testing/Sample"
import { Browser, type Opened, type View, wide } from "./browser.ts"
import { groupedReport, passedReport, skippedReport, smallReport, wideReport } from "./fixture.ts"

const narrow = { width: 390, height: 844 }

const views = [wide.viewport, narrow].flatMap((viewport) =>
  (["light", "dark"] as const).map((colorScheme): View & { readonly width: number } => ({
    colorScheme,
    viewport,
    width: viewport?.width ?? 0
  }))
)

const cell = (page: Page, law: string, operation: string) =>
  page.locator(`a.mark[aria-label^="${law} on ${operation}:"]`)

const shownResults = (page: Page) => page.locator("[data-result]:visible").count()

const openAll = (page: Page) =>
  page.evaluate(() => {
    for (const details of document.querySelectorAll("details")) details.open = true
  })

const quiet = ({ errors, requests }: Opened): void => {
  assert.deepStrictEqual({ errors, requests }, { errors: [], requests: [] })
}

describe.skipIf(chromium === undefined)("an HTML report in a browser", () => {
  layer(Browser.layer, { timeout: "30 seconds" })((it) => {
    const looking = Effect.fnUntraced(function* (
      visit: (page: Page) => Promise<void>,
      view?: View,
      shown = smallReport
    ) {
      const { open } = yield* Browser
      const opened = yield* open(Html.render(shown), view)
      yield* Effect.promise(() => visit(opened.page))
      quiet(opened)
    })

    it.effect.each(sample(views, 1))(
      "a report opens the finding of a cell and has enough contrast: $colorScheme, $width pixels wide",
      (view) =>
        looking(
          async (page) => {
            const details = page.locator(".card.failed", { hasText: "8 rows exceed the limit of 7." })
            assert.isFalse(await details.locator(".body").isVisible())
            await cell(page, "lists/limit", "connections.list").click()
            assert.isTrue(await details.locator(".body").isVisible())
            assert.isTrue(await details.locator(".sentence").isVisible())
            assert.strictEqual(await details.locator(".compared pre").count(), 2)
            const box = await details.locator("summary").boundingBox()
            assert.isAbove(box?.y ?? -1, 0)
            assert.isBelow(box?.y ?? Infinity, (view.viewport?.height ?? 0) / 2)
            assert.strictEqual(await page.evaluate(() => document.activeElement?.localName), "summary")
            await openAll(page)
            assert.deepStrictEqual(await page.evaluate(tooFaint), [])
          },
          view,
          groupedReport
        )
    )

    it.effect.each(
      sample(
        [
          { name: "with failures", shown: groupedReport },
          { name: "of a server without failures", shown: passedReport },
          { name: "of an unreachable server", shown: skippedReport },
          { name: "of many operations", shown: wideReport }
        ],
        1
      )
    )("a report $name does not overflow a phone", ({ shown }) =>
      looking(
        async (page) => {
          await openAll(page)
          const { inner, outer } = await page.evaluate(() => ({
            inner: document.documentElement.scrollWidth,
            outer: document.documentElement.clientWidth
          }))
          assert.isAtMost(inner, outer)
        },
        { ...wide, viewport: narrow },
        shown
      )
    )

    it.effect("a report filters findings by status", () =>
      looking(async (page) => {
        const { failed, passed } = smallReport.summary
        await page.getByRole("radio", { name: "failed" }).check({ force: true })
        assert.strictEqual(await shownResults(page), failed)
        assert.strictEqual(await page.locator("a.mark:visible").count(), failed)
        assert.strictEqual(await page.locator("tr.law:visible").count(), failed)
        assert.strictEqual(
          await page.locator("#shown").textContent(),
          `${failed} of ${smallReport.results.length} shown`
        )
        await page.getByRole("radio", { name: "passed" }).check({ force: true })
        assert.strictEqual(await shownResults(page), passed)
        await page.getByRole("radio", { name: "All" }).check({ force: true })
        assert.isFalse(await page.locator(".passes .body").isVisible())
        assert.strictEqual(await page.locator("a.mark:visible").count(), smallReport.results.length)
      })
    )

    it.effect("a report searches laws, operations and messages", () =>
      looking(async (page) => {
        await page.keyboard.press("/")
        await page.keyboard.insertText("CURSOR  organizations")
        const expected = ["lists/cursors-end", "input/cursor"]
        const laws = await page.locator(".passes [data-result]:visible .law").allTextContents()
        assert.deepStrictEqual(laws, expected)
        assert.strictEqual(await page.locator("a.mark:visible").count(), expected.length)
        await page.keyboard.press("Escape")
        assert.strictEqual(await page.locator("a.mark:visible").count(), smallReport.results.length)
        await page.keyboard.insertText("nowhere to be found")
        assert.strictEqual(await shownResults(page), 0)
        assert.isTrue(await page.locator(".nothing").isVisible())
        await page.getByRole("button", { name: "Show all" }).click()
        assert.isFalse(await page.locator(".nothing").isVisible())
        // The reason of skipped checks is found as well, with all checks that it applies to.
        await page.locator("#search").fill("writing is not allowed")
        const withReason = smallReport.results.filter(({ message }) => message.startsWith("Writing is not allowed"))
        assert.isAbove(withReason.length, 5)
        assert.strictEqual(await shownResults(page), withReason.length)
      })
    )

    it.effect("a report copies commands with and without access to the clipboard", () =>
      looking(async (page) => {
        await cell(page, "lists/limit", "connections.list").click()
        const details = page.locator(".card:has(> :target)")
        for (const isDenied of [false, true]) {
          if (isDenied) {
            await page.evaluate(() => {
              navigator.clipboard.writeText = () => Promise.reject(new Error("Not allowed"))
            })
          }
          for (const [name, text] of [
            [
              "Reproduce",
              `curl -H "Authorization: Bearer $WORKOS_API_KEY" 'http://127.0.0.1:4100/connections?limit=7'`
            ],
            ["Replay", "effect-workos verify --laws lists/limit --seed 42 --runs 1"]
          ] as const) {
            await details.getByRole("button", { name: `Copy ${name}` }).click()
            await details.getByRole("button", { name: `Copied ${name}` }).waitFor()
            assert.strictEqual(await page.evaluate(() => navigator.clipboard.readText()), text)
          }
          await page.clock.runFor(10_000)
          assert.isTrue(await details.getByRole("button", { name: "Copy Reproduce" }).isVisible())
        }
      })
    )

    it.effect("a report can be operated by keyboard only", () =>
      looking(async (page) => {
        await page.keyboard.press("Tab")
        assert.strictEqual(await page.evaluate(() => document.activeElement?.textContent), "Skip to findings")
        await cell(page, "lists/order", "connections.list").focus()
        await page.keyboard.press("Enter")
        const row = page.locator(".passes tr:target")
        await row.waitFor()
        assert.isTrue(await row.evaluate((row) => row === document.activeElement))
        await page.locator("#show-all").focus()
        await page.keyboard.press("ArrowRight")
        assert.strictEqual(await shownResults(page), smallReport.summary.failed)
        const first = page.locator(".card.failed summary").first()
        await first.focus()
        await page.keyboard.press("Enter")
        assert.isTrue(await page.locator(".card.failed .body").first().isVisible())
      })
    )

    it.effect("a report resets its filter if a link points to a hidden finding", () =>
      looking(async (page) => {
        const hash = await cell(page, "lists/order", "connections.list").getAttribute("href")
        await page.locator("#search").fill("organizations")
        await page.evaluate((hash) => {
          location.hash = hash
        }, hash ?? "")
        await page.locator("tr:target").waitFor()
        assert.strictEqual(await page.locator("#search").inputValue(), "")
      })
    )

    it.effect("a report works without a script", () =>
      Effect.gen(function* () {
        const { openWithoutScript } = yield* Browser
        const opened = yield* openWithoutScript(Html.render(smallReport))
        const { page } = opened
        yield* Effect.promise(async () => {
          assert.isFalse(await page.locator("#search").isVisible())
          assert.strictEqual(await page.locator(".copy:visible").count(), 0)
          await cell(page, "lists/limit", "connections.list").click()
          assert.isTrue(await page.locator(".card .body:target").isVisible())
          await page.locator("label.chip.drift").click()
          assert.strictEqual(await shownResults(page), smallReport.summary.drift)
        })
        quiet(opened)
      })
    )

    it.effect("a printed report shows every finding without the interactive elements", () =>
      looking(async (page) => {
        await page.emulateMedia({ media: "print", colorScheme: "dark" })
        assert.isTrue(await page.locator(".passes .body").isVisible())
        assert.isTrue(await page.locator(".card.failed .body").first().isVisible())
        assert.isFalse(await page.locator(".toolbar").isVisible())
        assert.strictEqual(await page.evaluate(() => getComputedStyle(document.body).color), "rgb(29, 29, 27)")
      })
    )

    it.effect("a report runs no code from texts of a server", () =>
      looking(async (page) => {
        await cell(page, "input/cursor", "connections.list").click()
        assert.deepStrictEqual(
          await page.evaluate(() => ({
            harmed: "harmed" in window,
            scripts: document.scripts.length,
            styles: document.styleSheets.length,
            images: document.images.length,
            links: Array.from(document.links, ({ protocol }) => protocol).filter((protocol) => protocol !== "https:"),
            handlers: Array.from(document.querySelectorAll("*")).filter((element) =>
              element.getAttributeNames().some((name) => name.startsWith("on"))
            ).length
          })),
          { harmed: false, scripts: 1, styles: 1, images: 0, links: [], handlers: 0 }
        )
      })
    )

    it.effect("a report cannot load resources from other servers", () =>
      Effect.gen(function* () {
        const { open } = yield* Browser
        const { page, requests } = yield* open(Html.render(smallReport))
        const directive = yield* Effect.promise(() =>
          page.evaluate(
            () =>
              new Promise<string>((resolve) => {
                document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective))
                document.body.append(Object.assign(new Image(), { src: "https://elsewhere.test/" }))
              })
          )
        )
        assert.strictEqual(directive, "img-src")
        assert.deepStrictEqual(requests, [])
      })
    )
  })
})
