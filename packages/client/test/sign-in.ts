// Sign-ins in tests: applications with and without an API key over the emulator, without a socket, and a record of all
// requests.
import { assert } from "@effect/vitest"
import type { Connection } from "@effect-workos/domain/sso/Connection"
import * as Clients from "@effect-workos/emulator/Clients"
import * as Emulator from "@effect-workos/emulator/Emulator"
import * as Store from "@effect-workos/emulator/Store"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as SignIn from "../src/SignIn.ts"
import { type PublicMethods, PublicSso, Sso } from "../src/Sso.ts"
import * as WorkOsConfig from "../src/WorkOsConfig.ts"
import { LayerSmallStore } from "./emulated.ts"

export const clientId = Clients.defaultClientId
const redirectUri = "http://localhost:3000/callback"
export const baseUrl = new URL("https://workos.test")

/** All requests, in the order in which they were sent. */
export class Sent extends Context.Service<Sent, ReadonlyArray<HttpClientRequest.HttpClientRequest>>()("test/Sent") {}

const layerSent = Layer.effectContext(
  Effect.map(HttpClient.HttpClient, (client) => {
    const sent: Array<HttpClientRequest.HttpClientRequest> = []
    const telling = HttpClient.tapRequest(client, (request) => Effect.sync(() => sent.push(request)))
    return Context.make(Sent, sent).pipe(Context.add(HttpClient.HttpClient, telling))
  })
)

const unlimited = { baseUrl, rateLimit: "unlimited" } as const

/** `Sso` and `PublicSso` over one emulator. */
export const layerSso = (options: Emulator.Options = {}) =>
  Layer.mergeAll(
    Layer.provide(Layer.fresh(Sso.layer), WorkOsConfig.layer({ apiKey: Emulator.defaultApiKey, ...unlimited })),
    PublicSso.layer(unlimited)
  ).pipe(
    Layer.provideMerge(layerSent),
    Layer.provide(Emulator.layerHttpClient(options)),
    Layer.provideMerge(LayerSmallStore)
  )

/** Returns the first active connection of the store that matches. */
export const findConnection = (isWanted: (row: Connection) => boolean = () => true) =>
  Effect.map(Store.Store, ({ connections }) => {
    const found = connections.rows.find((row) => row.state === "active" && isWanted(row))
    assert.isDefined(found)
    return found
  })

/** Requests a URL like a browser, and returns the status and the URL of the redirect. */
export const visit = Effect.fnUntraced(function* (url: URL) {
  const { headers, status } = yield* Effect.provideService(HttpClient.get(url), FetchHttpClient.RequestInit, {
    redirect: "manual"
  })
  return { status, location: headers["location"] }
})

/** Signs a user in, and returns the code and its verifier. */
export const completeSignIn = Effect.fnUntraced(function* (
  sso: Pick<PublicMethods, "start">,
  options: Partial<Pick<SignIn.StartOptions, "clientId" | "loginHint">> = {}
) {
  const { id: connection } = yield* findConnection()
  const begun = yield* sso.start({ clientId, redirectUri, connection, ...options })
  const { location = "" } = yield* visit(begun.url)
  const code = yield* Effect.fromResult(SignIn.callback(new URL(location), begun))
  return { code, codeVerifier: begun.codeVerifier }
})

/** Signs a user in without a PKCE challenge, and returns the code. */
export const codeWithoutChallenge = Effect.fnUntraced(function* (isWanted?: (row: Connection) => boolean) {
  const sso = yield* Sso
  const { id: connection } = yield* findConnection(isWanted)
  const state = "only-mine"
  const url = yield* Effect.fromResult(sso.authorizationUrl({ clientId, redirectUri, connection, state }))
  const { location = "" } = yield* visit(url)
  return yield* Effect.fromResult(SignIn.callback(new URL(location), { state }))
})
