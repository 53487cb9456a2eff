// `/user_management/authorize`: users who sign in without a page, and errors in the redirect.
import { assert, layer } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { InvitationId } from "@effect-workos/domain/user-management/Invitation"
import * as Clients from "../src/Clients.ts"
import * as Store from "../src/Store.ts"
import { addMember, addUser, authorize, codeOf, emulated, grant, signOut } from "./authkit.ts"
import { callback, redirectParameters } from "./sign-in.ts"

const exchange = (code: string) => grant("authorization_code", { code })

const signIn = (fields: Parameters<typeof authorize>[0]) => Effect.flatMap(codeOf(fields), exchange)

/** Adds an invitation that expires in a day. */
const addInvitation = Effect.fnUntraced(function* (email: string, organizationId: string | undefined) {
  const { invitations, organizations } = yield* Store.Store
  const organization = organizations.get(organizationId ?? "")
  const token = `token-of-${email}`
  invitations.set({
    object: "invitation",
    id: InvitationId.make(`invitation_01E4ZCR3C56J083X43JQXF3J${String(invitations.rows.length).padStart(2, "0")}`),
    email,
    state: "pending",
    expiresAt: DateTime.makeUnsafe(24 * 60 * 60 * 1000),
    ...(organization === undefined ? {} : { organizationId: organization.id }),
    roleSlug: "admin",
    token: Redacted.make(token),
    acceptInvitationUrl: Redacted.make(`https://example.com/${token}`),
    createdAt: DateTime.makeUnsafe(0),
    updatedAt: DateTime.makeUnsafe(0)
  })
  return token
})

