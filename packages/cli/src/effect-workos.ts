// Runs the command line as a process.
import * as Command from "effect/cli/Command"
import { setFlagsFromString } from "node:v8"
import packageJson from "../package.json" with { type: "json" }
import { cli } from "./Cli.ts"
import * as Main from "./Main.ts"

// Collects garbage sooner, so that an export of a million rows needs a quarter less memory. The export takes a sixth longer
// with a server on this machine. With WorkOS, whose rate limit determines the time, the export takes the same time.
if (process.argv.includes("export", 2)) setFlagsFromString("--heap-growing-percent=20")

cli.pipe(Command.run({ version: packageJson.version }), Main.run)
