// The endpoint of `main.ts` for edge runtimes. It uses `fetch` and no modules of Node.
import { Connections } from "@effect-workos/client/Connections"
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

/** The variables and secrets of the worker. */
interface Environment {
  readonly WORKOS_API_KEY: string
}

const ConnectionsLive = (env: Environment) =>
  Connections.layer.pipe(
    Layer.provide([WorkOsConfig.layer({ apiKey: Redacted.make(env.WORKOS_API_KEY) }), FetchHttpClient.layer])
  )

const connectionsOf = Effect.fn("connectionsOf")(
  function* (organizationId: string) {
    const connections = yield* Connections
    const { data } = yield* connections.list({ organizationId, limit: 100 })
    return Response.json(data.map(({ id, name, state }) => ({ id, name, state })))
  },
  Effect.catchTag("InvalidRequest", ({ message }) => Effect.succeed(new Response(message, { status: 400 }))),
  Effect.catch((error) => Effect.as(Effect.logError(error), new Response(null, { status: 502 })))
)

export default {
  fetch: async (request: Request, env: Environment): Promise<Response> => {
    const id = /^\/organizations\/([^/]+)\/connections$/.exec(new URL(request.url).pathname)?.[1]
    if (id === undefined) return new Response(null, { status: 404 })
    return Effect.runPromise(Effect.provide(connectionsOf(id), ConnectionsLive(env)))
  }
}
