// Mutants with undocumented shapes: bodies, fields, values, ids and timestamps.
import {
  replaceResponse,
  type Mutant,
  rewriteConnection,
  rewriteOneRow,
  rewritePage,
  rewriteRows,
  type Row,
  withParts,
  without
} from "./Mutant.ts"
import { idAt, create, find, get, list, organization } from "./Probe.ts"

const longPage = () => [list("limit=100")]
const onePage = () => [list("limit=100&order=asc"), list("limit=100")]

const later = (timestamp: string, millis: number) => new Date(Date.parse(timestamp) + millis).toISOString()

/**
 * Mutants for responses/body.
 */
const bodies: ReadonlyArray<Mutant> = [
  {
    id: "object-capitalised",
    law: "responses/body",
    operation: "connections.get",
    summary: "Returns the object type Connection instead of connection",
    mutate: rewriteConnection((row) => ({ ...row, object: "Connection" })),
    shows: (store) => [get(idAt(store, 0))]
  },
  {
    id: "get-in-an-envelope",
    law: "responses/body",
    operation: "connections.get",
    summary: "Wraps a connection in data",
    mutate: rewriteConnection((row) => ({ data: row })),
    shows: (store) => [get(idAt(store, 0))]
  },
  {
    id: "no-domains-is-null",
    law: "responses/body",
    operation: "connections.list",
    summary: "Returns null instead of an empty list of domains",
    subtle: true,
    mutate: rewriteRows((row) => (row.domains?.length === 0 ? { ...row, domains: null } : row)),
    shows: onePage
  },
  {
    id: "no-organization-is-null",
    law: "responses/body",
    operation: "connections.list",
    summary: "Returns null as the organization of connections without one",
    subtle: true,
    mutate: rewriteRows((row) => (row.organization_id === undefined ? { ...row, organization_id: null } : row)),
    shows: onePage
  },
  {
    id: "options-as-empty-list",
    law: "responses/body",
    operation: "connections.list",
    summary: "Returns options without a certificate as an empty list",
    subtle: true,
    mutate: rewriteRows((row) => (row.options?.signing_cert === null ? { ...row, options: [] } : row)),
    shows: longPage
  },
  {
    id: "one-state-in-a-hundred-is-null",
    law: "responses/body",
    operation: "connections.list",
    summary: "Returns null as the state of one row in a hundred",
    subtle: true,
    mutate: rewriteOneRow((row) => ({ ...row, state: null })),
    shows: longPage
  },
  {
    id: "one-name-in-a-hundred-missing",
    law: "responses/body",
    operation: "connections.list",
    summary: "Omits the name of one row in a hundred",
    subtle: true,
    mutate: rewriteOneRow((row) => without(row, "name")),
    shows: longPage
  },
  {
    id: "domain-without-id",
    law: "responses/body",
    operation: "connections.list",
    summary: "Omits the id of the second domain of a connection",
    subtle: true,
    mutate: rewriteRows((row) => ({
      ...row,
      domains: row.domains?.map((domain, index) => (index === 1 ? without(domain, "id") : domain))
    })),
    shows: onePage
  },
  {
    id: "list-without-envelope",
    law: "responses/body",
    operation: "connections.list",
    summary: "Returns a list as an array without an envelope",
    mutate: rewritePage(({ data }) => data),
    shows: () => [list()]
  },
  {
    id: "last-page-without-after",
    law: "responses/body",
    operation: "connections.list",
    summary: "Omits the cursor on the last page instead of returning null",
    subtle: true,
    mutate: rewritePage((page) =>
      page.list_metadata.after === null ? { ...page, list_metadata: without(page.list_metadata, "after") } : page
    ),
    shows: (store) => [list(`order=desc&after=${idAt(store, 3)}`)]
  },
  {
    id: "empty-list-is-null",
    law: "responses/body",
    operation: "connections.list",
    summary: "Returns null instead of an empty list of rows",
    subtle: true,
    mutate: rewritePage((page) => (page.data.length === 0 ? { ...page, data: null } : page)),
    shows: (store) => [list(`order=desc&after=${idAt(store, 0)}`)]
  },
  {
    id: "creation-without-body",
    law: "responses/body",
    operation: "connections.create",
    summary: "Returns 201 without a body for a creation",
    writes: true,
    mutate: replaceResponse(
      "connections.create",
      () => true,
      (response) => withParts(response, { text: null })
    ),
    shows: (store) => [create({ organization_id: organization(store) })]
  }
]

/**
 * Mutants for responses/undocumented-field and responses/undocumented-value.
 */
