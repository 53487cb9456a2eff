// The HTTP clients that send requests over real sockets.
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"

export interface Platform {
  readonly name: string
  readonly layer: Layer.Layer<HttpClient.HttpClient>
  /** True if the layer closes its idle connections. `fetch` keeps them for the whole process. */
  readonly isClosed: boolean
}

export const platforms: ReadonlyArray<Platform> = [
  { name: "fetch", layer: FetchHttpClient.layer, isClosed: false },
  { name: "undici", layer: NodeHttpClient.layerUndici, isClosed: true }
]
