// Adversarial text in parameters of requests.
import { assert, describe, layer } from "@effect/vitest"
import { runs, seed } from "@effect-workos/testing/Sample"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { WorkOs } from "../../src/WorkOs.ts"
import { id, page, connection as row } from "../samples.ts"
import { key, serve } from "./servers.ts"

interface Received {
  readonly method: string | undefined
  readonly url: string
  readonly host: string | undefined
  readonly body: string
}

/** The origin of a server and the requests that it received. */
class Recorder extends Context.Service<Recorder, { readonly origin: string; readonly received: Array<Received> }>()(
  "test/Recorder"
) {}

const layerServer = Layer.effect(
  Recorder,
  Effect.gen(function* () {
    const received: Array<Received> = []
    const { origin } = yield* serve(({ headers, method, url = "" }, response, body) => {
      received.push({ method, url, host: headers.host, body })
      const isList = method === "GET" && new URL(url, "http://x").pathname === "/base/connections"
      response.setHeader("connection", "close").end(JSON.stringify(isList ? page : row))
    })
    return { origin, received }
  })
)

const layerClient = Layer.unwrap(
  Effect.map(Recorder, ({ origin }) =>
    WorkOs.layer({ apiKey: Redacted.make(key), baseUrl: new URL(`${origin}/base`), rateLimit: "unlimited" })
  )
).pipe(Layer.provide(FetchHttpClient.layer))

const pieces = [
  "../",
  "..\\",
  "%2e%2e%2f",
  "%252e",
  "/",
  "//evil.com/",
  "?",
  "#",
  "&limit=1",
  ";",
  "@evil.com",
  ":80",
  "http://evil.com",
  "\r\nX-Evil: 1\r\n",
  "\n",
  "\0",
  "\t",
  " ",
  "\u2028",
  "\u202E",
  "\uFEFF",
  "％２ｅ",
  "․․／",
  "\uD800",
  "\uDC00",
  "a",
  "+",
  "%",
  "[]",
  "__proto__",
  "é",
  "💥"
]

const Adversarial = Schema.Array(Schema.Literals(pieces)).pipe(
  Schema.check(Schema.isMinLength(1), Schema.isMaxLength(12))
)

const settings = { arbitrary: { runs: runs(100, 25), seed: `adversarial ${seed}` } }

/** The text after encoding in a URL, which has no halves of surrogate pairs. */
const text = (parts: ReadonlyArray<string>) => parts.join("").toWellFormed()

const recorded = <A, E>(use: (workos: WorkOs["Service"]) => Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    const { received } = yield* Recorder
    received.length = 0
    const result = yield* Effect.result(WorkOs.use(use))
    return { result, received: [...received] }
  })

layer(Layer.provideMerge(layerClient, layerServer), { excludeTestServices: true })("adversarial text", (it) => {
  const assertNothingSent = Effect.fnUntraced(function* <A, E extends { readonly _tag: string }>(
    use: (workos: WorkOs["Service"]) => Effect.Effect<A, E>
  ) {
    const { received, result } = yield* recorded(use)
    assert.strictEqual(result._tag === "Failure" && result.failure._tag, "InvalidRequest")
    assert.deepStrictEqual(received, [])
  })

  it.effect.prop(
    "Adversarial text as an id fails with InvalidRequest before a request is sent, in every parameter",
    [Adversarial],
    ([parts]) =>
      Effect.gen(function* () {
        for (const adversarial of [
          parts.join(""),
          `conn_${parts.join("")}`,
          `${id}${parts.join("")}`,
          `${parts.join("")}${id}`
        ]) {
          if (/^conn_[0-9A-Za-z]{1,64}$/.test(adversarial)) continue
          yield* assertNothingSent(({ connections }) => connections.get(adversarial))
          yield* assertNothingSent(({ connections }) => connections.get.encoded(adversarial))
          yield* assertNothingSent(({ connections }) => connections.delete(adversarial))
          yield* assertNothingSent(({ connections }) => connections.list({ after: adversarial }))
          yield* assertNothingSent(({ connections }) => connections.list({ before: adversarial }))
          yield* assertNothingSent(({ connections }) => Stream.runDrain(connections.stream({ after: adversarial })))
          yield* assertNothingSent(({ connections }) => connections.list({ organizationId: adversarial }))
          yield* assertNothingSent(({ connections }) => connections.create({ organizationId: adversarial }))
        }
      }),
    settings
  )

  it.effect.prop(
    "Adversarial text as a filter stays within its parameter",
    [Adversarial, Adversarial],
    ([domain, search]) =>
      Effect.gen(function* () {
        const { origin } = yield* Recorder
        const { received } = yield* recorded(({ connections }) =>
          connections.list({ domain: domain.join(""), search: search.join("") })
        )
        assert.lengthOf(received, 1)
        for (const { host, method, url } of received) {
          assert.strictEqual(method, "GET")
          assert.strictEqual(`http://${host}`, origin)
          const [path, query] = [url.slice(0, url.indexOf("?")), url.slice(url.indexOf("?") + 1)]
          assert.strictEqual(path, "/base/connections")
          assert.match(query, /^[\w.*%+=&-]*$/)
          assert.deepStrictEqual([...new URLSearchParams(query)].toSorted(), [
            ["domain", text(domain)],
            ["order", "desc"],
            ["search", text(search)]
          ])
        }
      }),
    settings
  )

  it.effect.prop(
    "Adversarial text as an external id or a name stays within its field of the body",
    [Adversarial, Adversarial],
    ([externalId, name]) =>
      Effect.gen(function* () {
        const { received } = yield* recorded(({ connections }) =>
          connections.create({
            organizationId: "org_01EHWNCE74X7JSDV0X3SZ3KJNY",
            externalId: externalId.join(""),
            name: name.join("")
          })
        )
        assert.deepStrictEqual(
          received.map(({ body, method, url }) => [method, url, JSON.parse(body)]),
          [
            [
              "POST",
              "/base/connections",
              {
                organization_id: "org_01EHWNCE74X7JSDV0X3SZ3KJNY",
                external_id: externalId.join(""),
                name: name.join("")
              }
            ]
          ]
        )
      }),
    settings
  )

  describe("of great length", () => {
    it.effect("Text of a million characters is not an id, and as a filter it is an ordinary error", () =>
      Effect.gen(function* () {
        const long = "a".repeat(1_000_000)
        yield* assertNothingSent(({ connections }) => connections.get(`conn_${long}`))
        const { received, result } = yield* recorded(({ connections }) => connections.list({ search: long }))
        assert.strictEqual(result._tag, "Failure")
        assert.deepStrictEqual(received, [])
      })
    )
  })
})
