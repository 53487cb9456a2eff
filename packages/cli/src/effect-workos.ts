// The command line as a process.
import * as Command from "effect/cli/Command"
import { createRequire } from "node:module"
import { cli } from "./Cli.ts"
import * as Main from "./Main.ts"

// Read, and not imported: it lies outside of what is compiled, and one folder up from here in sources and package alike.
const { version }: { readonly version: string } = createRequire(import.meta.url)("../package.json")

cli.pipe(Command.run({ version }), Main.run)
