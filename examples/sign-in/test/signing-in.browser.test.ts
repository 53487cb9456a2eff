// Sign-in and sign-out in a real browser, with WorkOS and the application as two sites.
import { Chromium } from "@effect-workos/testing/Chromium"
import { tooFaint } from "@effect-workos/testing/Contrast"
import { sample } from "@effect-workos/testing/Sample"
import { chromium } from "@effect-workos/testing/Services"
import { assert, describe, layer } from "@effect/vitest"
import * as Admin from "@effect-workos/emulator/Admin"
import * as Effect from "effect/Effect"
import { createServer, type Server } from "node:http"
import type { BrowserContextOptions, Page } from "playwright-core"
import { serve } from "./serving.ts"

/** A page in a new browser context, and the errors that the browser reports. */
const opening = Effect.fnUntraced(function* (options?: BrowserContextOptions) {
  const { open } = yield* Chromium
  const serving = yield* serve({ signIn: "page" })
  const context = yield* open({ baseURL: serving.app, ...options })
  const complaints: Array<string> = []
  context.on("weberror", (error) => complaints.push(String(error.error())))
  context.on("console", (message) => {
    // Chromium reports pages with error statuses too.
    if (message.type() === "error" && !message.text().startsWith("Failed to load")) complaints.push(message.text())
  })
  const page = yield* Effect.promise(() => context.newPage())
  const run = <A>(program: (page: Page) => Promise<A>) => Effect.promise(() => program(page))
  return { ...serving, complaints, context, page, run }
})

const heading = (page: Page) => page.getByRole("heading", { level: 1 }).textContent()

/** Clicks a button or a link, and waits for the URL that follows. */
const press = async (page: Page, role: "button" | "link", name: string, url: string) => {
  await page.getByRole(role, { name }).click()
  await page.waitForURL(url)
}

/** Enters an email address at the application. The page of the identity provider follows by default. */
const enter = async (page: Page, email: string, url = "**/_emulator/sign-in?*") => {
  await page.getByLabel("Work email address").fill(email)
  await press(page, "button", "Sign in", url)
}

const signIn = async (page: Page, email: string) => {
  await page.goto("/")
  await enter(page, email)
  await press(page, "button", "Sign in", "**/account")
}

