// A user on AuthKit's page and on the pages of the application in a real browser, with WorkOS on another site.
import { Chromium } from "@effect-workos/testing/Chromium"
import { tooFaint } from "@effect-workos/testing/Contrast"
import { chromium } from "@effect-workos/testing/Services"
import { assert, describe, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Page } from "playwright-core"
import { email, password, serve } from "./serving.ts"

/** Asserts that a page has headings, table headers and enough contrast, and fits wide and narrow screens. */
const assertAccessible = async (page: Page, title: string) => {
  await page.getByRole("heading", { level: 1, name: title }).waitFor()
  assert.deepStrictEqual(
    await page.evaluate(() => ({
      lang: document.documentElement.lang,
      title: document.title,
      landmarks: document.querySelectorAll("main").length,
      styles: document.styleSheets.length,
      scripts: document.scripts.length
    })),
    { lang: "en", title, landmarks: 1, styles: 1, scripts: 0 }
  )
  assert.deepStrictEqual(await page.evaluate(tooFaint), [])
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 640 })
    const { inner, outer } = await page.evaluate(() => ({
      inner: document.documentElement.scrollWidth,
      outer: document.documentElement.clientWidth
    }))
    assert.isAtMost(inner, outer)
  }
}

const click = (page: Page, role: "button" | "link", name: string) => page.getByRole(role, { name, exact: true }).click()

/** Enters the code that the page of the emulator shows. */
const enterCode = async (page: Page, button: string) => {
  await page.getByLabel("Code", { exact: true }).fill((await page.getByRole("status").textContent()) ?? "")
  await click(page, "button", button)
}

/** The row of the account page with this title. */
const shown = (page: Page, title: string) =>
  page.locator("dt", { hasText: title }).locator("xpath=following-sibling::dd[1]").textContent()

describe.skipIf(chromium === undefined)("the application in a browser", () => {
  layer(Chromium.layerConnect(chromium ?? ""), { timeout: "30 seconds" })((it) => {
    it.effect("A user signs in with a code, switches the organization to see an admin page, and signs out", () =>
      Effect.gen(function* () {
        const { open } = yield* Chromium
        const { app, workos } = yield* serve({ signIn: "page" })
        const context = yield* open({ baseURL: app })
        const complaints: Array<string> = []
        context.on("console", (message) => {
          // Chromium reports pages with error statuses too.
          if (message.type() === "error" && !message.text().startsWith("Failed to load"))
            complaints.push(message.text())
        })
        yield* Effect.promise(async () => {
          const page = await context.newPage()
          await page.goto("/")
          await assertAccessible(page, "Welcome")

          // AuthKit's page: a code instead of the password, then one of two organizations.
          await page.goto("/admin")
          assert.isTrue(page.url().startsWith(workos))
          await page.getByLabel("Email address").fill(email)
          await click(page, "button", "Continue")
          await click(page, "button", "Use a code instead")
          await enterCode(page, "Sign in")
          await click(page, "button", "Acme")

          // The page that the user opened first.
          await page.waitForURL(`${app}/admin`)
          assert.isTrue(await page.getByText("Only administrators").isVisible())
          await assertAccessible(page, "Access denied")
          await click(page, "link", "Home")
          await click(page, "link", "Your account")
          await assertAccessible(page, "Your account")
          assert.deepStrictEqual(
            [await shown(page, "Name"), await shown(page, "Organization"), await shown(page, "Role")],
            ["Ada Lovelace", "Acme", "member"]
          )

          await click(page, "button", "Switch to Globex")
          await page.getByText("members:read").waitFor()
          assert.deepStrictEqual([await shown(page, "Organization"), await shown(page, "Role")], ["Globex", "admin"])
          await click(page, "link", "Members")
          await assertAccessible(page, "Members")
          assert.isTrue(await page.getByRole("cell", { name: email }).isVisible())

          await click(page, "link", "Your account")
          await click(page, "button", "Sign out")
          await page.waitForURL(`${app}/`)
          assert.deepStrictEqual(await context.cookies(app), [])

          // A new user, without an organization.
          await click(page, "link", "Sign up")
          await page.getByLabel("Email address").fill("grace.hopper@example.com")
          await page.getByLabel("First name").fill("Grace")
          await page.getByLabel("Password").fill(password)
          await click(page, "button", "Sign up")
          await enterCode(page, "Verify")
          await page.waitForURL(`${app}/account`)
          assert.deepStrictEqual([await shown(page, "Name"), await shown(page, "Organization")], ["Grace", "none"])
        })
        assert.deepStrictEqual(complaints, [])
      })
    )
  })
})
