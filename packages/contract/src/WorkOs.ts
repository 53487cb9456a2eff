// WorkOS as the engine sees it: the words that its API uses, and the suite that it is held to.
import { ConnectionTypeFilter, filteredType } from "@effect-workos/domain/Connection"
import * as Id from "@effect-workos/domain/Id"
import { WorkOsApi } from "@effect-workos/domain/WorkOsApi"
import { type Convention, equals, type Filter, isRow, type Row } from "./Convention.ts"
import { laws } from "./laws.ts"
import * as Suite from "./Suite.ts"
import { workOsLaws } from "./workos/laws.ts"
import { sources } from "./workos/sources.ts"

// A type that answers and filters write differently has a law of its own.
const connectionType: Filter = {
  parameter: "connection_type",
  valuesOf: ({ connection_type: type }) =>
    ConnectionTypeFilter.literals.filter((literal) => literal === type && filteredType(literal) === type),
  matches: (row, value) => row["connection_type"] === value
}

const domainsOf = ({ domains }: Row): ReadonlyArray<string> =>
  Array.isArray(domains)
    ? domains.filter(isRow).flatMap(({ domain }) => (typeof domain === "string" ? [domain] : []))
    : []

const domain: Filter = {
  parameter: "domain",
  valuesOf: domainsOf,
  matches: (row, value) => domainsOf(row).some((domain) => domain.toLowerCase() === value.toLowerCase()),
  // What a domain is a part of, and what is a part of it.
  nearMisses: (row) => domainsOf(row).flatMap((domain) => [domain.slice(domain.indexOf(".") + 1), domain.slice(1)])
}

// How much of a name a search has to give is not said, nor what it makes of several words: one word of it should do.
const search: Filter = {
  parameter: "search",
  valuesOf: ({ name }) => (typeof name === "string" ? name.split(/\s+/).filter((word) => word.length > 2) : []),
  matches: ({ name }, value) => typeof name === "string" && name.toLowerCase().includes(value.toLowerCase()),
  // Words of other fields: whole ones, since nobody says how a search takes punctuation.
  nearMisses: (row) =>
    [String(row["connection_type"]), ...domainsOf(row).flatMap((domain) => domain.split(/[^a-z]+/i))].filter(
      (word) => word.length > 3
    )
}

/**
 * The words of WorkOS's API.
 *
 * @see https://workos.com/docs/reference/pagination
 */
export const convention: Convention = {
  lists: {
    items: ["data"],
    next: ["list_metadata", "after"],
    previous: ["list_metadata", "before"],
    limit: { parameter: "limit", standard: 10, maximum: 100 },
    after: "after",
    before: "before",
    order: { parameter: "order", ascending: "asc", descending: "desc" },
    id: "id",
    created: "created_at"
  },
  filters: { "connections.list": [connectionType, equals("organization_id"), domain, search] },
  headers: ["x-request-id"],
  // The errors page has it for every operation.
  statuses: [400],
  prefixOf: Id.prefixOf,
  instants: ["created_at", "updated_at"],
  payloads: {
    // A name that tells where it comes from, and an external id that no connection of anybody else has.
    "connections.create": (generated, unique) => ({
      ...generated,
      name: unique,
      ...("external_id" in generated ? { external_id: unique } : {})
    })
  }
}

/**
 * What a server has to keep to be a WorkOS: the laws that hold for any API, each with the sentence of WorkOS's
 * documentation that it rests on, and those that only WorkOS makes.
 *
 * **Example** (How many laws there are)
 *
 * ```ts
 * import * as WorkOs from "@effect-workos/contract/WorkOs"
 *
 * WorkOs.suite.laws.length
 * ```
 *
 * @see https://workos.com/docs/reference
 */
export const suite: Suite.Suite = Suite.make({
  api: WorkOsApi,
  convention,
  laws: [...laws.map((law) => ({ ...law, source: sources[law.id] ?? law.source })), ...workOsLaws],
  replay: ({ law, runs, seed, writes }) =>
    `effect-workos verify --seed ${seed} --runs ${runs} --only ${law}${writes ? " --writes" : ""}`
})

/**
 * Whether a base URL is that of WorkOS itself.
 */
export const isProduction = (baseUrl: string): boolean =>
  URL.canParse(baseUrl) && /(?:^|\.)workos\.com\.?$/.test(new URL(baseUrl).hostname)
