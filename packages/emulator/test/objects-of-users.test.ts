// The rules of API keys, connected accounts, authorized applications and feature flags of users.
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Emulator from "../src/Emulator.ts"
import * as Store from "../src/Store.ts"
import { idsOf, send, sendRequest } from "./requests.ts"

const LayerEmulator = Emulator.layerHttpClient().pipe(Layer.provideMerge(Store.layer({ organizations: 5, seed: 3 })))

const anyUser = Effect.map(Store.Store, ({ users }) => {
  const user = users.rows[0]
  assert.isDefined(user)
  return user.id
})

const pathOf = (userId: string, rest: string) => `/user_management/users/${userId}/${rest}`

const flagsOf = (userId: string) => Effect.map(sendRequest(pathOf(userId, "feature-flags")), idsOf)

const deleteAt = (path: string) => sendRequest(path, { method: "DELETE" })

layer(LayerEmulator)("API keys of users", (it) => {
  it.effect("The response to a creation contains the value of the key, and lists contain its end only", () =>
    Effect.gen(function* () {
      const { organizationMemberships } = yield* Store.Store
      const membership = organizationMemberships.rows.find(({ status }) => status === "active")
      assert.isDefined(membership)
      const { organizationId, userId } = membership
      const path = pathOf(userId, "api_keys")
      const created = yield* send("POST", path, { name: "Scripts", organization_id: organizationId })
      assert.strictEqual(created.status, 201)
      const { value, ...key } = created.body
      assert.match(String(value), /^sk_\w{40}$/)
      const listed = yield* sendRequest(`${path}?organization_id=${organizationId}&limit=1`)
      assert.deepStrictEqual<unknown>(listed.body.data, [key])
      assert.strictEqual(key["obfuscated_value"], `sk_...${String(value).slice(-4)}`)
      assert.deepStrictEqual(idsOf(yield* sendRequest(`${path}?organization_id=org_other`)), [])
    })
  )

  it.effect("A creation requires an active membership, a known organization and a future time of expiry", () =>
    Effect.gen(function* () {
      const { organizationMemberships, organizations } = yield* Store.Store
      const membership = organizationMemberships.rows.find(({ status }) => status === "active")
      assert.isDefined(membership)
      const { organizationId, userId } = membership
      const path = pathOf(userId, "api_keys")
      const organizationIds = organizationMemberships
        .findBy("userId", userId)
        .map(({ organizationId }): string => organizationId)
      const other = organizations.rows.find(({ id }) => !organizationIds.includes(id))
      const payload = { name: "Scripts", organization_id: organizationId }
      const expired = { ...payload, expires_at: "1970-01-01T00:00:00.000Z" }
      for (const [status, at, body] of [
        [404, pathOf("user_other", "api_keys"), payload],
        [404, path, { ...payload, organization_id: "org_other" }],
        [422, path, { ...payload, organization_id: other?.id }],
        [422, path, expired]
      ] as const) {
        assert.strictEqual((yield* send("POST", at, body)).status, status)
      }
    })
  )
})

layer(LayerEmulator)("connected accounts", (it) => {
  it.effect("An imported account is one of its user, its provider and its organization", () =>
    Effect.gen(function* () {
      const { connectedAccounts, organizations } = yield* Store.Store
      const userId = yield* anyUser
      for (const { id } of connectedAccounts.findBy("userId", userId)) connectedAccounts.remove(id)
      const path = pathOf(userId, "connected_accounts/github")
      const inOrganization = `${path}?organization_id=${organizations.rows[0]?.id}`
      const created = yield* send("POST", path, { access_token: "gho_1", scopes: ["repo"] })
      assert.strictEqual(created.status, 201)
      assert.include(created.body, { state: "connected", user_id: userId, organization_id: null })
      assert.notProperty(created.body, "slug")
      assert.strictEqual((yield* send("POST", path, {})).status, 409)
      assert.strictEqual((yield* sendRequest(inOrganization)).status, 404)
      assert.strictEqual((yield* send("POST", inOrganization, {})).body["state"], "needs_reauthorization")
      assert.strictEqual((yield* send("PUT", inOrganization, { access_token: "gho_2" })).body["state"], "connected")

      const providers = yield* sendRequest(pathOf(userId, "data_providers"))
      const accounts = providers.body.data.map(({ connected_account: account, slug }) => [slug, account])
      assert.deepStrictEqual<unknown>(accounts, [
        ["github", created.body],
        ["notion", null],
        ["slack", null]
      ])

      assert.strictEqual((yield* deleteAt(path)).status, 204)
      assert.strictEqual((yield* sendRequest(path)).status, 404)
      assert.strictEqual((yield* sendRequest(inOrganization)).status, 200)
    })
  )

  it.effect("An account of an unknown provider cannot be imported", () =>
    Effect.gen(function* () {
      const path = pathOf(yield* anyUser, "connected_accounts/unknown")
      assert.strictEqual((yield* send("POST", path, {})).status, 404)
    })
  )
})

layer(LayerEmulator)("authorized applications", (it) => {
  it.effect("An authorization is revoked by the id or the client id of the application", () =>
    Effect.gen(function* () {
      const { authorizedApplications, users } = yield* Store.Store
      assert.isAtLeast(authorizedApplications.rows.length, 2)
      for (const [index, row] of authorizedApplications.rows.entries()) {
        const { application, userId } = row
        const path = pathOf(userId, "authorized_applications")
        assert.include(idsOf(yield* sendRequest(path)), row.id)
        const id = index % 2 === 0 ? application.id : application.clientId
        const other = users.rows.find((user) => user.id !== userId)
        assert.strictEqual((yield* deleteAt(pathOf(other?.id ?? "", `authorized_applications/${id}`))).status, 404)
        assert.strictEqual((yield* deleteAt(`${path}/${id}`)).status, 204)
        assert.strictEqual((yield* deleteAt(`${path}/${id}`)).status, 404)
        assert.notInclude(idsOf(yield* sendRequest(path)), row.id)
      }
    })
  )
})

layer(LayerEmulator)("feature flags", (it) => {
  it.effect("Users have different flags, and each user has the same flags in each request", () =>
    Effect.gen(function* () {
      const { users } = yield* Store.Store
      const flags = yield* Effect.forEach(users.rows, ({ id }) => flagsOf(id))
      assert.isAbove(new Set(flags.map(String)).size, 1)
      assert.deepStrictEqual(yield* Effect.forEach(users.rows, ({ id }) => flagsOf(id)), flags)
    })
  )
})

layer(LayerEmulator)("a deleted user", (it) => {
  it.effect("A deleted user has no API keys, accounts and applications, and lists of the user respond with 404", () =>
    Effect.gen(function* () {
      const { authorizedApplications, connectedAccounts, userApiKeys, users } = yield* Store.Store
      const [owner] = userApiKeys.rows
      assert.isDefined(owner)
      const userId = owner.owner.id
      users.remove(userId)
      assert.isEmpty(userApiKeys.findBy("userId", userId))
      assert.isEmpty(connectedAccounts.findBy("userId", userId))
      assert.isEmpty(authorizedApplications.findBy("userId", userId))
      for (const rest of ["api_keys", "feature-flags", "authorized_applications", "data_providers"]) {
        assert.strictEqual((yield* sendRequest(pathOf(userId, rest))).status, 404)
      }
    })
  )
})
