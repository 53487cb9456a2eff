// Gets a connection that exists and a connection that does not exist.
import { WorkOs } from "@effect-workos/client/WorkOs"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"

const program = Effect.gen(function* () {
  const { connections } = yield* WorkOs
  const ids = yield* Stream.runCollect(Stream.map(connections.stream(), ({ id }) => id))
  yield* Console.log(`${ids.length} connections`)
  const [first = ""] = ids
  yield* Console.log((yield* connections.get(first)).id === first ? "the same" : "another")
  yield* connections.get("conn_01E4ZCR3C56J083X43JQXF3JK5")
}).pipe(Effect.catchTag("NotFound", ({ _tag, message }) => Console.log(`${_tag}: ${message}`)))

const WorkOsTest = WorkOs.layer({ apiKey: Emulator.defaultApiKey }).pipe(
  Layer.provide(Emulator.layerHttpClient()),
  Layer.provide(Store.layer({ connections: 250, organizations: 5, seed: 1 }))
)

Effect.runPromise(Effect.provide(program, WorkOsTest))
