// Requests as they leave: with the key, with their query in the URL, and, where they create something, with a key of their
// own by which the server knows them again.
import { ApiKey } from "@effect-workos/domain/ApiKey"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as UrlParams from "effect/http/UrlParams"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { WorkOsConfig } from "../WorkOsConfig.ts"

/**
 * Sends the API key with the requests of every endpoint that wants it, and with no others.
 */
export const layerApiKey: Layer.Layer<
  HttpApiMiddleware.ForClient<ApiKey>,
  never,
  WorkOsConfig
> = HttpApiMiddleware.layerClient(
  ApiKey,
  Effect.map(
    WorkOsConfig,
    ({ apiKey }) =>
      ({ next, request }) =>
        next(Redacted.value(apiKey) === "" ? request : HttpClientRequest.bearerToken(request, apiKey))
  )
)

/**
 * A request as it is sent, in each of its attempts. A POST gets an `Idempotency-Key`, but for one that
 * the server may do no more than once.
 */
export const prepared = (
  request: HttpClientRequest.HttpClientRequest,
  isOnce: boolean
): HttpClientRequest.HttpClientRequest => {
  const written = request.urlParams.params.length === 0 ? request : withQuery(request)
  return request.method === "POST" && !isOnce && request.headers["idempotency-key"] === undefined
    ? HttpClientRequest.setHeader(written, "idempotency-key", crypto.randomUUID())
    : written
}

// The query as text, all at once: Effect appends parameter by parameter to a `URL`, which writes and reads the whole of
// itself each time.
const withQuery = (request: HttpClientRequest.HttpClientRequest): HttpClientRequest.HttpClientRequest =>
  HttpClientRequest.makeWith(
    request.method,
    `${request.url}?${UrlParams.toString(request.urlParams)}`,
    UrlParams.empty,
    request.hash,
    request.headers,
    request.body
  )
