// The subject of `verify`: a server with the API of WorkOS, or a server with an OpenAPI document.
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import { ClientId } from "@effect-workos/domain/sso/Sso"
import * as OpenApiDocument from "@effect-workos/contract-engine/OpenApiDocument"
import type { Suite } from "@effect-workos/contract-engine/Suite"
import * as Target from "@effect-workos/contract-engine/Target"
import * as WorkOs from "@effect-workos/contract/WorkOs"
import * as ProxyHttpClient from "@effect-workos/server/ProxyHttpClient"
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Failure from "./Failure.ts"
import * as ListsConfig from "./ListsConfig.ts"
import * as OpenApiFile from "./OpenApiFile.ts"
import type * as Setting from "./Setting.ts"
import * as TokenCommand from "./TokenCommand.ts"
import type { VerifyConfig } from "./VerifyConfig.ts"
import { cautiousRate, politeRate, type settings } from "./VerifySettings.ts"

type Values = Pick<Setting.Values<typeof settings>, "baseUrl" | "openapi" | "writes">

/**
 * The API whose traffic is verified: its suite, the URL with which requests begin, if known, and the credentials that
 * requests may contain.
 */
export interface TrafficSubject {
  readonly suite: Suite
  readonly baseUrl: URL | undefined
  readonly credentials: ReadonlyArray<Target.Credentials>
}

/**
 * Returns the suite for the settings, and effects that read the environment. `target` returns the suite with its target,
 * and refuses writes to a server in production unless these are allowed. `archive` and `proxy` return the subject of
 * recorded traffic and of a proxy.
 */
export const make = Effect.fnUntraced(function* (values: Values, { lists }: Pick<VerifyConfig, "lists">) {
  const { baseUrl, openapi } = values
  if (openapi !== undefined) {
    const document = yield* ListsConfig.apply(yield* OpenApiFile.load(openapi), lists ?? {})
    return openApi(document, { location: openapi, baseUrl }, values)
  }
  if (lists !== undefined) return yield* Failure.refuse("lists in the configuration file require openapi.")
  if (baseUrl === undefined) return workOs(values)
  return yield* Failure.refuse("--base-url requires --openapi. Set WORKOS_BASE_URL to verify a server like WorkOS.")
})

/**
 * Returns the flags that select the API.
 */
export const flagsOf = ({ baseUrl, openapi }: Pick<Values, "baseUrl" | "openapi">): ReadonlyArray<string> => [
  ...(openapi === undefined ? [] : ["--openapi", openapi]),
  ...(baseUrl === undefined ? [] : ["--base-url", baseUrl])
]

interface Options {
  readonly config: Pick<VerifyConfig, "headers" | "tokenCommand">
  readonly yesProduction: boolean
}

// The laws about sign-in need the client id of an application.
const SignInClient = Config.option(Config.schema(ClientId, "WORKOS_CLIENT_ID"))

const workOs = ({ writes }: Values) => ({
  suite: WorkOs.suite,
  target: Effect.fnUntraced(function* ({ config, yesProduction }: Options) {
    const provider = yield* TokenCommand.provider(config.tokenCommand, "WORKOS_API_KEY")
    const { apiKey, baseUrl } = yield* WorkOsConfig.WorkOsConfig.pipe(
      Effect.provide(WorkOsConfig.layerConfig),
      Effect.provideService(ConfigProvider.ConfigProvider, provider)
    )
    if (writes && !yesProduction) yield* refuseProduction(apiKey, baseUrl)
    return {
      suite: WorkOs.suite,
      layer: WorkOs.layerTarget({ baseUrl, apiKey, headers: config.headers ?? {} }).pipe(
        Layer.provide(ProxyHttpClient.layer)
      ),
      clientId: Option.getOrUndefined(yield* SignInClient),
      defaultRate: WorkOsConfig.isLoopback(baseUrl.hostname) ? undefined : politeRate
    }
  }),
  archive: Effect.gen(function* () {
    const isSet = Option.isSome(yield* Config.option(Config.String("WORKOS_BASE_URL")))
    const { baseUrl, credentials } = yield* workOsTraffic
    return { suite: WorkOs.suite, baseUrl: isSet ? baseUrl : undefined, credentials }
  }),
  proxy: workOsTraffic
})

// The key is optional, since the requests contain their own.
const workOsTraffic = Effect.gen(function* () {
  const key = yield* Config.withDefault(Config.Redacted("WORKOS_API_KEY"), Redacted.make(""))
  const provider = ConfigProvider.orElse(
    yield* ConfigProvider.ConfigProvider,
    ConfigProvider.fromEnvRecord({ WORKOS_API_KEY: "sk_none" })
  )
  const { baseUrl } = yield* WorkOsConfig.WorkOsConfig.pipe(
    Effect.provide(WorkOsConfig.layerConfig),
    Effect.provideService(ConfigProvider.ConfigProvider, provider)
  )
  return { suite: WorkOs.suite, baseUrl, credentials: [Target.bearer(key, "WORKOS_API_KEY")] }
})

const openApi = (document: OpenApiDocument.OpenApiDocument, options: OpenApiFile.Options, { writes }: Values) => ({
  suite: OpenApiFile.suiteOf(document, options),
  target: Effect.fnUntraced(function* ({ config, yesProduction }: Options) {
    const [scheme] = document.securitySchemes
    const provider = yield* scheme === undefined
      ? ConfigProvider.ConfigProvider
      : TokenCommand.provider(config.tokenCommand, OpenApiDocument.variableOf(scheme))
    const { baseUrl, layer, suite } = yield* OpenApiFile.targetOf(document, options, config.headers ?? {}).pipe(
      Effect.provideService(ConfigProvider.ConfigProvider, provider)
    )
    const isLocal = WorkOsConfig.isLoopback(baseUrl.hostname)
    if (writes && !yesProduction && !isLocal) {
      return yield* Failure.refuse(
        `${baseUrl.host} is not this machine, and --writes creates and deletes resources. Add --yes-production to allow this.`
      )
    }
    yield* OpenApiFile.report(document)
    return { suite, layer, clientId: undefined, defaultRate: isLocal ? undefined : cautiousRate }
  }),
  archive: OpenApiFile.trafficOf(document, options),
  proxy: OpenApiFile.proxyOf(document, options)
})

const refuseProduction = Effect.fnUntraced(function* (apiKey: Redacted.Redacted, baseUrl: URL) {
  const isLive = Redacted.value(apiKey).startsWith("sk_live")
  if (!isLive && !WorkOs.isProduction(baseUrl.href)) return
  const reason = isLive ? "WORKOS_API_KEY is a live key" : `${baseUrl.host} is WorkOS itself`
  return yield* Failure.refuse(
    `${reason}, and --writes creates and deletes connections. Add --yes-production to allow this.`
  )
})
