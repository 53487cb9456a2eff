/**
 * Settings of a webhook endpoint, from options and the environment.
 *
 * @module
 */
import type * as Arr from "effect/Array"
import * as Config from "effect/Config"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as ReplayWindow from "./ReplayWindow.ts"
import * as Webhook from "./Webhook.ts"

/**
 * Options of an endpoint. Missing options are read from the environment or have defaults.
 */
export interface Options extends Omit<Webhook.VerifyOptions, "secrets"> {
  readonly secrets?: Webhook.VerifyOptions["secrets"] | undefined
  /**
   * The store of accepted deliveries. Defaults to a store in memory. The example of `ReplayWindow` shows a store that
   * several processes share.
   */
  readonly replayWindow?: ReplayWindow.ReplayWindow["Service"] | undefined
}

/**
 * Complete settings of an endpoint.
 */
export interface Settings {
  readonly secrets: Arr.NonEmptyReadonlyArray<Redacted.Redacted>
  readonly tolerance: Duration.Duration
  readonly maxBytes: number
  readonly replayWindow: ReplayWindow.ReplayWindow["Service"]
}

/**
 * Makes settings from options. Without the options `secrets` and `tolerance`, reads `WORKOS_WEBHOOK_SECRET` (one secret, or
 * several separated by commas) and `WORKOS_WEBHOOK_TOLERANCE` (for example `3 minutes`).
 *
 * **Details**
 *
 * Fails with a `ConfigError` if a secret is missing or empty, if the tolerance is not positive and finite, or if
 * `maxBytes` is not a positive integer.
 *
 * **Example** (Settings from the environment, with a smaller replay window)
 *
 * ```ts
 * import * as ReplayWindow from "@effect-workos/server/ReplayWindow"
 * import * as WebhookConfig from "@effect-workos/server/WebhookConfig"
 * import * as Effect from "effect/Effect"
 *
 * const options: WebhookConfig.Options = { replayWindow: ReplayWindow.makeMemory({ capacity: 1_000 }) }
 *
 * const program = Effect.map(
 *   WebhookConfig.make(options),
 *   ({ secrets, tolerance }: WebhookConfig.Settings) => `${secrets.length} secrets, ${tolerance}`
 * )
 * ```
 */
export const make = (options: Options = {}): Effect.Effect<Settings, Config.ConfigError> =>
  Effect.gen(function* () {
    const secrets = options.secrets ?? (yield* SecretsConfig)
    const tolerance =
      options.tolerance ?? (yield* Config.withDefault(Config.Duration(toleranceKey), Webhook.defaultTolerance))
    const checked = yield* check({
      secrets: Redacted.isRedacted(secrets) ? [secrets] : secrets,
      tolerance: Option.getOrElse(Option.map(Duration.fromInput(tolerance), Duration.toMillis), () => NaN),
      maxBytes: options.maxBytes ?? Webhook.defaultMaxBytes
    })
    return {
      secrets: checked.secrets,
      tolerance: Duration.millis(checked.tolerance),
      maxBytes: checked.maxBytes,
      replayWindow: options.replayWindow ?? ReplayWindow.makeMemory()
    }
  })

const secretKey = "WORKOS_WEBHOOK_SECRET"
const toleranceKey = "WORKOS_WEBHOOK_TOLERANCE"

const SecretsConfig = Config.Redacted(secretKey).pipe(
  Config.map((secrets) =>
    Redacted.value(secrets)
      .split(",")
      .map((secret) => Redacted.make(secret.trim()))
  )
)

const Settings = Schema.Struct({
  secrets: Schema.NonEmptyArray(Schema.Redacted(Schema.NonEmptyString)),
  tolerance: Schema.Finite.check(Schema.isGreaterThan(0)),
  maxBytes: Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))
})

const check = (values: unknown): Effect.Effect<typeof Settings.Type, Config.ConfigError> =>
  Effect.mapError(Schema.decodeUnknownEffect(Settings)(values), (error) => new Config.ConfigError(error))
