#!/usr/bin/env -S node --max-semi-space-size=8
// The entry of the command line. What an export throws away page by page needs little room: with Node's own setting the
// process grows by half before it starts to clear up.
import * as Command from "effect/cli/Command"
import packageJson from "../package.json" with { type: "json" }
import { cli } from "./Cli.ts"
import * as Main from "./Main.ts"

cli.pipe(Command.run({ version: packageJson.version }), Main.run)
