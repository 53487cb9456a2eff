// The rules of users, organization memberships, invitations, sessions and groups, over plain HTTP.
import { assert, it } from "@effect/vitest"
import { runs } from "@effect-workos/testing/Sample"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import * as Emulator from "../src/Emulator.ts"
import * as Store from "../src/Store.ts"
import { idsOf, type JsonResponse, send, sendRequest } from "./requests.ts"

const LayerEmulator = Emulator.layerHttpClient().pipe(
  Layer.provideMerge(Store.layer({ connections: 0, organizations: 3, seed: 1 }))
)

const users = "/user_management/users"
const memberships = "/user_management/organization_memberships"
const invitations = "/user_management/invitations"

const idOf = ({ body }: JsonResponse): string => String(body.id)

const post = (path: string, body: unknown = {}) => send("POST", path, body)
const put = (path: string, body: unknown = {}) => send("PUT", path, body)
const remove = (path: string) => sendRequest(path, { method: "DELETE" })

const addUser = (email: string, more: object = {}) => post(users, { email, ...more })
const addOrganization = post("/organizations", { name: "Acme" })

/** The status of a response and the code of its error. */
const outcome = ({ body, status }: JsonResponse) => [status, body["code"]]

const attempt = (body: object) => Effect.map(addUser("ada@acme.example", body), outcome)

const eventsOf = (start: number) =>
  Effect.map(Store.Store, ({ events }) => events.rows.slice(start).map(({ event }) => event))

const eventCount = Effect.map(Store.Store, ({ events }) => events.rows.length)

it.effect("An email address in any case, and an external id, belong to one user", () =>
  Effect.gen(function* () {
    const ada = yield* addUser("Ada@acme.example", { external_id: "ada" })
    const same = yield* addUser("aDA@acme.example")
    assert.deepStrictEqual(outcome(same), [400, "user_creation_error"])
    assert.deepInclude(same.body["errors"], {
      code: "email_not_available",
      message: "This email address is not available."
    })
    assert.deepStrictEqual(outcome(yield* addUser("bo@acme.example", { external_id: "ada" })), [
      400,
      "external_id_already_used"
    ])
    const cy = yield* addUser("cy@acme.example", { email_verified: true })
    assert.deepStrictEqual(outcome(yield* put(`${users}/${idOf(cy)}`, { email: "ADA@acme.example" })), [
      400,
      "email_not_available"
    ])
    const changed = yield* put(`${users}/${idOf(cy)}`, { email: "cy@contoso.example" })
    assert.deepInclude(changed.body, { email: "cy@contoso.example", email_verified: false })
    assert.deepStrictEqual(idsOf(yield* sendRequest(`${users}?email=ADA@ACME.example`)), [idOf(ada)])
  }).pipe(Effect.provide(LayerEmulator))
)

it.effect.prop(
  "A password of fewer than ten characters is refused with its reason, and a longer one is stored",
  [Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(20))],
  ([password]) =>
    Effect.gen(function* () {
      const { secrets } = yield* Store.Store
      const response = yield* addUser("ada@acme.example", { password })
      if ([...password].length < 10) {
        assert.deepStrictEqual(outcome(response), [400, "password_strength_error"])
        assert.deepStrictEqual([...secrets.passwords], [])
      } else {
        assert.strictEqual(response.status, 201)
        assert.deepStrictEqual([...secrets.passwords], [[idOf(response), password]])
      }
    }).pipe(Effect.provide(Layer.fresh(LayerEmulator))),
  { arbitrary: { runs: runs(30, 10) } }
)

it.effect("A known password, and a password together with a hash, are refused", () =>
  Effect.gen(function* () {
    assert.deepStrictEqual(yield* attempt({ password: "Password123" }), [400, "password_strength_error"])
    const hash = { password_hash: "$2a$10$x", password_hash_type: "bcrypt" }
    assert.deepStrictEqual(yield* attempt({ password: "correct horse battery", ...hash }), [
      400,
      "password_and_password_hash_provided"
    ])
    assert.deepStrictEqual(yield* attempt({ password_hash: "$2a$10$x" }), [422, "invalid_request_parameters"])
    assert.deepStrictEqual(yield* attempt(hash), [201, undefined])
  }).pipe(Effect.provide(LayerEmulator))
)

// -----------------------------------------------------------------------------
// Codes
// -----------------------------------------------------------------------------

