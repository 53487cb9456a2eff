// The server that benchmarks read from, in a process of its own.
import { fork } from "node:child_process"
import { once } from "node:events"

export interface Server {
  readonly url: URL
  readonly close: () => void
}

/**
 * Starts `pages-server.ts` with so many connections.
 */
export const start = async (connections: number): Promise<Server> => {
  const child = fork(new URL("./pages-server.ts", import.meta.url), [String(connections)])
  const [port]: ReadonlyArray<unknown> = await once(child, "message")
  return { url: new URL(`http://127.0.0.1:${String(port)}`), close: () => child.disconnect() }
}
