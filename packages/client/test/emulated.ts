// The client over the emulator, without a socket.
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Layer from "effect/Layer"
import { WorkOs } from "../src/WorkOs.ts"

const LayerStore = Store.layer({ connections: 1234, organizations: 40, seed: 11 })

/** A store that is built quickly, for tests that do not depend on the number of rows. */
export const LayerSmallStore = Store.layer({ connections: 60, organizations: 20, seed: 11 })

export const layerWorkOs = (options: Emulator.Options = {}, layerStore = LayerStore) =>
  // The test clock does not advance in most tests, so a rate limiter would never allow a request.
  WorkOs.layer({
    apiKey: Emulator.defaultApiKey,
    baseUrl: new URL("https://workos.test"),
    rateLimit: "unlimited"
  }).pipe(Layer.provideMerge(Emulator.layerHttpClient(options)), Layer.provideMerge(layerStore))
