// The line on which a request came, and how it is cut.
//
// Effect's servers have no word for it: an answer is all that a handler can give. What is beneath is asked for its shape
// and not by its type, because the emulator runs wherever Effect does: a request that Node took has its socket, and one
// that came through `Emulator.fetch` has none.
import * as Effect from "effect/Effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"

interface Socket {
  readonly bytesWritten: number
  readonly destroy: () => unknown
  readonly end: (flushed: () => void) => unknown
}

const isSocket = (value: unknown): value is Socket =>
  Predicate.hasProperty(value, "bytesWritten") &&
  Predicate.isNumber(value.bytesWritten) &&
  Predicate.hasProperty(value, "destroy") &&
  Predicate.isFunction(value.destroy) &&
  Predicate.hasProperty(value, "end") &&
  Predicate.isFunction(value.end)

const socketOf = ({ source }: HttpServerRequest): Socket | undefined =>
  Predicate.hasProperty(source, "socket") && isSocket(source.socket) ? source.socket : undefined

/**
 * The address of the emulator's end of the line; `undefined` where there is no line.
 */
export const localAddress = ({ source }: HttpServerRequest): string | undefined =>
  Predicate.hasProperty(source, "socket") &&
  Predicate.hasProperty(source.socket, "localAddress") &&
  Predicate.isString(source.socket.localAddress)
    ? source.socket.localAddress
    : undefined

/**
 * Whether the line has answered a request before; `undefined` where there is no line.
 */
export const isReused = (request: HttpServerRequest): boolean | undefined => {
  const socket = socketOf(request)
  return socket === undefined ? undefined : socket.bytesWritten > 0
}

// Requests without a line that were to be cut. `Emulator.fetch` asks for them.
const destroyedWithoutSocket = new WeakSet<object>()

/**
 * Whether a request that has no line is to fail as if it had been cut.
 */
export const isDestroyed = (source: object): boolean => destroyedWithoutSocket.has(source)

/**
 * What a client without a socket is told where one with a socket sees that it is gone: what `fetch` of Node says.
 */
export const resetError = (message: string): TypeError =>
  new TypeError(message, { cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }) })

// The server ends the fiber of a request whose line is gone, so nothing is left that waits.
const gone = Effect.interruptible(Effect.never)

/**
 * Cuts the line, as if the machine at its end had forgotten it (`reset`), or closes it as a server does that has no more
 * to say (`close`). No answer follows.
 */
export const destroy = (
  request: HttpServerRequest,
  how: "reset" | "close"
): Effect.Effect<HttpServerResponse.HttpServerResponse> =>
  Effect.suspend(() => {
    const socket = socketOf(request)
    if (socket === undefined) {
      destroyedWithoutSocket.add(request.source)
      return Effect.succeed(HttpServerResponse.empty({ status: 502 }))
    }
    if (
      how === "reset" &&
      Predicate.hasProperty(socket, "resetAndDestroy") &&
      Predicate.isFunction(socket.resetAndDestroy)
    )
      socket.resetAndDestroy()
    else socket.destroy()
    return gone
  })

/**
 * A body that begins and is cut.
 */
export const truncateBody = (request: HttpServerRequest, beginning: Uint8Array): Stream.Stream<Uint8Array, TypeError> =>
  Stream.concat(
    Stream.make(beginning),
    Stream.fromEffect(
      Effect.suspend(() => {
        const socket = socketOf(request)
        if (socket === undefined) return Effect.fail(resetError("terminated"))
        // What was written is still on its way out, and destroying would throw it away.
        socket.end(() => socket.destroy())
        return gone
      })
    )
  )
