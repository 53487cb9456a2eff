/**
 * Targets: the server to verify, its base URL and its credentials.
 *
 * @module
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { Access, Request, ShownCredentials } from "./Exchange.ts"

/**
 * A key, and the header or the query parameter that carries it.
 *
 * **Example** (A query parameter that contains the key)
 *
 * ```ts
 * import * as Target from "@effect-workos/contract-engine/Target"
 * import * as Redacted from "effect/Redacted"
 *
 * const credentials: Target.QueryCredentials = {
 *   parameter: "api_key",
 *   key: Redacted.make("secret"),
 *   variable: "ACME_KEY"
 * }
 *
 * Target.authorize(credentials, "granted") // => { headers: {}, query: [["api_key", "secret"]] }
 * ```
 */
export type Credentials = HeaderCredentials | QueryCredentials

/**
 * A key and the query parameter that carries it. `variable` is the environment variable that replaces the key in reports.
 */
export interface QueryCredentials {
  readonly parameter: string
  readonly key: Redacted.Redacted
  readonly variable: string
}

/**
 * A key and the header that carries it.
 *
 * **Details**
 *
 * - `header`: `"Authorization"`.
 * - `scheme`: the authentication scheme before the key, `"Bearer"`; absent if the header contains only the key.
 * - `encoding`: the encoding of the key, if any.
 * - `variable`: the environment variable that replaces the key in reports.
 *
 * **Example** (A header that contains only the key)
 *
 * ```ts
 * import * as Target from "@effect-workos/contract-engine/Target"
 * import * as Redacted from "effect/Redacted"
 *
 * const credentials: Target.HeaderCredentials = { header: "X-Api-Key", key: Redacted.make("secret"), variable: "ACME_KEY" }
 *
 * const options: Target.Options = { baseUrl: "https://api.acme.example", credentials }
 *
 * const acme = Target.layer(options)
 *
 * Target.shownCredentials(credentials) // => { header: "X-Api-Key", shown: "$ACME_KEY" }
 * Target.authorize(credentials, "granted") // => { headers: { "x-api-key": "secret" }, query: [] }
 * Target.redactKey(credentials, "no such key: secret") // => "no such key: $ACME_KEY"
 * ```
 */
export interface HeaderCredentials {
  readonly header: string
  readonly scheme?: string
  readonly encoding?: "base64"
  readonly key: Redacted.Redacted
  readonly variable: string
}

/**
 * Returns credentials for the header `Authorization: Bearer …`.
 *
 * **Example** (Using a bearer token)
 *
 * ```ts
 * import * as Target from "@effect-workos/contract-engine/Target"
 * import * as Redacted from "effect/Redacted"
 *
 * const credentials = Target.bearer(Redacted.make("sk_test_…"), "WORKOS_API_KEY")
 * ```
 */
export const bearer = (key: Redacted.Redacted, variable: string): Credentials => ({
  header: "Authorization",
  scheme: "Bearer",
  key,
  variable
})

/**
 * Returns credentials for the header `Authorization: Basic …`. The key is `user:password`.
 *
 * **Example** (Using a user and a password)
 *
 * ```ts
 * import * as Target from "@effect-workos/contract-engine/Target"
 * import * as Redacted from "effect/Redacted"
 *
 * const credentials = Target.basic(Redacted.make("ada:secret"), "ACME_LOGIN")
 * ```
 */
export const basic = (key: Redacted.Redacted, variable: string): Credentials => ({
  header: "Authorization",
  scheme: "Basic",
  encoding: "base64",
  key,
  variable
})

/**
 * Options for `layer`.
 */
export interface Options {
  /** The URL to which paths are appended: `"https://api.workos.com"`. */
  readonly baseUrl: string | URL
  readonly credentials?: Credentials
  /** Headers of every request, such as `User-Agent`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Decodes compressed bodies. Needed for clients that do not decode them; `fetch` does. */
  readonly decodeBody?: DecodeBody
}

/**
 * Returns the text of a body with a `Content-Encoding`, or the reason why the body cannot be decoded: it is incomplete,
 * its text is longer than `maxBytes`, or its encoding is unknown.
 */
export type DecodeBody = (
  chunks: ReadonlyArray<Uint8Array>,
  contentEncoding: string | undefined,
  maxBytes: number
) => Result.Result<string, "Truncated" | "TooLarge" | "Unsupported">

const decodeText: DecodeBody = (chunks) => {
  const decoder = new TextDecoder()
  return Result.succeed(chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode())
}

/**
 * The server to verify, with the `HttpClient` that sends the requests: over a network, or to a server in process.
 *
 * **Example** (Sending another request to the same server)
 *
 * ```ts
 * import { Target } from "@effect-workos/contract-engine/Target"
 *
 * const health = Target.use(({ baseUrl, credentials, http }) =>
 *   http.get(`${baseUrl}/health`, { headers: credentials === undefined ? {} : { "x-for": credentials.variable } })
 * )
 * ```
 */
export class Target extends Context.Service<
  Target,
  {
    /** The base URL without a trailing slash. */
    readonly baseUrl: string
    /** The key, if the server requires one. */
    readonly credentials: Credentials | undefined
    /** The client that sends the requests. */
    readonly http: HttpClient.HttpClient
    /** Headers of every request. */
    readonly headers: Readonly<Record<string, string>>
    /** Decodes compressed bodies. */
    readonly decodeBody: DecodeBody
  }
>()("@effect-workos/contract-engine/Target") {}

/**
 * Provides a target at a URL.
 *
 * **Example** (Targeting a local server)
 *
 * ```ts
 * import * as Target from "@effect-workos/contract-engine/Target"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import * as Layer from "effect/Layer"
 *
 * const local = Target.layer({ baseUrl: "http://127.0.0.1:4100" }).pipe(Layer.provide(FetchHttpClient.layer))
 * ```
 */
