// AuthKit over plain HTTP without a socket: users in the store, grants, and the forms of the hosted pages.
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Clients from "../src/Clients.ts"
import * as Emulator from "../src/Emulator.ts"
import * as Store from "../src/Store.ts"
import * as AuthKitUsers from "../src/internal/AuthKitUsers.ts"
import * as IdGenerator from "../src/internal/IdGenerator.ts"
import * as OrganizationMemberships from "../src/internal/OrganizationMemberships.ts"
import { apiKey, defined, keys, query, redirectParameters, sendRequest, type SignInResponse } from "./sign-in.ts"

type Fields = Readonly<Record<string, string | undefined>>

/** An emulator of three organizations without users. */
export const emulated = (options: Emulator.Options = {}) =>
  Emulator.layerHttpClient({ keys, ...options }).pipe(
    Layer.provideMerge(
      Layer.effect(Store.Store, Store.seeded({ connections: 3, organizations: 3, users: 0, invitations: 0, seed: 11 }))
    )
  )

export const password = "correct horse battery staple"

/** Adds a user with a password. */
export const addUser = Effect.fnUntraced(function* (email: string, emailVerified = true) {
  const store = yield* Store.Store
  const user = yield* AuthKitUsers.create(store, { email, emailVerified })
  store.secrets.passwords.set(user.id, password)
  return user
})

/** Adds a user to the first organizations of the store. */
export const addMember = Effect.fnUntraced(function* (email: string, count = 1, role = "member") {
  const store = yield* Store.Store
  const user = yield* addUser(email)
  const organizations = store.organizations.rows.slice(0, count)
  const ids = yield* IdGenerator.current
  for (const { id } of organizations) OrganizationMemberships.join({ ids, store }, user.id, id, "active", role)
  return { user, organizations }
})

/** Sends a grant. The client id and the client secret have defaults; `undefined` omits a field. */
export const grant = (grantType: string, fields: Fields) => {
  const body = { client_id: Clients.defaultClientId, client_secret: apiKey, grant_type: grantType, ...fields }
  return sendRequest("/user_management/authenticate", { body: JSON.stringify(body) })
}

export const withPassword = (email: string, fields: Fields = {}) => grant("password", { email, password, ...fields })

export const withRefreshToken = (token: unknown, fields: Fields = {}) =>
  grant("refresh_token", { refresh_token: String(token), ...fields })

/** Continues the authentication of a response with a next step. */
export const continueWith = (grantType: string, { body }: SignInResponse, fields: Fields) =>
  grant(`urn:workos:oauth:grant-type:${grantType}`, {
    pending_authentication_token: String(body["pending_authentication_token"]),
    ...fields
  })

export const authorize = (fields: Fields, headers: Readonly<Record<string, string>> = {}) =>
  sendRequest(`/user_management/authorize?${query({ provider: "authkit", ...fields })}`, { headers })

/** Signs a user in automatically and returns the code. */
export const codeOf = (fields: Fields) =>
  Effect.map(authorize(fields), (response) => {
    const { code } = redirectParameters(response)
    assert.isDefined(code, response.headers["location"])
    return code
  })

/** Ends a session in the browser. */
export const signOut = (sessionId: string, fields: Fields = {}) =>
  sendRequest(`/user_management/sessions/logout?${new URLSearchParams(defined({ session_id: sessionId, ...fields }))}`)

/** Asserts that a response has an error of a name, and contains none of the secrets. */
export const assertError = (
  response: SignInResponse,
  status: number,
  name: string,
  ...secrets: ReadonlyArray<string>
) => {
  assert.strictEqual(response.body["error"] ?? response.body["code"], name, response.text)
  assert.strictEqual(response.status, status, response.text)
  for (const secret of [apiKey, password, ...secrets]) assert.notInclude(response.text, secret)
}

/** The claims of an access token, without verification. */
export const claimsOf = ({ body }: SignInResponse): Readonly<Record<string, unknown>> =>
  JSON.parse(Buffer.from(String(body["access_token"]).split(".")[1] ?? "", "base64url").toString())
