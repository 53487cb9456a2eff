// Builds the published packages into their `dist` folders. Removes the folders first, so that they contain no files of
// deleted modules. One run of the compiler builds all libraries, in the order of the references in tsconfig.build.json. The
// command line is bundled.
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
