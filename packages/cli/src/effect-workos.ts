// Runs the command line as a process.
import * as Command from "effect/cli/Command"
import packageJson from "../package.json" with { type: "json" }
import { cli } from "./Cli.ts"
import * as Main from "./Main.ts"

cli.pipe(Command.run({ version: packageJson.version }), Main.run)
