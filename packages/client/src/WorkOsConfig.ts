// Where WorkOS is, and the key to it.
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

/**
 * Options for a client.
 */
export interface Options {
  /** The secret key, `sk_…`. */
  readonly apiKey: Redacted.Redacted
  /** Where the API is; `https://api.workos.com` where nothing is said. Its path, if it has one, is kept. */
  readonly baseUrl?: URL | undefined
}

/**
 * The URL of WorkOS's API.
 */
export const productionUrl = new URL("https://api.workos.com")

/**
 * The configuration that clients read.
 *
 * @see https://workos.com/docs/reference/authentication
 */
export class WorkOsConfig extends Context.Service<
  WorkOsConfig,
  { readonly apiKey: Redacted.Redacted; readonly baseUrl: URL }
>()("@effect-workos/client/WorkOsConfig") {
  /**
   * The configuration from values that the program has.
   */
  static readonly layer = ({ apiKey, baseUrl = productionUrl }: Options): Layer.Layer<WorkOsConfig> =>
    Layer.succeed(WorkOsConfig, { apiKey, baseUrl })

  /**
   * The configuration from `WORKOS_API_KEY` and, where it is set, `WORKOS_BASE_URL`. Fails with a `ConfigError` where
   * the key is missing or empty, or the URL is none of `http:` or `https:`.
   */
  static readonly layerConfig: Layer.Layer<WorkOsConfig, Config.ConfigError> = Layer.effect(
    WorkOsConfig,
    Effect.gen(function* () {
      return { apiKey: yield* ApiKeyConfig, baseUrl: yield* BaseUrlConfig }
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
