// Writes the version of the packages, which are released together, into the module that tells it to servers.
//
//   pnpm version-packages
import { readFileSync, writeFileSync } from "node:fs"

const file = "packages/domain/src/UserAgent.ts"
const { version }: { readonly version: string } = JSON.parse(readFileSync("packages/domain/package.json", "utf8"))

writeFileSync(file, readFileSync(file, "utf8").replace(/^const version = ".*"$/m, `const version = "${version}"`))
