// Mutants with faulty filters.
import type { Connection } from "@effect-workos/domain/sso/Connection"
import { type Filter, matchesFilter, relist, type Steps, valueOf } from "./Listing.ts"
import { isContinued, isOneIn, type Mutant } from "./Mutant.ts"
import { find, list, organization } from "./Probe.ts"
import type { Store } from "@effect-workos/emulator/Store"

type Name = Filter[0]

const all = (row: Connection, filters: ReadonlyArray<Filter>) => filters.every((filter) => matchesFilter(row, filter))

const except = (filters: ReadonlyArray<Filter>, name: Name) => filters.filter((filter) => filter[0] !== name)

// Replaces the predicate of one filter.
const reading = (name: Name, matches: (row: Connection, value: string) => boolean): Mutant["mutate"] =>
  relist({
    matches: (row, filters) =>
      filters.every((filter) => (filter[0] === name ? matches(row, filter[1]) : matchesFilter(row, filter)))
  })

// Narrows the rows if these filters are given.
const narrowing = (
  applies: (given: ReadonlySet<Name>) => boolean,
  narrow: (rows: ReadonlyArray<Connection>) => ReadonlyArray<Connection>
): Mutant["mutate"] => relist({ narrow: (rows, query) => (applies(namesOf(query.filters)) ? narrow(rows) : rows) })

const namesOf = (filters: ReadonlyArray<Filter>): ReadonlySet<Name> => new Set(filters.map(([name]) => name))

const withoutOldest: Steps["narrow"] = (rows, { order }) => (order === "asc" ? rows.slice(1) : rows.slice(0, -1))

// A query with all filters, and a connection that matches them.
const sample = (store: Store["Service"]) =>
  find(
    store,
    ({ connectionType, domains, organizationId }) =>
      connectionType === "OktaSAML" && organizationId !== undefined && domains.length > 1
  )

const query = (store: Store["Service"], names: ReadonlyArray<Name>, row = sample(store)) => {
  const values = {
    connection_type: row.connectionType,
    organization_id: row.organizationId ?? "",
    domain: row.domains[0]?.domain ?? "",
    search: row.name.slice(0, 6)
  }
  return `order=asc&limit=100&${new URLSearchParams(names.map((name) => [name, values[name]]))}`
}

const finds =
  (...names: ReadonlyArray<Name>): Mutant["shows"] =>
  (store) => [list(query(store, names))]

const words: Readonly<Record<Name, string>> = {
  connection_type: "connection type",
  organization_id: "organization",
  domain: "domain",
  search: "search"
}

const ignoring = (name: Name): Mutant => ({
  id: `${name.replaceAll("_", "-")}-ignored`,
  law: "lists/filter-matches",
  operation: "connections.list",
  summary: `Ignores the filter ${words[name]}`,
  mutate: relist({ matches: (row, filters) => all(row, except(filters, name)) }),
  shows: finds(name)
})

/**
 * Mutants for lists/filter-matches.
 */
