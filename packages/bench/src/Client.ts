// The measured client: `Connections` over undici.
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { Connections } from "@effect-workos/client/Connections"
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

export const key = "sk_test_bench"

/** A limit that no benchmark reaches, so that the rate limiter runs but never delays a request. */
export const plenty: WorkOsConfig.RateLimitOptions = { requests: 60_000_000, window: "60 seconds" }

export const layer = (baseUrl: URL, rateLimit: WorkOsConfig.RateLimitOptions | "unlimited" | undefined) =>
  Connections.layer.pipe(
    Layer.provide(WorkOsConfig.layer({ apiKey: Redacted.make(key), baseUrl, rateLimit })),
    Layer.provideMerge(NodeHttpClient.layerUndici)
  )
