// Prototypes of objects in responses with keys such as `__proto__`.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Stream from "effect/Stream"
import * as Json from "../../src/internal/Json.ts"
import { id, page, connection as row } from "../samples.ts"
import { withClient, create, serve } from "./servers.ts"

const names = ["__proto__", "\\u005f_proto__", "\\u005F\\u005Fproto\\u005f\\u005f", "constructor", "prototype"]

/** JSON in which every object begins with an additional key. */
const poisoned = (value: unknown, name: string): string =>
  JSON.stringify(value)
    .replaceAll("{", `{"${name}":{"polluted":true,"prototype":{"polluted":true}},`)
    .replaceAll(",}", "}")

const objectsIn = (value: unknown): ReadonlyArray<object> =>
  typeof value === "object" && value !== null ? [value, ...Object.values(value).flatMap(objectsIn)] : []

const assertClean = (value: unknown) => {
  for (const object of objectsIn(value)) {
    assert.isFalse(Object.hasOwn(object, "__proto__"))
    for (const copy of [Object.assign({}, object), { ...object }]) {
      assert.strictEqual(Object.getPrototypeOf(copy), Object.prototype)
      assert.strictEqual("polluted" in copy, Object.hasOwn(object, "polluted"))
    }
  }
  assert.isFalse("polluted" in {})
  assert.isFalse("polluted" in Object)
}

const responding = (status: number, text: string) =>
  serve((_, response) => response.writeHead(status, { "content-type": "application/json" }).end(text))

const before = Object.getOwnPropertyNames(Object.prototype)

describe.each(names)("a key %j", (name) => {
  const rowText = poisoned({ ...row, options: { signing_cert: null, more: [{ deep: {} }] } }, name)
  const pageText = poisoned({ ...page, more: [[{ deep: [{}] }]] }, name)

  it.live(`A key ${name} in rows and pages changes no prototype and is absent from decoded values`, () =>
    Effect.gen(function* () {
      const rows = yield* responding(200, rowText)
      const pages = yield* responding(200, pageText)
      const results = yield* Effect.all([
        withClient({ baseUrl: rows }, FetchHttpClient.layer, ({ connections }) => connections.get(id)),
        withClient({ baseUrl: pages }, FetchHttpClient.layer, ({ connections }) => connections.list())
      ])
      for (const result of results) assertClean(result)
      assert.deepStrictEqual(Object.getOwnPropertyNames(Object.prototype), before)
    })
  )

  it.live(`A key ${name} in rows and pages is an ordinary key of encoded values`, () =>
    Effect.gen(function* () {
      const rows = yield* responding(200, rowText)
      const pages = yield* responding(200, pageText)
      const [one, list, streamed] = yield* Effect.all([
        withClient({ baseUrl: rows }, FetchHttpClient.layer, ({ connections }) => connections.get.encoded(id)),
        withClient({ baseUrl: pages }, FetchHttpClient.layer, ({ connections }) => connections.list.encoded()),
        withClient({ baseUrl: pages }, FetchHttpClient.layer, ({ connections }) =>
          Stream.runCollect(connections.list.encoded.stream())
        )
      ])
      assert.strictEqual(JSON.stringify(one), JSON.stringify(JSON.parse(rowText)))
      assert.strictEqual(JSON.stringify(list), JSON.stringify(JSON.parse(pageText)))
      assert.strictEqual(JSON.stringify(streamed), JSON.stringify(JSON.parse(pageText).data))
      for (const object of objectsIn([one, list, streamed])) {
        assert.include([Object.prototype, Array.prototype], Object.getPrototypeOf(object))
      }
      assert.deepStrictEqual(Object.getOwnPropertyNames(Object.prototype), before)
    })
  )

  it.live.each([400, 401, 403, 404, 409, 422, 429, 500])(
    `A key ${name} in an error with %d changes no prototype`,
    (status) =>
      Effect.gen(function* () {
        const body = { message: "No.", code: "no", errors: [{ field: "name", more: { deep: [{}] } }] }
        const baseUrl = yield* responding(status, poisoned(body, name))
        const error = yield* Effect.flip(withClient({ baseUrl }, FetchHttpClient.layer, create))
        if ("errors" in error) {
          assert.include(JSON.stringify(error.errors), "deep")
          assertClean(error.errors)
        }
        assert.isTrue(error instanceof Error)
        assert.isFalse("polluted" in error)
        assertClean({})
      })
  )
})

describe("a key that becomes __proto__", () => {
  it("A key that becomes __proto__ when an error is redacted is removed", () => {
    const shown = Json.mapTexts({ "__proto__\n": { polluted: true }, a: "b" }, (text) => text.trim())
    assert.strictEqual(JSON.stringify(shown), '{"a":"b"}')
  })

  it.live("A key that becomes __proto__ when whitespace is replaced is removed", () =>
    Effect.gen(function* () {
      const baseUrl = yield* responding(
        422,
        '{"message":"No.","errors":[{"\\u200b__proto__\\u200b":{"polluted":true}}]}'
      )
      const error = yield* Effect.flip(withClient({ baseUrl }, FetchHttpClient.layer, create))
      assert.deepStrictEqual("errors" in error && error.errors, [{}])
      if ("errors" in error) assertClean(error.errors)
    })
  )
})

describe("JSON that is nested deeper than a stack", () => {
  it.live("JSON that is nested deeper than a stack is an ordinary response and an ordinary error", () =>
    Effect.gen(function* () {
      const deep = "[".repeat(100_000) + "]".repeat(100_000)
      const good = yield* responding(200, JSON.stringify({ ...row, more: 1 }).replace(/1}$/, `${deep}}`))
      const connection = yield* withClient({ baseUrl: good }, FetchHttpClient.layer, ({ connections }) =>
        connections.get(id)
      )
      assert.strictEqual(connection.id, id)
      const bad = yield* responding(422, `{"message":"No.","errors":[${deep}]}`)
      const error = yield* Effect.flip(withClient({ baseUrl: bad }, FetchHttpClient.layer, create))
      assert.strictEqual(error._tag, "InvalidResponse")
    })
  )
})
