// The command line as it is published, and as its tests run it: one program with all that it needs but undici, so that
// `npx` fetches two packages, and Node reads a dozen files instead of hundreds. It starts in a third of the time.
import { build, type Metafile } from "esbuild"
import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join, relative } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../..", import.meta.url))

/**
 * Bundles the command line into a folder, from nothing, with the licences of what is in it.
 */
export const bundle = async (folder: string): Promise<void> => {
  rmSync(folder, { recursive: true, force: true })
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["packages/cli/src/bin.ts"],
    outdir: folder,
    platform: "node",
    target: "node22",
    format: "esm",
    bundle: true,
    // It is loaded by `import()` and is CommonJS, whose names would be lost on the way.
    external: ["undici"],
    // What a command does not need is not loaded: Parquet, the laws.
    splitting: true,
    // Names stay, so that a stack trace says something.
    minifySyntax: true,
    minifyWhitespace: true,
    metafile: true,
    // What is CommonJS in it asks for Node's own modules.
    banner: { js: 'import{createRequire as requireFrom}from"node:module";const require=requireFrom(import.meta.url);' }
  })
  writeFileSync(join(folder, "LICENSES.txt"), licencesOf(metafile))
}

const licencesOf = ({ inputs }: Metafile): string =>
  [...new Set(Object.keys(inputs).map((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? ""))]
    .filter((folder) => folder !== "")
    .map((folder): string => {
      const { license, name, version }: Record<string, string> = JSON.parse(
        readFileSync(join(root, folder, "package.json"), "utf8")
      )
      const [file] = globSync("{LICENSE,LICENCE,license}*", { cwd: join(root, folder) })
      if (file === undefined) throw new Error(`${relative(root, folder)} says nowhere how it is licensed`)
      return `${name} ${version} (${license})\n\n${readFileSync(join(root, folder, file), "utf8").trim()}\n`
    })
    .toSorted()
    .join("\n---\n\n")
