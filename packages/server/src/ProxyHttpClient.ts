/**
 * An HTTP client for Node that sends requests through the proxies of the environment.
 *
 * @module
 */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import type * as Undici from "@effect/platform-node/Undici"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import type * as Scope from "effect/Scope"

/**
 * The error of a proxy that refused a request or could not be reached: the `cause` of a `TransportError` of
 * `@effect-workos/client`. `message` names the proxy without user and password.
 *
 * **Example** (Distinguishing failures of a proxy from failures of WorkOS)
 *
 * ```ts
 * import type { TransportError } from "@effect-workos/client/ClientError"
 * import { ProxyError } from "@effect-workos/server/ProxyHttpClient"
 *
 * const isProxyFailure = ({ cause }: TransportError): boolean => cause instanceof ProxyError
 * ```
 */
export class ProxyError extends Error {
  override readonly name = "ProxyError"
  /**
   * `PROXY_REFUSED` if another attempt cannot succeed, for example after a 407. `PROXY_UNAVAILABLE` if another attempt may
   * succeed. In both cases, the request did not reach WorkOS.
   */
  readonly code: "PROXY_REFUSED" | "PROXY_UNAVAILABLE"

  constructor(code: ProxyError["code"], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The proxies for `http:` and `https:` URLs, and the hosts that need none. */
interface Proxies {
  readonly http: URL | undefined
  readonly https: URL | undefined
  readonly noProxy: string
}

// Variables in lower case take precedence, as in undici and curl.
const variable = (name: string): Config.Config<string> =>
  Config.String(name.toLowerCase()).pipe(
    Config.orElse(() => Config.String(name)),
    Config.withDefault("")
  )

const proxy = (name: string): Effect.Effect<URL | undefined, Config.ConfigError> =>
  Effect.flatMap(variable(name), (text) => {
    if (text === "") return Effect.undefined
    return isProxyUrl(text) ? Effect.succeed(new URL(text)) : invalidVariable(name)
  })

const isProxyUrl = (text: string): boolean => {
  try {
    const { hash, password, pathname, protocol, search, username } = new URL(text)
    // Throws for a user or a password that is not encoded properly.
    decodeURIComponent(username + password)
    return /^https?:$/.test(protocol) && pathname + search + hash === "/"
  } catch {
    return false
  }
}

// The value is not shown: it may contain a password.
const invalidVariable = (name: string): Effect.Effect<never, Config.ConfigError> => {
  const expected = "the URL of a proxy that starts with http:// or https://, without a path"
  const issue = new SchemaIssue.Pointer([name], new SchemaIssue.InvalidValue({ expected }))
  return Effect.fail(new Config.ConfigError(new Schema.SchemaError(issue)))
}

const proxies: Effect.Effect<Proxies, Config.ConfigError> = Effect.gen(function* () {
  const http = yield* proxy("HTTP_PROXY")
  return { http, https: (yield* proxy("HTTPS_PROXY")) ?? http, noProxy: yield* variable("NO_PROXY") }
})

const originOf = ({ host, protocol }: URL): string => `${protocol}//${host}`

// -----------------------------------------------------------------------------
// Dispatcher
// -----------------------------------------------------------------------------

const makeDispatcher = ({ http, https, noProxy }: Proxies): Effect.Effect<Undici.Dispatcher, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const { EnvHttpProxyAgent, Pool, buildConnector } = await import("@effect/platform-node/Undici")

      // Makes connections to a proxy. Their errors name the proxy.
      const toProxy = (url: URL, options: Undici.buildConnector.BuildOptions): Undici.Dispatcher => {
        const connect = buildConnector(options)
        const pool = new Pool(originOf(url), {
          connect: (options, callback) =>
            connect(options, (...args) => {
              const [error] = args
              if (error === null) callback(...args)
              else callback(unreachable(url, error), null)
            })
        })
        // The proxy also causes any other failure before the tunnel is open.
        const openTunnel = pool.connect.bind(pool)
        return Object.assign(pool, {
          connect: (options: Undici.Dispatcher.ConnectOptions) =>
            openTunnel(options).catch((error: unknown) => {
              throw error instanceof ProxyError ? error : closed(url)
            })
        })
      }
      const proxyAt = (origin: string | URL): URL | undefined =>
        [http, https].find((url) => url !== undefined && url.href === String(origin))

      return new EnvHttpProxyAgent({
        httpProxy: http?.href ?? "",
        httpsProxy: https?.href ?? "",
        noProxy,
        clientFactory: (url) => toProxy(url, {}),
        factory: (origin, options) => {
          const url = proxyAt(origin)
          return url === undefined ? new Pool(origin, options) : toProxy(url, { allowH2: false })
        }
      })
    }),
    (dispatcher) => Effect.promise(() => dispatcher.destroy())
  )

