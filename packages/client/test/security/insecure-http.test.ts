// Base URLs with plain http, which are accepted only for this machine.
import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as WorkOsConfig from "../../src/WorkOsConfig.ts"

const apiKey = Redacted.make("sk_test_never_to_be_seen")

const configured = (baseUrl: string, allowInsecureHttp?: boolean) =>
  Effect.map(
    Effect.provide(
      WorkOsConfig.WorkOsConfig,
      WorkOsConfig.layer({ apiKey, baseUrl: new URL(baseUrl), allowInsecureHttp })
    ),
    (config) => config.baseUrl.href
  )

const configuredBy = (environment: Record<string, string>) =>
  WorkOsConfig.WorkOsConfig.pipe(
    Effect.provide(WorkOsConfig.layerConfig),
    Effect.provideService(
      ConfigProvider.ConfigProvider,
      ConfigProvider.fromEnvRecord({ WORKOS_API_KEY: Redacted.value(apiKey), ...environment })
    ),
    Effect.map(({ baseUrl }) => baseUrl.href)
  )

const here = [
  "http://localhost",
  "http://LOCALHOST:4100",
  "http://workos.localhost",
  "http://127.0.0.1",
  "http://127.1",
  "http://127.255.255.254",
  "http://2130706433",
  "http://0x7f000001",
  "http://0177.0.0.1",
  "http://127.0.0.1.",
  "http://１２７.0.0.1",
  "http://loc\tal\nhost",
  "http://[::1]",
  "http://[0:0:0:0:0:0:0:1]",
  "http://[::ffff:127.0.0.1]",
  "http://[::ffff:7f12:3]"
]

const elsewhere = [
  "http://api.workos.com",
  "http://localhost.evil.com",
  "http://127.0.0.1.evil.com",
  "http://localhost.",
  "http://evillocalhost",
  "http://xn--localhost-.evil.com",
  "http://lоcalhost",
  "http://localhost。evil.com",
  "http://128.0.0.1",
  "http://0.0.0.0",
  "http://10.127.0.1",
  "http://1.127.0.0",
  "http://[::]",
  "http://[::2]",
  "http://[::ffff:7f0:1]",
  "http://[::ffff:128.0.0.1]",
  "http://[::127.0.0.1]",
  "http://[fe80::1]",
  "http://[1::ffff:7f00:1]",
  "http:evil.com",
  "http:\\\\evil.com\\localhost"
]

// URLs with a misleading host, credentials, a query or a fragment.
const disguised = [
  "http://localhost@evil.com",
  "http://localhost:80@evil.com",
  "http://127.0.0.1%2f@evil.com",
  "http://evil.com#localhost",
  "http://evil.com?.localhost",
  "https://key@api.workos.com",
  "https://:key@api.workos.com",
  "https://api.workos.com?a=1",
  "https://api.workos.com#a"
]

describe("plain http", () => {
  it.effect.each(here)("A base URL with http to this machine is accepted: %j", (url) =>
    Effect.gen(function* () {
      assert.isTrue(WorkOsConfig.isLoopback(new URL(url).hostname))
      yield* configured(url)
      yield* configuredBy({ WORKOS_BASE_URL: url })
    })
  )

  it.effect.each(elsewhere)("A base URL with http to another machine is rejected, unless allowed: %j", (url) =>
    Effect.gen(function* () {
      for (const refused of [
        configured(url),
        configured(url, false),
        configuredBy({ WORKOS_BASE_URL: url }),
        configuredBy({ WORKOS_BASE_URL: url, WORKOS_ALLOW_INSECURE_HTTP: "false" })
      ]) {
        const { message } = yield* Effect.flip<string, { readonly message: string }, never>(refused)
        assert.include(message, "https://")
        assert.notInclude(message, Redacted.value(apiKey))
      }
      const { href } = new URL(url)
      assert.strictEqual(yield* configured(url, true), href)
      assert.strictEqual(yield* configuredBy({ WORKOS_BASE_URL: url, WORKOS_ALLOW_INSECURE_HTTP: "true" }), href)
    })
  )

  it.effect.each([...disguised, "ftp://localhost", "file:///etc/passwd", "javascript:alert(1)", "data:,localhost"])(
    "A misleading base URL is rejected, even if http is allowed: %j",
    (url) =>
      Effect.gen(function* () {
        assert.strictEqual((yield* Effect.flip(configured(url, true)))._tag, "InvalidConfig")
        const environment = { WORKOS_BASE_URL: url, WORKOS_ALLOW_INSECURE_HTTP: "true" }
        assert.strictEqual((yield* Effect.flip(configuredBy(environment)))._tag, "ConfigError")
      })
  )

  it.each(["http://[::1].evil", "http://[::1", "http://", "http://127.0.0.1.256"])(
    "An invalid base URL is rejected: %j",
    (text) => assert.isFalse(URL.canParse(text))
  )
})
