// Applies faults to responses.
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Random from "effect/Random"
import * as Stream from "effect/Stream"
import type { Fault } from "../Fault.ts"
import type { Faults } from "../Faults.ts"
import * as Socket from "./Socket.ts"

type Response = HttpServerResponse.HttpServerResponse

type Kind<Name extends Fault["kind"]> = Extract<Fault, { readonly kind: Name }>

/**
 * Applies the faults that match a request to its response.
 */
export const middleware =
  (faults: Faults["Service"]) =>
  <E, R>(httpEffect: Effect.Effect<Response, E, R>): Effect.Effect<Response, E, R | HttpServerRequest> =>
    Effect.flatMap(HttpServerRequest, (request) =>
      Effect.flatMap(faults.match(request), (matched) =>
        matched.length === 0 ? httpEffect : apply(matched, request, httpEffect)
      )
    )

const apply = Effect.fnUntraced(function* <E, R>(
  matched: ReadonlyArray<Fault>,
  request: HttpServerRequest,
  httpEffect: Effect.Effect<Response, E, R>
): Effect.fn.Return<Response, E, R> {
  let outcome: Effect.Effect<Response, E, R> = httpEffect
  for (const fault of matched) {
    if (fault.kind === "latency") yield* delay(fault)
    else outcome = applyOne(fault, request, httpEffect)
  }
  return yield* outcome
})

const delay = ({ jitter = 0, millis }: Kind<"latency">) =>
  Effect.flatMap(Random.next, (random) => Effect.interruptible(Effect.sleep(millis + jitter * random)))

const applyOne = <E, R>(
  fault: Exclude<Fault, Kind<"latency">>,
  request: HttpServerRequest,
  httpEffect: Effect.Effect<Response, E, R>
): Effect.Effect<Response, E, R> => {
  switch (fault.kind) {
    case "status":
      return Effect.succeed(statusResponse(fault.status, fault.body, fault.headers))
    case "redirect":
      return Effect.succeed(HttpServerResponse.redirect(fault.location, { status: fault.status ?? 302 }))
    case "stall":
      return Effect.interruptible(Effect.never)
    case "stale":
      return Socket.destroy(request, "close")
    case "outage":
      return fault.as === "503" ? Effect.succeed(statusResponse(503)) : Socket.destroy(request, "reset")
    case "endless":
      return Effect.succeed(endless)
    case "reset":
      if (fault.at === "request") return Socket.destroy(request, "reset")
      if (fault.at === "response") return Effect.andThen(httpEffect, Socket.destroy(request, "reset"))
      return rewriteBody(httpEffect, (response, body) =>
        withStream(response, body, Socket.truncateBody(request, body.subarray(0, Math.ceil(body.length / 2))))
      )
    case "trickle":
      return rewriteBody(httpEffect, (response, body) => withStream(response, body, trickle(body, fault.millis)))
    case "empty":
      return rewriteBody(httpEffect, (response) => HttpServerResponse.setBody(response, HttpBody.empty))
    case "html":
      return rewriteBody(httpEffect, (response) => withText(response, proxyPage, "text/html; charset=utf-8"))
    case "wrong-shape":
      return rewriteBody(httpEffect, (response) => withText(response, otherShape, "application/json"))
    case "truncated-json":
      return rewriteBody(httpEffect, (response, body) =>
        withBytes(response, body.subarray(0, Math.floor(body.length / 2)))
      )
    case "invalid-json":
      return rewriteBody(httpEffect, (response, body) => withBytes(response, invalidJson(body)))
    case "content-type":
      return rewriteBody(httpEffect, (response, body) => withBytes(response, body, fault.value))
  }
}

const statusResponse = (status: number, body?: string, headers?: Readonly<Record<string, string>>): Response =>
  HttpServerResponse.text(body ?? JSON.stringify({ message: `Injected fault: status ${status}.` }), {
    status,
    headers: { "content-type": "application/json", ...lowerCased(headers) }
  })

const lowerCased = (headers: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

// -----------------------------------------------------------------------------
// Bodies
// -----------------------------------------------------------------------------

const proxyPage =
  "<!doctype html>\n<html><head><title>Gateway</title></head><body><h1>The upstream is not available</h1></body></html>\n"

const otherShape = JSON.stringify({ object: "something_else", data: { id: 7 } })

const rewriteBody = <E, R>(
  httpEffect: Effect.Effect<Response, E, R>,
  rewrite: (response: Response, body: Uint8Array) => Response
): Effect.Effect<Response, E, R> =>
  Effect.flatMap(httpEffect, (response) => Effect.map(readBody(response), (body) => rewrite(response, body)))

// Other routes on the same server may respond with any kind of body.
const readBody = (response: Response): Effect.Effect<Uint8Array> =>
  response.body._tag === "Uint8Array"
    ? Effect.succeed(response.body.body)
    : Effect.map(
        Effect.contextWith((context) =>
          Effect.promise(() => HttpServerResponse.toWeb(response, { context }).arrayBuffer())
        ),
        (buffer) => new Uint8Array(buffer)
      )

const withBytes = (response: Response, body: Uint8Array, contentType = response.headers["content-type"]): Response =>
  HttpServerResponse.setBody(response, HttpBody.uint8Array(body, contentType))

const withText = (response: Response, text: string, contentType: string): Response =>
  HttpServerResponse.setBody(response, HttpBody.text(text, contentType))

const withStream = <E>(response: Response, whole: Uint8Array, body: Stream.Stream<Uint8Array, E>): Response =>
  HttpServerResponse.setBody(response, HttpBody.stream(body, response.headers["content-type"], whole.length))

const encoder = new TextEncoder()
const quote = '"'.charCodeAt(0)
const apostrophe = "'".charCodeAt(0)

// Apostrophes in place of quotes are never valid JSON.
const invalidJson = (body: Uint8Array): Uint8Array =>
  body.includes(quote) ? body.map((byte) => (byte === quote ? apostrophe : byte)) : encoder.encode("{'")

const chunkLength = 4

const trickle = (body: Uint8Array, millis: number): Stream.Stream<Uint8Array> =>
  Stream.range(0, Math.ceil(body.length / chunkLength) - 1).pipe(
    Stream.mapEffect((index) =>
      Effect.as(
        index === 0 ? Effect.void : Effect.sleep(millis),
        body.subarray(index * chunkLength, (index + 1) * chunkLength)
      )
    )
  )

// The server pulls the next chunk when the previous one was written, so memory does not grow.
const endless = HttpServerResponse.stream(
  Stream.concat(
    Stream.make(encoder.encode('{"object":"list","data":[')),
    Stream.forever(Stream.make(encoder.encode('{"object":"connection"},'.repeat(1024))))
  ),
  { contentType: "application/json" }
)
