// `Idempotency-Key`: a repeated POST is applied once and receives the first response again.
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { HttpServerError } from "effect/http/HttpServerError"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"

type Response = HttpServerResponse.HttpServerResponse

interface Remembered {
  /** The first request with this key. */
  readonly path: string
  readonly body: string
  readonly until: number
  /** The response of the first request, or `undefined` if the response must not be replayed. */
  readonly response: Deferred.Deferred<Response | undefined>
}

/** The lifetime of a key in milliseconds. */
const lifetime = 24 * 60 * 60 * 1000

/**
 * Makes a middleware that replays responses to POST requests with an `Idempotency-Key` for 24 hours. The oldest keys beyond
 * `capacity` are evicted.
 *
 * **Details**
 *
 * A repeated request with the same API key receives the status and body of the first response, and waits for that response
 * if necessary. A key that is reused with another path or body receives 422. Responses with 5xx and 429 are not replayed.
 * Sign-in endpoints ignore the header.
 */
export const make = (capacity = 10_000) =>
  Effect.sync(() => {
    const remembered = new Map<string, Remembered>()

    const remember = (key: string, first: Remembered) => {
      // A key that is deleted and added again moves to the end.
      remembered.delete(key)
      remembered.set(key, first)
      if (remembered.size <= capacity) return
      for (const oldest of remembered.keys()) {
        remembered.delete(oldest)
        return
      }
    }

    const forget = (key: string, first: Remembered) => {
      if (remembered.get(key) === first) remembered.delete(key)
    }

    const run = <E, R>(key: string, first: Remembered, httpEffect: Effect.Effect<Response, E, R>) =>
      httpEffect.pipe(
        Effect.onExit((exit) => {
          const done = exit._tag === "Success" && isReplayable(exit.value) ? exit.value : undefined
          if (done === undefined) forget(key, first)
          return Deferred.succeed(first.response, done)
        })
      )

    const idempotent = Effect.fnUntraced(function* <E, R>(
      key: string,
      request: HttpServerRequest,
      httpEffect: Effect.Effect<Response, E, R>
    ): Effect.fn.Return<Response, E | HttpServerError, R> {
      // The request caches its body for the handler.
      const body = yield* Effect.interruptible(request.text)
      while (true) {
        const now = yield* Clock.currentTimeMillis
        const earlier = remembered.get(key)
        if (earlier === undefined || earlier.until <= now) {
          const first = {
            path: request.url,
            body,
            until: now + lifetime,
            response: Deferred.makeUnsafe<Response | undefined>()
          }
          remember(key, first)
          return yield* run(key, first, httpEffect)
        }
        if (earlier.path !== request.url || earlier.body !== body) return reused
        const done = yield* Effect.interruptible(Deferred.await(earlier.response))
        if (done !== undefined) return done
      }
    })

    return <E, R>(
      httpEffect: Effect.Effect<Response, E, R>
    ): Effect.Effect<Response, E | HttpServerError, R | HttpServerRequest> =>
      Effect.flatMap(HttpServerRequest, (request): Effect.Effect<Response, E | HttpServerError, R> => {
        const isRepeatable = request.method === "POST" && !request.url.startsWith("/sso/")
        const key = isRepeatable ? request.headers["idempotency-key"] : undefined
        // Clients with different API keys may use the same idempotency key.
        return key ? idempotent(`${request.headers["authorization"]} ${key}`, request, httpEffect) : httpEffect
      })
  })

const reused = HttpServerResponse.jsonUnsafe(
  { message: "This Idempotency-Key was used for another request. Use a new one for each request." },
  { status: 422 }
)

// A stream can be read only once.
const isReplayable = ({ body, status }: Response): boolean =>
  status < 500 && status !== 429 && (body._tag === "Uint8Array" || body._tag === "Empty")