const matches: ReadonlyArray<Mutant> = [
  ignoring("connection_type"),
  ignoring("organization_id"),
  ignoring("domain"),
  ignoring("search"),
  {
    id: "organization-forgotten-on-page-two",
    law: "lists/filter-matches",
    operation: "connections.list",
    summary: "Ignores the organization on pages with a cursor",
    subtle: true,
    mutate: relist({
      matches: (row, filters, { parsed }) =>
        all(row, isContinued(parsed) ? except(filters, "organization_id") : filters)
    }),
    shows: (store) => [list(`order=asc&organization_id=${organization(store)}&after=${store.connections.rows[0]?.id}`)]
  },
  {
    id: "leaks-a-row-of-another-organization",
    law: "lists/filter-matches",
    operation: "connections.list",
    summary: "Returns one connection in fifty in the list of every organization",
    subtle: true,
    mutate: relist({
      matches: (row, filters) =>
        all(row, row.organizationId !== undefined && isOneIn(50, row.id) ? except(filters, "organization_id") : filters)
    }),
    shows: finds("organization_id")
  },
  {
    id: "leaks-connections-without-organization",
    law: "lists/filter-matches",
    operation: "connections.list",
    summary: "Returns connections without an organization in the list of every organization",
    subtle: true,
    mutate: reading("organization_id", (row, value) => (row.organizationId ?? value) === value),
    shows: finds("organization_id")
  },
  {
    id: "types-by-provider",
    law: "lists/filter-matches",
    operation: "connections.list",
    summary: "Selects every type of the same provider, such as OktaOIDC for OktaSAML",
    subtle: true,
    mutate: reading(
      "connection_type",
      (row, value) =>
        providerOf(row.connectionType) === providerOf(value) || matchesFilter(row, ["connection_type", value])
    ),
    shows: finds("connection_type")
  },
  {
    id: "subdomains-match",
    law: "lists/filter-matches",
    operation: "connections.list",
    summary: "Selects connections with a subdomain of the domain",
    subtle: true,
    mutate: reading("domain", (row, value) => row.domains.some(({ domain }) => domain.endsWith(value.toLowerCase()))),
    shows: (store) => {
      const only = find(store, ({ domains }) => domains.length === 1 && domains[0]?.domain.startsWith("mail.") === true)
      return [list(`order=asc&limit=100&domain=${only.domains[0]?.domain.slice(5)}`)]
    }
  },
  {
    id: "search-by-first-letter",
    law: "lists/filter-matches",
    operation: "connections.list",
    summary: "Compares only the first character of a search",
    subtle: true,
    mutate: reading("search", (row, value) => matchesFilter(row, ["search", value.slice(0, 1)])),
    shows: finds("search")
  },
  {
    id: "search-in-domains",
    law: "lists/filter-matches",
    operation: "connections.list",
    summary: "Searches domains as well as names",
    subtle: true,
    mutate: reading(
      "search",
      (row, value) =>
        matchesFilter(row, ["search", value]) || row.domains.some(({ domain }) => domain.includes(value.toLowerCase()))
    ),
    shows: () => [list("order=asc&limit=100&search=student")]
  }
]

const providerOf = (type: string): string => type.replace(/(?:SAML|OIDC|OAuth|Oidc)$/, "")

/**
 * Mutants for lists/filter-complete.
 */
const complete: ReadonlyArray<Mutant> = [
  {
    id: "filters-lose-the-oldest",
    law: "lists/filter-complete",
    operation: "connections.list",
    summary: "Omits the oldest connection that matches a filter",
    subtle: true,
    mutate: relist({
      narrow: (rows, query) => (query.filters.length === 1 ? withoutOldest(rows, query) : rows)
    }),
    shows: finds("connection_type")
  },
  {
    id: "organizations-lose-rows-without-domains",
    law: "lists/filter-complete",
    operation: "connections.list",
    summary: "Omits connections without domains when filtering by organization",
    subtle: true,
    mutate: reading("organization_id", (row, value) => row.organizationId === value && row.domains.length > 0),
    shows: finds("organization_id")
  },
  {
    id: "github-finds-nothing",
    law: "workos/github-filter",
    operation: "connections.list",
    summary: "Selects no GitHubOAuth connections with GithubOAuth",
    subtle: true,
    mutate: reading("connection_type", (row, value) => row.connectionType === value),
    shows: () => [list("connection_type=GithubOAuth")]
  },
  {
    id: "first-domain-only",
    law: "lists/filter-complete",
    operation: "connections.list",
    summary: "Compares only the first domain of a connection",
    subtle: true,
    mutate: reading("domain", (row, value) => row.domains[0]?.domain === value.toLowerCase()),
    shows: (store) => [list(`domain=${sample(store).domains[1]?.domain}`)]
  },
  {
    id: "search-from-the-start",
    law: "lists/filter-complete",
    operation: "connections.list",
    summary: "Searches only the beginning of names",
    subtle: true,
    mutate: reading("search", (row, value) => row.name.toLowerCase().startsWith(value.toLowerCase())),
    shows: () => [list("search=oo")]
  },
  {
    id: "types-lose-inactive-connections",
    law: "lists/filter-complete",
    operation: "connections.list",
    summary: "Omits inactive connections when filtering by type",
    subtle: true,
    mutate: reading(
      "connection_type",
      (row, value) => row.state === "active" && matchesFilter(row, ["connection_type", value])
    ),
    shows: finds("connection_type")
  },
  {
    id: "organizations-end-after-a-dozen",
    law: "lists/filter-complete",
    operation: "connections.list",
    summary: "Returns at most twelve connections of an organization",
    subtle: true,
    mutate: narrowing(
      (given) => given.has("organization_id") && given.size === 1,
      (rows) => rows.slice(0, 12)
    ),
    shows: finds("organization_id")
  }
]

