// Bundles the server for Node, and the worker for edge runtimes: `node scripts/bundle.ts [FOLDER]`.
import { build, type BuildOptions } from "esbuild"

const options: BuildOptions = {
  outdir: process.argv[2] ?? "dist",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  format: "esm"
}

await build({
  ...options,
  entryPoints: ["src/main.ts"],
  platform: "node",
  target: "node24",
  // undici and ws are CommonJS: they call `require` for modules of Node. esbuild does not parse the banner, so its names must
  // differ from all names in the bundle.
  banner: {
    js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);'
  }
})

await build({
  ...options,
  entryPoints: ["src/edge.ts"],
  // Fails if the worker imports a module of Node.
  platform: "neutral",
  target: "es2022",
  minify: true
})
