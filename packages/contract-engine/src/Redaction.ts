/**
 * Redaction of recorded traffic: credentials, cookies, tokens and other secrets are replaced in every part of an entry.
 *
 * @module
 */
import { identity } from "effect/Function"
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import { isRow } from "./ApiConventions.ts"
import type * as Har from "./Har.ts"

/**
 * The text that replaces a secret.
 */
export const placeholder = "REDACTED"

/**
 * Options for `redact`.
 *
 * **Details**
 *
 * - `headers`: names of headers with credentials, in addition to the usual ones.
 * - `parameters`: names of query parameters with credentials, in addition to the usual ones.
 * - `text`: redacts secrets that the caller knows, such as an API key, in any text. Defaults to no change.
 */
export interface Options {
  readonly headers?: ReadonlyArray<string>
  readonly parameters?: ReadonlyArray<string>
  readonly text?: (text: string) => string
}

/**
 * Returns an entry without its secrets.
 *
 * **Details**
 *
 * These parts are replaced by `placeholder`:
 *
 * - the values of headers with credentials, and of cookies
 * - the values of query parameters, form fields and JSON fields with names such as `client_secret`, `access_token`,
 *   `password`, `api_key`, and `code` in a request
 * - passwords in URLs, JSON Web Tokens, bearer tokens, and keys that begin with `sk_`, in any text
 *
 * A value of at least eight characters that is secret in one part is also replaced in the other parts of its entry.
 *
 * **Example** (Redacting an API key)
 *
 * ```ts
 * import type * as Har from "@effect-workos/contract-engine/Har"
 * import * as Redaction from "@effect-workos/contract-engine/Redaction"
 *
 * const options: Redaction.Options = {
 *   headers: ["x-acme-access"],
 *   text: (text) => text.replaceAll("the key of this run", Redaction.placeholder)
 * }
 *
 * const redacted = (entries: ReadonlyArray<Har.Entry>) => entries.map((entry) => Redaction.redact(entry, options))
 * ```
 */
export const redact = (
  entry: Har.Entry,
  { headers = [], parameters = [], text = identity }: Options = {}
): Har.Entry => {
  const found = new Set<string>()
  const isSecretHeader = (name: string) =>
    secretHeader.test(name) || headers.some((header) => header.toLowerCase() === name.toLowerCase())
  const isSecretParameter = (name: string) => isSecretInRequest(name) || parameters.includes(name)
  const names = { isSecretHeader, isSecretParameter }
  const secret = (value: string) => {
    if (value.length >= shortestEchoed && value !== placeholder) found.add(value)
    return placeholder
  }
  mapEntry(entry, { ...names, secret, text: identity })
  const forms = [...found]
    .flatMap((value) => [
      value,
      decode(value),
      encodeURIComponent(value.toWellFormed()),
      JSON.stringify(value).slice(1, -1)
    ])
    .filter(({ length }) => length >= shortestEchoed)
  // A longer secret may contain a shorter one.
  const ordered = [...new Set(forms)].toSorted((a, b) => b.length - a.length)
  const withoutFound = (some: string) => ordered.reduce((clean, one) => clean.replaceAll(one, placeholder), some)
  return mapEntry(entry, { ...names, secret, text: (some) => withoutFound(text(some)) })
}

/** Replacing the copies of a shorter value would garble other texts. */
const shortestEchoed = 8

// -----------------------------------------------------------------------------
// Names and patterns
// -----------------------------------------------------------------------------

const secretHeader =
  /^(?:.*authorization|cookie|set-cookie|.*(?:token|secret|api-?key|password|credential|session).*)$/i

/** The ends of names of secret fields, without separators. */
const secretEnd =
  /(?:tokens?|secrets?|passwords?|passwd|passphrase|apikeys?|privatekey|accesskey|credentials?|authorization|cookies?|jwt|samlresponse|assertion|session|codeverifier|idtokenhint|otp)$/

/** Names of fields that are secret in requests and URLs only. In a response, `code` is usually an error code. */
const requestOnly = /^(?:code|key|auth|pass|pwd|sig|signature|xamzsignature|xamzcredential)$/

/** Cursors are not secret, although APIs call them tokens. */
const cursor = /(?:page|next|previous|prev|continuation|cursor|sync)token$/

type IsSecret = (name: string) => boolean

const isSecretInResponse: IsSecret = (name) => {
  const plain = name.toLowerCase().replaceAll(/[^a-z\d]/g, "")
  return secretEnd.test(plain) && !cursor.test(plain)
}

const isSecretInRequest: IsSecret = (name) =>
  isSecretInResponse(name) || requestOnly.test(name.toLowerCase().replaceAll(/[^a-z\d]/g, ""))

