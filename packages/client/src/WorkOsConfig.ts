// Where WorkOS is, the key to it, and how often it may be asked.
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

/**
 * So many requests in any window of time.
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
 * **Example** (A tenth of the limit, for a job beside others)
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
 * const ConfigLive = WorkOsConfig.WorkOsConfig.layer(options)
 * ```
 */
export interface Options {
  /** The secret key, `sk_…`. */
  readonly apiKey: Redacted.Redacted
  /** Where the API is; `https://api.workos.com` where nothing is said. Its path, if it has one, is kept. */
  readonly baseUrl?: URL | undefined
  /**
   * How many requests the client sends at most; {@link defaultRateLimit} where nothing is said. Less of it for a program
   * that shares its key with others. `unlimited` for a server that can bear it, and for tests in which time stands still.
   */
  readonly rateLimit?: RateLimitOptions | "unlimited" | undefined
  /** How many requests the client has under way at once; 100 where nothing is said. The others wait. */
  readonly maxConcurrency?: number | undefined
  /** How many bytes of an answer the client reads; 16 MiB where nothing is said. Of a longer one it makes an error. */
  readonly maxResponseBytes?: number | undefined
  /**
   * Whether the key may be sent over plain `http:` to another machine, where everybody between can read it. To this one
   * it always may.
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
 * What WorkOS allows an API key: 6,000 requests per 60 seconds.
 *
 * @see https://workos.com/docs/reference/rate-limits
 */
export const defaultRateLimit: RateLimitOptions = { requests: 6_000, window: "60 seconds" }

/**
 * The configuration that clients read.
 *
 * **Example** (Saying at the start where requests go)
 *
 * ```ts
 * import { WorkOsConfig } from "@effect-workos/client/WorkOsConfig"
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 *
 * const announce = Effect.gen(function* () {
 *   const { apiKey, baseUrl, maxConcurrency, maxResponseBytes, rateLimit } = yield* WorkOsConfig
 *   const who = Redacted.value(apiKey) === "" ? "without a key" : "with a key"
 *   const most = rateLimit === "unlimited" ? "as many requests as it likes" : `${rateLimit.requests} requests`
 *   yield* Effect.log(`${baseUrl} ${who}: ${most}, ${maxConcurrency} at once, ${maxResponseBytes} bytes each`)
 * }).pipe(Effect.provide(WorkOsConfig.layerConfig))
 * ```
 *
 * @see https://workos.com/docs/reference/authentication
 */
export class WorkOsConfig extends Context.Service<
  WorkOsConfig,
  {
    /** Empty in an application that can keep no secret, and so has none. */
    readonly apiKey: Redacted.Redacted
    /** Where the API is. */
    readonly baseUrl: URL
    /** How many requests are sent at most. */
    readonly rateLimit: RateLimitOptions | "unlimited"
    /** How many requests are under way at once. */
    readonly maxConcurrency: number
    /** How many bytes of an answer are read. */
    readonly maxResponseBytes: number
  }
>()("@effect-workos/client/WorkOsConfig") {
  /**
   * The configuration from values that the program has. Fails with a `ConfigError` that names the option where the key has
   * other than visible ASCII characters or none; where `baseUrl` is none of `https:` or `http:`, has a user, a query or a
   * fragment, or would have the key sent readably to another machine; or where a number is none from 1 on.
   */
  static readonly layer = ({ apiKey, ...options }: Options): Layer.Layer<WorkOsConfig, Config.ConfigError> =>
    Layer.effect(WorkOsConfig, configured(apiKey, Key, options))

  /**
   * The configuration of an application that can keep no secret: one on somebody's own machine, or in their browser. It
   * has no key, and fails as {@link WorkOsConfig.layer} does.
   *
   * **Example** (A program on somebody's own machine)
   *
   * ```ts
   * import { WorkOsConfig } from "@effect-workos/client/WorkOsConfig"
   *
   * const ConfigPublic = WorkOsConfig.layerPublic({ baseUrl: new URL("https://api.workos.com") })
   * ```
   */
  static readonly layerPublic = (
    options: Omit<Options, "apiKey"> = {}
  ): Layer.Layer<WorkOsConfig, Config.ConfigError> =>
    Layer.effect(WorkOsConfig, configured(Redacted.make(""), Schema.Literal(""), options))

  /**
   * The configuration from `WORKOS_API_KEY` and, where they are set, `WORKOS_BASE_URL`, `WORKOS_RATE_LIMIT`, a number of
   * requests per 60 seconds or `unlimited`, and `WORKOS_ALLOW_INSECURE_HTTP`, which is `true` or `false`. Fails with a
   * `ConfigError` where the key is missing or empty, the URL is one that {@link WorkOsConfig.layer} does not take, or the
   * limit is no such number.
   */
  static readonly layerConfig: Layer.Layer<WorkOsConfig, Config.ConfigError> = Layer.effect(
    WorkOsConfig,
    Effect.gen(function* () {
      const apiKey = yield* ApiKeyConfig
      const baseUrl = yield* BaseUrlConfig
      const allowed = (yield* AllowInsecureHttpConfig) ? BaseUrl : SecureUrl
      yield* checked({ WORKOS_BASE_URL: allowed }, { WORKOS_BASE_URL: baseUrl })
      return {
        apiKey,
        baseUrl,
        maxConcurrency: defaultMaxConcurrency,
        maxResponseBytes: defaultMaxResponseBytes,
        rateLimit: yield* RateLimitConfig
      }
    })
  )
}

const defaultMaxConcurrency = 100
const defaultMaxResponseBytes = 16 * 1024 * 1024

const Key = Schema.String.check(Schema.isPattern(/^[\x21-\x7e]+$/, { expected: "a key of visible ASCII characters" }))

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))

