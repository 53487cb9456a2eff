// The laws that apply to the organizations of WorkOS: external ids, updates, and deleted parts.
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Equal from "effect/Equal"
import { isRow, type Row } from "@effect-workos/contract-engine/ApiConventions"
import type { Exchange } from "@effect-workos/contract-engine/Exchange"
import * as Lifecycle from "@effect-workos/contract-engine/Lifecycle"
import * as Sampling from "@effect-workos/contract-engine/Sampling"
import type * as Law from "@effect-workos/contract-engine/Law"
import * as Property from "@effect-workos/contract-engine/Property"
import { Session } from "@effect-workos/contract-engine/Session"
import { create, createIfPossible, forEachOrganization, operation, send, violation } from "./created.ts"

const reference = "https://workos.com/docs/reference/organization"

const hasId = (id: string) => (operation: { readonly id: string }) => operation.id === id

/** The default payload of an organization. Names and unique values are replaced. */
const organizationBody: Row = {
  name: "replaced",
  external_id: "replaced",
  metadata: { tier: "gold" },
  domain_data: [{ domain: "replaced.example", state: "pending" }]
}

// Repeats a value once for every ten runs, from 2 to 10 times.
const repeat = <A>(runs: number, value: A): ReadonlyArray<A> =>
  Array.from({ length: Math.max(2, Math.min(10, Math.ceil(runs / 10))) }, () => value)

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || (isRow(value) && Object.keys(value).length === 0)

const textOf = (row: Row, name: string): string => String(row[name])

// -----------------------------------------------------------------------------
// Parts of an organization
// -----------------------------------------------------------------------------

const deletedWithOrganization: Law.Law = {
  id: "workos/deleted-with-organization",
  sentence: "Deleting an organization deletes its connections and domains.",
  source: {
    kind: "expected",
    text: "“Permanently deletes an organization”: a connection without an organization must not sign users in.",
    url: `${reference}/delete`
  },
  severity: "error",
  writes: true,
  appliesTo: hasId("organizations.delete"),
  check: () =>
    Effect.gen(function* () {
      const { settings } = yield* Session
      return yield* forEachOrganization(repeat(settings.runs, organizationBody), (organization) =>
        Effect.gen(function* () {
          const body = { organization_id: organization.id, name: "replaced", connection_type: "OktaSAML" }
          // If connections cannot be created, the law still checks the domains.
          const connection = yield* createIfPossible("connections", body)
          const [domain] = Array.isArray(organization.row["domains"]) ? organization.row["domains"].filter(isRow) : []
          const parts = [
            ...(connection === undefined ? [] : [["connections.get", connection.id] as const]),
            ...(domain === undefined ? [] : [["organizationDomains.get", textOf(domain, "id")] as const])
          ]
          if (parts.length === 0) return Property.inconclusive
          const removed = yield* Lifecycle.remove(organization.removal, organization.id)
          if (removed.response.status >= 300) return Property.inconclusive
          for (const [get, id] of parts) {
            const got = yield* send(get, id)
            if (got.response.status === 404) continue
            const message = `returned ${got.response.status} after the organization was deleted`
            return violation(message, "404", [removed, got])
          }
          const left = yield* connectionsOf(organization.id)
          return left === undefined
            ? Property.passed
            : violation("returned a connection of a deleted organization", "no rows", [removed, left])
        })
      )
    })
}

// The page of an organization's connections, if the organization has any.
const connectionsOf = Effect.fnUntraced(function* (organization: string) {
  const { description, send } = yield* Session
  const { lists } = description.conventions
  if (lists === undefined) return undefined
  const list = yield* operation("connections.list")
  const exchange = yield* send(Sampling.pageRequest(list, lists, { filters: [["organization_id", organization]] }))
  const page = Result.getOrUndefined(Sampling.toPage(lists, exchange))
  return page === undefined || page.rows.length === 0 ? undefined : exchange
})

// -----------------------------------------------------------------------------
// External ids
// -----------------------------------------------------------------------------

const uniqueExternalId: Law.Law = {
  id: "workos/unique-external-id",
  sentence: "Creating or updating an organization with the `external_id` of another organization returns 400.",
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
      return yield* forEachOrganization(repeat(settings.runs, organizationBody), (organization) =>
        id === "organizations.create" ? createTwice(organization) : updateToSame(organization)
      )
    })
}

const createTwice = Effect.fnUntraced(function* (organization: Lifecycle.Created) {
  const { description } = yield* Session
  const operationOfCreate = yield* operation("organizations.create")
  const resource = yield* Lifecycle.creatableOf(operationOfCreate, description)
  const second = yield* Lifecycle.sendCreate(resource, {
    ...Lifecycle.itemRequest(operationOfCreate, ""),
    body: { json: { name: `${textOf(organization.row, "name")} again`, external_id: organization.row["external_id"] } }
  })
  if (second.created !== undefined && second.created.id !== organization.id)
    yield* Lifecycle.remove(second.created.removal, second.created.id)
  return checkConflict(organization, second.exchange)
})

const updateToSame = Effect.fnUntraced(function* (organization: Lifecycle.Created) {
  const second = yield* create("organizations", { name: "replaced" })
  return yield* Effect.ensuring(
    Effect.map(send("organizations.update", second.id, { external_id: organization.row["external_id"] }), (exchange) =>
      checkConflict(organization, exchange)
    ),
    Effect.ignore(Lifecycle.remove(second.removal, second.id))
  )
})

const checkConflict = ({ exchange }: Lifecycle.Created, second: Exchange): Property.CaseResult =>
  second.response.status === 400
    ? Property.passed
    : violation(`returned ${second.response.status}, although another organization has this external_id`, "400", [
        exchange,
        second
      ])