it.effect("An email verification code is valid once, for ten minutes", () =>
  Effect.gen(function* () {
    const { emailVerifications } = yield* Store.Store
    const user = idOf(yield* addUser("ada@acme.example"))
    const sendCode = post(`${users}/${user}/email_verification/send`)
    const confirm = (code: string) => Effect.map(post(`${users}/${user}/email_verification/confirm`, { code }), outcome)
    const newestCode = Effect.sync(() => Redacted.value(emailVerifications.rows.at(-1)!.code))
    yield* sendCode
    const expired = yield* newestCode
    yield* TestClock.adjust("10 minutes")
    assert.deepStrictEqual(yield* confirm(expired), [400, "email_verification_code_expired"])
    assert.deepStrictEqual(yield* confirm("none"), [400, "email_verification_code_incorrect"])
    yield* sendCode
    assert.deepStrictEqual(yield* confirm(yield* newestCode), [200, undefined])
    assert.deepStrictEqual(yield* confirm(yield* newestCode), [400, "email_previously_verified"])
    assert.deepStrictEqual(outcome(yield* sendCode), [400, "email_already_verified"])
  }).pipe(Effect.provide(LayerEmulator))
)

it.effect("An email change needs an address that is still available when the code arrives", () =>
  Effect.gen(function* () {
    const { secrets } = yield* Store.Store
    const user = idOf(yield* addUser("ada@acme.example"))
    const change = `${users}/${user}/email_change`
    const confirm = (code: string) => post(`${change}/confirm`, { code })
    const code = Effect.sync(() => [...secrets.codes.values()].findLast(({ kind }) => kind === "email_change")!.code)
    assert.deepStrictEqual(outcome(yield* confirm("000000")), [409, "no_pending_email_change"])
    const same = yield* post(`${change}/send`, { new_email: "ADA@acme.example" })
    assert.deepStrictEqual(outcome(same), [409, "email_change_not_needed"])
    yield* post(`${change}/send`, { new_email: "bo@acme.example" })
    yield* addUser("bo@acme.example")
    assert.deepStrictEqual(outcome(yield* confirm(yield* code)), [409, "email_not_available"])
    yield* post(`${change}/send`, { new_email: "cy@acme.example" })
    assert.deepStrictEqual(outcome(yield* confirm("wrong")), [400, "email_change_code_incorrect"])
    const confirmed = yield* confirm(yield* code)
    assert.deepInclude(confirmed.body["user"], { email: "cy@acme.example", email_verified: true })
    assert.deepStrictEqual(outcome(yield* confirm(yield* code)), [409, "email_change_code_previously_used"])
  }).pipe(Effect.provide(LayerEmulator))
)

// -----------------------------------------------------------------------------
// Memberships
// -----------------------------------------------------------------------------

const steps = ["create", "deactivate", "reactivate", "delete"] as const

it.effect.prop(
  "The status of a membership follows its changes, each of which is in one event",
  [Schema.Array(Schema.Literals(steps)).check(Schema.isMaxLength(12))],
  ([changes]) =>
    Effect.gen(function* () {
      const user = idOf(yield* addUser("ada@acme.example"))
      const organization = idOf(yield* addOrganization)
      const start = yield* eventCount
      const expected: Array<string> = []
      let id = ""
      let status: "active" | "inactive" | undefined
      const emit = (change: string) => expected.push(`organization_membership.${change}`)
      for (const change of changes) {
        if (change === "create") {
          const created = yield* post(memberships, { user_id: user, organization_id: organization })
          assert.strictEqual(created.status, status === "active" ? 400 : 201)
          if (status === "active") continue
          emit(status === undefined ? "created" : "updated")
          // An inactive membership is activated, and keeps its id.
          if (status === "inactive") assert.strictEqual(idOf(created), id)
          id = idOf(created)
          status = "active"
        } else if (change === "delete") {
          assert.strictEqual((yield* remove(`${memberships}/${id || "om_1"}`)).status, status === undefined ? 404 : 200)
          if (status !== undefined) emit("deleted")
          status = undefined
        } else {
          const next = change === "deactivate" ? "inactive" : "active"
          const changed = yield* put(`${memberships}/${id || "om_1"}/${change}`)
          assert.strictEqual(changed.status, status === undefined ? 404 : 200)
          if (status === undefined) continue
          if (status !== next) emit("updated")
          assert.strictEqual(changed.body["status"], next)
          status = next
        }
      }
      assert.deepStrictEqual<ReadonlyArray<string>>(yield* eventsOf(start), expected)
      const active = yield* sendRequest(`${memberships}?user_id=${user}`)
      assert.deepStrictEqual(idsOf(active), status === "active" ? [id] : [])
      const all = yield* sendRequest(`${memberships}?user_id=${user}&statuses=active,inactive,pending`)
      assert.deepStrictEqual(idsOf(all), status === undefined ? [] : [id])
    }).pipe(Effect.provide(Layer.fresh(LayerEmulator))),
  { arbitrary: { runs: runs(40, 10) } }
)

