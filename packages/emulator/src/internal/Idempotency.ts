// `Idempotency-Key`: a POST that is sent again with its key is done once, and answered again as it was.
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { HttpServerError } from "effect/http/HttpServerError"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"

type Response = HttpServerResponse.HttpServerResponse

interface Remembered {
  /** The request that the key was used for first. */
  readonly path: string
  readonly body: string
  readonly until: number
  /** Its answer, as soon as it is there; nothing where it was none to remember. */
  readonly response: Deferred.Deferred<Response | undefined>
}

/** How long a key is remembered. */
const day = 24 * 60 * 60 * 1000

/** How many keys are, the latest ones. */
const capacity = 10_000

/**
 * Makes POST requests with an `Idempotency-Key` repeatable, for 24 hours.
 *
 * **Details**
 *
 * The same key, from whoever has the same API key, is answered with the status and body that its first request was
 * answered with; a repeat that comes before that answer waits for it. With another path or body the key is refused with
 * 422. What the server failed at, 5xx, and what it had no time for, 429, was not done, and a repeat does it.
 *
 * Signing in knows no such key: a code is good once, whatever it is sent with.
 */
export const make = Effect.sync(() => {
  const remembered = new Map<string, Remembered>()

  const remember = (key: string, first: Remembered) => {
    // Deleted, so that it is the latest.
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
        const done = exit._tag === "Success" && isDone(exit.value) ? exit.value : undefined
        if (done === undefined) forget(key, first)
        return Deferred.succeed(first.response, done)
      })
    )

  const idempotent = Effect.fnUntraced(function* <E, R>(
    key: string,
    request: HttpServerRequest,
    httpEffect: Effect.Effect<Response, E, R>
  ): Effect.fn.Return<Response, E | HttpServerError, R> {
    // The body is kept by the request, for whoever handles it.
    const body = yield* Effect.interruptible(request.text)
    while (true) {
      const now = yield* Clock.currentTimeMillis
      const earlier = remembered.get(key)
      if (earlier === undefined || earlier.until <= now) {
        const first = {
          path: request.url,
          body,
          until: now + day,
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
      // One account's answers are not for another's key.
      return key ? idempotent(`${request.headers["authorization"]} ${key}`, request, httpEffect) : httpEffect
    })
})

const reused = HttpServerResponse.jsonUnsafe(
  { message: "This Idempotency-Key was used for another request. Use a new one for each request." },
  { status: 422 }
)

// A body that is a stream is read once, and can't be sent again.
const isDone = ({ body, status }: Response): boolean =>
  status < 500 && status !== 429 && (body._tag === "Uint8Array" || body._tag === "Empty")