const unreachable = (url: URL, cause: Error): ProxyError => {
  const name = Predicate.hasProperty(cause, "code") ? String(cause.code) : cause.message
  return new ProxyError("PROXY_UNAVAILABLE", `the proxy ${originOf(url)} can't be reached: ${name}`, { cause })
}

const closed = (url: URL): ProxyError =>
  new ProxyError("PROXY_UNAVAILABLE", `the proxy ${originOf(url)} closed the connection`)

// -----------------------------------------------------------------------------
// Errors
// -----------------------------------------------------------------------------

// undici reports the status of a proxy only in the message of its error.
const refusal = /^Proxy (?:response|Authentication Required) \((\d{3})\)/

const toProxyError = (url: URL, cause: Error): ProxyError | undefined => {
  const origin = originOf(url)
  const status = Number(refusal.exec(cause.message)?.[1])
  if (status === 407) {
    return new ProxyError("PROXY_REFUSED", `the proxy ${origin} requires a user and a password: 407`)
  }
  if (status > 0) {
    const code = status >= 500 || status === 429 || status === 408 ? "PROXY_UNAVAILABLE" : "PROXY_REFUSED"
    return new ProxyError(code, `the proxy ${origin} refused the connection: ${status}`)
  }
  return undefined
}

const withProxyErrors = (client: HttpClient.HttpClient, { http, https }: Proxies): HttpClient.HttpClient =>
  HttpClient.transformResponse(
    client,
    Effect.mapError((error) => {
      const { reason, request } = error
      const url = request.url.startsWith("https:") ? https : http
      if (url === undefined || reason._tag !== "TransportError" || !(reason.cause instanceof Error)) return error
      const cause = toProxyError(url, reason.cause)
      return cause === undefined
        ? error
        : new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request, cause }) })
    })
  )

/**
 * An HTTP client over undici that honours the environment variables `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in upper or
 * lower case.
 *
 * **Details**
 *
 * The variables have the same meaning as for undici's `EnvHttpProxyAgent`:
 *
 * - Names in lower case take precedence. An empty value counts as unset.
 * - Without `HTTPS_PROXY`, `HTTP_PROXY` is also the proxy for `https:` URLs.
 * - `NO_PROXY` is `*`, or a list of hosts with or without a port, separated by commas or spaces. A host includes its
 *   subdomains. Requests to this machine use a proxy too, unless `NO_PROXY` contains this machine.
 *
 * A user and a password in the URL of a proxy are sent to the proxy, and are not part of any error.
 *
 * Without these variables, the layer is `NodeHttpClient.layerUndici`. If the URL of a proxy is invalid, the layer fails
 * with a `ConfigError` that names the variable.
 *
 * **Example** (A client behind a company's proxy)
 *
 * ```ts
 * import { WorkOs } from "@effect-workos/client/WorkOs"
 * import * as ProxyHttpClient from "@effect-workos/server/ProxyHttpClient"
 * import * as Layer from "effect/Layer"
 *
 * const WorkOsLive = WorkOs.layerConfig.pipe(Layer.provide(ProxyHttpClient.layer))
 * ```
 *
 * @see https://undici.nodejs.org/#/docs/api/EnvHttpProxyAgent
 */
export const layer: Layer.Layer<HttpClient.HttpClient, Config.ConfigError> = Layer.unwrap(
  Effect.map(proxies, (proxies) => {
    if (proxies.http === undefined && proxies.https === undefined) return NodeHttpClient.layerUndici
    return Layer.effect(
      HttpClient.HttpClient,
      Effect.map(HttpClient.HttpClient, (client) => withProxyErrors(client, proxies))
    ).pipe(
      Layer.provide(NodeHttpClient.layerUndiciNoDispatcher),
      Layer.provide(Layer.effect(NodeHttpClient.Dispatcher, makeDispatcher(proxies)))
    )
  })
)
