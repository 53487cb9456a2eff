// Mutants that show a connection in one way here and in another there, or one that does not exist.
import type { Store } from "@effect-workos/emulator/Store"
import { rowOf } from "./Listing.ts"
import {
  answer,
  inFront,
  isOneIn,
  type Mutant,
  refuse,
  rewriteAnswer,
  rewriteConnection,
  withParts,
  without
} from "./Mutant.ts"
import { at, find, get, list, remove, unknownId } from "./Probe.ts"

const minute = 60_000

const chosen = (store: Store["Service"]) => find(store, ({ id }) => isOneIn(25, id)).id

/**
 * resources/get-matches-list: what get shows is what lists show.
 */
const gets: ReadonlyArray<Mutant> = [
  {
    id: "get-shows-another-name",
    law: "resources/get-matches-list",
    operation: "connections.get",
    summary: "Shows a name in capitals to those who get a connection",
    mutate: rewriteConnection((row) => ({ ...row, name: row.name.toUpperCase() })),
    shows: (store) => [get(at(store, 0))]
  },
  {
    id: "get-shows-a-later-update",
    law: "resources/get-matches-list",
    operation: "connections.get",
    summary: "Dates the last change a minute later where a connection is got",
    subtle: true,
    mutate: rewriteConnection((row) => ({
      ...row,
      updated_at: new Date(Date.parse(row.updated_at) + minute).toISOString()
    })),
    shows: (store) => [get(at(store, 0))]
  },
  {
    id: "get-without-domains",
    law: "resources/get-matches-list",
    operation: "connections.get",
    summary: "Shows no domains where a connection is got",
    subtle: true,
    mutate: rewriteConnection((row) => ({ ...row, domains: [] })),
    shows: (store) => [get(find(store, ({ domains }) => domains.length > 0).id)]
  },
  {
    id: "get-without-organization",
    law: "resources/get-matches-list",
    operation: "connections.get",
    summary: "Leaves the organization out where a connection is got",
    subtle: true,
    mutate: rewriteConnection((row) => without(row, "organization_id")),
    shows: (store) => [get(at(store, 0))]
  },
  {
    id: "get-shows-another-state-of-a-few",
    law: "resources/get-matches-list",
    operation: "connections.get",
    summary: "Shows one connection in twenty-five as validating where it is got",
    subtle: true,
    mutate: rewriteConnection((row) => (isOneIn(25, row.id) ? { ...row, state: "validating" } : row)),
    shows: (store) => [get(chosen(store))]
  },
  {
    id: "get-shows-the-neighbour-of-a-few",
    law: "resources/get-matches-list",
    operation: "connections.get",
    summary: "Shows the type and the domains of the oldest connection in the place of those of one in twenty-five",
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
 * resources/reads-agree: two reads of the same show the same.
 */
const reads: ReadonlyArray<Mutant> = [
  {
    id: "names-are-numbered",
    law: "resources/reads-agree",
    operation: "connections.get",
    summary: "Counts in the name how often a connection was got",
    mutate: (fetch, store) => {
      let count = 0
      return rewriteConnection((row) => ({ ...row, name: `${row.name} (${++count})` }))(fetch, store)
    },
    shows: (store) => [get(at(store, 0)), get(at(store, 0))]
  },
  {
    id: "every-second-get-is-stale",
    law: "resources/reads-agree",
    operation: "connections.get",
    summary: "Shows every second time that nothing has changed since the creation",
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
    summary: "Leaves the first row out every second time that the same list is asked for",
    subtle: true,
    mutate: inFront((emulator) => {
      const counts = new Map<string, number>()
      return async (asked) => {
        const answer = await emulator(asked.request)
        if (asked.operation !== "connections.list" || !answer.ok) return answer
        const count = (counts.get(asked.request.url) ?? 0) + 1
        counts.set(asked.request.url, count)
        if (count % 2 === 1) return answer
        const page: { readonly data: ReadonlyArray<unknown> } = await answer.json()
        return withParts(answer, { text: JSON.stringify({ ...page, data: page.data.slice(1) }) })
      }
    }),
    shows: () => [list(), list()]
  }
]

/**
 * resources/unknown-id: what does not exist is a 404.
 */
const unknown: ReadonlyArray<Mutant> = [
  {
    id: "unknown-is-the-first",
    law: "resources/unknown-id",
    operation: "connections.get",
    summary: "Shows the oldest connection where the id is unknown",
    mutate: rewriteAnswer("connections.get", 404, (refusal, asked, store) => {
      const [oldest] = store.connections.rows
      return oldest === undefined ? refusal : answer(200, rowOf(oldest))(refusal, asked, store)
    }),
    shows: () => [get(unknownId)]
  },
  {
    id: "unknown-is-forbidden",
    law: "resources/unknown-id",
    operation: "connections.get",
    summary: "Answers 403 in the place of 404",
    mutate: rewriteAnswer("connections.get", 404, refuse(403, "Forbidden")),
    shows: () => [get(unknownId)]
  },
  {
    id: "unknown-is-null",
    law: "resources/unknown-id",
    operation: "connections.get",
    summary: "Answers 200 and null where the id is unknown",
    mutate: rewriteAnswer("connections.get", 404, answer(200, null)),
    shows: () => [get(unknownId)]
  },
  {
    id: "well-formed-ids-always-exist",
    law: "resources/unknown-id",
    operation: "connections.get",
    summary: "Makes a connection up where an unknown id has the right form",
    subtle: true,
    mutate: rewriteAnswer("connections.get", 404, (refusal, asked, store) => {
      const [oldest] = store.connections.rows
      return oldest === undefined || !/^conn_[0-9A-Z]{20,30}$/.test(asked.id)
        ? refusal
        : answer(200, { ...rowOf(oldest), id: asked.id })(refusal, asked, store)
    }),
    shows: () => [get(unknownId)]
  },
  {
    id: "unknown-is-deleted",
    law: "resources/unknown-id",
    operation: "connections.delete",
    summary: "Answers 204 to the deletion of what never existed",
    writes: true,
    mutate: inFront((emulator, store) => {
      const deleted = new Set<string>()
      return async (asked) => {
        const answered = await emulator(asked.request)
        if (asked.operation !== "connections.delete") return answered
        if (answered.ok) deleted.add(asked.id)
        return answered.status === 404 && !deleted.has(asked.id) ? answer(204)(answered, asked, store) : answered
      }
    }),
    shows: () => [remove(unknownId)]
  }
]

export const resources: ReadonlyArray<Mutant> = [...gets, ...reads, ...unknown]
