// What WorkOS promises of organizations: their external ids, their updates, and what goes with them.
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import { isRow, type Row } from "../../Convention.ts"
import type { Exchange } from "../../Exchange.ts"
import * as Exercise from "../Exercise.ts"
import * as Harvest from "../Harvest.ts"
import type * as Law from "../../Law.ts"
import type * as Property from "../Property.ts"
import { resourceOf } from "../Resource.ts"
import { Session } from "../../Session.ts"
import { create, everyOrganization, operation, type Own, send, violation } from "./own.ts"

const reference = "https://workos.com/docs/reference/organization"

const isCalled = (id: string) => (operation: { readonly id: string }) => operation.id === id

/** What an organization is created with where a law is not about that. The name and what has to be unique are replaced. */
const whole: Row = {
  name: "given below",
  external_id: "given below",
  metadata: { tier: "gold" },
  domain_data: [{ domain: "given.example", state: "pending" }]
}

// So many as there are for ten runs, and no less than two.
const several = <A>(runs: number, value: A): ReadonlyArray<A> =>
  Array.from({ length: Math.max(2, Math.min(10, Math.ceil(runs / 10))) }, () => value)

const isNothing = (value: unknown): boolean =>
  value === null || value === undefined || (isRow(value) && Object.keys(value).length === 0)

const textOf = (row: Row, name: string): string => String(row[name])

// -----------------------------------------------------------------------------
// What goes with an organization
// -----------------------------------------------------------------------------

const deletedWith: Law.Law = {
  id: "workos/deleted-with-organization",
  sentence: "A deleted organization's connections and domains are gone.",
  source: {
    kind: "expected",
    text: "“Permanently deletes an organization”: what belongs to nobody can sign nobody in.",
    url: `${reference}/delete`
  },
  severity: "error",
  writes: true,
  appliesTo: isCalled("organizations.delete"),
  check: () =>
    Effect.gen(function* () {
      const { settings } = yield* Session
      return yield* everyOrganization(several(settings.runs, whole), (own) =>
        Effect.gen(function* () {
          const body = { organization_id: own.id, name: "given below", connection_type: "OktaSAML" }
          // Where connections can't be created there are domains all the same.
          const connection = yield* create("connections", body)
          const [domain] = Array.isArray(own.row["domains"]) ? own.row["domains"].filter(isRow) : []
          const parts = [
            ...(connection.reason === undefined ? [["connections.get", connection.id] as const] : []),
            ...(domain === undefined ? [] : [["organizationDomains.get", textOf(domain, "id")] as const])
          ]
          if (parts.length === 0) return "vacuous"
          const removed = yield* Exercise.remove(own.removal, own.id)
          if (removed.answer.status >= 300) return "vacuous"
          for (const [get, id] of parts) {
            const got = yield* send(get, id)
            if (got.answer.status === 404) continue
            const message = `was answered with ${got.answer.status} after its organization was deleted`
            return violation(message, "404", [removed, got])
          }
          const left = yield* connectionsOf(own.id)
          return left === undefined
            ? "holds"
            : violation("shows a connection of a deleted organization", "no rows", [removed, left])
        })
      )
    })
}

// The page of an organization's connections, where it has any.
const connectionsOf = Effect.fnUntraced(function* (organization: string) {
  const { description, send } = yield* Session
  const { lists } = description.convention
  if (lists === undefined) return undefined
  const list = yield* operation("connections.list")
  const exchange = yield* send(Harvest.pageRequest(list, lists, { filters: [["organization_id", organization]] }))
  const page = Harvest.toPage(lists, exchange)
  return typeof page === "string" || page.rows.length === 0 ? undefined : exchange
})

// -----------------------------------------------------------------------------
// External ids
// -----------------------------------------------------------------------------

const uniqueExternalId: Law.Law = {
  id: "workos/unique-external-id",
  sentence: "An `external_id` belongs to one organization: creating or updating another one with it is a 400.",
  source: {
    kind: "documented",
    text: "400 external_id_already_used: the external id is already assigned to another organization.",
    url: `${reference}/create`
  },
  severity: "error",
  writes: true,
  appliesTo: ({ id }) => id === "organizations.create" || id === "organizations.update",
  check: ({ id }) =>
    Effect.gen(function* () {
      const { settings } = yield* Session
      return yield* everyOrganization(several(settings.runs, whole), (own) =>
        id === "organizations.create" ? createTwice(own) : updateToSame(own)
      )
    })
}

