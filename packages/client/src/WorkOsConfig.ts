// The configuration of a client: API key, base URL and limits.
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as BaseUrl from "./internal/BaseUrl.ts"
import * as Credential from "./internal/Credential.ts"

/**
 * A maximum number of requests in any window of time.
 *
 * @see https://workos.com/docs/reference/rate-limits
 */
export interface RateLimitOptions {
  /** One or more. */
  readonly requests: number
  readonly window: Duration.Input
}

/**
 * Options for a client.
 *
 * **Example** (A tenth of the limit, for one of several jobs with the same key)
 *
 * ```ts
 * import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
 * import * as Redacted from "effect/Redacted"
 *
 * const { requests, window } = WorkOsConfig.defaultRateLimit
 * const share: WorkOsConfig.RateLimitOptions = { requests: requests / 10, window }
 *
 * const options: WorkOsConfig.Options = {
 *   apiKey: Redacted.make("sk_…"),
 *   baseUrl: WorkOsConfig.productionUrl,
 *   rateLimit: share
 * }
 *
 * const ConfigLive = WorkOsConfig.layer(options)
 * ```
 */
export interface Options {
  /** The secret API key, `sk_…`. */
  readonly apiKey: Redacted.Redacted
  /** The URL of the API, which may have a path. Defaults to `https://api.workos.com`. */
  readonly baseUrl?: URL | undefined
  /**
   * The maximum rate of requests. Defaults to {@link defaultRateLimit}. `unlimited` is meant for servers without limits and
   * for tests with a clock that stands still: limits of paths do not apply then either.
   */
  readonly rateLimit?: RateLimitOptions | "unlimited" | undefined
  /** The maximum number of requests that run concurrently. Defaults to 100. */
  readonly maxConcurrency?: number | undefined
  /** The maximum size of a response in bytes; larger ones fail. Defaults to 16 MiB. */
  readonly maxResponseBytes?: number | undefined
  /**
   * Allows sending the API key over plain `http:` to another machine, although it can be read on the way. It may always be
   * sent to this machine. Defaults to false.
   */
  readonly allowInsecureHttp?: boolean | undefined
}

/**
 * The URL of WorkOS's API.
 */
export const productionUrl = new URL("https://api.workos.com")

const authUrl = new URL("https://auth.workos.com")

/**
 * The URL of the endpoints that are described with an origin of their own. Any other server than the real WorkOS has all
 * endpoints at its base URL.
 *
 * **Example** (Where users are signed out)
 *
 * ```ts
 * import { originOf, productionUrl } from "@effect-workos/client/WorkOsConfig"
 *
 * originOf(productionUrl, "auth").href // => "https://auth.workos.com/"
 * ```
 */
export const originOf = (baseUrl: URL, origin: "auth" | undefined): URL =>
  origin === "auth" && baseUrl.origin === productionUrl.origin ? authUrl : baseUrl

/**
 * The documented limit of an API key: 6,000 requests per 60 seconds.
 *
 * @see https://workos.com/docs/reference/rate-limits
 */
export const defaultRateLimit: RateLimitOptions = { requests: 6_000, window: "60 seconds" }

/**
 * The configuration of a client.
 *
 * **Example** (Logging the configuration)
 *
 * ```ts
 * import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 *
 * const announce = Effect.gen(function* () {
 *   const { apiKey, baseUrl, maxConcurrency, maxResponseBytes, rateLimit } = yield* WorkOsConfig.WorkOsConfig
 *   const key = Redacted.value(apiKey) === "" ? "without a key" : "with a key"
 *   const rate = rateLimit === "unlimited" ? "unlimited requests" : `${rateLimit.requests} requests`
 *   yield* Effect.log(`${baseUrl} ${key}: ${rate}, ${maxConcurrency} concurrently, ${maxResponseBytes} bytes each`)
 * }).pipe(Effect.provide(WorkOsConfig.layerConfig))
 * ```
 *
 * @see https://workos.com/docs/reference/authentication
 */
