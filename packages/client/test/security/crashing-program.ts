// A program that crashes with the error of a call: the server and the way in which it crashes are its arguments.
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import * as RetryPolicy from "../../src/RetryPolicy.ts"
import { platforms } from "../platforms.ts"
import { withClient, create } from "./servers.ts"

const [, , url = "", mode] = process.argv
const layerPlatform = platforms[1]!.layer
// This process shares its processor with the server and other processes, so it waits as long as ordinary programs do.
const program = withClient({ baseUrl: new URL(url) }, layerPlatform, create, RetryPolicy.standard)

if (mode === "runMain") NodeRuntime.runMain(program)
else if (mode === "reject") void Effect.runPromise(program)
else {
  const error = await Effect.runPromise(Effect.flip(program))
  // oxlint-disable-next-line no-console -- the test reads the output
  console.log(error, JSON.stringify(error))
  setTimeout(() => {
    throw error
  })
}