export const layer = ({
  baseUrl,
  credentials,
  decodeBody = decodeText,
  headers = {}
}: Options): Layer.Layer<Target, never, HttpClient.HttpClient> =>
  Layer.effect(
    Target,
    Effect.map(HttpClient.HttpClient, (http) => ({
      baseUrl: String(baseUrl).replace(/\/+$/, ""),
      credentials,
      http,
      headers,
      decodeBody
    }))
  )

/**
 * Returns the header with the credentials in a `curl` command.
 */
export const shownCredentials = (credentials: Credentials | undefined): ShownCredentials | undefined =>
  credentials === undefined
    ? undefined
    : {
        ...("parameter" in credentials ? { parameter: credentials.parameter } : { header: credentials.header }),
        shown: shownValue(credentials, `$${credentials.variable}`)
      }

/**
 * The headers and the query parameters that carry the credentials of a request.
 */
export interface Authorization {
  readonly headers: Readonly<Record<string, string>>
  readonly query: Request["query"]
}

/**
 * Returns the headers and the query parameters that carry the credentials of a request.
 */
export const authorize = (credentials: Credentials | undefined, access: Access): Authorization => {
  if (credentials === undefined || access === "none") return { headers: {}, query: [] }
  const value =
    access === "granted" ? valueOf(credentials, Redacted.value(credentials.key)) : Redacted.value(access.value)
  return "parameter" in credentials
    ? { headers: {}, query: [[credentials.parameter, value]] }
    : { headers: { [credentials.header.toLowerCase()]: value }, query: [] }
}

const valueOf = (credentials: Credentials, key: string): string =>
  "parameter" in credentials
    ? key
    : withScheme(credentials, credentials.encoding === undefined ? key : Base64.encode(key))

// The value for a shell, in which `key` refers to a variable.
const shownValue = (credentials: Credentials, key: string): string =>
  "parameter" in credentials
    ? key
    : withScheme(credentials, credentials.encoding === undefined ? key : `$(printf %s "${key}" | base64)`)

const withScheme = ({ scheme }: HeaderCredentials, key: string): string =>
  scheme === undefined ? key : `${scheme} ${key}`

/**
 * Replaces the key in a text by its environment variable. Also replaces truncated keys, and the key without its last
 * character, which is one of the `wrongKeys`.
 */
export const redactKey = (credentials: Credentials | undefined, text: string): string => {
  if (credentials === undefined) return text
  const { variable } = credentials
  const key = Redacted.value(credentials.key)
  const parts = [[key, `$${variable}`] as const]
  if ("encoding" in credentials) parts.push([Base64.encode(key), `$${variable} in Base64`])
  if (key.length > shortestRedacted) parts.push([key.slice(0, -1), `\${${variable}%?}`])
  for (let length = key.length - 2; length >= shortestRedacted; length--) {
    parts.push([`${key.slice(0, length)}…`, `$${variable}…`])
  }
  return parts.reduce((clean, [part, shown]) => (part === "" ? clean : clean.replaceAll(part, () => shown)), text)
}

/** Prefixes of a key of at least this length are redacted. */
const shortestRedacted = 4

type OtherCredentials = Exclude<Access, string>

const otherCredentials = (value: string, shown: string): OtherCredentials => ({ value: Redacted.make(value), shown })

/**
 * Returns well-formed credentials with a wrong key: another key, and keys that only a careless comparison accepts.
 *
 * **Example** (Listing invalid credentials)
 *
 * ```ts
 * import * as Target from "@effect-workos/contract-engine/Target"
 * import * as Redacted from "effect/Redacted"
 *
 * const credentials = Target.bearer(Redacted.make("sk_test_emulator"), "WORKOS_API_KEY")
 *
 * const refused = [...Target.wrongKeys(credentials), ...Target.malformedHeaders(credentials)].map(({ shown }) => shown)
 * ```
 */
export const wrongKeys = (credentials: Credentials): ReadonlyArray<OtherCredentials> => {
  const key = Redacted.value(credentials.key)
  const { variable } = credentials
  const other = key.endsWith("0") ? "1" : "0"
  const stem = /^[a-z]+_[a-z]+_/.exec(key)?.[0] ?? ""
  return [
    [`${stem}this_is_not_the_key`, `${stem}this_is_not_the_key`] as const,
    [`${key.slice(0, -1)}${other}`, `\${${variable}%?}${other}`] as const,
    [key.slice(0, -1), `\${${variable}%?}`] as const,
    [`${key}${other}`, `\${${variable}}${other}`] as const,
    [stem, stem] as const
  ]
    .filter(([value]) => value !== "" && value !== key)
    .map(([value, shown]) => otherCredentials(valueOf(credentials, value), shownValue(credentials, shown)))
}

/**
 * Returns malformed credentials: the key in a wrong form, and the scheme without a key.
 */
export const malformedHeaders = (credentials: Credentials): ReadonlyArray<OtherCredentials> => {
  if ("parameter" in credentials) return []
  const { scheme } = credentials
  if (scheme === undefined) return []
  const key = Redacted.value(credentials.key)
  const shown = `$${credentials.variable}`
  return [
    otherCredentials(key, shown),
    otherCredentials(`Basic ${key}`, `Basic ${shown}`),
    otherCredentials(`Token ${key}`, `Token ${shown}`),
    otherCredentials(`${scheme}${key}`, `${scheme}${shown}`),
    otherCredentials(`${scheme}:${key}`, `${scheme}:${shown}`),
    otherCredentials(scheme, scheme)
  ]
}