export class WorkOsConfig extends Context.Service<
  WorkOsConfig,
  {
    /** Empty in a public application, which cannot keep a secret. */
    readonly apiKey: Redacted.Redacted
    /** The URL of the API. */
    readonly baseUrl: URL
    /** The maximum rate of requests. */
    readonly rateLimit: RateLimitOptions | "unlimited"
    /** The maximum number of requests that run concurrently. */
    readonly maxConcurrency: number
    /** The maximum size of a response in bytes. */
    readonly maxResponseBytes: number
  }
>()("@effect-workos/client/WorkOsConfig") {}

/**
 * A value of the configuration is invalid. `message` names the option and the value that it must have; secrets are not
 * shown.
 *
 * **Example** (Exiting with a message)
 *
 * ```ts
 * import { Connections } from "@effect-workos/client/Connections"
 * import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
 * import * as Effect from "effect/Effect"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import * as Layer from "effect/Layer"
 * import * as Redacted from "effect/Redacted"
 *
 * const ConnectionsLive = (key: string) =>
 *   Connections.layer.pipe(Layer.provide([WorkOsConfig.layer({ apiKey: Redacted.make(key) }), FetchHttpClient.layer]))
 *
 * const program = (key: string) =>
 *   Connections.use(({ list }) => list()).pipe(
 *     Effect.provide(ConnectionsLive(key)),
 *     Effect.catchTag("InvalidConfig", ({ message }: WorkOsConfig.InvalidConfig) => Effect.logError(message))
 *   )
 * ```
 */
export class InvalidConfig extends Schema.TaggedError<InvalidConfig>()("InvalidConfig", {
  option: Schema.String,
  message: Schema.String
}) {}

const defaults = { maxConcurrency: 100, maxResponseBytes: 16 * 1024 * 1024, rateLimit: defaultRateLimit }

/**
 * A configuration from values. Fails with `InvalidConfig`, which names the option, if the API key is empty, is in quotes, or has
 * characters other than visible ASCII, such as a line break; if `baseUrl` is neither `https:` nor `http:`, has a user, a query or a fragment, or would send
 * the key readably to another machine; or if a number is less than 1.
 */
export const layer = ({ apiKey, ...options }: Options): Layer.Layer<WorkOsConfig, InvalidConfig> =>
  Layer.effect(WorkOsConfig, fromOptions(apiKey, options))

/**
 * The configuration of a public application, which cannot keep a secret and has no API key: one on a user's machine or in
 * a browser. Fails like {@link layer}.
 *
 * **Example** (A program on a user's machine)
 *
 * ```ts
 * import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
 *
 * const ConfigPublic = WorkOsConfig.layerPublic({ baseUrl: new URL("https://api.workos.com") })
 * ```
 */
export const layerPublic = (options: Omit<Options, "apiKey"> = {}): Layer.Layer<WorkOsConfig, InvalidConfig> =>
  Layer.effect(WorkOsConfig, fromOptions(undefined, options))

/**
 * The configuration from environment variables: `WORKOS_API_KEY`, and optionally `WORKOS_BASE_URL`, `WORKOS_RATE_LIMIT`, a
 * number of requests per 60 seconds or `unlimited`, and `WORKOS_ALLOW_INSECURE_HTTP`, `true` or `false`. Fails with a
 * `ConfigError` that names the variable if the key is missing, or if a value is invalid as in {@link layer}.
 */
export const layerConfig: Layer.Layer<WorkOsConfig, Config.ConfigError> = /* @__PURE__ */ Layer.effect(
  // Bundlers drop pure calls, and the reader of the environment with them, from programs that pass values.
  WorkOsConfig,
  /* @__PURE__ */ Effect.gen(function* () {
    const apiKey = yield* Config.Redacted("WORKOS_API_KEY")
    const baseUrl = yield* Config.withDefault(Config.URL("WORKOS_BASE_URL"), productionUrl)
    const allowInsecureHttp = yield* Config.withDefault(Config.Boolean("WORKOS_ALLOW_INSECURE_HTTP"), false)
    const rate = yield* Config.withDefault(Config.String("WORKOS_RATE_LIMIT"), undefined)
    const keyViolation = keyViolationOf(apiKey)
    if (keyViolation !== undefined) return yield* invalidVariable("WORKOS_API_KEY", keyViolation)
    const violation = violationOf(baseUrl, allowInsecureHttp)
    if (violation !== undefined) return yield* invalidVariable("WORKOS_BASE_URL", violation)
    if (rate !== undefined && !/^(unlimited|[1-9]\d{0,8})$/.test(rate))
      return yield* invalidVariable("WORKOS_RATE_LIMIT", "a number of requests per 60 seconds, or unlimited")
    const rateLimit =
      rate === undefined
        ? defaultRateLimit
        : rate === "unlimited"
          ? rate
          : { requests: Number(rate), window: defaultRateLimit.window }
    return { ...defaults, apiKey, baseUrl, rateLimit }
  })
)

