// What WorkOS promises of organizations: their external ids, their updates, and what goes with them.
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import { isRow, type Row } from "../../ApiConventions.ts"
import type { Exchange } from "../../Exchange.ts"
import * as Lifecycle from "../Lifecycle.ts"
import * as Sampling from "../Sampling.ts"
import type * as Law from "../../Law.ts"
import type * as Property from "../Property.ts"
import { resourceOperationsOf } from "../ResourceOperations.ts"
import { Session } from "../../Session.ts"
import { create, forEachOrganization, operation, type Created, send, violation } from "./created.ts"

const reference = "https://workos.com/docs/reference/organization"

const hasId = (id: string) => (operation: { readonly id: string }) => operation.id === id

/** What an organization is created with where a law is not about that. The name and what has to be unique are replaced. */
const organizationBody: Row = {
  name: "given below",
  external_id: "given below",
  metadata: { tier: "gold" },
  domain_data: [{ domain: "given.example", state: "pending" }]
}

// So many as there are for ten runs, and no less than two.
const repeat = <A>(runs: number, value: A): ReadonlyArray<A> =>
  Array.from({ length: Math.max(2, Math.min(10, Math.ceil(runs / 10))) }, () => value)

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || (isRow(value) && Object.keys(value).length === 0)

const textOf = (row: Row, name: string): string => String(row[name])

// -----------------------------------------------------------------------------
// What goes with an organization
// -----------------------------------------------------------------------------

const deletedWithOrganization: Law.Law = {
  id: "workos/deleted-with-organization",
  sentence: "A deleted organization's connections and domains are gone.",
  source: {
    kind: "expected",
    text: "“Permanently deletes an organization”: what belongs to nobody can sign nobody in.",
    url: `${reference}/delete`
  },
  severity: "error",
  writes: true,
  appliesTo: hasId("organizations.delete"),
  check: () =>
    Effect.gen(function* () {
      const { settings } = yield* Session
      return yield* forEachOrganization(repeat(settings.runs, organizationBody), (own) =>
        Effect.gen(function* () {
          const body = { organization_id: own.id, name: "given below", connection_type: "OktaSAML" }
          // Where connections can't be created there are domains all the same.
          const connection = yield* create("connections", body)
          const [domain] = Array.isArray(own.row["domains"]) ? own.row["domains"].filter(isRow) : []
          const parts = [
            ...(connection.reason === undefined ? [["connections.get", connection.id] as const] : []),
            ...(domain === undefined ? [] : [["organizationDomains.get", textOf(domain, "id")] as const])
          ]
          if (parts.length === 0) return "inconclusive"
          const removed = yield* Lifecycle.remove(own.removal, own.id)
          if (removed.response.status >= 300) return "inconclusive"
          for (const [get, id] of parts) {
            const got = yield* send(get, id)
            if (got.response.status === 404) continue
            const message = `was answered with ${got.response.status} after its organization was deleted`
            return violation(message, "404", [removed, got])
          }
          const left = yield* connectionsOf(own.id)
          return left === undefined
            ? "passed"
            : violation("shows a connection of a deleted organization", "no rows", [removed, left])
        })
      )
    })
}

// The page of an organization's connections, where it has any.
const connectionsOf = Effect.fnUntraced(function* (organization: string) {
  const { description, send } = yield* Session
  const { lists } = description.conventions
  if (lists === undefined) return undefined
  const list = yield* operation("connections.list")
  const exchange = yield* send(Sampling.pageRequest(list, lists, { filters: [["organization_id", organization]] }))
  const page = Sampling.toPage(lists, exchange)
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
      return yield* forEachOrganization(repeat(settings.runs, organizationBody), (own) =>
        id === "organizations.create" ? createTwice(own) : updateToSame(own)
      )
    })
}

const createTwice = Effect.fnUntraced(function* (own: Created) {
  const { description } = yield* Session
  const made = yield* operation("organizations.create")
  const resource = resourceOperationsOf(made, description)
  if (!Lifecycle.isCreatable(resource)) return "inconclusive"
  const second = yield* Lifecycle.sendCreate(resource, {
    ...Lifecycle.itemRequest(made, ""),
    body: { json: { name: `${textOf(own.row, "name")} again`, external_id: own.row["external_id"] } }
  })
  if (second.own !== undefined && second.own.id !== own.id) yield* Lifecycle.remove(second.own.removal, second.own.id)
  return checkConflict(own, second.exchange)
})

const updateToSame = Effect.fnUntraced(function* (own: Created) {
  const second = yield* create("organizations", { name: "given below" })
  if (second.reason !== undefined) return "inconclusive"
  return yield* Effect.ensuring(
    Effect.map(send("organizations.update", second.id, { external_id: own.row["external_id"] }), (exchange) =>
      checkConflict(own, exchange)
    ),
    Effect.ignore(Lifecycle.remove(second.removal, second.id))
  )
})