const createTwice = Effect.fnUntraced(function* (own: Own) {
  const { description } = yield* Session
  const made = yield* operation("organizations.create")
  const resource = resourceOf(made, description)
  if (!Exercise.isCreatable(resource)) return "vacuous"
  const second = yield* Exercise.sendToCreate(resource, {
    ...Exercise.itemRequest(made, ""),
    body: { json: { name: `${textOf(own.row, "name")} again`, external_id: own.row["external_id"] } }
  })
  if (second.own !== undefined && second.own.id !== own.id) yield* Exercise.remove(second.own.removal, second.own.id)
  return isUsed(own, second.exchange)
})

const updateToSame = Effect.fnUntraced(function* (own: Own) {
  const second = yield* create("organizations", { name: "given below" })
  if (second.reason !== undefined) return "vacuous"
  return yield* Effect.ensuring(
    Effect.map(send("organizations.update", second.id, { external_id: own.row["external_id"] }), (exchange) =>
      isUsed(own, exchange)
    ),
    Effect.ignore(Exercise.remove(second.removal, second.id))
  )
})

const isUsed = ({ exchange }: Own, second: Exchange): Property.Verdict =>
  second.answer.status === 400
    ? "holds"
    : violation(`was answered with ${second.answer.status}, and another organization has this external_id`, "400", [
        exchange,
        second
      ])

const find = (externalId: string) => send("organizations.getByExternalId", externalId)

const foundByExternalId: Law.Law = {
  id: "workos/found-by-external-id",
  sentence:
    "An organization is found by the `external_id` that it has: from its creation on, by the new one once it is updated, and not once it is deleted.",
  source: {
    kind: "documented",
    text: "“Get the details of an existing organization by an external identifier.”",
    url: `${reference}/get-by-external-id`
  },
  severity: "error",
  writes: true,
  appliesTo: isCalled("organizations.getByExternalId"),
  check: () =>
    Effect.gen(function* () {
      const { settings } = yield* Session
      return yield* everyOrganization(several(settings.runs, whole), (own) =>
        Effect.gen(function* () {
          const first = textOf(own.row, "external_id")
          const second = `${first}-2`
          const isOwn = ({ answer: { json, status } }: Exchange) =>
            status === 200 && isRow(json) && json["id"] === own.id
          const created = yield* find(first)
          if (!isOwn(created)) return violation("does not find what was created", own.id, [own.exchange, created])
          const updated = yield* send("organizations.update", own.id, { external_id: second })
          if (updated.answer.status >= 300) return "vacuous"
          const after = yield* find(second)
          if (!isOwn(after)) return violation("does not find what was updated", own.id, [updated, after])
          const before = yield* find(first)
          if (before.answer.status !== 404) {
            return violation("finds an organization by an id that it had before", "404", [updated, before])
          }
          const removed = yield* Exercise.remove(own.removal, own.id)
          if (removed.answer.status >= 300) return "vacuous"
          const gone = yield* find(second)
          return gone.answer.status === 404
            ? "holds"
            : violation("finds what was deleted", "404", [updated, removed, gone])
        })
      )
    })
}

// -----------------------------------------------------------------------------
// Updates
// -----------------------------------------------------------------------------

/** Whether what is shown is what was asked for, by the field that was asked for. */
const granted: Readonly<Record<string, (shown: Row, asked: unknown) => boolean>> = {
  name: (shown, asked) => shown["name"] === asked,
  external_id: (shown, asked) => (asked === null ? isNothing(shown["external_id"]) : shown["external_id"] === asked),
  // It is deprecated, and answers may be without it.
  allow_profiles_outside_organization: ({ allow_profiles_outside_organization: shown }, asked) =>
    shown === undefined || shown === asked,
  // Whether what was there before and is not named is kept is said by nobody.
  metadata: ({ metadata }, asked) =>
    asked === null
      ? isNothing(metadata)
      : isRow(asked) && Object.entries(asked).every(([key, value]) => isRow(metadata) && metadata[key] === value),
  domain_data: ({ domains }, asked) =>
    Array.isArray(domains) && Array.isArray(asked) && Equal.equals(namesOf(domains), namesOf(asked))
}

