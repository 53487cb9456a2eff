// Runs the program that prints the API key of a target.
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as ChildProcess from "effect/process/ChildProcess"
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import * as Failure from "./Failure.ts"

/**
 * Returns the configuration of the environment, with the output of a program in place of a variable. Without a program,
 * returns the environment.
 */
export const provider = Effect.fnUntraced(function* (command: ReadonlyArray<string> | undefined, variable: string) {
  const environment = yield* ConfigProvider.ConfigProvider
  if (command === undefined) return environment
  const token = yield* run(command)
  return ConfigProvider.orElse(ConfigProvider.fromEnvRecord({ [variable]: token }), environment)
})

const run = Effect.fnUntraced(function* ([program = "", ...args]: ReadonlyArray<string>) {
  const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
  const refuse = (problem: string) =>
    Failure.refuse(
      `The token command ${program} ${problem}. Run it in a terminal to see its output, or correct tokenCommand.`
    )
  const { code, output } = yield* Effect.scoped(
    Effect.gen(function* () {
      const running = yield* spawner.spawn(
        ChildProcess.make(program, args, { stdin: "ignore", stderr: "ignore", extendEnv: true })
      )
      const output = yield* Stream.mkString(Stream.decodeText(running.stdout))
      return { code: yield* running.exitCode, output: output.trim() }
    })
  ).pipe(
    Effect.timeoutOrElse({ duration: "1 minute", orElse: () => refuse("did not end within a minute") }),
    Effect.catchTag("PlatformError", () => refuse("could not be started"))
  )
  if (code !== 0) return yield* refuse(`failed with exit code ${code}`)
  // The output could be a token, so messages do not contain it.
  return output === "" || /\s/.test(output) ? yield* refuse("must print the token, and nothing else") : output
})
