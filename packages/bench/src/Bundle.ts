// What a program weighs in a browser, or wherever else it is sent as one file.
import { build } from "esbuild"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"

/** The programs that are weighed: each asks for one connection, and fetches the same URL. */
export const programs = {
  byHand: new URL("./size/by-hand.ts", import.meta.url),
  effectWorkos: new URL("./size/effect-workos.ts", import.meta.url),
  officialSdk: new URL("./size/workos-inc-node.ts", import.meta.url)
}

export interface Weight {
  /** Bytes, minified. */
  readonly minified: number
  /** Bytes, minified and compressed. */
  readonly gzip: number
}

/**
 * Weighs a program with everything that it imports, in a bundle for browsers, which fails where one needs Node.
 */
export const weigh = async (program: URL): Promise<Weight> => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(program)],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    write: false
  })
  const bytes = outputFiles.reduce((sum, { contents }) => Buffer.concat([sum, contents]), Buffer.alloc(0))
  return { minified: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length }
}