it.effect("Memberships have known roles, and show the current user and organization", () =>
  Effect.gen(function* () {
    const user = idOf(yield* addUser("ada@acme.example"))
    const organization = idOf(yield* addOrganization)
    assert.deepStrictEqual(outcome(yield* sendRequest(memberships)), [400, "missing_user_id_or_organization_id"])
    const ids = { user_id: user, organization_id: organization }
    assert.deepStrictEqual(outcome(yield* post(memberships, { ...ids, role_slug: "pilot" })), [422, "invalid_role"])
    const both = { ...ids, role_slug: "admin", role_slugs: ["admin"] }
    assert.deepStrictEqual(outcome(yield* post(memberships, both)), [422, "invalid_request_parameters"])
    const created = yield* post(memberships, { ...ids, role_slugs: ["member", "admin"] })
    assert.deepInclude(created.body, { role: { slug: "member" }, roles: [{ slug: "member" }, { slug: "admin" }] })
    yield* put(`${users}/${user}`, { first_name: "Ada" })
    yield* put(`/organizations/${organization}`, { name: "Acme Labs" })
    const { body } = yield* sendRequest(`${memberships}/${idOf(created)}`)
    assert.deepInclude(body, { organization_name: "Acme Labs" })
    assert.deepInclude(body["user"], { first_name: "Ada" })
  }).pipe(Effect.provide(LayerEmulator))
)

// -----------------------------------------------------------------------------
// Invitations
// -----------------------------------------------------------------------------

it.effect("An accepted invitation makes its user a member with the invited role", () =>
  Effect.gen(function* () {
    const user = idOf(yield* addUser("ada@acme.example"))
    const organization = idOf(yield* addOrganization)
    const start = yield* eventCount
    const invite = post(invitations, { email: "ADA@acme.example", organization_id: organization, role_slug: "admin" })
    const invitation = yield* invite
    assert.deepStrictEqual(outcome(yield* invite), [400, "email_already_invited_to_organization"])
    const [pending] = (yield* sendRequest(`${memberships}?user_id=${user}&statuses=pending`)).body.data
    for (const change of ["deactivate", "reactivate"]) {
      const code = `cannot_${change}_pending_organization_membership`
      assert.deepStrictEqual(outcome(yield* put(`${memberships}/${pending?.id}/${change}`)), [400, code])
    }
    const byToken = yield* sendRequest(`${invitations}/by_token/${invitation.body["token"]}`)
    assert.strictEqual(idOf(byToken), idOf(invitation))
    const accepted = yield* post(`${invitations}/${idOf(invitation)}/accept`)
    assert.deepInclude(accepted.body, { state: "accepted", accepted_user_id: user })
    const active = yield* sendRequest(`${memberships}/${pending?.id}`)
    assert.deepInclude(active.body, { status: "active", role: { slug: "admin" } })
    assert.deepStrictEqual(outcome(yield* invite), [400, "user_already_organization_member"])
    const again = yield* post(`${invitations}/${idOf(invitation)}/accept`)
    assert.deepStrictEqual(outcome(again), [400, "invite_not_pending"])
    assert.deepStrictEqual<ReadonlyArray<string>>(yield* eventsOf(start), [
      "organization_membership.created",
      "invitation.created",
      "organization_membership.updated",
      "invitation.accepted"
    ])
  }).pipe(Effect.provide(LayerEmulator))
)

it.effect.prop(
  "An invitation expires after 1 to 30 days, and can be sent again until then",
  [Schema.Int.check(Schema.isBetween({ minimum: -1, maximum: 32 }))],
  ([days]) =>
    Effect.gen(function* () {
      const invitation = yield* post(invitations, { email: "bo@acme.example", expires_in_days: days })
      if (days < 1) return assert.deepStrictEqual(outcome(invitation), [400, "expires_in_days_too_short"])
      if (days > 30) return assert.deepStrictEqual(outcome(invitation), [400, "expires_in_days_too_long"])
      const path = `${invitations}/${idOf(invitation)}`
      yield* TestClock.adjust((days * 24 - 1) * 3_600_000)
      assert.strictEqual((yield* sendRequest(path)).body["state"], "pending")
      assert.strictEqual((yield* post(`${path}/resend`)).status, 200)
      yield* TestClock.adjust("7 days")
      assert.strictEqual((yield* sendRequest(path)).body["state"], "expired")
      assert.deepStrictEqual(outcome(yield* post(`${path}/resend`)), [400, "invite_expired"])
      assert.deepStrictEqual(outcome(yield* post(`${path}/revoke`)), [400, "invite_not_pending"])
      // An expired invitation does not prevent another one.
      assert.strictEqual((yield* post(invitations, { email: "bo@acme.example" })).status, 201)
    }).pipe(Effect.provide(Layer.fresh(LayerEmulator))),
  { arbitrary: { runs: runs(30, 10) } }
)

