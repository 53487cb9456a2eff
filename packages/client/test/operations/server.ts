// A server of all operations without a socket, which decodes requests and encodes responses by the schemas of the
// endpoints.
import { AccessToken } from "@effect-workos/domain/AccessToken"
import { ApiKey } from "@effect-workos/domain/ApiKey"
import * as HttpApiFrom from "@effect-workos/domain/HttpApiFrom"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import type * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import type * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Layer from "effect/Layer"
import { testedResources } from "./operations.ts"

/** The parts of a request that the server decodes. */
export interface DecodedRequest {
  readonly params?: object
  readonly query?: object
  readonly payload?: object
  readonly headers?: object
}

/** Returns the success of a request to an operation, or fails with its error. */
export type Respond = (operation: string, request: DecodedRequest) => Effect.Effect<unknown, unknown>

/** The handler of the current request. */
const Responder = Context.Reference<Respond>("test/Responder", {
  defaultValue: () => () => Effect.die("No request was expected.")
})

const api = HttpApiFrom.api(
  "test",
  Object.fromEntries(testedResources.map((resource) => [resource.name, resource] as const))
)

type Served = typeof api extends HttpApi.HttpApi<infer Id, infer Groups> ? HttpApiGroup.ToService<Id, Groups> : never

/** `HttpApiBuilder.group` for a group whose endpoints the compiler does not know. */
const groupOf = HttpApiBuilder.group as unknown as (
  api: object,
  name: string,
  build: (handlers: { readonly handleAll: (handlers: object) => unknown }) => unknown
) => Layer.Layer<Served, never, AccessToken | ApiKey>

const layerGroups = testedResources
  .map(({ endpoints, name }) =>
    groupOf(api, name, (handlers) =>
      handlers.handleAll(
        Object.fromEntries(
          Object.keys(endpoints).map((method) => [
            method,
            (request: DecodedRequest) => Effect.flatMap(Responder, (respond) => respond(`${name}.${method}`, request))
          ])
        )
      )
    )
  )
  .reduce((all, group) => Layer.merge(all, group))

const { handler } = HttpRouter.toWebHandler(
  HttpApiBuilder.layer(api).pipe(
    Layer.provide(layerGroups),
    Layer.provide(Layer.succeed(ApiKey, ApiKey.of({ bearer: (handler) => handler }))),
    Layer.provide(Layer.succeed(AccessToken, AccessToken.of({ access_token: (handler) => handler }))),
    Layer.provide(HttpServer.layerServices)
  ),
  { disableLogger: true }
)

/** The base URL of clients, whose path the server does not see. */
export const baseUrl = new URL("https://workos.test/prefix/")

/**
 * Handles a request to a URL below `baseUrl`.
 */
export const handle = (request: Request, respond: Respond): Promise<Response> =>
  handler(
    new Request(request.url.replace(baseUrl.href, "https://workos.test/"), request),
    Context.make(Responder, respond)
  )
