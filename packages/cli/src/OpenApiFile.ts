// Reads the OpenAPI document of `verify --openapi`, and returns the suite and the target of a verification.
import * as WorkOsConfig from "@effect-workos/client/WorkOsConfig"
import * as ContentEncoding from "@effect-workos/domain/ContentEncoding"
import * as UserAgent from "@effect-workos/domain/UserAgent"
import { laws } from "@effect-workos/contract-engine/laws"
import * as OpenApiDocument from "@effect-workos/contract-engine/OpenApiDocument"
import * as Suite from "@effect-workos/contract-engine/Suite"
import * as Target from "@effect-workos/contract-engine/Target"
import * as ProxyHttpClient from "@effect-workos/server/ProxyHttpClient"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Yaml from "effect/encoding/Yaml"
import * as FileSystem from "effect/FileSystem"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Failure from "./Failure.ts"
import * as Output from "./Output.ts"

type Document = OpenApiDocument.OpenApiDocument

/**
 * Reads a document from a file or a URL. Refuses what is not an OpenAPI document.
 */
export const load = Effect.fnUntraced(function* (location: string) {
  const text = yield* isUrl(location) ? download(location) : readFile(location)
  const json = yield* Result.match(parse(text), {
    onFailure: (problem) => Failure.refuse(`${location} is ${problem}`),
    onSuccess: (json) => Effect.succeed(json)
  })
  return yield* Effect.catch(OpenApiDocument.read(json), ({ message }) =>
    Failure.refuse(`${location} cannot be verified. ${message}`)
  )
})

/**
 * The flags that select a document and a server.
 */
export interface Options {
  readonly location: string
  readonly baseUrl: string | undefined
}

/**
 * Returns the suite of a document. `scheme` is the security scheme whose credentials are sent.
 */
export const suiteOf = (
  { api, conventions }: Document,
  { baseUrl, location }: Options,
  scheme?: OpenApiDocument.SecurityScheme
): Suite.Suite => {
  const options = ["--openapi", location, ...(baseUrl === undefined ? [] : ["--base-url", baseUrl])]
  return Suite.make({
    api,
    conventions: { ...conventions, ...(scheme === undefined ? {} : { securityScheme: scheme.name }) },
    laws,
    replay: ({ law, operation, runs, seed, writes }) =>
      [
        "effect-workos verify",
        ...options.map(quote),
        `--seed ${seed} --runs ${runs} --laws ${law} --operations ${operation}`,
        ...(writes ? ["--writes"] : [])
      ].join(" ")
  })
}

const isUrl = (location: string): boolean => /^https?:\/\//i.test(location)

