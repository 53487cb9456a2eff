/**
 * HTTP exchanges as data: requests, responses and `curl` commands.
 *
 * @module
 */
import * as Data from "effect/Data"
import type * as Redacted from "effect/Redacted"

/**
 * The credentials of a request: those of the target (`granted`), none, or other credentials.
 *
 * `value` is the value of the header or the query parameter with other credentials. `shown` replaces `value` in `curl` commands, within double quotes. If
 * `value` derives from the key of the target, `shown` refers to the environment variable of the key.
 */
export type Access = "granted" | "none" | { readonly value: Redacted.Redacted; readonly shown: string }

/**
 * A request, relative to the base URL of a target.
 *
 * **Details**
 *
 * - `path` is percent-encoded; `query` is not.
 * - `body` is JSON, a form, or any text, such as malformed JSON. The content type of a text defaults to JSON.
 *
 * **Example** (Creating without a key)
 *
 * ```ts
 * import * as Exchange from "@effect-workos/contract-engine/Exchange"
 *
 * const body: Exchange.Body = { json: { name: "Foo Corp" } }
 * const access: Exchange.Access = "none"
 *
 * const request: Exchange.Request = {
 *   operation: "organizations.create",
 *   method: "POST",
 *   path: `/organizations`,
 *   query: [],
 *   body,
 *   access
 * }
 *
 * Exchange.describe(request) // => "POST /organizations"
 * Exchange.encodeBody(body) // => { type: "application/json", text: '{"name":"Foo Corp"}' }
 * ```
 */
export interface Request {
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly query: ReadonlyArray<readonly [name: string, value: string]>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Body
  readonly access: Access
}

/**
 * The body of a request.
 */
export type Body =
  | { readonly json: unknown }
  | { readonly form: Readonly<Record<string, string>> }
  | { readonly text: string; readonly type?: string }

/**
 * Returns the text of a body and its content type.
 */
export const encodeBody = (body: Body): { readonly type: string; readonly text: string } => {
  if ("form" in body) {
    return { type: "application/x-www-form-urlencoded", text: String(new URLSearchParams({ ...body.form })) }
  }
  if ("json" in body) return { type: "application/json", text: JSON.stringify(body.json) }
  return { type: body.type ?? "application/json", text: body.text }
}

/**
 * A complete response.
 */
export interface Response {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
  /** The body as JSON; `undefined` if the body is not valid JSON. */
  readonly json: unknown
  /** Milliseconds from sending the request until the body is complete. */
  readonly millis: number
}

/**
 * A request and its response.
 */
export interface Exchange {
  readonly request: Request
  readonly response: Response
}

/**
 * A request without a complete response, with the reason.
 *
 * **Example** (Recovering from missing responses)
 *
 * ```ts
 * import type { Exchange, Request, NoResponse } from "@effect-workos/contract-engine/Exchange"
 * import * as Effect from "effect/Effect"
 *
 * declare const send: (request: Request) => Effect.Effect<Exchange, NoResponse>
 *
 * const status = (request: Request) =>
 *   Effect.map(send(request), ({ response }) => response.status).pipe(
 *     Effect.catchTag("NoResponse", ({ message }) => Effect.as(Effect.logWarning(message), undefined))
 *   )
 * ```
 */
export class NoResponse extends Data.TaggedError("NoResponse")<{
  readonly request: Request
  readonly reason:
    | "timeout"
    | "connection-error"
    | "unreachable"
    | "body-too-long"
    | "rate-limited"
    | "aborted"
    | "time-budget"
    | "unsupported"
  /** A description of the failure, without a capital letter: `"no response within 10 s"`. */
  readonly message: string
}> {}

/**
 * A request and its outcome: an exchange, or no response.
 *
 * **Example** (Describing an outcome)
 *
 * ```ts
 * import type { Attempt } from "@effect-workos/contract-engine/Exchange"
 *
 * const outcome = (attempt: Attempt): string =>
 *   "exchange" in attempt ? String(attempt.exchange.response.status) : attempt.noResponse.reason
 * ```
 */
export type Attempt = { readonly request: Request } & (
  | { readonly exchange: Exchange }
  | { readonly noResponse: NoResponse }
)

/**
 * Returns the path and the query as sent.
 *
 * **Example** (Encoding an id)
 *
 * ```ts
 * import * as Exchange from "@effect-workos/contract-engine/Exchange"
 *
 * Exchange.pathAndQuery({ path: `/connections/${Exchange.percentEncode("a/b")}`, query: [["order", "asc"]] })
 * // => "/connections/a%2Fb?order=asc"
 * ```
 */
export const pathAndQuery = ({ path, query }: Pick<Request, "path" | "query">): string =>
  query.length === 0
    ? path
    : `${path}?${query.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join("&")}`

/**
 * Percent-encodes text for a path or a query. Lone surrogates, which no URL can contain, are replaced.
 */
export const percentEncode = (text: string): string => encodeURIComponent(text.toWellFormed())