const namesOf = (domains: ReadonlyArray<unknown>): ReadonlyArray<unknown> =>
  domains.map((domain) => (isRow(domain) ? domain["domain"] : domain)).toSorted()

/** What shows that a field was touched. */
const shownAs = (name: string): string => (name === "domain_data" ? "domains" : name)

// Whether an organization is what it was, but for what was asked.
const isUpdated = (before: Row, asked: Row, updated: Exchange, shown: Exchange): Property.Verdict => {
  const after = shown.answer.json
  const answered = updated.answer.json
  if (!isRow(after) || !isRow(answered)) return "vacuous"
  const ignored = Object.entries(asked).find(([name, value]) => granted[name]?.(after, value) === false)
  if (ignored !== undefined) {
    const [name, value] = ignored
    return violation(`does not show the ${name} that was asked for`, `${name} ${JSON.stringify(value)}`, [
      updated,
      shown
    ])
  }
  const touched = new Set([...Object.keys(asked).map(shownAs), "updated_at"])
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !touched.has(name))
  const changed = names.find((name) => !Equal.equals(before[name], after[name]))
  if (changed !== undefined) {
    return violation(
      `shows another ${changed}, and nobody asked for that`,
      `${changed} ${JSON.stringify(before[changed])}`,
      [updated, shown],
      `${changed} ${JSON.stringify(after[changed])}`
    )
  }
  const other = Object.keys(answered).find((name) => !Equal.equals(answered[name], after[name]))
  return other === undefined
    ? "holds"
    : violation(`shows another ${other} than the update was answered with`, `as the update was answered`, [
        updated,
        shown
      ])
}

const updates = (bodies: (own: Own, generated: Row) => Row) => () =>
  Effect.gen(function* () {
    const { settings } = yield* Session
    const update = yield* operation("organizations.update")
    const generated = yield* Exercise.samples(update, several(settings.runs, 0).length * 2, "updates")
    return yield* everyOrganization(
      generated.map(() => whole),
      (own, index) =>
        Effect.gen(function* () {
          const asked = bodies(own, yield* Exercise.bodyOf(update, generated[index] ?? {}))
          const updated = yield* send("organizations.update", own.id, asked)
          // Whatever else it was: it is not what this law is about.
          if (updated.answer.status >= 300) return "vacuous"
          return isUpdated(own.row, asked, updated, yield* send("organizations.get", own.id))
        })
    )
  })

const updateChanges: Law.Law = {
  id: "workos/update",
  sentence: "Updating an organization changes what the update says, and nothing else.",
  source: {
    kind: "documented",
    text: "“Updates an organization in the current environment”; every field of the request is optional.",
    url: `${reference}/update`
  },
  severity: "error",
  writes: true,
  appliesTo: isCalled("organizations.update"),
  check: updates((_, generated) => generated)
}

const updateTakesAway: Law.Law = {
  id: "workos/update-null",
  sentence: "Updating an organization with `null` takes its `external_id` or its `metadata` away, and nothing else.",
  source: {
    kind: "expected",
    text: "The OpenAPI description allows null for external_id and metadata in an update; there it can mean nothing else.",
    url: `${reference}/update`
  },
  severity: "error",
  writes: true,
  appliesTo: isCalled("organizations.update"),
  check: updates((own, { name }) => ({
    // Either of them, or both, going by nothing that matters.
    ...(own.id.charCodeAt(own.id.length - 1) % 3 === 0 ? {} : { external_id: null }),
    ...(own.id.charCodeAt(own.id.length - 1) % 3 === 1 ? {} : { metadata: null }),
    ...(name === undefined ? {} : { name })
  }))
}

export const organizations: ReadonlyArray<Law.Law> = [
  deletedWith,
  uniqueExternalId,
  foundByExternalId,
  updateChanges,
  updateTakesAway
]
