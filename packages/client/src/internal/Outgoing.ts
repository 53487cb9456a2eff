// Requests as they leave: where they create something, with a key of their own by which the server knows them again.
import * as HttpClientRequest from "effect/http/HttpClientRequest"

/**
 * A request as it is sent, in each of its attempts. A POST gets an `Idempotency-Key`, but for one that
 * the server may do no more than once.
 */
export const prepared = (
  request: HttpClientRequest.HttpClientRequest,
  isOnce: boolean
): HttpClientRequest.HttpClientRequest =>
  request.method === "POST" && !isOnce && request.headers["idempotency-key"] === undefined
    ? HttpClientRequest.setHeader(request, "idempotency-key", crypto.randomUUID())
    : request