const userInfo = /(?<=:\/\/)[^/\s:@"'<>]+:[^/\s@"'<>]+(?=@)/g
const bearer = /(?<=\b(?:Bearer|Basic) )(?=\S*\d)[\w.~+/=-]{8,}/gi
const token = /\b(?:eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|sk_\w{8,})/g
const parameter = /(?<=[?&#;])([^=&#;?\s"'<>\\]+)=([^&#;\s"<>\\]+)/g

/** Every secret that this module finds is in a text with one of these words. */
const suspiciousWords =
  "token secret pass pwd key credential auth cookie jwt samlresponse assertion session verifier hint otp code ?sig &sig @ bearer basic eyj sk_ \\u00".split(
    " "
  )

// Most bodies contain no secret, and a thorough search takes milliseconds.
const isSuspicious = (text: string): boolean => {
  const lower = text.toLowerCase()
  return suspiciousWords.some((word) => lower.includes(word))
}

// -----------------------------------------------------------------------------
// Parts of an entry
// -----------------------------------------------------------------------------

interface Map {
  readonly isSecretHeader: IsSecret
  readonly isSecretParameter: IsSecret
  /** Replaces a secret. */
  readonly secret: (value: string) => string
  /** Replaces known secrets in other text. */
  readonly text: (text: string) => string
}

const mapEntry = (entry: Har.Entry, map: Map): Har.Entry => {
  const { request, response } = entry
  return {
    ...entry,
    request: {
      ...request,
      url: mapText(request.url, map),
      headers: mapHeaders(request.headers, map),
      cookies: mapPairs(request.cookies, () => true, map),
      queryString: mapPairs(request.queryString, map.isSecretParameter, map),
      ...(request.postData === undefined ? {} : { postData: mapPostData(request.postData, map) })
    },
    response: {
      ...response,
      statusText: mapText(response.statusText, map),
      headers: mapHeaders(response.headers, map),
      cookies: mapPairs(response.cookies, () => true, map),
      redirectURL: mapText(response.redirectURL, map),
      content: mapContent(response.content, map)
    }
  }
}

const mapPairs = (pairs: ReadonlyArray<Har.Pair>, isSecret: IsSecret, map: Map): ReadonlyArray<Har.Pair> =>
  pairs.map(({ name, value }) => ({ name, value: isSecret(name) ? secretText(value, map) : mapText(value, map) }))

const secretText = (value: string, { secret }: Map): string => (value === "" ? "" : secret(value))

const mapHeaders = (headers: ReadonlyArray<Har.Pair>, map: Map): ReadonlyArray<Har.Pair> =>
  headers.map(({ name, value }) => {
    if (!map.isSecretHeader(name)) return { name, value: mapText(value, map) }
    // The parts may be echoed without the rest: the credentials without their scheme, and the values of cookies.
    const cookies = /^set-cookie$/i.test(name) ? value.split(";").slice(0, 1) : value.split(";")
    if (/cookie$/i.test(name)) for (const one of cookies) map.secret(one.replace(/^[^=]*=/, "").trim())
    map.secret(value.replace(/^\S+ /, ""))
    return { name, value: secretText(value, map) }
  })

const mapPostData = ({ mimeType, params, text }: Har.PostData, map: Map): Har.PostData => ({
  mimeType,
  text: mapBody(text, mimeType, isSecretInRequest, map),
  ...(params === undefined ? {} : { params: mapPairs(params, isSecretInRequest, map) })
})

const mapContent = (content: Har.Content, map: Map): Har.Content => {
  const { encoding, mimeType, text, ...rest } = content
  if (text === undefined) return content
  const decoded = encoding === "base64" ? decodeText(text) : text
  if (decoded === undefined) return content
  const mapped = mapBody(decoded, mimeType, isSecretInResponse, map)
  return mapped === decoded ? content : { ...rest, mimeType, text: mapped }
}

// A body that is not UTF-8 is binary, and is not searched.
const decodeText = (base64: string): string | undefined =>
  Result.getOrUndefined(
    Result.flatMap(Base64.decode(base64), (bytes) =>
      Result.try(() => new TextDecoder("utf-8", { fatal: true }).decode(bytes))
    )
  )

const mapBody = (text: string, mimeType: string, isSecret: IsSecret, map: Map): string => {
  if (!isSuspicious(text)) return map.text(text)
  if (/x-www-form-urlencoded/i.test(mimeType)) return mapText(`&${text}`, map).slice(1)
  if (/^multipart\//i.test(mimeType)) return mapText(mapParts(text, isSecret, map), map)
  const json = Result.getOrUndefined(Result.try((): unknown => JSON.parse(text)))
  if (json === undefined) return mapText(text, map)
  const mapped = mapJson(json, isSecret, map)
  // The original text keeps its white space.
  return JSON.stringify(mapped) === JSON.stringify(json) ? text : JSON.stringify(mapped)
}

const mapParts = (text: string, isSecret: IsSecret, map: Map): string =>
  text.replaceAll(
    /(name="([^"]+)"(?:\r?\n[^\r\n]+)*\r?\n\r?\n)([^\r\n]*)/g,
    (whole: string, head: string, name: string, value: string) =>
      isSecret(name) ? `${head}${secretText(value, map)}` : whole
  )

const mapJson = (json: unknown, isSecret: IsSecret, map: Map): unknown => {
  if (typeof json === "string") return mapText(json, map)
  if (Array.isArray(json)) return json.map((inner) => mapJson(inner, isSecret, map))
  if (!isRow(json)) return json
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [
      name,
      isSecret(name) ? mapSecret(value, map) : mapJson(value, isSecret, map)
    ])
  )
}

// Every text within a secret value is secret.
const mapSecret = (json: unknown, map: Map): unknown => {
  if (typeof json === "string") return secretText(json, map)
  if (Array.isArray(json)) return json.map((inner) => mapSecret(inner, map))
  return isRow(json)
    ? Object.fromEntries(Object.entries(json).map(([name, value]) => [name, mapSecret(value, map)]))
    : json
}

const mapText = (text: string, map: Map): string =>
  map.text(
    text.includes("?") || isSuspicious(text)
      ? text
          .replaceAll(parameter, (whole: string, name: string, value: string) =>
            map.isSecretParameter(decode(name)) ? `${name}=${map.secret(decode(value))}` : whole
          )
          .replaceAll(userInfo, map.secret)
          .replaceAll(bearer, map.secret)
          .replaceAll(token, map.secret)
      : text
  )

// Text of a form encodes spaces as plus signs.
const decode = (text: string): string =>
  Result.getOrElse(
    Result.try(() => decodeURIComponent(text.replaceAll("+", " "))),
    () => text
  )
