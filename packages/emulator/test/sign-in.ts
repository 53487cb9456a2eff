// Sign-in requests of an application over plain HTTP, without a socket.
import { assert } from "@effect/vitest"
import type { Connection } from "@effect-workos/domain/sso/Connection"
import { ProfileAndToken } from "@effect-workos/domain/sso/Sso"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Clients from "../src/Clients.ts"
import * as Emulator from "../src/Emulator.ts"
import * as Keys from "../src/Keys.ts"
import * as Store from "../src/Store.ts"

export const apiKey = Redacted.value(Emulator.defaultApiKey)

export const callback = "http://localhost:3000/callback"

// Shared, since generating a key takes longer than a test.
export const keys = Effect.runSync(Keys.make)

/** An emulator and its store, of 120 connections. */
export const emulated = (options: Emulator.Options = {}) =>
  Emulator.layerHttpClient({ keys, ...options }).pipe(
    Layer.provideMerge(Store.layer({ connections: 120, organizations: 40, seed: 11 }))
  )

export interface SignInResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly body: Readonly<Record<string, unknown>>
}

type Fields = Readonly<Record<string, string | undefined>>

export const defined = (fields: Fields): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])))

export const sendRequest = Effect.fnUntraced(
  function* (
    path: string,
    {
      body,
      contentType = "application/json",
      headers = {},
      method = body === undefined ? "GET" : "POST"
    }: {
      readonly method?: "GET" | "POST" | "DELETE"
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
      readonly contentType?: string
    } = {}
  ): Effect.fn.Return<SignInResponse, never, HttpClient.HttpClient> {
    const bare = HttpClientRequest.make(method)(`http://workos.test${path}`, { headers })
    const request = body === undefined ? bare : HttpClientRequest.bodyText(bare, body, contentType)
    const response = yield* Effect.orDie(HttpClient.execute(request))
    const text = yield* Effect.orDie(response.text)
    const isJson = response.headers["content-type"]?.startsWith("application/json") === true
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} }
  },
  Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" })
)

/** The parameters of a valid sign-in with changes; `undefined` omits a parameter. */
export const query = (fields: Fields): string =>
  new URLSearchParams(
    defined({ client_id: Clients.defaultClientId, redirect_uri: callback, response_type: "code", ...fields })
  ).toString()

export const authorize = (fields: Fields, headers: Readonly<Record<string, string>> = {}) =>
  sendRequest(`/sso/authorize?${query(fields)}`, { headers })

/** The parameters of the redirect. */
export const redirectParameters = ({ headers }: SignInResponse): Record<string, string> =>
  Object.fromEntries(new URL(headers["location"] ?? "").searchParams)

/** Signs a user in and returns the code. */
export const codeOf = (fields: Fields) =>
  Effect.map(authorize(fields), (response) => {
    const { code } = redirectParameters(response)
    assert.isDefined(code)
    return code
  })

/** Exchanges a code. The client secret defaults to the API key. */
export const exchange = (fields: Fields) =>
  sendRequest("/sso/token", {
    body: new URLSearchParams(
      defined({
        client_id: Clients.defaultClientId,
        client_secret: apiKey,
        grant_type: "authorization_code",
        ...fields
      })
    ).toString(),
    contentType: "application/x-www-form-urlencoded"
  })

const decodeExchanged = Schema.decodeUnknownSync(Schema.toEncoded(ProfileAndToken))

/** Signs a user in and returns the profile and the token. */
export const signedIn = (fields: Fields) =>
  Effect.flatMap(codeOf(fields), (code) => exchange({ code })).pipe(Effect.map(({ body }) => decodeExchanged(body)))

/** Returns the first connection of the store that matches. */
export const findConnection = (isWanted: (row: Connection) => boolean = () => true) =>
  Effect.map(Store.Store, ({ connections }) => {
    const found = connections.rows.find((row) => row.state === "active" && isWanted(row))
    assert.isDefined(found)
    return found
  })

export const profileBy = (accessToken: string) =>
  sendRequest("/sso/profile", { headers: { authorization: `Bearer ${accessToken}` } })

/** Asserts that a response is an OAuth error that contains none of the secrets. */
export const assertRefused = (response: SignInResponse, error: string, ...secrets: ReadonlyArray<string>) => {
  assert.strictEqual(response.body["error"], error, response.text)
  assert.strictEqual(response.status, 400)
  assert.isString(response.body["error_description"])
  for (const secret of [apiKey, ...secrets]) assert.notInclude(response.text, secret)
}