/**
 * Mutants for lists/combined-filters-match.
 */
const combinedMatch: ReadonlyArray<Mutant> = [
  {
    id: "second-filter-ignored",
    law: "lists/combined-filters-match",
    operation: "connections.list",
    summary: "Applies only the first of several filters",
    mutate: relist({ matches: (row, filters) => all(row, filters.slice(0, 1)) }),
    shows: finds("connection_type", "organization_id")
  },
  {
    id: "third-filter-ignored",
    law: "lists/combined-filters-match",
    operation: "connections.list",
    summary: "Applies only the first two of several filters",
    subtle: true,
    mutate: relist({ matches: (row, filters) => all(row, filters.slice(0, 2)) }),
    shows: (store) => [list(`${query(store, ["connection_type", "organization_id"])}&search=nothing`)]
  },
  {
    id: "any-filter-is-enough",
    law: "lists/combined-filters-match",
    operation: "connections.list",
    summary: "Selects connections that match any of several filters",
    subtle: true,
    mutate: relist({
      matches: (row, filters) => filters.length === 0 || filters.some((filter) => matchesFilter(row, filter))
    }),
    shows: finds("connection_type", "organization_id")
  },
  {
    id: "search-beside-organization-ignored",
    law: "lists/combined-filters-match",
    operation: "connections.list",
    summary: "Ignores a search within an organization",
    subtle: true,
    mutate: relist({
      matches: (row, filters) => all(row, namesOf(filters).has("organization_id") ? except(filters, "search") : filters)
    }),
    shows: (store) => [list(`${query(store, ["organization_id"])}&search=nothing`)]
  }
]

/**
 * Mutants for lists/combined-filters-complete.
 */
const combinedComplete: ReadonlyArray<Mutant> = [
  {
    id: "two-filters-lose-a-row",
    law: "lists/combined-filters-complete",
    operation: "connections.list",
    summary: "Omits the oldest connection that matches two filters",
    subtle: true,
    mutate: relist({
      narrow: (rows, query) => (query.filters.length > 1 ? withoutOldest(rows, query) : rows)
    }),
    shows: finds("connection_type", "organization_id")
  },
  {
    id: "three-filters-find-nothing",
    law: "lists/combined-filters-complete",
    operation: "connections.list",
    summary: "Returns no rows for more than two filters",
    subtle: true,
    mutate: narrowing(
      (given) => given.size > 2,
      () => []
    ),
    shows: finds("connection_type", "organization_id", "domain")
  },
  {
    id: "type-and-domain-find-nothing",
    law: "lists/combined-filters-complete",
    operation: "connections.list",
    summary: "Returns no rows for a type combined with a domain",
    subtle: true,
    mutate: narrowing(
      (given) => given.has("connection_type") && given.has("domain"),
      () => []
    ),
    shows: finds("connection_type", "domain")
  },
  {
    id: "domain-within-organization-by-first-domain",
    law: "lists/combined-filters-complete",
    operation: "connections.list",
    summary: "Compares only the first domain of a connection when filtering by organization as well",
    subtle: true,
    mutate: relist({
      matches: (row, filters, query) => {
        const domain = valueOf(query, "domain")
        const isNarrow = domain !== undefined && valueOf(query, "organization_id") !== undefined
        return all(row, filters) && (!isNarrow || row.domains[0]?.domain === domain.toLowerCase())
      }
    }),
    shows: (store) => [
      list(`organization_id=${sample(store).organizationId}&domain=${sample(store).domains[1]?.domain}`)
    ]
  }
]

export const filters: ReadonlyArray<Mutant> = [...matches, ...complete, ...combinedMatch, ...combinedComplete]
