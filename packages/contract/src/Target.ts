// The server that is held to its documents: where it is, and how it knows who asks.
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { Access, ShownCredentials } from "./Exchange.ts"

/**
 * A key, and the header that carries it.
 *
 * **Details**
 *
 * - `header`: `"Authorization"`.
 * - `scheme`: what stands before the key, `"Bearer"`; absent where the key stands alone.
 * - `variable`: the environment variable that stands for the key in everything that is shown.
 *
 * **Example** (A key that stands alone in its header)
 *
 * ```ts
 * import * as Target from "@effect-workos/contract/Target"
 * import * as Redacted from "effect/Redacted"
 *
 * const credentials: Target.Credentials = { header: "X-Api-Key", key: Redacted.make("secret"), variable: "ACME_KEY" }
 *
 * const options: Target.Options = { baseUrl: "https://api.acme.example", credentials }
 *
 * const acme = Target.layer(options)
 *
 * Target.shownCredentials(credentials) // => { header: "X-Api-Key", shown: "$ACME_KEY" }
 * Target.headerValue(credentials, "granted") // => "secret"
 * Target.redactKey(credentials, "no such key: secret") // => "no such key: $ACME_KEY"
 * ```
 */
export interface Credentials {
  readonly header: string
  readonly scheme?: string
  readonly key: Redacted.Redacted
  readonly variable: string
}

/**
 * `Authorization: Bearer …`
 *
 * **Example** (A key from the environment)
 *
 * ```ts
 * import * as Target from "@effect-workos/contract/Target"
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
 * Where a server is, and the key to it.
 */
export interface Options {
  /** `"https://api.workos.com"`: where paths are appended. */
  readonly baseUrl: string | URL
  readonly credentials?: Credentials
}

/**
 * A target, over whichever `HttpClient` there is: a real one, or a server in process.
 *
 * **Example** (A request of one's own to the same server)
 *
 * ```ts
 * import { Target } from "@effect-workos/contract/Target"
 *
 * const health = Target.use(({ baseUrl, credentials, http }) =>
 *   http.get(`${baseUrl}/health`, { headers: credentials === undefined ? {} : { "x-for": credentials.variable } })
 * )
 * ```
 */
export class Target extends Context.Service<
  Target,
  {
    /** Without a slash at the end. */
    readonly baseUrl: string
    /** The key to it, if it wants one. */
    readonly credentials: Credentials | undefined
    /** What requests are sent by. */
    readonly http: HttpClient.HttpClient
  }
>()("@effect-workos/contract/Target") {}

/**
 * A target at a URL.
 *
 * **Example** (A server on this machine)
 *
 * ```ts
 * import * as Target from "@effect-workos/contract/Target"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import * as Layer from "effect/Layer"
 *
 * const local = Target.layer({ baseUrl: "http://127.0.0.1:4100" }).pipe(Layer.provide(FetchHttpClient.layer))
 * ```
 */
export const layer = ({ baseUrl, credentials }: Options): Layer.Layer<Target, never, HttpClient.HttpClient> =>
  Layer.effect(
    Target,
    Effect.map(HttpClient.HttpClient, (http) => ({ baseUrl: String(baseUrl).replace(/\/+$/, ""), credentials, http }))
  )

/**
 * How credentials stand in a `curl` line.
 */
export const shownCredentials = (credentials: Credentials | undefined): ShownCredentials | undefined =>
  credentials === undefined
    ? undefined
    : { header: credentials.header, shown: withScheme(credentials, `$${credentials.variable}`) }

/**
 * The value of the header that carries the credentials of a request, if it carries any.
 */
export const headerValue = (credentials: Credentials, access: Access): string | undefined => {
  if (access === "none") return undefined
  return access === "granted" ? withScheme(credentials, Redacted.value(credentials.key)) : Redacted.value(access.value)
}

const withScheme = ({ scheme }: Credentials, key: string): string => (scheme === undefined ? key : `${scheme} ${key}`)

/**
 * Text without the key, wherever a server may have repeated it: whole, all but its last character, as wrong keys have it,
 * or cut off in the middle.
 */
export const redactKey = (credentials: Credentials | undefined, text: string): string => {
  if (credentials === undefined) return text
  const { variable } = credentials
  const key = Redacted.value(credentials.key)
  const parts = [[key, `$${variable}`] as const]
  if (key.length > shortestRedacted) parts.push([key.slice(0, -1), `\${${variable}%?}`])
  for (let length = key.length - 2; length >= shortestRedacted; length--) {
    parts.push([`${key.slice(0, length)}…`, `$${variable}…`])
  }
  return parts.reduce((clean, [part, shown]) => (part === "" ? clean : clean.replaceAll(part, () => shown)), text)
}

/** So many characters of a key and more are nobody's business. */
const shortestRedacted = 4

type OtherCredentials = Exclude<Access, string>

const otherCredentials = (value: string, shown: string): OtherCredentials => ({ value: Redacted.make(value), shown })

/**
 * Credentials of the right form with a key that is not the key: another one, and ones that only careless comparisons
 * take for it.
 *
 * **Example** (Who may not be let in)
 *
 * ```ts
 * import * as Target from "@effect-workos/contract/Target"
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
    .map(([value, shown]) => otherCredentials(withScheme(credentials, value), withScheme(credentials, shown)))
}

/**
 * The right key in a header that is not of the right form.
 */
export const malformedHeaders = (credentials: Credentials): ReadonlyArray<OtherCredentials> => {
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
