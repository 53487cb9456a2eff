// Requests to the emulator over plain HTTP, without our client or schemas.
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { HttpMethod } from "effect/http/HttpMethod"
import * as Redacted from "effect/Redacted"
import * as Emulator from "../src/Emulator.ts"

export interface JsonResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>> & {
    readonly object?: string
    readonly id?: string
    readonly message?: string
    readonly data: ReadonlyArray<
      Readonly<Record<string, unknown>> & { readonly id: string; readonly created_at: string }
    >
    readonly list_metadata: { readonly before: string | null; readonly after: string | null }
  }
}

export const sendRequest = Effect.fnUntraced(function* (
  path: string,
  options: {
    readonly method?: HttpMethod
    readonly authorization?: string | undefined
    readonly body?: string
    readonly contentType?: string
  } = {}
) {
  const authorization =
    "authorization" in options ? options.authorization : `Bearer ${Redacted.value(Emulator.defaultApiKey)}`
  const bare = HttpClientRequest.make(options.method ?? "GET")(`http://workos.test${path}`)
  const request =
    options.body === undefined
      ? bare
      : HttpClientRequest.bodyText(bare, options.body, options.contentType ?? "application/json")
  const response = yield* HttpClient.execute(
    authorization === undefined ? request : HttpClientRequest.setHeader(request, "authorization", authorization)
  )
  const text = yield* response.text
  const result: JsonResponse = {
    status: response.status,
    headers: response.headers,
    body: text === "" ? {} : JSON.parse(text)
  }
  return result
})

export const idsOf = ({ body }: JsonResponse) => body.data.map(({ id }) => id)

/** Sends JSON. */
export const send = (method: "POST" | "PUT", path: string, body: unknown) =>
  sendRequest(path, { method, body: JSON.stringify(body) })