/**
 * Tests whether a hostname, as `URL` normalizes it, is this machine.
 *
 * **Example** (Two hostnames)
 *
 * ```ts
 * import { isLoopback } from "@effect-workos/client/WorkOsConfig"
 *
 * isLoopback("127.0.0.1") // => true
 * isLoopback("api.workos.com") // => false
 * ```
 */
export const isLoopback: (hostname: string) => boolean = BaseUrl.isLoopback

// -----------------------------------------------------------------------------
// Checks
// -----------------------------------------------------------------------------

const keyViolationOf = (apiKey: Redacted.Redacted): string | undefined =>
  Redacted.isRedacted(apiKey) ? Credential.violation("key", Redacted.value(apiKey)) : "a redacted key"

const violationOf = (baseUrl: URL, allowInsecureHttp: boolean): string | undefined => {
  const violation = BaseUrl.violation(baseUrl)
  if (violation !== undefined || allowInsecureHttp || !BaseUrl.isInsecure(baseUrl)) return violation
  return (
    "a URL that starts with https://, since the key could be read on the way (to send it all the same, set " +
    "allowInsecureHttp, or WORKOS_ALLOW_INSECURE_HTTP=true)"
  )
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 1

const isLimit = ({ requests, window }: RateLimitOptions): boolean => {
  const millis = Option.map(Duration.fromInput(window), Duration.toMillis)
  return isCount(requests) && Option.exists(millis, (millis) => Number.isFinite(millis) && millis >= 1)
}

const invalid = (option: string, expected: string): Effect.Effect<never, InvalidConfig> =>
  Effect.fail(new InvalidConfig({ option, message: `${option}: Expected ${expected}` }))

// The error of a schema, made without one: schemas take longer to build than all of these checks.
const invalidVariable = (name: string, expected: string): Effect.Effect<never, Config.ConfigError> => {
  const issue = new SchemaIssue.Pointer([name], new SchemaIssue.InvalidValue({ expected }))
  return Effect.fail(new Config.ConfigError(new Schema.SchemaError(issue)))
}

const fromOptions = (
  apiKey: Redacted.Redacted | undefined,
  { allowInsecureHttp = false, baseUrl = productionUrl, ...options }: Omit<Options, "apiKey">
): Effect.Effect<WorkOsConfig["Service"], InvalidConfig> =>
  Effect.suspend(() => {
    const {
      maxConcurrency = defaults.maxConcurrency,
      maxResponseBytes = defaults.maxResponseBytes,
      rateLimit = defaults.rateLimit
    } = options
    const keyViolation = apiKey && keyViolationOf(apiKey)
    if (keyViolation !== undefined) return invalid("apiKey", keyViolation)
    const violation = violationOf(baseUrl, allowInsecureHttp)
    if (violation !== undefined) return invalid("baseUrl", violation)
    if (!isCount(maxConcurrency)) return invalid("maxConcurrency", expectedCount)
    if (!isCount(maxResponseBytes)) return invalid("maxResponseBytes", expectedCount)
    if (rateLimit !== "unlimited" && !isLimit(rateLimit)) {
      return invalid("rateLimit", "requests and milliseconds of at least 1, or unlimited")
    }
    return Effect.succeed({ apiKey: apiKey ?? Redacted.make(""), baseUrl, maxConcurrency, maxResponseBytes, rateLimit })
  })

const expectedCount = "an integer of at least 1"
