// A program as somebody has it who has installed what it imports: JavaScript in `node_modules`, and nothing for Node to strip.
import { build } from "esbuild"
import { execFile } from "node:child_process"
import { globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const bench = fileURLToPath(new URL("..", import.meta.url))

/**
 * Puts programs in `folder`, and what they import in `node_modules` below it. Gives their paths there.
 */
export const install = async (programs: ReadonlyArray<URL>, folder: string): Promise<ReadonlyArray<string>> => {
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
  const files = programs.map((program) => fileURLToPath(program))
  await toJavaScript(files, join(bench, "src/size"), folder)
  return files.map((file) => join(folder, file.slice(join(bench, "src/size").length).replace(/\.ts$/, ".js")))
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

const run = promisify(execFile)

const evaluate = async (script: string, program: string): Promise<number> => {
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script, program])
  return Number(stdout)
}

/**
 * How many milliseconds a process that has just begun takes to import a program.
 */
export const importTime = (program: string): Promise<number> =>
  evaluate(
    "const began = performance.now(); await import(process.argv[1]); console.log(performance.now() - began)",
    program
  )

/**
 * How many modules a program loads, itself included and Node's own left out.
 */
export const modules = (program: string): Promise<number> =>
  evaluate(
    `import { registerHooks } from "node:module"
     let loaded = 0
     registerHooks({ load: (url, context, next) => ((loaded += url.startsWith("file:") ? 1 : 0), next(url, context)) })
     await import(process.argv[1])
     console.log(loaded)`,
    program
  )
