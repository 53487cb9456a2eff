/**
 * Recording of a run: the requests of a session and their outcomes as entries of an HTTP archive.
 *
 * @module
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { type Attempt, encodeBody, pathAndQuery, type Request, type Response } from "./Exchange.ts"
import type * as Har from "./Har.ts"
import * as Redaction from "./Redaction.ts"
import { type Target, authorize, redactKey } from "./Target.ts"

/**
 * Returns an attempt that has just ended as an entry of an archive, without secrets. The status of a request without a
 * response is 0.
 *
 * **Example** (Counting recorded bytes)
 *
 * ```ts
 * import * as Contract from "@effect-workos/contract-engine/Contract"
 * import * as Recording from "@effect-workos/contract-engine/Recording"
 * import type { Suite } from "@effect-workos/contract-engine/Suite"
 * import * as Target from "@effect-workos/contract-engine/Target"
 * import * as Effect from "effect/Effect"
 * import * as Ref from "effect/Ref"
 *
 * const recordedBytes = Effect.fn("recordedBytes")(function* (suite: Suite) {
 *   const bytes = yield* Ref.make(0)
 *   const target = yield* Target.Target
 *   yield* Contract.verify(suite, {}, {
 *     onAttempt: (attempt) =>
 *       Effect.flatMap(Recording.toEntry(attempt, target), ({ response }) =>
 *         Ref.update(bytes, (sum) => sum + response.content.size)
 *       )
 *   })
 *   return yield* Ref.get(bytes)
 * })
 * ```
 */
export const toEntry = (attempt: Attempt, target: Target["Service"]): Effect.Effect<Har.Entry> =>
  Effect.map(Clock.currentTimeMillis, (now) => {
    const { request } = attempt
    const response = "exchange" in attempt ? attempt.exchange.response : undefined
    const time = response?.millis ?? 0
    const { credentials, headers } = target
    // Other headers of the target may be the credentials of a gateway.
    const gateway = Object.keys(headers).filter((name) => name.toLowerCase() !== "user-agent")
    return Redaction.redact(
      {
        startedDateTime: DateTime.formatIso(DateTime.makeUnsafe(now - time)),
        time,
        request: toRequest(request, target),
        response: response === undefined ? noResponse(attempt) : toResponse(response),
        cache: {},
        timings: { send: 0, wait: time, receive: 0 }
      },
      {
        headers: [...gateway, ...(credentials !== undefined && "header" in credentials ? [credentials.header] : [])],
        parameters: credentials !== undefined && "parameter" in credentials ? [credentials.parameter] : [],
        text: (text) => redactKey(credentials, text)
      }
    )
  })

const toRequest = (request: Request, { baseUrl, credentials, headers }: Target["Service"]): Har.Request => {
  const body = request.body === undefined ? undefined : encodeBody(request.body)
  const authorization = authorize(credentials, request.access)
  const sent = {
    ...headers,
    ...request.headers,
    ...(body === undefined ? {} : { "content-type": body.type }),
    ...authorization.headers
  }
  const query = [...request.query, ...authorization.query]
  return {
    method: request.method,
    url: `${baseUrl}${pathAndQuery({ ...request, query })}`,
    httpVersion: "HTTP/1.1",
    cookies: [],
    headers: toPairs(sent),
    queryString: query.map(([name, value]) => ({ name, value })),
    ...(body === undefined ? {} : { postData: { mimeType: body.type, text: body.text } }),
    headersSize: -1,
    bodySize: sizeOf(body?.text ?? "")
  }
}

const toResponse = ({ headers, status, text }: Response): Har.Response => ({
  status,
  statusText: "",
  httpVersion: "HTTP/1.1",
  cookies: [],
  headers: toPairs(headers),
  content: { size: sizeOf(text), mimeType: headers["content-type"] ?? "", text },
  redirectURL: headers["location"] ?? "",
  headersSize: -1,
  bodySize: -1
})

const noResponse = (attempt: Attempt): Har.Response => ({
  ...toResponse({ status: 0, headers: {}, text: "", json: undefined, millis: 0 }),
  statusText: "noResponse" in attempt ? attempt.noResponse.message : ""
})

const toPairs = (headers: Readonly<Record<string, string | undefined>>): ReadonlyArray<Har.Pair> =>
  Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]))

const sizeOf = (text: string): number => new TextEncoder().encode(text).length
