// Writes the `exports` of every package that is published: one entry for each module outside of `src/internal`, and no
// more. In the workspace an entry is the source; in the published package what is built of it. With --check, which writes
// nothing, says which packages have others.
//
//   node scripts/exports.ts
import { globSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { isCheck } from "./Page.ts"

interface Manifest {
  readonly private?: boolean
  readonly bin?: unknown
  readonly exports?: unknown
  readonly publishConfig?: { readonly exports?: unknown }
}

const itself = { "./package.json": "./package.json" }
let differ = 0

for (const file of globSync("packages/*/package.json").toSorted()) {
  const text = readFileSync(file, "utf8")
  const manifest: Manifest = JSON.parse(text)
  // The command line is a program: nobody imports it.
  if (manifest.private === true || manifest.bin !== undefined) continue
  const source = join(dirname(file), "src")
  const modules = globSync("**/*.ts", { cwd: source, exclude: ["internal/**"] })
    .map((module) => module.replace(/[.]ts$/, ""))
    .toSorted()
  const listed = (entry: (module: string) => string) => ({
    ...itself,
    ...Object.fromEntries(modules.map((module) => [`./${module}`, entry(module)]))
  })
  const written = {
    ...manifest,
    exports: listed((module) => `./src/${module}.ts`),
    publishConfig: {
      ...manifest.publishConfig,
      exports: listed((module) => `./dist/${module}.js`)
    }
  }
  const next = `${JSON.stringify(written, undefined, 2)}\n`
  if (next === text) continue
  differ++
  if (isCheck) process.stderr.write(`${file} has other exports than modules: \`node scripts/exports.ts\` writes them\n`)
  else writeFileSync(file, next)
}
if (isCheck && differ > 0) process.exit(1)
