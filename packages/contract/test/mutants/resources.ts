// Mutants whose single resources differ from their rows, or do not exist.
import type { Store } from "@effect-workos/emulator/Store"
import { rowOf } from "./Listing.ts"
import {
  respond,
  makeMutant,
  isOneIn,
  type Mutant,
  refuse,
  rewriteResponse,
  rewriteConnection,
  withParts,
  without
} from "./Mutant.ts"
import { idAt, find, get, list, remove, unknownId } from "./Probe.ts"

const minute = 60_000

const chosen = (store: Store["Service"]) => find(store, ({ id }) => isOneIn(25, id)).id

/**
 * Mutants for resources/get-matches-list.
 */
const gets: ReadonlyArray<Mutant> = [
  {
    id: "get-shows-another-name",
    law: "resources/get-matches-list",
    operation: "connections.get",
    summary: "Returns the name of a single connection in capital letters",
    mutate: rewriteConnection((row) => ({ ...row, name: row.name.toUpperCase() })),
    shows: (store) => [get(idAt(store, 0))]
  },
  {
    id: "get-shows-a-later-update",
    law: "resources/get-matches-list",
    operation: "connections.get",
    summary: "Returns a single connection with a later updated_at than its row",
    subtle: true,
    mutate: rewriteConnection((row) => ({
      ...row,
      updated_at: new Date(Date.parse(row.updated_at) + minute).toISOString()
    })),
    shows: (store) => [get(idAt(store, 0))]
  },
  {
    id: "get-without-domains",
    law: "resources/get-matches-list",
    operation: "connections.get",
    summary: "Returns a single connection without domains",
    subtle: true,
    mutate: rewriteConnection((row) => ({ ...row, domains: [] })),
    shows: (store) => [get(find(store, ({ domains }) => domains.length > 0).id)]
  },
  {
    id: "get-without-organization",
    law: "resources/get-matches-list",
    operation: "connections.get",
    summary: "Returns a single connection without its organization",
    subtle: true,
    mutate: rewriteConnection((row) => without(row, "organization_id")),
    shows: (store) => [get(idAt(store, 0))]
  },
  {
    id: "get-shows-another-state-of-a-few",
    law: "resources/get-matches-list",
    operation: "connections.get",
    summary: "Returns one single connection in twenty-five in the state validating",
    subtle: true,
    mutate: rewriteConnection((row) => (isOneIn(25, row.id) ? { ...row, state: "validating" } : row)),
    shows: (store) => [get(chosen(store))]
  },
  {
    id: "get-shows-the-neighbour-of-a-few",
    law: "resources/get-matches-list",
    operation: "connections.get",
    summary: "Returns the type and the domains of the oldest connection for one in twenty-five",
    subtle: true,
    mutate: rewriteConnection((row, _, { connections }) => {
      const [oldest] = connections.rows
      if (oldest === undefined || !isOneIn(25, row.id)) return row
      const { connection_type, domains } = rowOf(oldest)
      return { ...row, connection_type, domains }
    }),
    shows: (store) => store.connections.rows.filter(({ id }) => isOneIn(25, id)).map(({ id }) => get(id))
  }
]

/**
 * Mutants for resources/reads-agree.
 */
const reads: ReadonlyArray<Mutant> = [
  {
    id: "names-are-numbered",
    law: "resources/reads-agree",
    operation: "connections.get",
    summary: "Adds the number of reads to the name of a connection",
    mutate: (fetch, store) => {
      let count = 0
      return rewriteConnection((row) => ({ ...row, name: `${row.name} (${++count})` }))(fetch, store)
    },
    shows: (store) => [get(idAt(store, 0)), get(idAt(store, 0))]
  },
  {
    id: "every-second-get-is-stale",
    law: "resources/reads-agree",
    operation: "connections.get",
    summary: "Returns created_at as updated_at in every second response",
    subtle: true,
    mutate: (fetch, store) => {
      const counts = new Map<string, number>()
      return rewriteConnection((row) => {
        const count = (counts.get(row.id) ?? 0) + 1
        counts.set(row.id, count)
        return count % 2 === 0 ? { ...row, updated_at: row.created_at } : row
      })(fetch, store)
    },
    shows: (store) => {
      const { id } = find(store, ({ createdAt, updatedAt }) => createdAt < updatedAt)
      return [get(id), get(id)]
    }
  },
  {
    id: "every-second-list-is-short",
    law: "resources/reads-agree",
    operation: "connections.list",
    summary: "Omits the first row in every second response to the same list request",
    subtle: true,
    mutate: makeMutant((emulator) => {
      const counts = new Map<string, number>()
      return async (parsed) => {
        const response = await emulator(parsed.request)
        if (parsed.operation !== "connections.list" || !response.ok) return response
        const count = (counts.get(parsed.request.url) ?? 0) + 1
        counts.set(parsed.request.url, count)
        if (count % 2 === 1) return response
        const page: { readonly data: ReadonlyArray<unknown> } = await response.json()
        return withParts(response, { text: JSON.stringify({ ...page, data: page.data.slice(1) }) })
      }
    }),
    shows: () => [list(), list()]
  }
]

/**
 * Mutants for resources/unknown-id.
 */
const unknown: ReadonlyArray<Mutant> = [
  {
    id: "unknown-is-the-first",
    law: "resources/unknown-id",
    operation: "connections.get",
    summary: "Returns the oldest connection for an unknown id",
    mutate: rewriteResponse("connections.get", 404, (refusal, parsed, store) => {
      const [oldest] = store.connections.rows
      return oldest === undefined ? refusal : respond(200, rowOf(oldest))(refusal, parsed, store)
    }),
    shows: () => [get(unknownId)]
  },
  {
    id: "unknown-is-forbidden",
    law: "resources/unknown-id",
    operation: "connections.get",
    summary: "Returns 403 instead of 404",
    mutate: rewriteResponse("connections.get", 404, refuse(403, "Forbidden")),
    shows: () => [get(unknownId)]
  },
  {
    id: "unknown-is-null",
    law: "resources/unknown-id",
    operation: "connections.get",
    summary: "Returns 200 and null for an unknown id",
    mutate: rewriteResponse("connections.get", 404, respond(200, null)),
    shows: () => [get(unknownId)]
  },
  {
    id: "well-formed-ids-always-exist",
    law: "resources/unknown-id",
    operation: "connections.get",
    summary: "Returns an invented connection for a well-formed unknown id",
    subtle: true,
    mutate: rewriteResponse("connections.get", 404, (refusal, parsed, store) => {
      const [oldest] = store.connections.rows
      return oldest === undefined || !/^conn_[0-9A-Z]{20,30}$/.test(parsed.id)
        ? refusal
        : respond(200, { ...rowOf(oldest), id: parsed.id })(refusal, parsed, store)
    }),
    shows: () => [get(unknownId)]
  },
  {
    id: "unknown-is-deleted",
    law: "resources/unknown-id",
    operation: "connections.delete",
    summary: "Returns 204 for deleting an unknown connection",
    writes: true,
    mutate: makeMutant((emulator, store) => {
      const deleted = new Set<string>()
      return async (parsed) => {
        const original = await emulator(parsed.request)
        if (parsed.operation !== "connections.delete") return original
        if (original.ok) deleted.add(parsed.id)
        return original.status === 404 && !deleted.has(parsed.id) ? respond(204)(original, parsed, store) : original
      }
    }),
    shows: () => [remove(unknownId)]
  }
]

export const resources: ReadonlyArray<Mutant> = [...gets, ...reads, ...unknown]
