// The layers of client services over undici. Environment variables configure the services and their proxies.
import { Events } from "@effect-workos/client/Events"
import { Organizations } from "@effect-workos/client/Organizations"
import type { RateLimit } from "@effect-workos/client/RateLimit"
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import * as ProxyHttpClient from "@effect-workos/server/ProxyHttpClient"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"

/**
 * Provides a client service with its HTTP client and its configuration.
 */
export const live = <Service>(
  service: Layer.Layer<Service | RateLimit, never, HttpClient.HttpClient | WorkOsConfig.WorkOsConfig>
): Layer.Layer<Service | RateLimit | WorkOsConfig.WorkOsConfig, Layer.Error<typeof WorkOsConfig.layerConfig>> =>
  service.pipe(Layer.provideMerge(WorkOsConfig.layerConfig), Layer.provide(ProxyHttpClient.layer))

export const organizations = live(Organizations.layer)
export const events = live(Events.layer)