it.effect("A revoked invitation removes the pending membership, and cannot be accepted", () =>
  Effect.gen(function* () {
    const user = idOf(yield* addUser("ada@acme.example"))
    const organization = idOf(yield* addOrganization)
    const invitation = idOf(yield* post(invitations, { email: "ada@acme.example", organization_id: organization }))
    assert.deepInclude((yield* post(`${invitations}/${invitation}/revoke`)).body, { state: "revoked" })
    const { body } = yield* sendRequest(`${memberships}?user_id=${user}&statuses=active,inactive,pending`)
    assert.deepStrictEqual(body.data, [])
    assert.deepStrictEqual(outcome(yield* post(`${invitations}/${invitation}/accept`)), [400, "invite_not_pending"])
    assert.deepStrictEqual(outcome(yield* post(`${invitations}/${invitation}/resend`)), [400, "invite_revoked"])
  }).pipe(Effect.provide(LayerEmulator))
)

// -----------------------------------------------------------------------------
// Sessions, groups and deletions
// -----------------------------------------------------------------------------

it.effect("A session is revoked once, and then not listed", () =>
  Effect.gen(function* () {
    const { sessions } = yield* Store.Store
    const session = sessions.rows.find(({ status }) => status === "active")!
    const list = Effect.map(sendRequest(`${users}/${session.userId}/sessions?limit=100`), idsOf)
    const revoke = Effect.map(post("/user_management/sessions/revoke", { session_id: session.id }), outcome)
    assert.include(yield* list, session.id)
    assert.deepStrictEqual(yield* revoke, [200, undefined])
    assert.notInclude(yield* list, session.id)
    assert.deepStrictEqual(yield* revoke, [400, undefined])
    assert.deepStrictEqual<ReadonlyArray<string>>(yield* eventsOf(-1), ["session.revoked"])
  }).pipe(Effect.provide(LayerEmulator))
)

it.effect("A group has members of its organization only, and loses members that leave the organization", () =>
  Effect.gen(function* () {
    const [own, other] = [idOf(yield* addOrganization), idOf(yield* addOrganization)]
    const user = idOf(yield* addUser("ada@acme.example"))
    const membershipIn = (organization_id: string) =>
      Effect.map(post(memberships, { user_id: user, organization_id }), idOf)
    const [member, foreign] = [yield* membershipIn(own), yield* membershipIn(other)]
    const group = idOf(yield* post(`/organizations/${own}/groups`, { name: "Design" }))
    const path = `/organizations/${own}/groups/${group}/organization-memberships`
    const add = (id: string) => Effect.map(post(path, { organization_membership_id: id }), ({ status }) => status)
    const start = yield* eventCount
    assert.deepStrictEqual([yield* add(foreign), yield* add(member), yield* add(member)], [404, 200, 200])
    assert.deepStrictEqual(idsOf(yield* sendRequest(path)), [member])
    assert.deepStrictEqual(idsOf(yield* sendRequest(`${memberships}/${member}/groups`)), [group])
    assert.strictEqual((yield* sendRequest(path.replace(own, other))).status, 404)
    yield* remove(`${memberships}/${member}`)
    assert.deepStrictEqual(idsOf(yield* sendRequest(path)), [])
    assert.strictEqual((yield* remove(`${path}/${member}`)).status, 404)
    assert.deepStrictEqual<ReadonlyArray<string>>(yield* eventsOf(start), [
      "group.member_added",
      "organization_membership.deleted",
      "group.member_removed"
    ])
  }).pipe(Effect.provide(LayerEmulator))
)

it.effect("A deleted user leaves no membership, session, password or link in an invitation", () =>
  Effect.gen(function* () {
    const store = yield* Store.Store
    // Deletions change the array of rows.
    const ids = store.users.rows.map(({ id }) => id)
    for (const id of ids) {
      store.secrets.passwords.set(id, "correct horse battery")
      assert.strictEqual((yield* remove(`${users}/${id}`)).status, 200)
    }
    assert.deepStrictEqual(store.organizationMemberships.rows, [])
    assert.deepStrictEqual(store.sessions.rows, [])
    assert.strictEqual(store.secrets.passwords.size, 0)
    const links = store.invitations.rows.flatMap(({ acceptedUserId, inviterUserId }) => [acceptedUserId, inviterUserId])
    assert.isAbove(links.length, 0)
    assert.isTrue(links.every((link) => link === undefined))
  }).pipe(Effect.provide(LayerEmulator))
)
