// The configuration of clients, from options and from environment variables.
import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { inspect } from "node:util"
import * as WorkOsConfig from "../src/WorkOsConfig.ts"
import { server, withClient } from "./scripted-server.ts"

const configured = (environment: Record<string, string>) =>
  WorkOsConfig.WorkOsConfig.pipe(
    Effect.provide(WorkOsConfig.layerConfig),
    Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnvRecord(environment))
  )

const limited = (environment: Record<string, string>) =>
  Effect.map(configured({ WORKOS_API_KEY: "sk_test_1", ...environment }), ({ rateLimit }) => rateLimit)

describe("WorkOsConfig.layerConfig", () => {
  it.effect("`layerConfig` reads a redacted key from WORKOS_API_KEY, and defaults to the production URL", () =>
    Effect.gen(function* () {
      const { apiKey, baseUrl } = yield* configured({ WORKOS_API_KEY: "sk_test_1" })
      assert.strictEqual(Redacted.value(apiKey), "sk_test_1")
      assert.notInclude(String(apiKey) + JSON.stringify({ apiKey }), "sk_test_1")
      assert.strictEqual(baseUrl.href, "https://api.workos.com/")
    })
  )

  it.effect("`layerConfig` reads the URL from WORKOS_BASE_URL", () =>
    Effect.gen(function* () {
      const { baseUrl } = yield* configured({ WORKOS_API_KEY: "sk_test_1", WORKOS_BASE_URL: "http://127.0.0.1:4100/x" })
      assert.strictEqual(baseUrl.href, "http://127.0.0.1:4100/x")
    })
  )

  it.effect(
    "`layerConfig` reads the limit from WORKOS_RATE_LIMIT in requests per 60 seconds, and defaults to the documented one",
    () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* limited({}), { requests: 6000, window: "60 seconds" })
        assert.deepStrictEqual(yield* limited({ WORKOS_RATE_LIMIT: "500" }), { requests: 500, window: "60 seconds" })
        assert.strictEqual(yield* limited({ WORKOS_RATE_LIMIT: "unlimited" }), "unlimited")
      })
  )

  it.effect.each([
    [{}, "WORKOS_API_KEY"],
    [{ WORKOS_API_KEY: "" }, "WORKOS_API_KEY"],
    [{ WORKOS_API_KEY: "sk_test_1\nX-Injected: 1" }, "WORKOS_API_KEY"],
    [{ WORKOS_API_KEY: "sk_test_1", WORKOS_BASE_URL: "nonsense" }, "WORKOS_BASE_URL"],
    [{ WORKOS_API_KEY: "sk_test_1", WORKOS_BASE_URL: "ftp://workos.test" }, "WORKOS_BASE_URL"],
    [{ WORKOS_API_KEY: "sk_test_1", WORKOS_BASE_URL: "file:///etc/passwd" }, "WORKOS_BASE_URL"],
    [{ WORKOS_API_KEY: "sk_test_1", WORKOS_RATE_LIMIT: "0" }, "WORKOS_RATE_LIMIT"],
    [{ WORKOS_API_KEY: "sk_test_1", WORKOS_RATE_LIMIT: "100/s" }, "WORKOS_RATE_LIMIT"]
  ] as ReadonlyArray<readonly [Record<string, string>, string]>)(
    "`layerConfig` fails with a ConfigError that names the variable and no key (%#)",
    ([environment, variable]) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(configured(environment))
        assert.strictEqual(error._tag, "ConfigError")
        assert.include(error.message, variable)
        assert.notInclude(error.message, "sk_test_1")
      })
  )
})

describe("mistyped credentials", () => {
  const mistyped = [
    ["sk_test_1\n", "a key without a line break"],
    ["sk_test_1\r\nsk_test_2", "a key without a line break"],
    ['"sk_test_1"', "a key without quotes around it"],
    ["'sk_test_1'", "a key without quotes around it"],
    ['sk_test_1"', "a key without quotes around it"],
    [" sk_test_1", "a key without spaces"],
    ["sk_test_1\t", "a key without spaces"],
    ["sk_test_1 # mine", "a key without spaces"],
    ["sk_test_1\u200b", "a key of visible ASCII characters"],
    ["sk_test_1\u0000", "a key of visible ASCII characters"]
  ] as const

  it.effect.each(mistyped)(
    "A mistyped API key is a ConfigError or an InvalidConfig, whose message does not contain the key (%#)",
    ([key, expected]) =>
      Effect.gen(function* () {
        const layer = WorkOsConfig.layer({ apiKey: Redacted.make(key) })
        for (const error of [
          yield* Effect.flip(configured({ WORKOS_API_KEY: key })),
          yield* Effect.flip(Effect.provide(WorkOsConfig.WorkOsConfig, layer))
        ]) {
          assert.include(error.message, expected)
          assert.notInclude(inspect(error, { depth: 10 }), "sk_test_1")
        }
      })
  )

  it.effect.each(mistyped)(
    "A mistyped access token is an InvalidRequest with the same message (%#)",
    ([token, expected]) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(
          withClient(server([{ status: 200 }]), ({ sso }) => sso.profile(Redacted.make(token)))
        )
        assert.strictEqual(error._tag, "InvalidRequest")
        assert.include(error.message, expected.replace("key", "token"))
        assert.notInclude(inspect(error, { depth: 10 }), "sk_test_1")
      })
  )
})

describe("WorkOsConfig.layer", () => {
  it.effect.each<readonly [string, Partial<WorkOsConfig.Options>]>([
    ["apiKey", { apiKey: Redacted.make("") }],
    ["apiKey", { apiKey: Redacted.make("sk_test_1\nX-Injected: 1") }],
    ["baseUrl", { baseUrl: new URL("ftp://workos.test") }],
    ["baseUrl", { baseUrl: new URL("http://workos.test") }],
    ["maxConcurrency", { maxConcurrency: 0 }],
    ["maxConcurrency", { maxConcurrency: NaN }],
    ["maxResponseBytes", { maxResponseBytes: 0.5 }],
    ["rateLimit", { rateLimit: { requests: 0, window: "1 second" } }],
    ["rateLimit", { rateLimit: { requests: 1, window: NaN } }],
    ["rateLimit", { rateLimit: { requests: 1, window: "-1 second" } }],
    ["rateLimit", { rateLimit: { requests: 1, window: "Infinity" } }]
  ])("`layer` fails with InvalidConfig, which names %s and no key (%#)", ([option, options]) =>
    Effect.gen(function* () {
      const layer = WorkOsConfig.layer({ apiKey: Redacted.make("sk_test_1"), ...options })
      const error = yield* Effect.flip(Effect.provide(WorkOsConfig.WorkOsConfig, layer))
      assert.deepStrictEqual([error._tag, error.option], ["InvalidConfig", option])
      assert.include(error.message, option)
      assert.notInclude(error.message, "sk_test_1")
    })
  )
})
