// Runs `verify`: checks its arguments, and verifies the server.
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import { ClientId } from "@effect-workos/domain/sso/Sso"
import * as Contract from "@effect-workos/contract-engine/Contract"
import { familyOf } from "@effect-workos/contract-engine/Law"
import * as Selection from "@effect-workos/contract-engine/Selection"
import type { SelectionOptions } from "@effect-workos/contract-engine/Settings"
import { checksOf, lawsOf } from "@effect-workos/contract-engine/Suite"
import * as WorkOs from "@effect-workos/contract/WorkOs"
import * as ProxyHttpClient from "@effect-workos/server/ProxyHttpClient"
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { camelToSnake, snakeToKebab } from "effect/String"
import * as Failure from "./Failure.ts"
import * as Output from "./Output.ts"
import { wrapText } from "./WrapText.ts"
import * as Terminal from "./Terminal.ts"
import * as ReplayRun from "./ReplayRun.ts"
import * as Setting from "./Setting.ts"
import * as TokenCommand from "./TokenCommand.ts"
import * as VerifyConfig from "./VerifyConfig.ts"
import * as VerifyOutput from "./VerifyOutput.ts"
import * as VerifyProgress from "./VerifyProgress.ts"
import * as VerifyRecording from "./VerifyRecording.ts"
import * as VerifyTraffic from "./VerifyTraffic.ts"
import { politeRate, settings } from "./VerifySettings.ts"

const { suite } = WorkOs

/**
 * The flags of one invocation.
 */
export interface Flags {
  readonly settings: Setting.FlagValues<typeof settings>
  readonly config: Option.Option<string>
  readonly yesProduction: boolean
  readonly updateBaseline: boolean
  readonly replay: Option.Option<string>
  readonly list: boolean
  readonly record: Option.Option<string>
  readonly traffic: Option.Option<string>
}

// The laws about sign-in need the client id of an application.
const SignInClient = Config.option(Config.schema(ClientId, "WORKOS_CLIENT_ID"))

/**
 * Verifies a server, prints the result, and writes report files.
 */
export const verify = Effect.fnUntraced(function* (flags: Flags) {
  const { config, file } = yield* VerifyConfig.load(flags.config)
  const values = Setting.resolve(settings, flags.settings, config)
  const { excludeLaws, excludeOperations, laws, operations } = values
  const selection = { excludeLaws, excludeOperations, laws, operations }
  yield* Effect.catch(Effect.fromResult(Selection.check(suite, selection)), (error) => refuseName(error, flags, file))
  if (flags.list) return yield* Output.results(Stream.succeed(listing(selection, (yield* Terminal.stdout).columns)))
  const report = yield* VerifyOutput.prepare(values, flags.updateBaseline, Option.toArray(flags.record))
  if (Option.isSome(flags.traffic)) {
    if (Option.isSome(flags.record)) return yield* Failure.refuse("--traffic sends no requests. Remove --record.")
    return yield* report(yield* VerifyTraffic.verify(flags.traffic.value, selection))
  }
  const provider = yield* TokenCommand.provider(config.tokenCommand)
  const { apiKey, baseUrl } = yield* WorkOsConfig.WorkOsConfig.pipe(
    Effect.provide(WorkOsConfig.layerConfig),
    Effect.provideService(ConfigProvider.ConfigProvider, provider)
  )
  if (values.writes && !flags.yesProduction) yield* refuseProduction(apiKey, baseUrl)
  const target = WorkOs.layerTarget({ baseUrl, apiKey, headers: config.headers ?? {} }).pipe(
    Layer.provide(ProxyHttpClient.layer)
  )
  const engineSettings = {
    seed: values.seed,
    runs: values.runs,
    writes: values.writes,
    ...selection,
    timeBudget: values.timeBudget * 1000,
    clientId: Option.getOrUndefined(yield* SignInClient),
    maxRate: values.maxRate ?? (isLoopback(baseUrl) ? undefined : politeRate)
  }
  if (Option.isSome(flags.replay)) {
    const recorded = yield* ReplayRun.read(flags.replay.value)
    return yield* Effect.provide(ReplayRun.replay(suite, recorded, engineSettings), target)
  }
  const known = yield* VerifyOutput.readBaseline(values.baseline, flags.updateBaseline)
  const stopReason = VerifyOutput.stopReason(known, values)
  const run = (observer: Contract.Observer) =>
    VerifyProgress.show(checksOf(suite, selection).length, (onResult) =>
      Contract.verify(suite, engineSettings, { ...observer, onResult, stopReason })
    )
  const found = yield* Effect.provide(
    Option.match(flags.record, {
      onNone: () => run({}),
      onSome: (file) => VerifyRecording.record(file, run)
    }),
    target
  )
  return yield* report(found)
})

// -----------------------------------------------------------------------------
// Before the run
// -----------------------------------------------------------------------------

// The name is in a flag or in the configuration file.
const refuseName = (error: Selection.SelectionError, { settings }: Flags, file: string) => {
  const { expected, name, setting, suggestions } = error
  const meant = suggestions.length === 0 ? "" : ` Did you mean ${suggestions.join(" or ")}?`
  const flag = snakeToKebab(camelToSnake(setting))
  return Failure.refuse(
    Option.isSome(settings[setting])
      ? `Invalid --${flag} "${name}": expected ${expected}.${meant} See effect-workos verify --list.`
      : `${file}: ${setting}: expected ${expected}, not "${name}".${meant}`
  )
}

// Prints one line per law, so that programs can parse the output. In a terminal, long lines are wrapped.
const listing = (selection: SelectionOptions, columns: number | undefined): string => {
  const laws = lawsOf(suite, selection)
  return [...Map.groupBy(laws, ({ id }) => familyOf(id)).values()]
    .map((family) =>
      family
        .flatMap(({ id, sentence, severity, writes }) => {
          const notes = [...(severity === "drift" ? ["drift"] : []), ...(writes === true ? ["--writes"] : [])]
          const text = notes.length === 0 ? sentence : `${sentence} (${notes.join(", ")})`
          return columns === undefined ? [id.padEnd(34) + text] : wrapText(text, columns, id.padEnd(34))
        })
        .map((line) => `${line}\n`)
        .join("")
    )
    .join("\n")
}

const isLoopback = ({ hostname }: URL): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname)

const refuseProduction = Effect.fnUntraced(function* (apiKey: Redacted.Redacted, baseUrl: URL) {
  const isLive = Redacted.value(apiKey).startsWith("sk_live")
  if (!isLive && !WorkOs.isProduction(baseUrl.href)) return
  const reason = isLive ? "WORKOS_API_KEY is a live key" : `${baseUrl.host} is WorkOS itself`
  return yield* Failure.refuse(
    `${reason}, and --writes creates and deletes connections. Add --yes-production to allow this.`
  )
})
