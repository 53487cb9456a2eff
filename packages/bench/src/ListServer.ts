// The server that benchmarks read from, in a separate process.
import { fork } from "node:child_process"
import { once } from "node:events"
import type { Counts, Options } from "./list-server.ts"

export interface Server {
  readonly url: URL
  /** Returns the numbers of requests since the last call. */
  readonly counts: () => Promise<Counts>
  readonly close: () => void
}

/**
 * Starts `list-server.ts` as a process.
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
 * Converts a number of rows to pages of 100. Fails if rows are missing.
 */
export const pagesOf = (seen: number, expected: number): number => {
  if (seen !== expected) throw new Error(`Read ${seen} of ${expected} rows.`)
  return expected / 100
}
