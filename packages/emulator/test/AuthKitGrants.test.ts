// The grants of `authenticate`: codes, passwords, refresh tokens and next steps.
import { assert, layer } from "@effect/vitest"
import { runs } from "@effect-workos/testing/Sample"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import { createHash } from "node:crypto"
import * as Admin from "../src/Admin.ts"
import * as Clients from "../src/Clients.ts"
import * as Store from "../src/Store.ts"
import {
  addMember,
  addUser,
  assertError,
  claimsOf,
  codeOf,
  continueWith,
  emulated,
  grant,
  signOut,
  withPassword,
  withRefreshToken
} from "./authkit.ts"

const other = { client_id: "client_other", client_secret: "sk_test_other" }

const clients: ReadonlyArray<Clients.Client> = [
  { clientId: Clients.defaultClientId },
  { clientId: other.client_id, clientSecret: Redacted.make(other.client_secret) }
]

const verifier = "v".repeat(43)

const challenge = {
  code_challenge: createHash("sha256").update(verifier).digest("base64url"),
  code_challenge_method: "S256"
}

const withCode = (code: string, fields: Parameters<typeof grant>[1] = {}) =>
  grant("authorization_code", { code, ...fields })

layer(emulated({ clients, authkit: { permissions: { admin: ["posts:write"] } } }))("the grants of AuthKit", (it) => {
  it.effect("A code signs in the hinted user of an organization, with the role of the user in the token", () =>
    Effect.gen(function* () {
      const { organizations, user } = yield* addMember("code@example.com", 1, "admin")
      const response = yield* withCode(yield* codeOf({ login_hint: user.email }), { user_agent: "Test/1.0" })
      assert.strictEqual(response.status, 200, response.text)
      assert.strictEqual(response.headers["cache-control"], "no-store")
      const { authentication_method: method, organization_id: organizationId, user: body } = response.body
      assert.deepInclude(body, { id: user.id, email: user.email })
      assert.strictEqual(method, "Password")
      assert.strictEqual(organizationId, organizations[0]?.id)
      const claims = claimsOf(response)
      assert.deepInclude(claims, {
        sub: user.id,
        org_id: organizationId,
        role: "admin",
        roles: ["admin"],
        permissions: ["posts:write"],
        entitlements: [],
        feature_flags: []
      })
      const { sessions } = yield* Store.Store
      const session = sessions.get(String(claims["sid"]))
      assert.deepInclude(session, { userId: user.id, authMethod: "password", userAgent: "Test/1.0" })
      assert.strictEqual(session?.organizationId, organizationId)
    })
  )

  it.effect("A code is refused after its use, after ten minutes, and for another client, secret or verifier", () =>
    Effect.gen(function* () {
      const { email: login_hint } = yield* addUser("refused@example.com")
      const plain = yield* codeOf({ login_hint })
      const challenged = yield* codeOf({ login_hint, ...challenge })
      const invalid: ReadonlyArray<readonly [string, Parameters<typeof grant>[1], string]> = [
        [plain, other, "invalid_grant"],
        [plain, { client_secret: "sk_wrong" }, "invalid_client"],
        [plain, { client_id: "client_unknown" }, "invalid_client"],
        [plain, { client_secret: undefined }, "invalid_client"],
        [plain, { code_verifier: verifier }, "invalid_grant"],
        [challenged, {}, "invalid_grant"],
        [challenged, { code_verifier: "w".repeat(43) }, "invalid_grant"]
      ]
      for (const [code, fields, error] of invalid) assertError(yield* withCode(code, fields), 400, error, code)
      // A refused request does not use the code up.
      assert.strictEqual((yield* withCode(plain)).status, 200)
      assert.strictEqual(
        (yield* withCode(challenged, { client_secret: undefined, code_verifier: verifier })).status,
        200
      )
      assertError(yield* withCode(plain), 400, "invalid_grant", plain)
      const late = yield* codeOf({ login_hint })
      yield* TestClock.adjust("10 minutes")
      assertError(yield* withCode(late), 400, "invalid_grant", late)
    })
  )

  it.effect("A code can be used once, even by concurrent requests", () =>
    Effect.gen(function* () {
      const { email: login_hint } = yield* addUser("concurrent@example.com")
      const code = yield* codeOf({ login_hint })
      const responses = yield* Effect.all(
        Array.from({ length: 10 }, () => withCode(code)),
        { concurrency: "unbounded" }
      )
      assert.lengthOf(
        responses.filter(({ status }) => status === 200),
        1
      )
    })
  )

  it.effect("A password is refused with the same error for an unknown user and for a wrong password", () =>
    Effect.gen(function* () {
      const { email } = yield* addUser("password@example.com")
      assert.strictEqual((yield* withPassword("Password@Example.com")).status, 200)
      const wrong = yield* grant("password", { email, password: "wrong password" })
      const unknown = yield* withPassword("unknown@example.com")
      assertError(wrong, 400, "invalid_credentials", "wrong password")
      assert.deepStrictEqual(wrong.body, unknown.body)
      const { events } = yield* Store.Store
      const names = events.rows.map(({ event }) => event).filter((event) => event.startsWith("authentication."))
      assert.deepStrictEqual(names.slice(-3), [
        "authentication.password_succeeded",
        "authentication.password_failed",
        "authentication.password_failed"
      ])
    })
  )

  it.effect("A user of several organizations selects one, and switches to another when refreshing", () =>
    Effect.gen(function* () {
      const { organizations, user } = yield* addMember("several@example.com", 2)
      const { organizations: all } = yield* Store.Store
      const [first, second] = organizations
      const foreign = all.rows.find(({ id }) => organizations.every((own) => own.id !== id))
      const step = yield* withPassword(user.email)
      assertError(step, 403, "organization_selection_required")
      assert.deepInclude(step.body, { organizations: organizations.map(({ id, name }) => ({ id, name })) })
      const select = (organization_id: string | undefined) =>
        continueWith("organization-selection", step, { organization_id })
      assertError(yield* select(foreign?.id), 400, "organization_membership_not_found")
      assertError(yield* select("org_01E4ZCR3C56J083X43JQXF3JK5"), 400, "organization_not_found")
      const selected = yield* select(first?.id)
      assert.strictEqual(selected.body["organization_id"], first?.id)
      assertError(yield* select(first?.id), 400, "invalid_pending_authentication_token")

      const refresh = (organization_id?: string) =>
        withRefreshToken(selected.body["refresh_token"], { organization_id })
      assertError(yield* refresh(foreign?.id), 400, "organization_membership_not_found")
      // The refused switch does not use the token up.
      const switched = yield* refresh(second?.id)
      assert.strictEqual(claimsOf(switched)["org_id"], second?.id)
      const kept = yield* withRefreshToken(switched.body["refresh_token"])
      assert.strictEqual(claimsOf(kept)["org_id"], second?.id)
    })
  )

  it.effect("A pending authentication token is refused for another grant and client, and after ten minutes", () =>
    Effect.gen(function* () {
      const user = yield* addUser("pending@example.com", false)
      const step = yield* withPassword(user.email)
      assertError(step, 403, "email_verification_required")
      const [{ code } = { code: "" }] = yield* Admin.codes(user.email)
      const verify = (fields: Parameters<typeof grant>[1] = {}) =>
        continueWith("email-verification:code", step, { code, ...fields })
      const invalid = "invalid_pending_authentication_token"
      assertError(yield* verify(other), 400, invalid, code)
      assertError(
        yield* continueWith("organization-selection", step, { organization_id: "org_01E4ZCR3C56J083X43JQXF3JK5" }),
        400,
        invalid
      )
      assertError(yield* verify({ code: code === "000000" ? "000001" : "000000" }), 400, "invalid_one_time_code", code)
      const verified = yield* verify()
      assert.strictEqual(verified.status, 200, verified.text)
      assert.deepInclude(verified.body["user"], { email_verified: true })

      const late = yield* addUser("late@example.com", false)
      const lateStep = yield* withPassword(late.email)
      const [{ code: lateCode } = { code: "" }] = yield* Admin.codes(late.email)
      yield* TestClock.adjust("10 minutes")
      assertError(yield* continueWith("email-verification:code", lateStep, { code: lateCode }), 400, invalid, lateCode)
    })
  )

  it.effect("A refresh token is refused for another client, after a sign-out, and for a deleted user", () =>
    Effect.gen(function* () {
      const { users } = yield* Store.Store
      const user = yield* addUser("ended@example.com")
      const signIn = Effect.map(withPassword(user.email), (response) => ({
        token: response.body["refresh_token"],
        sid: String(claimsOf(response)["sid"])
      }))
      const first = yield* signIn
      assertError(yield* withRefreshToken(first.token, other), 400, "invalid_grant", String(first.token))
      assertError(yield* withRefreshToken("unknown"), 400, "invalid_grant")
      yield* signOut(first.sid)
      assertError(yield* withRefreshToken(first.token), 400, "invalid_grant", String(first.token))
      const second = yield* signIn
      users.remove(user.id)
      assertError(yield* withRefreshToken(second.token), 400, "invalid_grant", String(second.token))
    })
  )
})

