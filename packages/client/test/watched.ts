// A client whose requests are watched on their way to the emulator.
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import { WorkOs } from "../src/WorkOs.ts"

/** Where it sends them. */
const baseUrl = "https://workos.test/prefix"

/**
 * The client, the requests that have left it, and what has a call watched.
 */
export const watched = Effect.gen(function* () {
  const requests: Array<Request> = []
  const answer = yield* Emulator.fetch()
  const watch: typeof globalThis.fetch = (input, init) => {
    requests.push(new Request(input, init))
    return answer(input, init)
  }
  const workos = yield* WorkOs.pipe(
    Effect.provide(
      WorkOs.layer({ apiKey: Emulator.defaultApiKey, baseUrl: new URL(`${baseUrl}/`) }).pipe(
        Layer.provide(FetchHttpClient.layer)
      )
    ),
    Effect.provideService(FetchHttpClient.Fetch, watch)
  )
  return { requests, workos, watching: Effect.provideService(FetchHttpClient.Fetch, watch) }
}).pipe(Effect.provide(Store.layer({ connections: 3, organizations: 2, seed: 11 })))

/**
 * A request in one line, and its body where it has one.
 */
export const shown = (request: Request): Effect.Effect<readonly [line: string, body?: unknown]> =>
  Effect.promise(async () => {
    const line = `${request.method} ${request.url.replace(baseUrl, "")}`
    const text = await request.text()
    return text === "" ? [line] : [line, JSON.parse(text)]
  })
