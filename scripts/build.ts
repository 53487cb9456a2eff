// Builds what is published: each package into a `dist` of its own, from nothing, so that a module that is no more leaves
// nothing behind. One compiler run for all libraries, in the order that the references say (tsconfig.build.json); and the
// command line as one program.
//
//   node scripts/build.ts
import { bundle } from "../packages/cli/scripts/bundle.ts"
import { execFileSync } from "node:child_process"
import { globSync, rmSync } from "node:fs"
import { dirname, join } from "node:path"

const projects = globSync("packages/*/tsconfig.build.json")
for (const project of projects) rmSync(join(dirname(project), "dist"), { recursive: true, force: true })
execFileSync("tsc", ["--build", ...projects], { stdio: "inherit", shell: process.platform === "win32" })
await bundle("packages/cli/dist")
