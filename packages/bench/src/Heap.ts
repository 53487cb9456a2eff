// What is held in memory when all is thrown away that can be.
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

setFlagsFromString("--expose-gc")
const collect: unknown = runInNewContext("gc")

/**
 * Megabytes: those of the heap that are in use, and those of the process.
 */
export const held = (): { readonly heap: number; readonly rss: number } => {
  if (typeof collect === "function") for (let i = 0; i < 3; i++) collect()
  const { heapUsed, rss } = process.memoryUsage()
  return { heap: heapUsed / 1e6, rss: rss / 1e6 }
}
