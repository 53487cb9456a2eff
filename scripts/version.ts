// Copies the version of the packages, which are released together, into the module `Version` of `domain`.
//
//   pnpm version-packages
import { readFileSync, writeFileSync } from "node:fs"

const file = "packages/domain/src/Version.ts"
const { version }: { readonly version: string } = JSON.parse(readFileSync("packages/domain/package.json", "utf8"))

writeFileSync(
  file,
  readFileSync(file, "utf8").replace(/^export const version = ".*"$/m, `export const version = "${version}"`)
)
