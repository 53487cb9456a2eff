// A client of the emulator whose requests are recorded.
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import { WorkOs } from "../src/WorkOs.ts"

/** The base URL of the client. */
const baseUrl = "https://workos.test/prefix"

/**
 * The client, its requests so far, and a function that records the requests of a call.
 */
export const recordedClient = Effect.gen(function* () {
  const requests: Array<Request> = []
  const respond = yield* Emulator.fetch()
  const recordingFetch: typeof globalThis.fetch = (input, init) => {
    requests.push(new Request(input, init))
    return respond(input, init)
  }
  const workos = yield* WorkOs.pipe(
    Effect.provide(
      WorkOs.layer({ apiKey: Emulator.defaultApiKey, baseUrl: new URL(`${baseUrl}/`) }).pipe(
        Layer.provide(FetchHttpClient.layer)
      )
    ),
    Effect.provideService(FetchHttpClient.Fetch, recordingFetch)
  )
  return { requests, workos, withRecording: Effect.provideService(FetchHttpClient.Fetch, recordingFetch) }
}).pipe(Effect.provide(Store.layer({ connections: 3, organizations: 2, seed: 11 })))

/**
 * Returns the request line of a request, and its body, if any.
 */
export const describeRequest = (request: Request): Effect.Effect<readonly [line: string, body?: unknown]> =>
  Effect.promise(async () => {
    const line = `${request.method} ${request.url.replace(baseUrl, "")}`
    const text = await request.text()
    return text === "" ? [line] : [line, JSON.parse(text)]
  })