const Millis = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(1))

const millisIn = (duration: Duration.Input): number =>
  Option.getOrElse(Option.map(Duration.fromInput(duration), Duration.toMillis), () => NaN)

const ApiKeyConfig = Config.schema(Schema.Redacted(Key), "WORKOS_API_KEY")

const BaseUrlConfig = Config.schema(Schema.URLFromString, "WORKOS_BASE_URL").pipe(Config.withDefault(productionUrl))

const AllowInsecureHttpConfig = Config.Boolean("WORKOS_ALLOW_INSECURE_HTTP").pipe(Config.withDefault(false))

const RateLimitConfig = Config.schema(
  Schema.String.check(
    Schema.isPattern(/^(unlimited|[1-9]\d{0,8})$/, {
      expected: "a number of requests per 60 seconds, or unlimited"
    })
  ),
  "WORKOS_RATE_LIMIT"
).pipe(
  Config.map((limit) => (limit === "unlimited" ? limit : { requests: Number(limit), window: defaultRateLimit.window })),
  Config.withDefault(defaultRateLimit)
)

// -----------------------------------------------------------------------------
// Base URLs
// -----------------------------------------------------------------------------

/**
 * Where something can be asked, whoever listens on the way.
 *
 * **Example** (What can be asked)
 *
 * ```ts
 * import { BaseUrl } from "@effect-workos/client/WorkOsConfig"
 * import * as Schema from "effect/Schema"
 *
 * Schema.is(BaseUrl)(new URL("https://api.workos.com")) // => true
 * Schema.is(BaseUrl)(new URL("ftp://api.workos.com")) // => false
 * ```
 */
export const BaseUrl = Schema.URL.check(
  Schema.makeFilter(({ protocol }) => protocol === "https:" || protocol === "http:", {
    expected: "a URL that starts with https:// or http://"
  }),
  Schema.makeFilter(({ hash, password, search, username }) => hash + password + search + username === "", {
    expected: "a URL without a user, ? and #"
  })
)

const SecureUrl = BaseUrl.check(
  Schema.makeFilter(({ hostname, protocol }) => protocol === "https:" || isLoopback(hostname), {
    expected:
      "a URL that starts with https://, since the key could be read on the way (to send it all the same, set " +
      "allowInsecureHttp, or WORKOS_ALLOW_INSECURE_HTTP=true)"
  })
)

/**
 * Whether a host, as `URL` writes it, is this machine.
 *
 * **Example** (This machine, and another)
 *
 * ```ts
 * import { isLoopback } from "@effect-workos/client/WorkOsConfig"
 *
 * isLoopback("127.0.0.1") // => true
 * isLoopback("api.workos.com") // => false
 * ```
 */
export const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" ||
  hostname.endsWith(".localhost") ||
  hostname === "[::1]" ||
  // 127.0.0.1 once more, in the form of IPv6.
  /^\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\]$/.test(hostname) ||
  /^127\.\d+\.\d+\.\d+$/.test(hostname)

const configured = (
  apiKey: Redacted.Redacted,
  key: Schema.Codec<string>,
  {
    allowInsecureHttp = false,
    baseUrl = productionUrl,
    maxConcurrency = defaultMaxConcurrency,
    maxResponseBytes = defaultMaxResponseBytes,
    rateLimit = defaultRateLimit
  }: Omit<Options, "apiKey">
): Effect.Effect<WorkOsConfig["Service"], Config.ConfigError> =>
  Effect.as(
    checked(
      {
        apiKey: Schema.Redacted(key),
        baseUrl: allowInsecureHttp ? BaseUrl : SecureUrl,
        maxConcurrency: Count,
        maxResponseBytes: Count,
        rateLimit: Schema.Union([Schema.Literal("unlimited"), Schema.Struct({ requests: Count, window: Millis })])
      },
      {
        apiKey,
        baseUrl,
        maxConcurrency,
        maxResponseBytes,
        rateLimit:
          rateLimit === "unlimited" ? rateLimit : { requests: rateLimit.requests, window: millisIn(rateLimit.window) }
      }
    ),
    { apiKey, baseUrl, maxConcurrency, maxResponseBytes, rateLimit }
  )

const checked = <A extends object>(
  schemas: Readonly<Record<keyof A & string, Schema.ConstraintDecoder<unknown>>>,
  values: A
): Effect.Effect<unknown, Config.ConfigError> =>
  Effect.mapError(Schema.decodeUnknownEffect(Schema.Struct(schemas))(values), (error) => new Config.ConfigError(error))
