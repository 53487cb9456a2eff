// The socket of a request, and its destruction.
//
// Effect's servers do not expose sockets, so this module inspects the source of a request. On Node, the source has a socket.
// A request through `Emulator.fetch` has no socket.
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
 * Returns the local address of the socket, or `undefined` without a socket.
 */
export const localAddress = ({ source }: HttpServerRequest): string | undefined =>
  Predicate.hasProperty(source, "socket") &&
  Predicate.hasProperty(source.socket, "localAddress") &&
  Predicate.isString(source.socket.localAddress)
    ? source.socket.localAddress
    : undefined

/**
 * Tests whether the socket has carried a response before. Returns `undefined` without a socket.
 */
export const isReused = (request: HttpServerRequest): boolean | undefined => {
  const socket = socketOf(request)
  return socket === undefined ? undefined : socket.bytesWritten > 0
}

// Requests without a socket that `Emulator.fetch` must reject with a connection error.
const destroyedWithoutSocket = new WeakSet<object>()

/**
 * Tests whether a request without a socket must fail with a connection error.
 */
export const isDestroyed = (source: object): boolean => destroyedWithoutSocket.has(source)

/**
 * Makes the error with which Node's `fetch` reports a reset connection.
 */
export const resetError = (message: string): TypeError =>
  new TypeError(message, { cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }) })

// The server interrupts the fiber of a request when its socket closes.
const untilClosed = Effect.interruptible(Effect.never)

/**
 * Destroys the socket without a response, with a TCP reset (`reset`) or by closing it (`close`).
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
    return untilClosed
  })

/**
 * Returns a body that ends after its beginning: the socket is closed, or the stream fails without a socket.
 */
export const truncateBody = (request: HttpServerRequest, beginning: Uint8Array): Stream.Stream<Uint8Array, TypeError> =>
  Stream.concat(
    Stream.make(beginning),
    Stream.fromEffect(
      Effect.suspend(() => {
        const socket = socketOf(request)
        if (socket === undefined) return Effect.fail(resetError("terminated"))
        // Destroying immediately would discard the bytes that are not yet flushed.
        socket.end(() => socket.destroy())
        return untilClosed
      })
    )
  )
