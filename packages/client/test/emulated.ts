// WorkOS as these tests see it: the client over the emulator, without a socket.
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as World from "@effect-workos/emulator/World"
import * as Layer from "effect/Layer"
import { WorkOs } from "../src/WorkOs.ts"

export const LayerWorld = World.layer({ connections: 1234, organizations: 40, seed: 11 })

export const layerWorkOs = (options: Emulator.Options = {}) =>
  // Time stands still in most tests, and a client that waits for it would wait for ever.
  WorkOs.layer({
    apiKey: Emulator.defaultApiKey,
    baseUrl: new URL("https://workos.test"),
    rateLimit: "unlimited"
  }).pipe(Layer.provideMerge(Emulator.layerHttpClient(options)), Layer.provideMerge(LayerWorld))