const drift: ReadonlyArray<Mutant> = [
  {
    id: "field-in-one-row-of-a-hundred",
    law: "responses/undocumented-field",
    operation: "connections.list",
    summary: "Adds an undocumented field to one row in a hundred",
    subtle: true,
    mutate: rewriteOneRow((row) => ({ ...row, migrated_from: null })),
    shows: longPage
  },
  {
    id: "unknown-state",
    law: "responses/undocumented-value",
    operation: "connections.list",
    summary: "Returns inactive connections in the undocumented state suspended",
    mutate: rewriteRows((row) => (row.state === "inactive" ? { ...row, state: "suspended" } : row)),
    shows: onePage
  },
  {
    id: "unknown-state-in-one-row-of-a-hundred",
    law: "responses/undocumented-value",
    operation: "connections.list",
    summary: "Returns an undocumented state for one row in a hundred",
    subtle: true,
    mutate: rewriteOneRow((row) => ({ ...row, state: "archived" })),
    shows: longPage
  },
  {
    id: "unknown-type",
    law: "responses/undocumented-value",
    operation: "connections.get",
    summary: "Returns OktaSAML connections with the undocumented type OktaSaml",
    subtle: true,
    mutate: rewriteConnection((row) =>
      row.connection_type === "OktaSAML" ? { ...row, connection_type: "OktaSaml" } : row
    ),
    shows: (store) => [get(find(store, ({ connectionType }) => connectionType === "OktaSAML").id)]
  }
]

const domainIdsAs = (prefix: string) => (row: Row) => ({
  ...row,
  domains: row.domains?.map((domain) => ({ ...domain, id: domain.id.replace(/^org_domain/, prefix) }))
})

/**
 * Mutants for responses/id-prefix.
 */
const prefixes: ReadonlyArray<Mutant> = [
  {
    id: "conn-domain-prefix",
    law: "responses/id-prefix",
    operation: "connections.list",
    summary: "Returns ids of domains with the prefix conn_domain_, like WorkOS's own emulator",
    subtle: true,
    mutate: rewriteRows(domainIdsAs("conn_domain")),
    shows: longPage
  },
  {
    id: "con-prefix",
    law: "responses/id-prefix",
    operation: "connections.get",
    summary: "Returns ids of connections with the prefix con_",
    mutate: rewriteConnection((row) => ({ ...row, id: row.id.replace(/^conn_/, "con_") })),
    shows: (store) => [get(idAt(store, 0))]
  },
  {
    id: "one-organization-in-a-hundred-unprefixed",
    law: "responses/id-prefix",
    operation: "connections.list",
    summary: "Returns an organization id without its prefix in one row in a hundred",
    subtle: true,
    mutate: rewriteOneRow((row) => ({ ...row, organization_id: row.organization_id?.replace(/^org_/, "") })),
    shows: longPage
  },
  {
    id: "created-id-unprefixed",
    law: "responses/id-prefix",
    operation: "connections.create",
    summary: "Returns an id without its prefix for a creation",
    writes: true,
    mutate: rewriteConnection((row) => ({ ...row, id: row.id.replace(/^conn_/, "") }), "connections.create"),
    shows: (store) => [create({ organization_id: organization(store) })]
  }
]

const inBerlin = (timestamp: string) => later(timestamp, 3_600_000).replace("Z", "+01:00")

/**
 * Mutants for responses/timestamps and responses/created-before-updated.
 */
const instants: ReadonlyArray<Mutant> = [
  {
    id: "timestamps-with-an-offset",
    law: "responses/timestamps",
    operation: "connections.list",
    summary: "Returns timestamps with another time zone than UTC",
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
    summary: "Returns timestamps with another time zone than UTC for one row in a hundred",
    subtle: true,
    mutate: rewriteOneRow((row) => ({ ...row, updated_at: inBerlin(row.updated_at) })),
    shows: longPage
  },
  {
    id: "timestamps-without-z",
    law: "responses/timestamps",
    operation: "connections.get",
    summary: "Returns timestamps without a time zone",
    mutate: rewriteConnection((row) => ({ ...row, created_at: row.created_at.replace("Z", "") })),
    shows: (store) => [get(idAt(store, 0))]
  },
  {
    id: "timestamps-with-a-space",
    law: "responses/timestamps",
    operation: "connections.get",
    summary: "Returns timestamps with a space instead of the T",
    mutate: rewriteConnection((row) => ({ ...row, updated_at: row.updated_at.replace("T", " ") })),
    shows: (store) => [get(idAt(store, 0))]
  },
  {
    id: "timestamps-as-epoch-text",
    law: "responses/timestamps",
    operation: "connections.get",
    summary: "Returns timestamps as milliseconds since 1970, in a string",
    mutate: rewriteConnection((row) => ({ ...row, created_at: String(Date.parse(row.created_at)) })),
    shows: (store) => [get(idAt(store, 0))]
  },
  {
    id: "updated-a-millisecond-before-created",
    law: "responses/created-before-updated",
    operation: "connections.list",
    summary: "Returns updated_at one millisecond before created_at for unchanged connections",
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
    summary: "Returns updated_at one day before created_at for one row in a hundred",
    subtle: true,
    mutate: rewriteOneRow((row) => ({ ...row, updated_at: later(row.created_at, -86_400_000) })),
    shows: longPage
  }
]

export const shapes: ReadonlyArray<Mutant> = [...bodies, ...drift, ...prefixes, ...instants]
