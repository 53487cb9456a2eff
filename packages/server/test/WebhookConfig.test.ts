// Settings of a webhook endpoint.
import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as WebhookConfig from "../src/WebhookConfig.ts"

describe("WebhookConfig.make", () => {
  it.effect("WebhookConfig.make treats an undefined option as absent", () =>
    Effect.gen(function* () {
      const absent = yield* WebhookConfig.make()
      const { maxBytes, secrets, tolerance } = yield* WebhookConfig.make({
        secrets: undefined,
        tolerance: undefined,
        maxBytes: undefined,
        replayWindow: undefined
      })
      assert.deepStrictEqual([maxBytes, secrets], [absent.maxBytes, absent.secrets])
      assert.isTrue(Duration.equals(tolerance, absent.tolerance))
    }).pipe(
      Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnvRecord({ WORKOS_WEBHOOK_SECRET: "whsec_1234567890" })))
    )
  )
})