const find = (externalId: string) => send("organizations.getByExternalId", externalId)

const foundByExternalId: Law.Law = {
  id: "workos/found-by-external-id",
  sentence: "An organization is found by its current `external_id` only, from its creation until its deletion.",
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
      return yield* forEachOrganization(repeat(settings.runs, organizationBody), (organization) =>
        Effect.gen(function* () {
          const first = textOf(organization.row, "external_id")
          const second = `${first}-2`
          const isOwn = ({ response: { json, status } }: Exchange) =>
            status === 200 && isRow(json) && json["id"] === organization.id
          const created = yield* find(first)
          if (!isOwn(created))
            return violation("does not find the created organization", organization.id, [
              organization.exchange,
              created
            ])
          const updated = yield* send("organizations.update", organization.id, { external_id: second })
          if (updated.response.status >= 300) return Property.inconclusive
          const after = yield* find(second)
          if (!isOwn(after))
            return violation("does not find the updated organization", organization.id, [updated, after])
          const before = yield* find(first)
          if (before.response.status !== 404) {
            return violation("finds an organization by its previous external_id", "404", [updated, before])
          }
          const removed = yield* Lifecycle.remove(organization.removal, organization.id)
          if (removed.response.status >= 300) return Property.inconclusive
          const afterDeletion = yield* find(second)
          return afterDeletion.response.status === 404
            ? Property.passed
            : violation("finds a deleted organization", "404", [updated, removed, afterDeletion])
        })
      )
    })
}

// -----------------------------------------------------------------------------
// Updates
// -----------------------------------------------------------------------------

/** Returns whether a response shows the requested value, by field. */
const isApplied: Readonly<Record<string, (current: Row, requested: unknown) => boolean>> = {
  name: (current, requested) => current["name"] === requested,
  external_id: (current, requested) =>
    requested === null ? isEmpty(current["external_id"]) : current["external_id"] === requested,
  // A deprecated field, which responses may omit.
  allow_profiles_outside_organization: ({ allow_profiles_outside_organization: current }, requested) =>
    current === undefined || current === requested,
  // The documentation does not define whether an update keeps the other keys.
  metadata: ({ metadata }, requested) =>
    requested === null
      ? isEmpty(metadata)
      : isRow(requested) &&
        Object.entries(requested).every(([key, value]) => isRow(metadata) && metadata[key] === value),
  domain_data: ({ domains }, requested) =>
    Array.isArray(domains) && Array.isArray(requested) && Equal.equals(namesOf(domains), namesOf(requested))
}

const namesOf = (domains: ReadonlyArray<unknown>): ReadonlyArray<unknown> =>
  domains.map((domain) => (isRow(domain) ? domain["domain"] : domain)).toSorted()

/** The field of a response that corresponds to a field of a payload. */
const responseField = (name: string): string => (name === "domain_data" ? "domains" : name)

// Returns whether an organization changed exactly in the requested fields.
const isUpdated = (before: Row, requested: Row, updated: Exchange, current: Exchange): Property.CaseResult => {
  const after = current.response.json
  const updatedRow = updated.response.json
  if (!isRow(after) || !isRow(updatedRow)) return Property.inconclusive
  const ignored = Object.entries(requested).find(([name, value]) => isApplied[name]?.(after, value) === false)
  if (ignored !== undefined) {
    const [name, value] = ignored
    return violation(`does not return the requested ${name}`, `${name} ${JSON.stringify(value)}`, [updated, current])
  }
  const touched = new Set([...Object.keys(requested).map(responseField), "updated_at"])
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !touched.has(name))
  const changed = names.find((name) => !Equal.equals(before[name], after[name]))
  if (changed !== undefined) {
    return violation(
      `returned another ${changed}, which was not requested`,
      `${changed} ${JSON.stringify(before[changed])}`,
      [updated, current],
      `${changed} ${JSON.stringify(after[changed])}`
    )
  }
  const other = Object.keys(updatedRow).find((name) => !Equal.equals(updatedRow[name], after[name]))
  return other === undefined
    ? Property.passed
    : violation(`returned another ${other} than the update`, `the response of the update`, [updated, current])
}

const updates = (bodies: (index: number, generated: Row) => Row) => () =>
  Effect.gen(function* () {
    const { settings } = yield* Session
    const update = yield* operation("organizations.update")
    const generated = yield* Lifecycle.sampleBodies(update, repeat(settings.runs, 0).length * 2, "updates")
    return yield* forEachOrganization(
      generated.map(() => organizationBody),
      (organization, index) =>
        Effect.gen(function* () {
          const requested = bodies(index, yield* Lifecycle.bodyOf(update, generated[index] ?? {}))
          const updated = yield* send("organizations.update", organization.id, requested)
          // Other laws cover refused updates.
          if (updated.response.status >= 300) return Property.inconclusive
          return isUpdated(organization.row, requested, updated, yield* send("organizations.get", organization.id))
        })
    )
  })

const updateChanges: Law.Law = {
  id: "workos/update",
  sentence: "Updating an organization changes the fields of the update and nothing else.",
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
  sentence:
    "Updating `external_id` or `metadata` of an organization to `null` clears the field and changes nothing else.",
  source: {
    kind: "expected",
    text: "The OpenAPI description allows null for external_id and metadata in an update. Null can only mean that the update clears the field.",
    url: `${reference}/update`
  },
  severity: "error",
  writes: true,
  appliesTo: hasId("organizations.update"),
  check: updates((index, { name }) => ({
    // Both fields, or one of them, by turns.
    ...(index % 3 === 1 ? {} : { external_id: null }),
    ...(index % 3 === 2 ? {} : { metadata: null }),
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
