// Runs the command line as a process.
import * as Command from "effect/cli/Command"
import { setFlagsFromString } from "node:v8"
import packageJson from "../package.json" with { type: "json" }
import { cli } from "./Cli.ts"
import * as Main from "./Main.ts"

// Collects garbage sooner: a million rows need a quarter less memory. That costs a sixth more time with a server on this
// machine, and none with WorkOS, whose rate limit takes longer.
if (process.argv.includes("export", 2)) setFlagsFromString("--heap-growing-percent=20")

cli.pipe(Command.run({ version: packageJson.version }), Main.run)
