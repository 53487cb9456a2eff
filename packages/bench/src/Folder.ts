// A temporary folder for the files of a measurement.
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/**
 * Calls a function with the paths of files in a temporary folder, and removes the folder afterwards.
 */
export const temporary = async <A>(use: (file: (name: string) => string) => Promise<A>): Promise<A> => {
  const folder = mkdtempSync(join(tmpdir(), "effect-workos-bench-"))
  try {
    return await use((name) => join(folder, name))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
