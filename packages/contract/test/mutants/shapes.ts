// Mutants whose answers have another shape than documented: bodies, fields, values, ids and instants.
import {
  insteadOf,
  type Mutant,
  rewriteConnection,
  rewriteOneRow,
  rewritePage,
  rewriteRows,
  type Row,
  withParts,
  without
} from "./Mutant.ts"
import { at, create, find, get, list, organization } from "./Probe.ts"

const longPage = () => [list("limit=100")]
const onePage = () => [list("limit=100&order=asc"), list("limit=100")]

const later = (timestamp: string, millis: number) => new Date(Date.parse(timestamp) + millis).toISOString()

/**
 * responses/body: what a body must have, and of which type.
 */
const bodies: ReadonlyArray<Mutant> = [
  {
    id: "name-is-a-number",
    law: "responses/body",
    operation: "connections.get",
    summary: "Shows the name of a connection as a number",
    mutate: rewriteConnection((row) => ({ ...row, name: row.name.length })),
    shows: (store) => [get(at(store, 0))]
  },
  {
    id: "created-at-missing",
    law: "responses/body",
    operation: "connections.get",
    summary: "Leaves created_at out of a connection",
    mutate: rewriteConnection((row) => without(row, "created_at")),
    shows: (store) => [get(at(store, 0))]
  },
  {
    id: "object-capitalised",
    law: "responses/body",
    operation: "connections.get",
    summary: "Calls a connection a Connection",
    mutate: rewriteConnection((row) => ({ ...row, object: "Connection" })),
    shows: (store) => [get(at(store, 0))]
  },
  {
    id: "get-in-an-envelope",
    law: "responses/body",
    operation: "connections.get",
    summary: "Puts a connection into an envelope called data",
    mutate: rewriteConnection((row) => ({ data: row })),
    shows: (store) => [get(at(store, 0))]
  },
  {
    id: "no-domains-is-null",
    law: "responses/body",
    operation: "connections.list",
    summary: "Shows null in the place of an empty list of domains",
    subtle: true,
    mutate: rewriteRows((row) => (row.domains.length === 0 ? { ...row, domains: null } : row)),
    shows: onePage
  },
  {
    id: "no-organization-is-null",
    law: "responses/body",
    operation: "connections.list",
    summary: "Shows null in the place of an organization where a connection has none",
    subtle: true,
    mutate: rewriteRows((row) => (row.organization_id === undefined ? { ...row, organization_id: null } : row)),
    shows: onePage
  },
  {
    id: "options-as-empty-list",
    law: "responses/body",
    operation: "connections.list",
    summary: "Shows options without a certificate as an empty list",
    subtle: true,
    mutate: rewriteRows((row) => (row.options?.signing_cert === null ? { ...row, options: [] } : row)),
    shows: longPage
  },
  {
    id: "one-state-in-a-hundred-is-null",
    law: "responses/body",
    operation: "connections.list",
    summary: "Shows null as the state of one row in a hundred",
    subtle: true,
    mutate: rewriteOneRow((row) => ({ ...row, state: null })),
    shows: longPage
  },
  {
    id: "one-name-in-a-hundred-missing",
    law: "responses/body",
    operation: "connections.list",
    summary: "Leaves out the name of one row in a hundred",
    subtle: true,
    mutate: rewriteOneRow((row) => without(row, "name")),
    shows: longPage
  },
  {
    id: "domain-without-id",
    law: "responses/body",
    operation: "connections.list",
    summary: "Leaves out the id of the second domain of a connection",
    subtle: true,
    mutate: rewriteRows((row) => ({
      ...row,
      domains: row.domains.map((domain, index) => (index === 1 ? without(domain, "id") : domain))
    })),
    shows: onePage
  },
  {
    id: "list-without-envelope",
    law: "responses/body",
    operation: "connections.list",
    summary: "Answers a list with the rows and no envelope",
    mutate: rewritePage(({ data }) => data),
    shows: () => [list()]
  },
  {
    id: "camel-case-envelope",
    law: "responses/body",
    operation: "connections.list",
    summary: "Writes listMetadata in the place of list_metadata",
    mutate: rewritePage(({ list_metadata, ...page }) => ({ ...page, listMetadata: list_metadata })),
    shows: () => [list()]
  },
  {
    id: "last-page-without-after",
    law: "responses/body",
    operation: "connections.list",
    summary: "Leaves the cursor out of the last page, where it should be null",
    subtle: true,
    mutate: rewritePage((page) =>
      page.list_metadata.after === null ? { ...page, list_metadata: without(page.list_metadata, "after") } : page
    ),
    shows: (store) => [list(`order=desc&after=${at(store, 3)}`)]
  },
  {
    id: "empty-list-is-null",
    law: "responses/body",
    operation: "connections.list",
    summary: "Shows null in the place of the rows where there are none",
    subtle: true,
    mutate: rewritePage((page) => (page.data.length === 0 ? { ...page, data: null } : page)),
    shows: (store) => [list(`order=desc&after=${at(store, 0)}`)]
  },
  {
    id: "create-answers-id-only",
    law: "responses/body",
    operation: "connections.create",
    summary: "Answers a creation with nothing but the new id",
    writes: true,
    mutate: rewriteConnection(({ id, object }) => ({ object, id }), "connections.create"),
    shows: (store) => [create({ organization_id: organization(store) })]
  },
  {
    id: "create-answers-nothing",
    law: "responses/body",
    operation: "connections.create",
    summary: "Answers a creation with 201 and no body",
    writes: true,
    mutate: insteadOf(
      "connections.create",
      () => true,
      (answer) => withParts(answer, { text: null })
    ),
    shows: (store) => [create({ organization_id: organization(store) })]
  }
]

