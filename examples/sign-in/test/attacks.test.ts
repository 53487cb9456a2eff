// Attacks on the application: open redirects, header injection and script injection.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { createConnection } from "node:net"
import { html } from "../src/Html.ts"
import { browser } from "./browser.ts"
import { serve } from "./serving.ts"

/** Sends raw bytes, and returns the raw response. */
const say = (app: string, request: string) =>
  Effect.promise(
    () =>
      new Promise<string>((resolve, reject) => {
        let said = ""
        createConnection(Number(new URL(app).port), "127.0.0.1")
          .setEncoding("utf8")
          .on("data", (text: string) => {
            said += text
          })
          .on("end", () => resolve(said))
          .on("error", reject)
          .write(request.replaceAll("\n", "\r\n"))
      })
  )

describe("attacks", () => {
  it.effect("The application redirects only to WorkOS and to its own pages", () =>
    Effect.gen(function* () {
      const { app, customer, workos } = yield* serve()
      const evil = "https://evil.example"
      for (const path of [
        `/sign-in?organization=${customer.organization.id}&redirect_uri=${evil}&return_to=${evil}&next=//evil.example`,
        `/sign-in?organization=${encodeURIComponent(`${customer.organization.id}&redirect_uri=${evil}`)}`,
        `/sign-in?email=${encodeURIComponent(`a&redirect_uri=${evil}#@${customer.domain}`)}`,
        `/account?return_to=${evil}`,
        "//evil.example",
        "//evil.example/%2e%2e/sign-in"
      ]) {
        const { location, status } = yield* browser(app).visit(app + path)
        if (location === "") {
          assert.isAtLeast(status, 400)
          continue
        }
        const url = new URL(location)
        assert.include([workos, app], url.origin)
        assert.deepStrictEqual(
          url.searchParams.getAll("redirect_uri").filter((uri) => uri !== `${app}/callback`),
          []
        )
      }
    })
  )

  it.effect("The application ignores the Host and forwarding headers of a request", () =>
    Effect.gen(function* () {
      const { app, customer } = yield* serve()
      const said = yield* say(
        app,
        `GET /sign-in?organization=${customer.organization.id} HTTP/1.1\nHost: evil.example\n` +
          "X-Forwarded-Host: evil.example\nForwarded: host=evil.example\nConnection: close\n\n"
      )
      assert.match(said, /^HTTP\/1.1 302/)
      assert.include(said, encodeURIComponent(`${app}/callback`))
      assert.notInclude(said, "evil.example")
    })
  )

  it.effect("A request can inject neither headers nor scripts", () =>
    Effect.gen(function* () {
      const { app, customer } = yield* serve()
      const lines = encodeURIComponent("\r\nset-cookie: session=evil\r\n\r\n<script>")
      for (const path of [
        `/sign-in?organization=${lines}`,
        `/sign-in?organization=${customer.organization.id}${lines}`,
        `/sign-in?email=${lines}@${customer.domain}`,
        `/callback?code=1&state=${lines}`,
        `/callback?error=${lines}&error_description=${lines}&state=x`
      ]) {
        const page = yield* browser(app).visit(path)
        assert.notInclude(page.headers.getSetCookie().join("\n"), "session=")
        assert.notInclude(page.text, "<script>")
      }
    })
  )

  it.effect("Each page forbids scripts, frames and caching", () =>
    Effect.gen(function* () {
      const { app } = yield* serve()
      for (const path of ["/", "/account", "/sign-in", "/callback", "/style.css", "/nowhere", "/webhooks/workos"]) {
        const { headers } = yield* browser(app).visit(path)
        assert.deepInclude(Object.fromEntries(headers), {
          "cache-control": "no-store",
          "content-security-policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
          "referrer-policy": "same-origin",
          "x-content-type-options": "nosniff"
        })
      }
    })
  )
})

it.effect.prop("A page shows any text unchanged without interpreting tags", [Schema.String], ([text]) =>
  Effect.sync(() => {
    const { text: shown } = html`<p title="${text}">${text}</p>`
    const [, attribute = "", content = ""] = /^<p title="([^"<>]*)">([^<>]*)<\/p>$/.exec(shown) ?? []
    const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" }
    const read = (escaped: string) => escaped.replace(/&([^;]*);/g, (_, name: string) => entities[name] ?? "")
    assert.deepStrictEqual([read(attribute), read(content)], [text, text])
  })
)
