// Entries of an archive as exchanges.
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import type { Body, Exchange, Request, ShownCredentials } from "../Exchange.ts"
import type * as Har from "../Har.ts"
import type { DecodeBody } from "../Target.ts"
import type { Match } from "./PathPattern.ts"
import * as ReadResponse from "./ReadResponse.ts"

/**
 * An exchange with the base URL of its request.
 */
export type Recorded = Exchange & { readonly origin: string }

/**
 * The reason why an entry has no response that laws can judge.
 */
export type Unreadable = "no-response" | "incomplete" | "not-modified" | "rate-limited"

/**
 * Returns the entry with the text of its response, or the reason why it cannot be judged.
 */
export const withText = (entry: Har.Entry, decodeBody: DecodeBody | undefined): Har.Entry | Unreadable => {
  const { content, headers, status } = entry.response
  if (status <= 0) return "no-response"
  if (status === 304) return "not-modified"
  // A 429 is no violation and gives laws nothing to check.
  if (status === 429) return "rate-limited"
  if (headers.length === 0) return "incomplete"
  if (content.text === undefined && Math.max(content.size, entry.response.bodySize) > 0) return "incomplete"
  if (content.encoding !== "base64") return entry
  const encoding = headers.find(({ name }) => name.toLowerCase() === "content-encoding")?.value
  const text = Result.flatMap(Base64.decode(content.text ?? ""), (bytes) =>
    decodeBody === undefined
      ? Result.succeed(new TextDecoder().decode(bytes))
      : decodeBody([bytes], encoding, ReadResponse.maxBodyBytes)
  )
  if (Result.isFailure(text)) return "incomplete"
  const { mimeType, size } = content
  return { ...entry, response: { ...entry.response, content: { size, mimeType, text: text.success } } }
}

/**
 * Returns the exchange of an entry.
 */
export const toExchange = (
  { request, response, time }: Har.Entry,
  { operation, origin, path }: Match,
  credentials: ShownCredentials | undefined
): Recorded => {
  const sent = toHeaders(request.headers)
  const query = [...new URL(request.url).searchParams]
  const isKey = (name: string) =>
    credentials !== undefined && "parameter" in credentials && name === credentials.parameter
  const isGranted =
    credentials !== undefined && "header" in credentials
      ? credentials.header.toLowerCase() in sent
      : query.some(([name]) => isKey(name))
  const body = request.postData === undefined ? undefined : toBody(request.postData)
  const recorded: Request = {
    operation: operation.id,
    method: operation.method,
    path,
    query: query.filter(([name]) => !isKey(name)),
    access: isGranted ? "granted" : "none",
    ...(body === undefined ? {} : { body })
  }
  const { mimeType, text = "" } = response.content
  const headers = toHeaders(response.headers)
  // Some programs record the content type only with the body.
  const type = mimeType === "" || "content-type" in headers || text === "" ? {} : { "content-type": mimeType }
  return {
    origin,
    request: recorded,
    response: ReadResponse.toResponse({ status: response.status, headers: { ...type, ...headers } }, text, time)
  }
}

const toHeaders = (pairs: ReadonlyArray<Har.Pair>): Readonly<Record<string, string>> => {
  const headers: Record<string, string> = {}
  for (const { name, value } of pairs) {
    const key = name.toLowerCase()
    const before = headers[key]
    headers[key] = before === undefined ? value : `${before}, ${value}`
  }
  return headers
}

const toBody = ({ mimeType, params = [], text }: Har.PostData): Body | undefined => {
  if (/x-www-form-urlencoded/i.test(mimeType)) {
    const fields = text === "" ? params.map(({ name, value }) => [name, value]) : [...new URLSearchParams(text)]
    return { form: Object.fromEntries(fields) }
  }
  return text === "" ? undefined : { text }
}
