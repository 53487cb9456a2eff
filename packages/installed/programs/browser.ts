// Gets the name of a connection in a web page. A real page would send the request to the server of the page, because a
// secret key must not be in a browser.
import { Connections } from "@effect-workos/client/Connections"
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

export const nameOf = (baseUrl: string, key: string, id: string): Promise<string> =>
  Connections.use((connections) => Effect.map(connections.get(id), ({ name }) => name)).pipe(
    Effect.provide(
      Layer.provide(Connections.layer, [
        WorkOsConfig.layer({ apiKey: Redacted.make(key), baseUrl: new URL(baseUrl) }),
        FetchHttpClient.layer
      ])
    ),
    Effect.runPromise
  )
