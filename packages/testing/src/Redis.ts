// Redis for tests, if it is installed.
import * as Effect from "effect/Effect"
import { join } from "node:path"
import * as Process from "./Process.ts"

/**
 * A running Redis: the path of its socket, and its process id for tests that suspend it.
 */
export interface Redis {
  readonly socket: string
  readonly pid: number
}

/**
 * True if Redis is installed.
 */
export const isInstalled = Process.isInstalled("redis-server")

/**
 * Starts Redis for the lifetime of the scope.
 */
export const serve = Effect.gen(function* () {
  const folder = yield* Process.folder("redis-")
  const socket = join(folder, "redis.sock")
  const args = ["--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder]
  const { pid = 0 } = yield* Process.start("redis-server", args, /ready to accept connections/i)
  return { socket, pid } satisfies Redis
})
