// The application in a real browser, for which WorkOS and the application are two sites.
import { Chromium } from "@effect-workos/testing/Chromium"
import { tooFaint } from "@effect-workos/testing/Contrast"
import { chromium } from "@effect-workos/testing/Services"
import { assert, describe, layer } from "@effect/vitest"
import * as Admin from "@effect-workos/emulator/Admin"
import * as Effect from "effect/Effect"
import { createServer, type Server } from "node:http"
import type { BrowserContextOptions, Page } from "playwright-core"
import { serve } from "./serving.ts"

/** A customer's computer, a program to run in its browser, and what the browser complained of. */
const opening = Effect.fnUntraced(function* (options?: BrowserContextOptions) {
  const { open } = yield* Chromium
  const serving = yield* serve({ signIn: "page" })
  const context = yield* open({ baseURL: serving.app, ...options })
  const complaints: Array<string> = []
  context.on("weberror", (error) => complaints.push(String(error.error())))
  context.on("console", (message) => {
    // That a page has another status than 200 is no complaint.
    if (message.type() === "error" && !message.text().startsWith("Failed to load")) complaints.push(message.text())
  })
  const page = yield* Effect.promise(() => context.newPage())
  const run = <A>(program: (page: Page) => Promise<A>) => Effect.promise(() => program(page))
  return { ...serving, complaints, context, page, run }
})

const heading = (page: Page) => page.getByRole("heading", { level: 1 }).textContent()

/** Presses a button, or a link, and is where it leads to. */
const press = async (page: Page, role: "button" | "link", name: string, url: string) => {
  await page.getByRole(role, { name }).click()
  await page.waitForURL(url)
}

/** Says who it is at the application, and is at the identity provider, where nothing else is expected. */
const enter = async (page: Page, email: string, url = "**/_emulator/sign-in?*") => {
  await page.getByLabel("Work email address").fill(email)
  await press(page, "button", "Sign in", url)
}

const signIn = async (page: Page, email: string) => {
  await page.goto("/")
  await enter(page, email)
  await press(page, "button", "Sign in", "**/account")
}

/** A page on another site, and its URL. */
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

/** A page has all that whoever reads it by whichever means needs, and nothing that can be too faint or too wide. */
const read = async (page: Page, title: string) => {
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

describe.skipIf(chromium === undefined)("in a browser", () => {
  layer(Chromium.layerConnect(chromium ?? ""), { timeout: "30 seconds" })((it) => {
    it.effect("somebody denies it, signs in, and is out when the connection is deactivated", () =>
      Effect.gen(function* () {
        const { app, complaints, customer, delivered, inStore, run, workos } = yield* opening()
        const email = `ada.lovelace@${customer.domain}`
        yield* run(async (page) => {
          await page.goto("/account")
          assert.strictEqual(page.url(), `${app}/`)
          await enter(page, email)
          assert.isTrue(page.url().startsWith(`${workos}/_emulator/sign-in?`))
          assert.strictEqual(await page.getByLabel("Email address").inputValue(), email)
          await press(page, "button", "Deny", "**/callback?*")
          assert.strictEqual(await heading(page), "That did not work")
          assert.isTrue(await page.getByText("You did not sign in").isVisible())

          await press(page, "link", "Sign in", `${app}/`)
          await enter(page, email)
          await press(page, "button", "Sign in", `${app}/account`)
          assert.strictEqual(await heading(page), "Your account")
          assert.isTrue(await page.getByText("Ada Lovelace").isVisible())
          await page.reload()
          assert.strictEqual(await heading(page), "Your account")
        })
        yield* inStore(Admin.setConnectionState(customer.connection.id, "inactive"))
        assert.strictEqual(yield* delivered, 1)
        yield* run(async (page) => {
          await page.reload()
          assert.strictEqual(page.url(), `${app}/`)
          assert.isTrue(await page.getByLabel("Work email address").isVisible())
          await enter(page, email, "**/callback?*")
          assert.isTrue(await page.getByText("has switched its sign-in off").isVisible())
        })
        assert.deepStrictEqual(complaints, [])
      })
    )

    it.effect("somebody signs out, by the keyboard, and stays out", () =>
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

    it.effect("somebody signs in in two tabs at once", () =>
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

    it.effect("another site signs nobody out, and shows the pages in none of its own", () =>
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

    it.effect("each page can be read, on a wide screen and on a narrow one", () =>
      Effect.gen(function* () {
        const { complaints, customer, run } = yield* opening()
        yield* run(async (page) => {
          for (const [path, title] of [
            ["/", "Welcome"],
            ["/callback", "That did not work"],
            ["/nowhere", "Nothing here"]
          ] as const) {
            await page.goto(path)
            await read(page, title)
          }
          await signIn(page, `ada.lovelace@${customer.domain}`)
          await read(page, "Your account")
          await page.goto("/")
          await read(page, "Welcome back")
        })
        assert.deepStrictEqual(complaints, [])
      })
    )
  })
})