/**
 * responses/undocumented-field and responses/undocumented-value: drift.
 */
const drift: ReadonlyArray<Mutant> = [
  {
    id: "field-in-rows",
    law: "responses/undocumented-field",
    operation: "connections.list",
    summary: "Adds a field that no document names to every row",
    mutate: rewriteRows((row) => ({ ...row, shard: 3 })),
    shows: () => [list()]
  },
  {
    id: "field-in-one-row-of-a-hundred",
    law: "responses/undocumented-field",
    operation: "connections.list",
    summary: "Adds a field that no document names to one row in a hundred",
    subtle: true,
    mutate: rewriteOneRow((row) => ({ ...row, migrated_from: null })),
    shows: longPage
  },
  {
    id: "field-in-the-envelope",
    law: "responses/undocumented-field",
    operation: "connections.list",
    summary: "Counts all rows in the metadata of a list",
    mutate: rewritePage((page, _, { connections }) => ({
      ...page,
      list_metadata: { ...page.list_metadata, total: connections.rows.length }
    })),
    shows: () => [list()]
  },
  {
    id: "field-in-domains",
    law: "responses/undocumented-field",
    operation: "connections.get",
    summary: "Adds a field that no document names to the domains of a connection",
    subtle: true,
    mutate: rewriteConnection((row) => ({
      ...row,
      domains: row.domains.map((domain) => ({ ...domain, verified: true }))
    })),
    shows: (store) => [get(find(store, ({ domains }) => domains.length > 0).id)]
  },
  {
    id: "unknown-state",
    law: "responses/undocumented-value",
    operation: "connections.list",
    summary: "Calls inactive connections suspended, which is no documented state",
    mutate: rewriteRows((row) => (row.state === "inactive" ? { ...row, state: "suspended" } : row)),
    shows: onePage
  },
  {
    id: "unknown-state-in-one-row-of-a-hundred",
    law: "responses/undocumented-value",
    operation: "connections.list",
    summary: "Gives one row in a hundred a state that no document names",
    subtle: true,
    mutate: rewriteOneRow((row) => ({ ...row, state: "archived" })),
    shows: longPage
  },
  {
    id: "unknown-type",
    law: "responses/undocumented-value",
    operation: "connections.get",
    summary: "Calls OktaSAML connections OktaSaml, which is no documented type",
    subtle: true,
    mutate: rewriteConnection((row) =>
      row.connection_type === "OktaSAML" ? { ...row, connection_type: "OktaSaml" } : row
    ),
    shows: (store) => [get(find(store, ({ connectionType }) => connectionType === "OktaSAML").id)]
  }
]

const domainIdsAs = (prefix: string) => (row: Row) => ({
  ...row,
  domains: row.domains.map((domain) => ({ ...domain, id: domain.id.replace(/^org_domain/, prefix) }))
})

/**
 * responses/id-prefix: what ids start with.
 */
