// What a page does that asks for a connection; where, with which key and for which one is what the page says. A real page
// would ask its own server: a secret key is not for browsers.
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
