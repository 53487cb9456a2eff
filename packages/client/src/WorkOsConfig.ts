/**
 * The configuration of a client: API key, base URL and limits.
 *
 * @module
 */
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
 * A rate limit: a maximum number of requests in any window of time.
 *
 * @see https://workos.com/docs/reference/rate-limits
 */
export interface RateLimitOptions {
  /** An integer of at least 1. */
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
   * The maximum rate of requests. Defaults to {@link defaultRateLimit}. `unlimited` also disables the lower limits that
   * WorkOS documents for some paths. Use `unlimited` for servers without limits, and for tests with a clock that does not
   * advance.
   */
  readonly rateLimit?: RateLimitOptions | "unlimited" | undefined
  /** The maximum number of requests that run concurrently. Defaults to 100. */
  readonly maxConcurrency?: number | undefined
  /** The maximum size of a response in bytes; larger ones fail. Defaults to 16 MiB. */
  readonly maxResponseBytes?: number | undefined
  /**
   * Allows sending the API key over plain `http:` to another machine, although others on the network can read the key.
   * Plain `http:` to this machine is always allowed. Defaults to false.
   */
  readonly allowInsecureHttp?: boolean | undefined
}

/**
 * The URL of WorkOS's API.
 */
export const productionUrl = new URL("https://api.workos.com")

const authUrl = new URL("https://auth.workos.com")

/**
 * Returns the base URL of the endpoints whose description has this `origin`. WorkOS's production API serves the `auth`
 * endpoints at https://auth.workos.com. Other servers serve all endpoints at their base URL.
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
 * A value of the configuration is invalid. `message` names the option and describes a valid value. It contains no secrets.
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
 * Makes a configuration from options. Fails with `InvalidConfig`, which names the invalid option.
 *
 * **Details**
 *
 * - `apiKey` is invalid if it is empty, is in quotes, or has characters other than visible ASCII, such as a line break.
 * - `baseUrl` is invalid if it is neither `https:` nor `http:`, if it has a user, a query or a fragment, or if it is
 *   `http:` to another machine without `allowInsecureHttp`.
 * - `maxConcurrency`, `maxResponseBytes` and the `requests` of `rateLimit` are invalid unless they are integers of at
 *   least 1. The `window` of `rateLimit` is invalid if it is infinite or less than a millisecond.
 */
export const layer = ({ apiKey, ...options }: Options): Layer.Layer<WorkOsConfig, InvalidConfig> =>
  Layer.effect(WorkOsConfig, fromOptions(apiKey, options))

/**
 * Makes the configuration of a public application, which has no API key. Such an application cannot keep a secret,
 * because it runs on a user's machine or in a browser. Fails like {@link layer}.
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
 * The configuration from environment variables. Fails with a `ConfigError` that names the variable if the key is missing,
 * or if a value is invalid as in {@link layer}.
 *
 * **Details**
 *
 * - `WORKOS_API_KEY`: the secret API key. Required.
 * - `WORKOS_BASE_URL`: the URL of the API. Defaults to `https://api.workos.com`.
 * - `WORKOS_RATE_LIMIT`: a number of requests per 60 seconds, or `unlimited`. Defaults to 6000.
 * - `WORKOS_ALLOW_INSECURE_HTTP`: `true` or `false`. Defaults to `false`.
 */
export const layerConfig: Layer.Layer<WorkOsConfig, Config.ConfigError> = /* @__PURE__ */ Layer.effect(
  // Marked as pure, so that bundlers drop this layer, and `Config`, from programs that pass options.
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
 * Tests whether a hostname, as `URL` normalizes it, refers to this machine.
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
    "a URL that starts with https://, because http:// would send the key unencrypted (to allow this, set " +
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

// The issue is made without a schema, because building a schema takes longer than all checks of the configuration.
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