const checkConflict = ({ exchange }: Created, second: Exchange): Property.CaseResult =>
  second.response.status === 400
    ? "passed"
    : violation(`was answered with ${second.response.status}, and another organization has this external_id`, "400", [
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
  appliesTo: hasId("organizations.getByExternalId"),
  check: () =>
    Effect.gen(function* () {
      const { settings } = yield* Session
      return yield* forEachOrganization(repeat(settings.runs, organizationBody), (own) =>
        Effect.gen(function* () {
          const first = textOf(own.row, "external_id")
          const second = `${first}-2`
          const isOwn = ({ response: { json, status } }: Exchange) =>
            status === 200 && isRow(json) && json["id"] === own.id
          const created = yield* find(first)
          if (!isOwn(created)) return violation("does not find what was created", own.id, [own.exchange, created])
          const updated = yield* send("organizations.update", own.id, { external_id: second })
          if (updated.response.status >= 300) return "inconclusive"
          const after = yield* find(second)
          if (!isOwn(after)) return violation("does not find what was updated", own.id, [updated, after])
          const before = yield* find(first)
          if (before.response.status !== 404) {
            return violation("finds an organization by an id that it had before", "404", [updated, before])
          }
          const removed = yield* Lifecycle.remove(own.removal, own.id)
          if (removed.response.status >= 300) return "inconclusive"
          const gone = yield* find(second)
          return gone.response.status === 404
            ? "passed"
            : violation("finds what was deleted", "404", [updated, removed, gone])
        })
      )
    })
}

// -----------------------------------------------------------------------------
// Updates
// -----------------------------------------------------------------------------

/** Whether what is shown is what was asked for, by the field that was asked for. */
const isApplied: Readonly<Record<string, (shown: Row, asked: unknown) => boolean>> = {
  name: (shown, asked) => shown["name"] === asked,
  external_id: (shown, asked) => (asked === null ? isEmpty(shown["external_id"]) : shown["external_id"] === asked),
  // It is deprecated, and responses may be without it.
  allow_profiles_outside_organization: ({ allow_profiles_outside_organization: shown }, asked) =>
    shown === undefined || shown === asked,
  // Whether what was there before and is not named is kept is said by nobody.
  metadata: ({ metadata }, asked) =>
    asked === null
      ? isEmpty(metadata)
      : isRow(asked) && Object.entries(asked).every(([key, value]) => isRow(metadata) && metadata[key] === value),
  domain_data: ({ domains }, asked) =>
    Array.isArray(domains) && Array.isArray(asked) && Equal.equals(namesOf(domains), namesOf(asked))
}

const namesOf = (domains: ReadonlyArray<unknown>): ReadonlyArray<unknown> =>
  domains.map((domain) => (isRow(domain) ? domain["domain"] : domain)).toSorted()

/** What shows that a field was touched. */
const responseField = (name: string): string => (name === "domain_data" ? "domains" : name)

// Whether an organization is what it was, but for what was asked.
const isUpdated = (before: Row, asked: Row, updated: Exchange, shown: Exchange): Property.CaseResult => {
  const after = shown.response.json
  const answered = updated.response.json
  if (!isRow(after) || !isRow(answered)) return "inconclusive"
  const ignored = Object.entries(asked).find(([name, value]) => isApplied[name]?.(after, value) === false)
  if (ignored !== undefined) {
    const [name, value] = ignored
    return violation(`does not show the ${name} that was asked for`, `${name} ${JSON.stringify(value)}`, [
      updated,
      shown
    ])
  }
  const touched = new Set([...Object.keys(asked).map(responseField), "updated_at"])
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
    ? "passed"
    : violation(`shows another ${other} than the update was answered with`, `as the update was answered`, [
        updated,
        shown
      ])
}

const updates = (bodies: (own: Created, generated: Row) => Row) => () =>
  Effect.gen(function* () {
    const { settings } = yield* Session
    const update = yield* operation("organizations.update")
    const generated = yield* Lifecycle.sampleBodies(update, repeat(settings.runs, 0).length * 2, "updates")
    return yield* forEachOrganization(
      generated.map(() => organizationBody),
      (own, index) =>
        Effect.gen(function* () {
          const asked = bodies(own, yield* Lifecycle.bodyOf(update, generated[index] ?? {}))
          const updated = yield* send("organizations.update", own.id, asked)
          // Whatever else it was: it is not what this law is about.
          if (updated.response.status >= 300) return "inconclusive"
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
  appliesTo: hasId("organizations.update"),
  check: updates((_, generated) => generated)
}

const updateClears: Law.Law = {
  id: "workos/update-null",
  sentence: "Updating an organization with `null` takes its `external_id` or its `metadata` away, and nothing else.",
  source: {
    kind: "expected",
    text: "The OpenAPI description allows null for external_id and metadata in an update; there it can mean nothing else.",
    url: `${reference}/update`
  },
  severity: "error",
  writes: true,
  appliesTo: hasId("organizations.update"),
  check: updates((own, { name }) => ({
    // Either of them, or both, going by nothing that matters.
    ...(own.id.charCodeAt(own.id.length - 1) % 3 === 0 ? {} : { external_id: null }),
    ...(own.id.charCodeAt(own.id.length - 1) % 3 === 1 ? {} : { metadata: null }),
    ...(name === undefined ? {} : { name })
  }))
}

export const organizations: ReadonlyArray<Law.Law> = [
  deletedWithOrganization,
  uniqueExternalId,
  foundByExternalId,
  updateChanges,
  updateClears
]
