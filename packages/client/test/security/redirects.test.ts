// Redirects, which are errors: no part of a request is sent to another address.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as RetryPolicy from "../../src/RetryPolicy.ts"
import { platforms } from "../platforms.ts"
import { page } from "../samples.ts"
import { withClient, create, key, operations, serve } from "./servers.ts"

/** A server that should receive no requests, and the requests that it received. */
const elsewhere = Effect.gen(function* () {
  const received: Array<string> = []
  const url = yield* serve((request, response, body) => {
    received.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)} ${body}`)
    response.end(JSON.stringify(page))
  })
  return { url, received }
})

/** A server that redirects requests to another address. */
const redirecting = (status: number, location: string) =>
  serve((_, response) => response.writeHead(status, { location }).end())

describe.each(platforms)("over $name", ({ layer: layerPlatform, name: platform }) => {
  it.live.each([301, 302, 303, 307, 308])(
    `No operation follows a %d over ${platform}, and errors contain only the origin of its target`,
    (status) =>
      Effect.gen(function* () {
        const { received, url } = yield* elsewhere
        const baseUrl = yield* redirecting(status, `${url.origin}/secret?code=secret#secret`)
        for (const [name, use] of operations) {
          const error = yield* Effect.flip(withClient({ baseUrl }, layerPlatform, use, RetryPolicy.standard))
          assert.strictEqual(error._tag, "InvalidResponse", name)
          if (error._tag !== "InvalidResponse") continue
          assert.deepStrictEqual(error.reason, { _tag: "Redirect", location: url.origin })
          assert.notInclude(JSON.stringify(error), "secret")
          assert.strictEqual(error.attempts, 1)
        }
        assert.deepStrictEqual(received, [])
      })
  )

  it.live(`No operation follows a redirect within the server over ${platform}`, () =>
    Effect.gen(function* () {
      let received = 0
      const baseUrl = yield* serve((_, response) => {
        received++
        response.writeHead(307, { location: "/elsewhere" }).end()
      })
      const error = yield* Effect.flip(withClient({ baseUrl }, layerPlatform, create))
      assert.strictEqual(error._tag, "InvalidResponse")
      assert.strictEqual(received, 1)
    })
  )

  it.live.each([
    "http://",
    "//",
    "\u0000",
    "javascript:alert(1)",
    `https://user:${encodeURIComponent(key)}@evil.test/`
  ])(`An invalid location is a redirect over ${platform}: %j`, (location) =>
    Effect.gen(function* () {
      const baseUrl = yield* serve((_, response) =>
        response.writeHead(302, [["location", location.replaceAll("\u0000", "%00")]].flat()).end()
      )
      const error = yield* Effect.flip(withClient({ baseUrl }, layerPlatform, create))
      assert.strictEqual("reason" in error && error.reason._tag, "Redirect")
      assert.notInclude(JSON.stringify(error), encodeURIComponent(key))
    })
  )
})

describe("a program's own settings", () => {
  it.live("Options of fetch in a program do not make the client follow redirects", () =>
    Effect.gen(function* () {
      const { received, url } = yield* elsewhere
      const baseUrl = yield* redirecting(307, url.href)
      const following = Layer.succeed(FetchHttpClient.RequestInit, { redirect: "follow" })
      const error = yield* Effect.flip(
        withClient({ baseUrl }, FetchHttpClient.layer.pipe(Layer.provideMerge(following)), create).pipe(
          Effect.provide(following)
        )
      )
      assert.strictEqual("reason" in error && error.reason._tag, "Redirect")
      assert.deepStrictEqual(received, [])
    })
  )

  // A client cannot inspect the `HttpClient` of a program; `docs/security.md` describes this case.
  it.live.each(platforms)(
    "An HttpClient that follows redirects does not send the key to the target, over $name",
    ({ layer: layerPlatform }) =>
      Effect.gen(function* () {
        const { received, url } = yield* elsewhere
        const baseUrl = yield* redirecting(307, url.href)
        const following = Layer.effect(
          HttpClient.HttpClient,
          Effect.map(HttpClient.HttpClient, HttpClient.followRedirects())
        ).pipe(Layer.provide(layerPlatform))
        yield* withClient({ baseUrl }, following, ({ connections }) => connections.list())
        assert.lengthOf(received, 1)
        assert.notInclude(received.join(), key)
      })
  )
})
