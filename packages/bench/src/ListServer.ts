// The server that benchmarks read from, in a process of its own.
import { fork } from "node:child_process"
import { once } from "node:events"
import type { Counts, Options } from "./list-server.ts"

export interface Server {
  readonly url: URL
  /** What it has answered since it was asked the last time. */
  readonly counts: () => Promise<Counts>
  readonly close: () => void
}

/**
 * Starts `list-server.ts`.
 */
export const start = async (options: Options): Promise<Server> => {
  const child = fork(new URL("./list-server.ts", import.meta.url), [JSON.stringify(options)])
  const [port]: ReadonlyArray<unknown> = await once(child, "message")
  return {
    url: new URL(`http://127.0.0.1:${String(port)}`),
    counts: async () => {
      child.send("counts")
      const [counts]: ReadonlyArray<Counts> = await once(child, "message")
      return counts ?? { responses: 0, refused: 0, most: 0 }
    },
    close: () => child.disconnect()
  }
}

/**
 * How many pages of a hundred rows that were. They must be all.
 */
export const pagesOf = (seen: number, expected: number): number => {
  if (seen !== expected) throw new Error(`${seen} rows of ${expected}`)
  return expected / 100
}
