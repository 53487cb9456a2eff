// A request and what came of it, as data: generated, compared, remembered, and shown as a line for a shell.
import * as Data from "effect/Data"
import type * as Redacted from "effect/Redacted"

/**
 * Which credentials a request carries: those of the target, none, or others in their place. `shown` is how others stand
 * in a `curl` line, in double quotes: derived from the key's environment variable where they are derived from the key.
 */
export type Access = "granted" | "none" | { readonly value: Redacted.Redacted; readonly shown: string }

/**
 * A request, relative to the base URL of a target.
 *
 * **Details**
 *
 * - `path` is escaped already, `query` is not.
 * - `body` is JSON, a form, or text that is none of these, under `text`.
 *
 * **Example** (A creation, by somebody without a key)
 *
 * ```ts
 * import * as Exchange from "@effect-workos/contract/Exchange"
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
 * What a request holds.
 */
export type Body =
  | { readonly json: unknown }
  | { readonly form: Readonly<Record<string, string>> }
  | { readonly text: string }

/**
 * A body as it goes over the wire, with its type.
 */
export const encodeBody = (body: Body): { readonly type: string; readonly text: string } => {
  if ("form" in body) {
    return { type: "application/x-www-form-urlencoded", text: String(new URLSearchParams({ ...body.form })) }
  }
  return { type: "application/json", text: "json" in body ? JSON.stringify(body.json) : body.text }
}

/**
 * An response, complete.
 */
export interface Response {
  readonly status: number
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
  /** The body as JSON; `undefined` where it is none. */
  readonly json: unknown
  /** From the first byte sent to the last one read. */
  readonly millis: number
}

/**
 * A request, and the response to it.
 */
export interface Exchange {
  readonly request: Request
  readonly response: Response
}

/**
 * A request that got no complete response: in time, or at all.
 *
 * **Example** (Leaving out what could not be asked)
 *
 * ```ts
 * import type { Exchange, Request, NoResponse } from "@effect-workos/contract/Exchange"
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
  /** What happened, as the second half of a sentence: `"no response came within 10 s"`. */
  readonly message: string
}> {}

/**
 * A request, and what came of it: an response, or none.
 *
 * **Example** (What came of it, in a word)
 *
 * ```ts
 * import type { Attempt } from "@effect-workos/contract/Exchange"
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
 * The path and the query, as they go over the wire.
 *
 * **Example** (A path that somebody's id is in)
 *
 * ```ts
 * import * as Exchange from "@effect-workos/contract/Exchange"
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
 * Text as it stands in a path or a query. Halves of characters, which no URL can hold, are replaced.
 */
export const percentEncode = (text: string): string => encodeURIComponent(text.toWellFormed())

/**
 * A request in a few words: `GET /connections?limit=7`.
 */
export const describe = (request: Request): string => `${request.method} ${shorten(pathAndQuery(request), 200)}`

/**
 * Two requests with the same key are the same request.
 *
 * **Example** (Counting what is asked more than once)
 *
 * ```ts
 * import * as Exchange from "@effect-workos/contract/Exchange"
 *
 * const groups = (requests: ReadonlyArray<Exchange.Request>) => Map.groupBy(requests, Exchange.keyOf)
 * ```
 */
export const keyOf = (request: Request): string =>
  JSON.stringify([request.method, pathAndQuery(request), request.headers ?? {}, request.body ?? null, request.access])

/**
 * The value of a parameter of the query.
 */
export const queryParameter = ({ query }: Request, name: string): string | undefined =>
  query.find((entry) => entry[0] === name)?.[1]

/**
 * An response in a few words: its status and the beginning of its body.
 *
 * **Example** (Whether a page is longer than was asked for)
 *
 * ```ts
 * import * as Exchange from "@effect-workos/contract/Exchange"
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
 * Text, cut where it is longer than anybody reads.
 */
export const shorten = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length)}… (${text.length} characters)`

/**
 * The text that a header with credentials has in a `curl` line: the name of an environment variable.
 *
 * **Example** (A key that stands alone in its header)
 *
 * ```ts
 * import type { ShownCredentials } from "@effect-workos/contract/Exchange"
 *
 * const shown: ShownCredentials = { header: "X-Api-Key", shown: "$ACME_KEY" }
 * ```
 */
export interface ShownCredentials {
  readonly header: string
  readonly shown: string
}

/**
 * The request as a line that anybody can paste into a shell. Credentials are named, not shown.
 *
 * **Example** (Showing a request)
 *
 * ```ts
 * import * as Exchange from "@effect-workos/contract/Exchange"
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
  if (request.method !== "GET") parts.push("-X", request.method)
  // Squeezing out `..` is what curl does with a path unless it is told not to.
  if (/\/\.\.?(?:[/?]|$)/.test(pathAndQuery(request))) parts.push("--path-as-is")
  if (credentials !== undefined && request.access !== "none") {
    const shown = request.access === "granted" ? credentials.shown : request.access.shown
    parts.push("-H", `"${credentials.header}: ${shown}"`)
  }
  for (const [name, value] of Object.entries(request.headers ?? {})) parts.push("-H", quote(`${name}: ${value}`))
  if (request.body !== undefined) {
    const { text, type } = encodeBody(request.body)
    parts.push("-H", `'Content-Type: ${type}'`, "-d", quote(text))
  }
  parts.push(quote(shorten(`${baseUrl}${pathAndQuery(request)}`, 12_000)))
  return parts.join(" ")
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