// -----------------------------------------------------------------------------
// Refresh tokens
// -----------------------------------------------------------------------------

const Command = Schema.Union([
  Schema.TaggedStruct("SignIn", {}),
  // Refreshes with one of the tokens so far.
  Schema.TaggedStruct("Refresh", { token: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 8 })) }),
  Schema.TaggedStruct("SignOut", { session: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 3 })) }),
  Schema.TaggedStruct("Wait", { days: Schema.Literals([1, 6]) })
])

layer(emulated({ authkit: { sessionLifetime: "10 days" } }))("refresh tokens", (it) => {
  it.effect("A refresh token works if and only if it is the newest one of a session that has not ended", () =>
    Effect.gen(function* () {
      const { email } = yield* addUser("model@example.com")
      const check = Effect.fnUntraced(function* (commands: ReadonlyArray<typeof Command.Type>) {
        // The model: the tokens with their sessions, oldest first, and the age of each session.
        const tokens: Array<{ readonly token: string; readonly session: string }> = []
        const ages = new Map<string, number>()
        const add = (response: Parameters<typeof claimsOf>[0]) => {
          const session = String(claimsOf(response)["sid"])
          tokens.push({ token: String(response.body["refresh_token"]), session })
          return session
        }
        for (const command of commands) {
          switch (command._tag) {
            case "SignIn":
              ages.set(add(yield* withPassword(email)), 0)
              break
            case "Refresh": {
              const used = tokens[command.token]
              if (used === undefined) break
              const isNewest = tokens.findLast(({ session }) => session === used.session) === used
              const works = isNewest && (ages.get(used.session) ?? 10) < 10
              const response = yield* withRefreshToken(used.token)
              if (works) assert.strictEqual(add(response), used.session)
              else {
                assertError(response, 400, "invalid_grant", used.token)
                ages.delete(used.session)
              }
              break
            }
            case "SignOut": {
              const session = [...ages.keys()][command.session]
              if (session === undefined) break
              yield* signOut(session)
              ages.delete(session)
              break
            }
            case "Wait":
              yield* TestClock.adjust(`${command.days} days`)
              for (const [session, age] of ages) ages.set(session, age + command.days)
          }
        }
        return true
      })
      const commands = Arbitrary.array(Arbitrary.schema(Command), { minLength: 4, maxLength: 12 })
      const result = yield* Arbitrary.checkEffect(commands, check, { runs: runs(60, 20), seed: "refresh tokens" })
      assert.isUndefined(Arbitrary.formatCheckFailure(result))
    })
  )
})
