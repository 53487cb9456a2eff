// Where WorkOS is, the key to it, and how often it may be asked.
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

/**
 * So many requests in any window of time.
 *
 * @see https://workos.com/docs/reference/rate-limits
 */
export interface RequestLimit {
  /** One or more. */
  readonly requests: number
  readonly window: Duration.Input
}

/**
 * Options for a client.
 */
export interface Options {
  /** The secret key, `sk_…`. */
  readonly apiKey: Redacted.Redacted
  /** Where the API is; `https://api.workos.com` where nothing is said. Its path, if it has one, is kept. */
  readonly baseUrl?: URL | undefined
  /**
   * How many requests the client sends at most; {@link documentedLimit} where nothing is said. Less of it for a program
   * that shares its key with others. `unlimited` for a server that can bear it, and for tests in which time stands still.
   */
  readonly rateLimit?: RequestLimit | "unlimited" | undefined
}

/**
 * The URL of WorkOS's API.
 */
export const productionUrl = new URL("https://api.workos.com")

/**
 * What WorkOS allows an API key: 6,000 requests per 60 seconds.
 *
 * @see https://workos.com/docs/reference/rate-limits
 */
export const documentedLimit: RequestLimit = { requests: 6_000, window: "60 seconds" }

/**
 * The configuration that clients read.
 *
 * @see https://workos.com/docs/reference/authentication
 */
export class WorkOsConfig extends Context.Service<
  WorkOsConfig,
  {
    readonly apiKey: Redacted.Redacted
    readonly baseUrl: URL
    readonly rateLimit: RequestLimit | "unlimited"
  }
>()("@effect-workos/client/WorkOsConfig") {
  /**
   * The configuration from values that the program has.
   */
  static readonly layer = ({
    apiKey,
    baseUrl = productionUrl,
    rateLimit = documentedLimit
  }: Options): Layer.Layer<WorkOsConfig> => Layer.succeed(WorkOsConfig, { apiKey, baseUrl, rateLimit })

  /**
   * The configuration from `WORKOS_API_KEY` and, where they are set, `WORKOS_BASE_URL` and `WORKOS_RATE_LIMIT`, a number
   * of requests per 60 seconds or `unlimited`. Fails with a `ConfigError` where the key is missing or empty, the URL is
   * none of `http:` or `https:`, or the limit is no such number.
   */
  static readonly layerConfig: Layer.Layer<WorkOsConfig, Config.ConfigError> = Layer.effect(
    WorkOsConfig,
    Effect.gen(function* () {
      return { apiKey: yield* ApiKeyConfig, baseUrl: yield* BaseUrlConfig, rateLimit: yield* RateLimitConfig }
    })
  )
}

const ApiKeyConfig = Config.schema(
  Schema.Redacted(
    Schema.String.check(Schema.isPattern(/^[\x21-\x7e]+$/, { expected: "a key of visible ASCII characters" }))
  ),
  "WORKOS_API_KEY"
)

const BaseUrlConfig = Config.schema(
  Schema.URLFromString.check(
    Schema.makeFilter((url) => url.protocol === "https:" || url.protocol === "http:", {
      expected: "a URL that starts with https:// or http://"
    })
  ),
  "WORKOS_BASE_URL"
).pipe(Config.withDefault(productionUrl))

const RateLimitConfig = Config.schema(
  Schema.String.check(
    Schema.isPattern(/^(unlimited|[1-9]\d{0,8})$/, {
      expected: "a number of requests per 60 seconds, or unlimited"
    })
  ),
  "WORKOS_RATE_LIMIT"
).pipe(
  Config.map((limit) => (limit === "unlimited" ? limit : { requests: Number(limit), window: documentedLimit.window })),
  Config.withDefault(documentedLimit)
)