/** Serves a page on another site, and returns its URL. */
const elsewhere = (body: string) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.callback<Server>((resume) => {
        const server = createServer((_, response) => response.setHeader("content-type", "text/html").end(body))
        server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
      }),
      (server) => Effect.sync(() => (server.closeAllConnections(), server.close()))
    ),
    (server) => {
      const address = server.address()
      return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`
    }
  )

/** Asserts that a page has headings, labels and enough contrast, and fits wide and narrow screens. */
const assertAccessible = async (page: Page, title: string) => {
  assert.deepStrictEqual(
    await page.evaluate(() => ({
      lang: document.documentElement.lang,
      title: document.title,
      headings: Array.from(document.querySelectorAll("h1"), ({ textContent }) => textContent),
      landmarks: document.querySelectorAll("main").length,
      unlabelled: Array.from(document.querySelectorAll("input")).filter(({ labels }) => labels?.length !== 1).length,
      styles: document.styleSheets.length,
      scripts: document.scripts.length
    })),
    {
      lang: "en",
      title,
      headings: [title],
      landmarks: 1,
      unlabelled: 0,
      styles: 1,
      scripts: 0
    }
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

// The tests without a browser cover the same rules.
const chosen = new Set(sample(["keyboard", "tabs", "other site"], 1))

describe.skipIf(chromium === undefined)("the application in a browser", () => {
  layer(Chromium.layerConnect(chromium ?? ""), { timeout: "30 seconds" })((it) => {
    it.effect(
      "A user denies a sign-in, signs in on accessible pages, and is signed out when the connection is deactivated",
      () =>
        Effect.gen(function* () {
          const { app, complaints, customer, delivered, inStore, run, workos } = yield* opening()
          const email = `ada.lovelace@${customer.domain}`
          yield* run(async (page) => {
            await page.goto("/account")
            assert.strictEqual(page.url(), `${app}/`)
            await assertAccessible(page, "Welcome")
            await enter(page, email)
            assert.isTrue(page.url().startsWith(`${workos}/_emulator/sign-in?`))
            assert.strictEqual(await page.getByLabel("Email address").inputValue(), email)
            await press(page, "button", "Deny", "**/callback?*")
            assert.isTrue(await page.getByText("You did not sign in").isVisible())
            await assertAccessible(page, "Something went wrong")

            await press(page, "link", "Sign in", `${app}/`)
            await enter(page, email)
            await press(page, "button", "Sign in", `${app}/account`)
            assert.isTrue(await page.getByText("Ada Lovelace").isVisible())
            await assertAccessible(page, "Your account")
            await page.goto("/nowhere")
            await assertAccessible(page, "Page not found")
            await page.goto("/")
            await assertAccessible(page, "Welcome back")
            await press(page, "link", "Your account", `${app}/account`)
          })
          yield* inStore(Admin.setConnectionState(customer.connection.id, "inactive"))
          assert.strictEqual(yield* delivered, 1)
          yield* run(async (page) => {
            await page.reload()
            assert.strictEqual(page.url(), `${app}/`)
            assert.isTrue(await page.getByLabel("Work email address").isVisible())
            await enter(page, email, "**/callback?*")
            assert.isTrue(await page.getByText("has turned its sign-in off").isVisible())
          })
          assert.deepStrictEqual(complaints, [])
        })
    )

    if (chosen.has("keyboard")) {
      it.effect("A user signs in and out by keyboard without JavaScript", () =>
        Effect.gen(function* () {
          const { app, complaints, context, customer, run, workos } = yield* opening({ javaScriptEnabled: false })
          yield* run(async (page) => {
            await page.goto("/")
            await page.keyboard.press("Tab")
            await page.keyboard.type(`grace@${customer.domain}`)
            await page.keyboard.press("Enter")
            await page.waitForURL(`${workos}/**`)
            await page.getByLabel("Email address").press("Enter")
            await page.waitForURL(`${app}/account`)
            await page.keyboard.press("Tab")
            await page.keyboard.press("Enter")
            await page.waitForURL(`${workos}/sso/logout?token=*`)
            assert.deepStrictEqual(await context.cookies(app), [])
            await page.goto("/account")
            assert.strictEqual(page.url(), `${app}/`)
          })
          assert.deepStrictEqual(complaints, [])
        })
      )
    }

    if (chosen.has("tabs")) {
      it.effect("A user signs in concurrently in two tabs", () =>
        Effect.gen(function* () {
          const { another, context, customer, run } = yield* opening()
          yield* run(async (first) => {
            const second = await context.newPage()
            await Promise.all([first.goto("/"), second.goto("/")])
            await Promise.all([enter(first, `ada@${customer.domain}`), enter(second, `ada@${another.domain}`)])
            for (const [page, { organization }] of [
              [second, another],
              [first, customer]
            ] as const) {
              await press(page, "button", "Sign in", "**/account")
              assert.isTrue(await page.getByText(organization.id).isVisible())
            }
          })
        })
      )
    }

    if (chosen.has("other site")) {
      it.effect("Another site can neither sign a user out nor frame the pages", () =>
        Effect.gen(function* () {
          const { app, customer, run } = yield* opening()
          const evil = yield* elsewhere(
            `<iframe src="${app}/"></iframe>` +
              `<form method="post" action="${app}/sign-out"><button>You have won</button></form>`
          )
          yield* run(async (page) => {
            await signIn(page, `ada@${customer.domain}`)
            await page.goto(evil)
            const [, frame] = page.frames()
            assert.isFalse(frame?.url().startsWith(app))
            await press(page, "button", "You have won", `${app}/sign-out`)
            assert.isTrue(await page.getByText("by another site").isVisible())
            await page.goto("/account")
            assert.strictEqual(await heading(page), "Your account")
          })
        })
      )
    }
  })
})
