// The fixtures of organization memberships, invitations and members of groups: for users and organizations that the run creates and deletes.
import * as Effect from "effect/Effect"
import { type Row, valueAt } from "@effect-workos/contract-engine/ApiConventions"
import type { Exchange, NoResponse } from "@effect-workos/contract-engine/Exchange"
import * as Lifecycle from "@effect-workos/contract-engine/Lifecycle"
import { type Fixture, type Fixtures, Session } from "@effect-workos/contract-engine/Session"
import { createIfPossible, operation, send } from "./created.ts"

type Exchanges = Effect.Effect<ReadonlyArray<Exchange>, NoResponse, Session>

const none: ReadonlyArray<Exchange> = []

const idOf = ({ response: { json } }: Exchange): string => String(valueAt(json, ["id"]))

// Creates a resource, and deletes it after its use.
const using = (group: string, body: Row, use: (created: Lifecycle.Created) => Exchanges): Exchanges =>
  Effect.flatMap(createIfPossible(group, body), (created) =>
    created === undefined ? Effect.succeed(none) : Lifecycle.thenRemove(created, use(created))
  )

// Fixtures that send the same requests. Each returns the exchanges of its operation.
const fixturesOf = (ids: ReadonlyArray<string>, exchanges: Exchanges): Fixtures =>
  Object.fromEntries(
    ids.map((id): readonly [string, Fixture] => [
      id,
      { writes: true, send: Effect.map(exchanges, (all) => all.filter(({ request }) => request.operation === id)) }
    ])
  )

const withUser = (use: (user: Lifecycle.Created, organization: string) => Exchanges): Exchanges =>
  using("organizations", { name: "replaced" }, (organization) =>
    using("users", { email: "replaced@mail.example" }, (user) => use(user, organization.id))
  )

// -----------------------------------------------------------------------------
// Memberships
// -----------------------------------------------------------------------------

const memberships = fixturesOf(
  ["create", "update", "deactivate", "reactivate", "delete"].map((name) => `organizationMemberships.${name}`),
  withUser(({ id: user_id }, organization_id) =>
    Effect.gen(function* () {
      const create = send("organizationMemberships.create", "", { user_id, organization_id, role_slug: "admin" })
      const created = yield* create
      const id = idOf(created)
      return [
        created,
        yield* create,
        yield* send("organizationMemberships.update", id, { role_slug: "member" }),
        yield* send("organizationMemberships.deactivate", id),
        yield* send("organizationMemberships.reactivate", id),
        yield* send("organizationMemberships.delete", id)
      ]
    })
  )
)

// -----------------------------------------------------------------------------
// Invitations
// -----------------------------------------------------------------------------

// The second request of each kind is refused, because the invitation is not pending after the first one.
const invitations = fixturesOf(
  ["create", "accept", "resend", "revoke"].map((name) => `invitations.${name}`),
  withUser(({ row: { email } }, organization_id) =>
    Effect.gen(function* () {
      const create = Effect.tap(send("invitations.create", "", { email, organization_id }), ({ response: { json } }) =>
        Effect.flatMap(Session, ({ addSecrets }) =>
          addSecrets([valueAt(json, ["token"]), valueAt(json, ["accept_invitation_url"])])
        )
      )
      const first = yield* create
      const refused = yield* create
      const revoke = send("invitations.revoke", idOf(first))
      const revoked = [yield* revoke, yield* revoke]
      const second = yield* create
      const resend = send("invitations.resend", idOf(second), { locale: "en" })
      const accept = send("invitations.accept", idOf(second))
      const accepted = [yield* resend, yield* accept, yield* accept, yield* resend]
      return [first, refused, ...revoked, second, ...accepted]
    })
  )
)

// -----------------------------------------------------------------------------
// Groups
// -----------------------------------------------------------------------------

// Sends a request with several ids in its path.
const sendAt = Effect.fnUntraced(function* (id: string, ids: ReadonlyArray<string>, json?: unknown) {
  const session = yield* Session
  const { path, ...found } = yield* operation(id)
  const rest = [...ids]
  const request = Lifecycle.itemRequest({ ...found, path: path.replaceAll(/:\w+/g, () => rest.shift() ?? "") }, "")
  return yield* session.send(json === undefined ? request : { ...request, body: { json } })
})

// The run reads the groups of one organization, whose id is in the path.
const organizationOfGroups = Effect.map(operation("groups.create"), ({ path }) => /org_\w+/.exec(path)?.[0])

const groups = fixturesOf(
  ["groups.addMember", "groups.removeMember"],
  Effect.flatMap(organizationOfGroups, (organization_id) =>
    organization_id === undefined
      ? Effect.succeed(none)
      : using("users", { email: "replaced@mail.example" }, ({ id: user_id }) =>
          using("groups", { name: "Contract team" }, ({ id: group }) =>
            Effect.gen(function* () {
              // Deleting the user deletes the membership.
              const membership = yield* send("organizationMemberships.create", "", { user_id, organization_id })
              const add = sendAt("groups.addMember", [group], { organization_membership_id: idOf(membership) })
              const remove = sendAt("groups.removeMember", [group, idOf(membership)])
              return [yield* add, yield* remove, yield* remove]
            })
          )
        )
  )
)

export const fixtures: Fixtures = { ...memberships, ...invitations, ...groups }
