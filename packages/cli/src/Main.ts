// Runs a program as a process, and reports its failures.
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import * as Runtime from "effect/Runtime"
import * as Failure from "./Failure.ts"
import * as Usage from "./Usage.ts"

/**
 * Runs a program as a Node process. A failure determines the exit code of the process. The exit code of an interruption is
 * 130, unless the command sets `Failure.InterruptionCode`.
 */
export const run = <E extends Parameters<typeof Failure.report>[0]>(
  program: Effect.Effect<void, E, NodeServices.NodeServices>
): void => {
  const code = Ref.makeUnsafe<number>(130)
  program.pipe(
    Effect.catch(Failure.report),
    Effect.provideService(Failure.InterruptionCode, code),
    Effect.provide(Layer.provideMerge(Usage.layer, NodeServices.layer)),
    NodeRuntime.runMain({
      teardown: (exit, onExit) =>
        Runtime.defaultTeardown(exit, (found) => onExit(found === 130 ? Ref.getUnsafe(code) : found))
    })
  )
}