layer(emulated())("/user_management/authorize", (it) => {
  it.effect("The authorization URL signs in the hinted user, whom it creates with a verified address and a name", () =>
    Effect.gen(function* () {
      const { body } = yield* signIn({ login_hint: "Alan.Turing@example.com" })
      assert.deepInclude(body["user"], { first_name: "Alan", last_name: "Turing", email_verified: true })
      assert.isUndefined(body["organization_id"])
      const again = yield* signIn({ login_hint: "alan.turing@EXAMPLE.com" })
      assert.propertyVal(again.body["user"], "id", Reflect.get(Object(body["user"]), "id"))
      const unverified = yield* addUser("unverified@example.com", false)
      const response = yield* signIn({ login_hint: unverified.email })
      assert.deepInclude(response.body["user"], { id: unverified.id, email_verified: true })
    })
  )

  it.effect("The authorization URL signs in the oldest member of an organization, or refuses another user", () =>
    Effect.gen(function* () {
      const { organizations } = yield* Store.Store
      const empty = organizations.rows.at(-1)?.id
      const first = yield* signIn({ organization_id: empty })
      assert.strictEqual(first.body["organization_id"], empty)
      const { user } = yield* addMember("member@example.com", 2)
      const organization = organizations.rows[1]?.id
      const second = yield* signIn({ organization_id: organization })
      assert.deepInclude(second.body["user"], { id: user.id })
      assert.strictEqual(second.body["organization_id"], organization)
      const other = yield* authorize({ organization_id: organization, login_hint: "x@example.com", state: "s" })
      const { error, state } = redirectParameters(other)
      assert.deepStrictEqual({ error, state }, { error: "organization_membership_not_found", state: "s" })
    })
  )

  it.effect("The authorization URL accepts an invitation once, and only for its address", () =>
    Effect.gen(function* () {
      const { invitations, organizationMemberships, organizations } = yield* Store.Store
      const organization = organizations.rows[0]?.id
      const invitation_token = yield* addInvitation("guest@example.com", organization)
      const wrong = yield* authorize({ invitation_token, login_hint: "other@example.com" })
      assert.strictEqual(redirectParameters(wrong)["error"], "invitation_cannot_be_used_for_email")
      const { body } = yield* signIn({ invitation_token })
      assert.deepInclude(body["user"], { email: "guest@example.com" })
      assert.strictEqual(body["organization_id"], organization)
      const userId = String(Reflect.get(Object(body["user"]), "id"))
      const [membership] = organizationMemberships.findBy("userId", userId)
      assert.deepInclude(membership, { status: "active", role: { slug: "admin" } })
      assert.strictEqual(invitations.findBy("email", "guest@example.com")[0]?.state, "accepted")
      const again = yield* authorize({ invitation_token })
      assert.strictEqual(redirectParameters(again)["error"], "invitation_invalid")
    })
  )

  it.effect(
    "The authorization URL links an account at an OAuth provider, and joins the organization of a connection",
    () =>
      Effect.gen(function* () {
        const { connections, organizationMemberships, secrets } = yield* Store.Store
        const github = yield* signIn({ provider: "GitHubOAuth", login_hint: "dev@example.com" })
        assert.strictEqual(github.body["authentication_method"], "GitHubOAuth")
        const id = String(Reflect.get(Object(github.body["user"]), "id"))
        yield* signIn({ provider: "GitHubOAuth", login_hint: "dev@example.com" })
        assert.deepEqual(
          secrets.identities.get(id)?.map(({ provider, type }) => [provider, type]),
          [["GithubOAuth", "OAuth"]]
        )
        const connection = connections.rows.find((row) => row.state === "active" && row.organizationId !== undefined)
        assert.isDefined(connection)
        const selectors = [{ connection_id: connection.id }, { organization_id: connection.organizationId }]
        for (const selector of selectors) {
          const { body } = yield* signIn({ provider: undefined, ...selector })
          assert.strictEqual(body["authentication_method"], "SSO")
          assert.strictEqual(body["organization_id"], connection.organizationId)
        }
        assert.isAbove(organizationMemberships.findBy("organizationId", connection.organizationId ?? "").length, 0)
      })
  )

  it.effect("The authorization URL redirects an invalid request with an error and the state, but without a code", () =>
    Effect.gen(function* () {
      const unknown = "01E4ZCR3C56J083X43JQXF3JK5"
      const errors: ReadonlyArray<readonly [Parameters<typeof authorize>[0], string]> = [
        [{ provider: undefined }, "invalid_connection_selector"],
        [{ provider: "unknown" }, "invalid_connection_selector"],
        [{ provider: undefined, connection_id: `conn_${unknown}` }, "connection_invalid"],
        [{ organization_id: `org_${unknown}` }, "organization_invalid"],
        [{ provider: undefined, organization_id: `org_${unknown}` }, "organization_invalid"],
        [{ response_type: "token" }, "unsupported_response_type"],
        [{ code_challenge: "c".repeat(43) }, "invalid_request"],
        [{ max_age: "-1" }, "invalid_request"]
      ]
      for (const [fields, expected] of errors) {
        const response = yield* authorize({ ...fields, state: "s" })
        assert.strictEqual(response.status, 302)
        const { code, error, state } = redirectParameters(response)
        assert.deepStrictEqual({ code, error, state }, { code: undefined, error: expected, state: "s" })
      }
      for (const fields of [{ client_id: "client_unknown" }, { redirect_uri: "https://evil.example" }]) {
        assert.strictEqual((yield* authorize(fields)).status, 400)
      }
    })
  )
})

layer(
  emulated({
    clients: [{ clientId: Clients.defaultClientId, redirectUris: [callback, "app://callback"] }],
    logoutRedirectUri: "https://your-app.com/bye"
  })
)("the sign-out of AuthKit", (it) => {
  it.effect("A sign-out redirects to the origins of redirect URIs only", () =>
    Effect.gen(function* () {
      const allowed = ["http://localhost:3000/bye?a=b", "app://callback", "https://your-app.com/bye"]
      for (const return_to of allowed) {
        assert.strictEqual((yield* signOut("session_1", { return_to })).headers["location"], return_to)
      }
      assert.strictEqual((yield* signOut("session_1")).headers["location"], "https://your-app.com/bye")
      for (const return_to of [
        "https://evil.example/",
        "http://localhost:3001/",
        "app://other",
        "javascript:alert(1)"
      ]) {
        assert.strictEqual((yield* signOut("session_1", { return_to })).status, 422)
      }
    })
  )
})