const quote = (text: string): string => (/^[\w./:@=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

const readFile = (file: string) =>
  FileSystem.FileSystem.use((fs) => fs.readFileString(file)).pipe(
    Effect.catch(({ reason }) =>
      Failure.refuse(
        reason._tag === "NotFound"
          ? `The OpenAPI document ${file} does not exist. Correct --openapi.`
          : `Cannot read ${file}. Check that it is a file and that you have permission to read it.`
      )
    )
  )

const download = Effect.fnUntraced(function* (url: string) {
  const text = yield* HttpClient.get(url).pipe(
    Effect.flatMap(textOf),
    Effect.catchTag("HttpClientError", () => Effect.succeed(Result.fail("no response"))),
    Effect.provide(ProxyHttpClient.layer)
  )
  return Result.isSuccess(text)
    ? text.success
    : yield* Failure.refuse(`Cannot read ${url}: ${text.failure}. Check the URL.`)
})

const textOf = (
  response: HttpClientResponse.HttpClientResponse
): Effect.Effect<Result.Result<string, string>, HttpClientError> =>
  response.status === 200
    ? Effect.map(response.arrayBuffer, (body) =>
        Result.mapError(
          ContentEncoding.text([new Uint8Array(body)], response.headers["content-encoding"], maxBytes),
          () => "the body cannot be decoded"
        )
      )
    : Effect.succeed(Result.fail(`the server returned ${response.status}`))

/** The largest document that is downloaded. */
const maxBytes = 64 * 1024 * 1024

// Some editors add a byte order mark, which JSON does not allow.
const parse = (text: string): Result.Result<unknown, string> => {
  const content = text.replace(/^\uFEFF/, "")
  return /^\s*\{/.test(content)
    ? Result.try({
        try: (): unknown => JSON.parse(content),
        catch: (error) => `not valid JSON: ${messageOf(error)}.`
      })
    : Result.try({ try: () => Yaml.parse(content), catch: (error) => `not valid YAML: ${messageOf(error)}.` })
}

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n", 1).join("").replace(/[.:]$/, "")

/**
 * Returns the suite of a document and a server as its target, with credentials from the environment. The server has the
 * given base URL, otherwise that of the first server in the document.
 */
export const targetOf = Effect.fnUntraced(function* (
  document: Document,
  options: Options,
  headers: Readonly<Record<string, string>>
) {
  const baseUrl = yield* baseUrlOf(document, options)
  const credentials = yield* credentialsOf(document, baseUrl)
  const layer = Target.layer({
    baseUrl,
    ...(credentials === undefined
      ? {}
      : { credentials: OpenApiDocument.credentials(credentials.scheme, credentials.key) }),
    headers: { ...UserAgent.headers(), ...headers },
    decodeBody: ContentEncoding.text
  }).pipe(Layer.provide(ProxyHttpClient.layer))
  return { baseUrl, layer, suite: suiteOf(document, options, credentials?.scheme) }
})

const baseUrlOf = Effect.fnUntraced(function* ({ servers }: Document, { baseUrl, location }: Options) {
  if (baseUrl !== undefined) {
    return URL.canParse(baseUrl) && isUrl(baseUrl)
      ? new URL(baseUrl)
      : yield* Failure.refuse(`Invalid --base-url "${baseUrl}": expected a URL that starts with https:// or http://.`)
  }
  const [server = ""] = servers
  const base = isUrl(location) ? location : undefined
  return URL.canParse(server, base) && !server.includes("{") && isUrl(new URL(server, base).href)
    ? new URL(server, base)
    : yield* Failure.refuse(`${location} does not contain the full URL of a server. Add --base-url URL.`)
})

/**
 * Returns the suite of a document, the URL with which requests to its server begin, if known, and the credentials that
 * requests may contain.
 */
export const trafficOf = Effect.fnUntraced(function* (document: Document, options: Options) {
  const [server = ""] = document.servers
  const isKnown = options.baseUrl !== undefined || (isUrl(server) && !server.includes("{"))
  const credentials = yield* Effect.forEach(document.securitySchemes, (scheme) =>
    Effect.map(Config.withDefault(Config.Redacted(OpenApiDocument.variableOf(scheme)), Redacted.make("")), (key) =>
      OpenApiDocument.credentials(scheme, key)
    )
  )
  return {
    suite: suiteOf(document, options),
    baseUrl: isKnown ? yield* baseUrlOf(document, options) : undefined,
    credentials
  }
})

/**
 * Returns the same for a proxy, which forwards requests to the base URL.
 */
export const proxyOf = Effect.fnUntraced(function* (document: Document, options: Options) {
  const baseUrl = yield* baseUrlOf(document, options)
  return { ...(yield* trafficOf(document, options)), baseUrl }
})

// The first scheme whose variable is set.
const credentialsOf = Effect.fnUntraced(function* ({ securitySchemes }: Document, baseUrl: URL) {
  const [first, ...others] = securitySchemes
  if (first === undefined) return undefined
  for (const scheme of securitySchemes) {
    const key = Option.getOrUndefined(yield* Config.option(Config.Redacted(OpenApiDocument.variableOf(scheme))))
    if (key === undefined || Redacted.value(key) === "") continue
    if (yield* isUnencrypted(baseUrl)) {
      return yield* Failure.refuse(
        `${baseUrl.href} starts with http://, so ${OpenApiDocument.variableOf(scheme)} would be sent unencrypted. Use https://, or set WORKOS_ALLOW_INSECURE_HTTP=true to allow this.`
      )
    }
    return { scheme, key }
  }
  const alternatives = others.map(OpenApiDocument.variableOf)
  return yield* Failure.refuse(
    `${OpenApiDocument.variableOf(first)} is missing. Set it to the credentials of the security scheme ${first.name} (${placeOf(first)})${alternatives.length === 0 ? "" : `, or set ${alternatives.join(" or ")}`}.`
  )
})

const isUnencrypted = ({ hostname, protocol }: URL) =>
  Effect.map(
    Config.withDefault(Config.Boolean("WORKOS_ALLOW_INSECURE_HTTP"), false),
    (isAllowed) => protocol === "http:" && !WorkOsConfig.isLoopback(hostname) && !isAllowed
  )

const placeOf = (scheme: OpenApiDocument.SecurityScheme): string => {
  if (scheme._tag === "Query") return `in the query parameter ${scheme.parameter}`
  if (scheme.scheme === "Basic") return "user:password"
  return `in the header ${scheme.header}`
}

/** The number of issues of each kind that are printed. */
const maxIssues = 10

/**
 * Prints the detected lists, and the issues of a document in groups of equal messages.
 */
export const report = Effect.fnUntraced(function* ({ conventions, issues }: Document) {
  const lists = Object.entries(conventions.listsOf)
  yield* Output.message(
    lists.length === 0
      ? "No lists were detected in the document."
      : `Detected lists: ${lists
          .map(([id, { pagination }]) => `${id} (${OpenApiDocument.describePagination(pagination)})`)
          .join(", ")}.`
  )
  for (const kind of ["defect", "unsupported"] as const) {
    const groups = [
      ...Map.groupBy(
        issues.filter((issue) => issue.kind === kind),
        ({ message }) => message
      )
    ]
    for (const [message, [issue, ...others]] of groups.slice(0, maxIssues)) {
      const places = others.length === 0 ? "" : ` (and in ${others.length} other places)`
      yield* Output.message(`${titles[kind]} at ${issue?.pointer ?? "#"}: ${message}${places}.`)
    }
    if (groups.length > maxIssues)
      yield* Output.message(`${titles[kind]}: ${groups.length - maxIssues} further kinds in the document.`)
  }
})

const titles = { defect: "Defect in the document", unsupported: "Not verified" }
