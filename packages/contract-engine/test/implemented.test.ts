// Servers that implement some of the operations.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Contract from "../src/Contract.ts"
import type { Settings } from "../src/Settings.ts"
import { suite } from "./notes/NotesApi.ts"
import { notesOf, target } from "./notes/server.ts"

/** Responses to paths that do not exist, as frameworks send them. */
const frameworks: Readonly<Record<string, (request: Request) => Response>> = {
  Express: ({ method, url }) =>
    new Response(`<pre>Cannot ${method} ${new URL(url).pathname}</pre>`, {
      status: 404,
      headers: { "content-type": "text/html; charset=utf-8" }
    }),
  FastAPI: () => Response.json({ detail: "Not Found" }, { status: 404 }),
  Spring: ({ url }) =>
    Response.json(
      { timestamp: "2026-01-15T12:00:00.000Z", status: 404, error: "Not Found", path: new URL(url).pathname },
      { status: 404 }
    ),
  "a gateway": () => new Response(null, { status: 501 })
}

const named = Object.keys(frameworks).map((framework) => ({ framework }))

/** Runs the suite on a server that implements only the requests that match, such as `GET /notes`. */
const report = (implemented: RegExp, framework: string, settings: Settings = {}, count = 60) => {
  const received: Array<string> = []
  const intercept = (request: Request) => {
    const shown = `${request.method} ${new URL(request.url).pathname}`
    if (implemented.test(shown)) return undefined
    received.push(shown)
    return frameworks[framework]?.(request)
  }
  return Contract.verify(suite, { runs: 5, ...settings }).pipe(
    Effect.provide(target(notesOf(count), undefined, intercept)),
    Effect.map((found) => ({ ...found, received }))
  )
}

const list = /^(?!POST|DELETE)\w+ \/notes\/?$/

describe.each(named)("a server built with $framework that implements one operation", ({ framework }) => {
  it.live(`a server built with ${framework} has one failure for each missing operation, and few requests`, () =>
    Effect.gen(function* () {
      const { received, results } = yield* report(list, framework)
      const failed = results.filter(({ status }) => status === "failed" || status === "drift")
      assert.deepStrictEqual(
        failed.map(({ law, operation }) => `${law} ${operation}`),
        ["health.check", "notes.get", "notes.search"].map((operation) => `responses/implemented ${operation}`)
      )
      for (const { message, status } of results.filter(
        ({ notImplemented, law }) => notImplemented && law !== failed[0]?.law
      )) {
        assert.strictEqual(status, "skipped")
        assert.strictEqual(message, "the server does not implement the operation")
      }
      assert.isAtMost(received.length, 20)
    })
  )

  it.live(`\`implemented\` leaves out the missing operations of a server built with ${framework}`, () =>
    Effect.gen(function* () {
      const { notImplemented, results, summary } = yield* report(list, framework, { implemented: true })
      assert.deepStrictEqual(notImplemented?.toSorted(), ["health.check", "notes.get", "notes.search"])
      assert.strictEqual(summary.failed, 0)
      assert.isAbove(summary.passed, 20)
      assert.isTrue(results.every(({ operation }) => !notImplemented?.includes(operation)))
    })
  )

  it.live(`write operations that a server built with ${framework} does not implement are one failure each`, () =>
    Effect.gen(function* () {
      const { results } = yield* report(/^(?!POST|DELETE)/, framework, {
        writes: true,
        // A server may return 501 for an undocumented method, which is another fault.
        excludeLaws: ["input/undocumented-method"]
      })
      const failed = results.filter(({ status }) => status === "failed")
      assert.deepStrictEqual(
        failed.map(({ law, operation }) => `${law} ${operation}`),
        ["responses/implemented notes.create", "responses/implemented notes.delete"]
      )
    })
  )

  it.live(`a server built with ${framework} that implements nothing fails with one error`, () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(report(/^$/, framework))
      const status = framework === "a gateway" ? 501 : 404
      assert.strictEqual(
        error.message,
        `http://localhost implements none of the operations: GET /notes returned ${status}. Check the URL.`
      )
    })
  )
})

describe("a server that implements all operations", () => {
  it.live("a server without data implements its operations", () =>
    Effect.gen(function* () {
      const { results } = yield* report(/./, "Express", {}, 0)
      assert.isTrue(results.every(({ notImplemented }) => notImplemented === undefined))
    })
  )

  it.live("a 404 of the server for rows on the list is a wrong response, and not a missing operation", () =>
    Effect.gen(function* () {
      const { results } = yield* Contract.verify(suite, { runs: 5, operations: ["notes.get"] }).pipe(
        Effect.provide(
          target(notesOf(20), undefined, ({ headers, url }) =>
            /\/notes\/./.test(url) && headers.has("x-api-key")
              ? Response.json({ _tag: "Missing", reason: "gone" }, { status: 404 })
              : undefined
          )
        )
      )
      const failed = results.filter(({ status }) => status === "failed").map(({ law }) => law)
      assert.include(failed, "resources/get-matches-list")
      assert.notInclude(failed, "responses/implemented")
    })
  )
})
