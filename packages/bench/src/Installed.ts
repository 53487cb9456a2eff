// The measured programs as a user installs them: JavaScript, with packages in `node_modules`.
import { build } from "esbuild"
import { globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { type Name, programs } from "./Bundle.ts"

const bench = fileURLToPath(new URL("..", import.meta.url))

/**
 * Writes all programs into `folder`, and the packages that they import into its `node_modules`. Returns a function from a
 * program's name to its path.
 */
export const install = async (folder: string): Promise<(name: Name) => string> => {
  const modules = join(folder, "node_modules")
  for (const name of ["@effect-workos/domain", "@effect-workos/client"]) {
    const source = join(bench, "node_modules", name)
    const target = join(modules, name)
    await toJavaScript(globSync(join(source, "src/**/*.ts")), join(source, "src"), join(target, "dist"))
    const manifest: { readonly publishConfig: object } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"))
    writeFileSync(join(target, "package.json"), JSON.stringify({ ...manifest, ...manifest.publishConfig }))
  }
  for (const name of ["effect", "@workos-inc/node"]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(join(bench, "node_modules", name), join(modules, name))
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }))
  const files = Object.values(programs).map((program) => fileURLToPath(program))
  await toJavaScript(files, join(bench, "src/programs"), folder)
  return (name) => join(folder, basename(fileURLToPath(programs[name])).replace(/\.ts$/, ".js"))
}

const toJavaScript = async (files: ReadonlyArray<string>, from: string, to: string): Promise<void> => {
  const { outputFiles } = await build({
    entryPoints: [...files],
    outbase: from,
    outdir: to,
    format: "esm",
    target: "es2024",
    write: false
  })
  for (const { path, text } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text.replaceAll(/( from "\.{1,2}\/[^"]+)\.ts"/g, '$1.js"'))
  }
}
