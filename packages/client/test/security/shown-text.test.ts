// Texts of servers in errors.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Excerpt from "../../src/internal/Excerpt.ts"
import { withClient, create, serve } from "./servers.ts"

const evil = "\u001B[2J\u001B]0;title\u0007\u009B31m\r\n[ERROR] forged\u2028line\u202Etxt.exe\u200B\u0000"

const control = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

describe("the text of a server", () => {
  it.live.each([200, 302, 400, 401, 403, 404, 409, 418, 422, 429, 500])(
    "Text in a response with %d is shown without control characters and line breaks",
    (status) =>
      Effect.gen(function* () {
        const baseUrl = yield* serve((_, response) =>
          response
            .writeHead(status, {
              "content-type": "text/\u009B31m",
              "x-request-id": "req_\u009B31m",
              location: "https://\u009B.test"
            })
            .end(JSON.stringify({ message: evil, code: evil, error: evil, errors: [evil, { [evil]: evil }] }))
        )
        const error = yield* Effect.flip(withClient({ baseUrl }, FetchHttpClient.layer, create))
        assert.notMatch(error.message, control)
        assert.isFalse("requestId" in error)
        if ("code" in error) assert.notMatch(String(error.code), control)
        if ("excerpt" in error) assert.notMatch(String(error.excerpt), control)
        if ("errors" in error) assert.notMatch(JSON.stringify(error.errors).replaceAll("\\u", "\u001B"), control)
      })
  )
})

describe("an excerpt", () => {
  it("An excerpt shows no part of a secret at its end or at the end of the body", () => {
    const secret = "correct-horse-battery-staple"
    for (let blanks = 0; blanks < 1100; blanks++) {
      assert.notInclude(Excerpt.of(`${" ".repeat(blanks)}${secret}`, [secret]), "corr")
    }
    for (let length = 4; length <= secret.length; length++) {
      assert.notInclude(Excerpt.of(`key ${secret.slice(0, length)}`, [secret]), "corr")
    }
    assert.strictEqual(Excerpt.of("correct", []), "correct")
  })

  it("An excerpt redacts a secret that is escaped for JSON, URLs, forms or HTML", () => {
    const secret = `it's <a> "(b)" ~ & c\\d/é`
    const written = [
      JSON.stringify({ secret: JSON.stringify(secret) }),
      `?a=${encodeURIComponent(secret)}`,
      new URLSearchParams({ a: secret }).toString(),
      `<p>${secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")}`
    ]
    for (const text of written) assert.notMatch(Excerpt.redact(text, Excerpt.formsOf(secret)), /it|b|é|%/, text)
  })

  it("An excerpt redacts nothing without a key", () => {
    assert.deepStrictEqual(Excerpt.formsOf(""), [])
  })

  it.each([
    ["client_secret=abc&a=b", "client_‹redacted›&a=b"],
    ['{"clientSecret":"abc","a":1}', '{"client‹redacted›,"a":1}'],
    ["Authorization: Basic abc", "Authorization: ‹redacted›"],
    ["authorization=bearer  abc;a=b", "authorization=‹redacted›;a=b"]
  ])("An excerpt redacts the value of a field named like a secret: %s", (text) =>
    assert.notInclude(Excerpt.of(text, []), "abc")
  )

  it.each([
    "secret",
    "secret-",
    "token ",
    "ey",
    "eyaaaaaaaa.",
    "-----BEGIN ",
    "\\",
    '"secret":"\\',
    "'",
    " ",
    "Bearer ",
    "\u200B"
  ])("An excerpt of a megabyte of %j is made quickly", (piece) => {
    const text = Buffer.alloc(1_000_000, piece).toString()
    const times = [1, 2, 3].map(() => {
      const started = process.threadCpuUsage()
      Excerpt.of(text, ["correct-horse"])
      const { system, user } = process.threadCpuUsage(started)
      return (user + system) / 1000
    })
    // One or two milliseconds, or a hundred with excessive backtracking.
    assert.isBelow(Math.min(...times), 50)
  })
})
