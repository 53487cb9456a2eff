// The fixtures of API keys and connected accounts, for a user and an organization that belong to the run.
import * as Effect from "effect/Effect"
import { isRow, type Row, valueAt } from "@effect-workos/contract-engine/ApiConventions"
import type { Exchange, NoResponse } from "@effect-workos/contract-engine/Exchange"
import { type Fixture, type Fixtures, Session } from "@effect-workos/contract-engine/Session"
import * as Lifecycle from "@effect-workos/contract-engine/Lifecycle"
import { createIfPossible, operation, send } from "./created.ts"

type Exchanges = Effect.Effect<ReadonlyArray<Exchange>, NoResponse, Session>

const none: Exchanges = Effect.succeed([])

/** Checks a resource that is created for the check and deleted after it. */
const withCreated = (resource: string, body: Row, exchanges: (created: Lifecycle.Created) => Exchanges): Exchanges =>
  Effect.flatMap(createIfPossible(resource, body), (created) =>
    created === undefined ? none : Lifecycle.thenRemove(created, exchanges(created))
  )

const withUser = (exchanges: (user: Lifecycle.Created) => Exchanges): Fixture => ({
  writes: true,
  send: withCreated("users", { email: "replaced@acme.example" }, exchanges)
})

/** A fixture for a user who is a member of an organization. The membership is deleted with both. */
const withMember = (exchanges: (user: Lifecycle.Created, organization: Lifecycle.Created) => Exchanges): Fixture =>
  withUser((user) =>
    withCreated("organizations", { name: "replaced" }, (organization) =>
      Effect.andThen(
        send("organizationMemberships.create", "", { user_id: user.id, organization_id: organization.id }),
        exchanges(user, organization)
      )
    )
  )

/** Sends a request for an object of a user. The path of an operation may name another user, whose rows the suite reads. */
const sendOf = Effect.fnUntraced(function* (user: string, id: string, json?: Row, slug = "") {
  const session = yield* Session
  const described = yield* operation(id)
  const path = described.path.replace(/\/users\/[^/]+/, `/users/${user}`).replace(":slug", slug)
  const request = { ...Lifecycle.itemRequest(described, user), path }
  return yield* session.send(json === undefined ? request : { ...request, body: { json } })
})

const tokens = { access_token: "contract", scopes: [], state: "connected" }

/** A fixture for a connected account of the first provider. The account is deleted with its user. */
const withAccount = (exchanges: (created: Exchange, user: string, slug: string) => Exchanges): Fixture =>
  withUser(({ id: user }) =>
    Effect.gen(function* () {
      const { response } = yield* sendOf(user, "dataProviders.list")
      const data = valueAt(response.json, ["data"])
      const [provider] = Array.isArray(data) ? data.filter(isRow) : []
      if (provider === undefined) return []
      const slug = String(provider["slug"])
      return yield* exchanges(yield* sendOf(user, "connectedAccounts.create", tokens, slug), user, slug)
    })
  )

/** Sends a request for an account, and one that is refused because the user has no account. */
const acceptedAndRefused = (
  slug: string,
  request: (slug: string) => Effect.Effect<Exchange, NoResponse, Session>
): Exchanges => Effect.forEach([slug, "no-such-provider"], request)

export const fixtures: Fixtures = {
  "userApiKeys.create": withMember((user, organization) =>
    Effect.gen(function* () {
      const { addSecrets } = yield* Session
      const created = yield* sendOf(user.id, "userApiKeys.create", {
        name: "Contract",
        organization_id: organization.id
      })
      yield* addSecrets([valueAt(created.response.json, ["value"])])
      return [created]
    })
  ),
  "connectedAccounts.create": withAccount((created) => Effect.succeed([created])),
  "connectedAccounts.update": withAccount((_, user, slug) =>
    acceptedAndRefused(slug, (slug) =>
      sendOf(user, "connectedAccounts.update", { ...tokens, state: "needs_reauthorization" }, slug)
    )
  ),
  "connectedAccounts.delete": withAccount((_, user, slug) =>
    acceptedAndRefused(slug, (slug) => sendOf(user, "connectedAccounts.delete", undefined, slug))
  )
}