const prefixes: ReadonlyArray<Mutant> = [
  {
    id: "conn-domain-prefix",
    law: "responses/id-prefix",
    operation: "connections.list",
    summary: "Starts the ids of domains with conn_domain_, as WorkOS's own emulator does",
    subtle: true,
    mutate: rewriteRows(domainIdsAs("conn_domain")),
    shows: longPage
  },
  {
    id: "con-prefix",
    law: "responses/id-prefix",
    operation: "connections.get",
    summary: "Starts the id of a connection with con_",
    mutate: rewriteConnection((row) => ({ ...row, id: row.id.replace(/^conn_/, "con_") })),
    shows: (store) => [get(at(store, 0))]
  },
  {
    id: "one-organization-in-a-hundred-unprefixed",
    law: "responses/id-prefix",
    operation: "connections.list",
    summary: "Shows the organization of one row in a hundred without the prefix of its id",
    subtle: true,
    mutate: rewriteOneRow((row) => ({ ...row, organization_id: row.organization_id?.replace(/^org_/, "") })),
    shows: longPage
  },
  {
    id: "created-id-unprefixed",
    law: "responses/id-prefix",
    operation: "connections.create",
    summary: "Answers a creation with an id without its prefix",
    writes: true,
    mutate: rewriteConnection((row) => ({ ...row, id: row.id.replace(/^conn_/, "") }), "connections.create"),
    shows: (store) => [create({ organization_id: organization(store) })]
  }
]

const inBerlin = (timestamp: string) => later(timestamp, 3_600_000).replace("Z", "+01:00")

/**
 * responses/timestamps and responses/created-before-updated: instants.
 */
const instants: ReadonlyArray<Mutant> = [
  {
    id: "timestamps-with-an-offset",
    law: "responses/timestamps",
    operation: "connections.list",
    summary: "Writes the right instants in another time zone",
    mutate: rewriteRows((row) => ({
      ...row,
      created_at: inBerlin(row.created_at),
      updated_at: inBerlin(row.updated_at)
    })),
    shows: () => [list()]
  },
  {
    id: "one-offset-in-a-hundred",
    law: "responses/timestamps",
    operation: "connections.list",
    summary: "Writes the instant of one row in a hundred in another time zone",
    subtle: true,
    mutate: rewriteOneRow((row) => ({ ...row, updated_at: inBerlin(row.updated_at) })),
    shows: longPage
  },
  {
    id: "timestamps-without-z",
    law: "responses/timestamps",
    operation: "connections.get",
    summary: "Writes instants without saying in which time zone",
    mutate: rewriteConnection((row) => ({ ...row, created_at: row.created_at.replace("Z", "") })),
    shows: (store) => [get(at(store, 0))]
  },
  {
    id: "timestamps-with-a-space",
    law: "responses/timestamps",
    operation: "connections.get",
    summary: "Writes instants as databases print them, with a space in the place of the T",
    mutate: rewriteConnection((row) => ({ ...row, updated_at: row.updated_at.replace("T", " ") })),
    shows: (store) => [get(at(store, 0))]
  },
  {
    id: "timestamps-as-epoch-text",
    law: "responses/timestamps",
    operation: "connections.get",
    summary: "Writes instants as milliseconds since 1970, in a string",
    mutate: rewriteConnection((row) => ({ ...row, created_at: String(Date.parse(row.created_at)) })),
    shows: (store) => [get(at(store, 0))]
  },
  {
    id: "updated-a-millisecond-before-created",
    law: "responses/created-before-updated",
    operation: "connections.list",
    summary: "Dates the last change of untouched connections a millisecond before their creation",
    subtle: true,
    mutate: rewriteRows((row) =>
      row.updated_at === row.created_at ? { ...row, updated_at: later(row.created_at, -1) } : row
    ),
    shows: () => [list("limit=100")]
  },
  {
    id: "instants-swapped",
    law: "responses/created-before-updated",
    operation: "connections.get",
    summary: "Swaps created_at and updated_at",
    subtle: true,
    mutate: rewriteConnection((row) => ({ ...row, created_at: row.updated_at, updated_at: row.created_at })),
    shows: (store) => [get(find(store, ({ createdAt, updatedAt }) => createdAt < updatedAt).id)]
  },
  {
    id: "one-update-in-a-hundred-before-creation",
    law: "responses/created-before-updated",
    operation: "connections.list",
    summary: "Dates the last change of one row in a hundred a day before its creation",
    subtle: true,
    mutate: rewriteOneRow((row) => ({ ...row, updated_at: later(row.created_at, -86_400_000) })),
    shows: longPage
  }
]

export const shapes: ReadonlyArray<Mutant> = [...bodies, ...drift, ...prefixes, ...instants]
