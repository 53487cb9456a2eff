#!/usr/bin/env -S node --max-semi-space-size=8
// The entry of the command line. What an export throws away page by page needs little room: with Node's own setting the
// process grows by half before it starts to clear up.
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import packageJson from "../package.json" with { type: "json" }
import { cli } from "./Cli.ts"
import * as Failure from "./Failure.ts"
import * as Usage from "./Usage.ts"

cli.pipe(
  Command.run({ version: packageJson.version }),
  Effect.catch(Failure.report),
  Effect.provide(Layer.merge(NodeServices.layer, Usage.layer)),
  NodeRuntime.runMain
)