/**
 * Returns the method and the shortened URL of a request: `GET /connections?limit=7`.
 */
export const describe = (request: Pick<Request, "method" | "path" | "query">): string =>
  `${request.method} ${shorten(pathAndQuery(request), 200)}`

/**
 * Returns a key that is equal for equal requests.
 *
 * **Example** (Grouping equal requests)
 *
 * ```ts
 * import * as Exchange from "@effect-workos/contract-engine/Exchange"
 *
 * const groups = (requests: ReadonlyArray<Exchange.Request>) => Map.groupBy(requests, Exchange.keyOf)
 * ```
 */
export const keyOf = (request: Request): string =>
  JSON.stringify([request.method, pathAndQuery(request), request.headers ?? {}, request.body ?? null, request.access])

/**
 * Returns the value of a query parameter.
 */
export const queryParameter = ({ query }: Request, name: string): string | undefined =>
  query.find((entry) => entry[0] === name)?.[1]

/**
 * Returns the status and the beginning of the body of a response.
 *
 * **Example** (Detecting a page that is too long)
 *
 * ```ts
 * import * as Exchange from "@effect-workos/contract-engine/Exchange"
 *
 * const tooLong = ({ response, request }: Exchange.Exchange, rows: number): string | undefined =>
 *   rows > Number(Exchange.queryParameter(request, "limit") ?? 10) ? Exchange.excerpt(response) : undefined
 *
 * const status = ({ status, text }: Exchange.Response): string => `${status}: ${Exchange.shorten(text, 80)}`
 * ```
 */
export const excerpt = ({ headers, json, status, text }: Response, length = 400): string => {
  const body = text === "" ? "no body" : shorten(text, length)
  const type = json === undefined && text !== "" ? ` (${headers["content-type"] ?? "no content type"})` : ""
  return `${status}${type}: ${body}`
}

/**
 * Truncates text after a number of characters, and appends the total.
 */
export const shorten = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length)}… (${text.length} characters)`

/**
 * The header or the query parameter with the credentials in a `curl` command. Its value refers to an environment variable.
 *
 * **Example** (A header that contains only the key)
 *
 * ```ts
 * import type { ShownCredentials } from "@effect-workos/contract-engine/Exchange"
 *
 * const shown: ShownCredentials = { header: "X-Api-Key", shown: "$ACME_KEY" }
 * ```
 */
export type ShownCredentials =
  | { readonly header: string; readonly shown: string }
  | { readonly parameter: string; readonly shown: string }

/**
 * Returns a request as a `curl` command. Credentials are replaced by environment variables.
 *
 * **Example** (Showing a request)
 *
 * ```ts
 * import * as Exchange from "@effect-workos/contract-engine/Exchange"
 *
 * Exchange.curl(
 *   { operation: "connections.list", method: "GET", path: "/connections", query: [["limit", "7"]], access: "granted" },
 *   "http://127.0.0.1:4100",
 *   { header: "Authorization", shown: "Bearer $WORKOS_API_KEY" }
 * )
 * // => curl -H "Authorization: Bearer $WORKOS_API_KEY" 'http://127.0.0.1:4100/connections?limit=7'
 * ```
 */
export const curl = (request: Request, baseUrl: string, credentials: ShownCredentials | undefined): string => {
  const parts = ["curl"]
  // With `-X HEAD`, curl would wait for a body.
  if (request.method === "HEAD") parts.push("--head")
  else if (request.method !== "GET" || request.body !== undefined) parts.push("-X", request.method)
  // Without this option, curl removes `..` from paths.
  if (/\/\.\.?(?:[/?]|$)/.test(pathAndQuery(request))) parts.push("--path-as-is")
  const shown = credentials && shownValue(credentials, request.access)
  if (credentials !== undefined && "header" in credentials && shown !== undefined)
    parts.push("-H", `"${credentials.header}: ${shown}"`)
  for (const [name, value] of Object.entries(request.headers ?? {})) parts.push("-H", quoteHeader(name, value))
  if (request.body !== undefined) {
    const { text, type } = encodeBody(request.body)
    parts.push("-H", `'Content-Type: ${type}'`, "-d", quote(text))
  }
  const url = shorten(`${baseUrl}${pathAndQuery(request)}`, 12_000)
  const hasParameter = credentials !== undefined && "parameter" in credentials && shown !== undefined
  parts.push(
    hasParameter
      ? `${quote(`${url}${request.query.length === 0 ? "?" : "&"}`)}"${credentials.parameter}=${shown}"`
      : quote(url)
  )
  return parts.join(" ")
}

const shownValue = (credentials: ShownCredentials, access: Access): string | undefined => {
  if (access === "none") return undefined
  return access === "granted" ? credentials.shown : access.shown
}

// The shell repeats the character of a large value.
const quoteHeader = (name: string, value: string): string =>
  value.length > 1000 && /^(\w)\1*$/.test(value)
    ? `"${name}: $(printf %${value.length}s | tr ' ' ${value.charAt(0)})"`
    : quote(`${name}: ${value}`)

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
