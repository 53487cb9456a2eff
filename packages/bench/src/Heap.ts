// Memory after garbage collection.
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

setFlagsFromString("--expose-gc")
const collect: unknown = runInNewContext("gc")

/**
 * Returns the used heap and the resident memory of the process after garbage collection, in megabytes.
 */
export const held = (): { readonly heap: number; readonly rss: number } => {
  if (typeof collect === "function") for (let i = 0; i < 3; i++) collect()
  const { heapUsed, rss } = process.memoryUsage()
  return { heap: heapUsed / 1e6, rss: rss / 1e6 }
}
