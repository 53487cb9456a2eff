// A folder for what a measurement writes, for as long as it takes.
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/**
 * Gives the paths of files in a folder that is gone afterwards.
 */
export const temporary = async <A>(use: (file: (name: string) => string) => Promise<A>): Promise<A> => {
  const folder = mkdtempSync(join(tmpdir(), "effect-workos-bench-"))
  try {
    return await use((name) => join(folder, name))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
