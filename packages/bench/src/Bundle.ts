// Bundles of the measured programs.
import { build, type Platform } from "esbuild"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"

/** The measured programs. Each gets one connection. */
export const programs = {
  byHand: new URL("./programs/by-hand.ts", import.meta.url),
  effectWorkos: new URL("./programs/effect-workos.ts", import.meta.url),
  workOs: new URL("./programs/work-os.ts", import.meta.url),
  officialSdk: new URL("./programs/workos-inc-node.ts", import.meta.url)
}

export type Name = keyof typeof programs

export interface Weight {
  /** Size of the minified bundle in bytes. */
  readonly minified: number
  /** Size of the minified and compressed bundle in bytes. */
  readonly gzip: number
}

const bundle = async (name: Name, platform: Platform): Promise<Uint8Array> => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(programs[name])],
    bundle: true,
    minify: true,
    format: "esm",
    platform,
    write: false
  })
  return Buffer.concat(outputFiles.map(({ contents }) => contents))
}

/**
 * Weighs a program's bundle for browsers. Fails if the program needs Node.
 */
export const weigh = async (name: Name): Promise<Weight> => {
  const bytes = await bundle(name, "browser")
  return { minified: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length }
}

/**
 * Writes a program's bundle for Node into a folder and returns its path.
 */
export const write = async (name: Name, folder: string): Promise<string> => {
  const file = join(folder, `${name}.bundle.mjs`)
  writeFileSync(file, await bundle(name, "node"))
  return file
}
