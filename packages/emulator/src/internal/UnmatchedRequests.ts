// Requests without a route: undocumented methods of documented paths, and undocumented paths.
import * as Effect from "effect/Effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpApi from "effect/http-api/HttpApi"
import { EmulatedApi } from "./EmulatedApi.ts"

const methodsByPath = (): ReadonlyMap<string, ReadonlySet<string>> => {
  const methods = new Map<string, Set<string>>()
  HttpApi.reflect(EmulatedApi, {
    onGroup() {},
    onEndpoint({ endpoint: { method, path } }) {
      methods.set(path, (methods.get(path) ?? new Set()).add(method))
    }
  })
  return methods
}

const paths = [...methodsByPath()].map(([path, methods]) => ({
  path: new RegExp(`^${path.replaceAll(/:\w+/g, "[^/]+")}/?$`),
  methods: new Set([...methods, ...(methods.has("GET") ? ["HEAD"] : []), "OPTIONS"])
}))

const respond = ({ method, url }: HttpServerRequest): HttpServerResponse.HttpServerResponse => {
  const [pathname = ""] = url.split("?", 1)
  // A path may match several templates, such as `/auth/factors/enroll` and `/auth/factors/:id`.
  const documented = new Set(paths.filter(({ path }) => path.test(pathname)).flatMap(({ methods }) => [...methods]))
  const headers = { allow: [...documented].join(", ") }
  if (documented.size > 0 && method === "OPTIONS") return HttpServerResponse.empty({ status: 204, headers })
  // The router does not match an id that is too long.
  return documented.size === 0 || documented.has(method)
    ? HttpServerResponse.jsonUnsafe({ message: "Not Found" }, { status: 404 })
    : HttpServerResponse.jsonUnsafe({ message: "Method Not Allowed" }, { status: 405, headers })
}

// Without HEAD, for which the router falls back to the route of GET.
const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"] as const

/**
 * Responds with 405 to undocumented methods of documented paths, with the documented methods to OPTIONS, and with 404 to
 * other paths.
 */
export const layer = HttpRouter.addAll(
  methods.map((method) => HttpRouter.route(method, "/*", (request) => Effect.succeed(respond(request))))
)
