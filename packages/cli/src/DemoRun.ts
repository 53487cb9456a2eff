// The demo: serves the emulator, exports its connections, checks the file, and lists a few connections.
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Redacted from "effect/Redacted"
import { cli } from "./Cli.ts"
import { serve } from "./commands/emulate.ts"
import * as Failure from "./Failure.ts"
import * as Output from "./Output.ts"

const folder = "out"
const file = `${folder}/connections.ndjson`
const connections = 2500

/**
 * Runs the demo in the working directory. Fails if the exported file is incomplete.
 */
export const run = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const store = yield* Store.seeded({ connections, organizations: 100, seed: 1 })
  const url = yield* serve({ port: 0, store })
  const key = Redacted.value(Emulator.defaultApiKey)
  const runCommand = (...args: ReadonlyArray<string>) =>
    Effect.andThen(
      Output.result(`\n$ effect-workos ${args.join(" ")}`),
      Command.runWith(cli, { version: "demo" })(args).pipe(
        Effect.provideService(
          ConfigProvider.ConfigProvider,
          ConfigProvider.fromEnvRecord({ WORKOS_API_KEY: key, WORKOS_BASE_URL: url })
        )
      )
    )

  yield* Output.result(`The emulator serves ${connections} connections at ${url}.`)
  yield* Effect.orDie(fs.makeDirectory(folder, { recursive: true }))
  yield* runCommand("export", "connections", "--output", file)

  const lines = (yield* Effect.orDie(fs.readFileString(file))).trimEnd().split("\n")
  const exported = lines.map((line): { readonly id: string } => JSON.parse(line))
  const ids = new Set(exported.map(({ id }) => id))
  const missing = store.connections.rows.filter(({ id }) => !ids.has(id)).length
  yield* Output.result(
    missing === 0 && ids.size === connections && lines.length === connections
      ? `The file contains each of the ${connections} ids once.`
      : `${missing} ids are missing, and ${lines.length - ids.size} lines are duplicates.`
  )
  if (missing > 0 || lines.length !== connections) return yield* new Failure.Failure({ exitCode: 1 })

  yield* runCommand("connections", "list", "--limit", "5")
  yield* Output.result(
    [
      "",
      "Run the same commands against WorkOS with your API key:",
      "",
      "  WORKOS_API_KEY=sk_… npx -y pnpm@12 effect-workos connections list",
      `  WORKOS_API_KEY=sk_… npx -y pnpm@12 effect-workos export connections --output ${file}`,
      "",
      "Serve the emulator for any WorkOS SDK:",
      "",
      "  npx -y pnpm@12 effect-workos emulate",
      "",
      "Verify the emulator, or another server, against WorkOS's documented contract:",
      "",
      "  WORKOS_BASE_URL=http://127.0.0.1:4100 WORKOS_API_KEY=sk_test_emulator npx -y pnpm@12 effect-workos verify"
    ].join("\n")
  )
}).pipe(Effect.scoped)
