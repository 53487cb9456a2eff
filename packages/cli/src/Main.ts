// Runs a program as a process, and reports its failures.
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Failure from "./Failure.ts"
import * as Usage from "./Usage.ts"

/**
 * Runs a program as a Node process. A failure determines the exit code of the process.
 */
export const run = <E extends Parameters<typeof Failure.report>[0]>(
  program: Effect.Effect<void, E, NodeServices.NodeServices>
): void =>
  program.pipe(
    Effect.catch(Failure.report),
    Effect.provide(Layer.provideMerge(Usage.layer, NodeServices.layer)),
    NodeRuntime.runMain
  )
