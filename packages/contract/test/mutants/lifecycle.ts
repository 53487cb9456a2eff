// Mutants that lose created resources or keep deleted ones.
import type { Connection } from "@effect-workos/domain/sso/Connection"
import type { Store } from "@effect-workos/emulator/Store"
import { relistWith, rowOf, type Steps } from "./Listing.ts"
import {
  respond,
  type ParsedRequest,
  makeMutant,
  type Mutant,
  refuse,
  type Rewrite,
  rowIn,
  type Mutate
} from "./Mutant.ts"
import { idAt, create, find, get, list, organization, type Probe, remove } from "./Probe.ts"

/**
 * The created and the deleted resources, in order.
 */
interface Memory {
  readonly created: Map<string, Connection>
  readonly deleted: Map<string, Connection>
}

interface Remembering {
  /** Called with each response, to record its effects. */
  readonly afterwards?: (parsed: ParsedRequest, original: Response, memory: Memory, store: Store["Service"]) => void
  /** Returns another response, if any. */
  readonly instead?: (parsed: ParsedRequest, original: Response, memory: Memory) => Rewrite | undefined
  /** The steps of lists. */
  readonly steps?: (memory: Memory) => Partial<Steps>
}

// A mutant that depends on the created and deleted resources.
const remembering =
  ({ afterwards, instead, steps }: Remembering): Mutate =>
  (fetch, store) => {
    const memory: Memory = { created: new Map(), deleted: new Map() }
    const lists = steps === undefined ? fetch : relistWith(() => steps(memory))(fetch, store)
    return makeMutant((emulator) => async (parsed) => {
      const old = store.connections.get(parsed.id)
      const original = await emulator(parsed.request)
      const rewrite = instead?.(parsed, original, memory)
      const response = rewrite === undefined ? original : await rewrite(original, parsed, store)
      if (parsed.operation === "connections.create" && original.status === 201) {
        const connection = store.connections.get((await rowIn(original)).id)
        if (connection !== undefined) memory.created.set(connection.id, connection)
      }
      if (parsed.operation === "connections.delete" && original.ok && old !== undefined) {
        memory.deleted.set(old.id, old)
      }
      afterwards?.(parsed, original, memory, store)
      return response
    })(lists, store)
  }

const notFound: Rewrite = (original, parsed, store) =>
  refuse(404, `Connection not found: '${parsed.id}'.`)(original, parsed, store)

const creating: (store: Store["Service"]) => Request = (store) =>
  create({ organization_id: organization(store), connection_type: "OktaSAML", name: "Zaphod's" })

const got: Probe = (earlier) => get(earlier[0]?.id ?? "")
const removed: Probe = (earlier) => remove(earlier[0]?.id ?? "")

/**
 * Mutants for lifecycle/created-in-get and lifecycle/created-in-list.
 */
const created: ReadonlyArray<Mutant> = [
  {
    id: "created-is-not-found-at-first",
    law: "lifecycle/created-in-get",
    operation: "connections.create",
    summary: "Returns 404 for the first two reads of a created connection",
    writes: true,
    mutate: (fetch, store) => {
      const counts = new Map<string, number>()
      return remembering({
        instead: ({ id, operation }, _, memory) => {
          if (operation !== "connections.get" || !memory.created.has(id)) return undefined
          const count = (counts.get(id) ?? 0) + 1
          counts.set(id, count)
          return count <= 2 ? notFound : undefined
        }
      })(fetch, store)
    },
    shows: (store) => [creating(store), got]
  },
  {
    id: "created-is-found-when-active",
    law: "lifecycle/created-in-get",
    operation: "connections.create",
    summary: "Returns 404 for created connections that are not active",
    writes: true,
    subtle: true,
    mutate: remembering({
      instead: ({ id, operation }, _, { created }) =>
        operation === "connections.get" && (created.get(id)?.state ?? "active") !== "active" ? notFound : undefined
    }),
    shows: (store) => [creating(store), got]
  },
  {
    id: "created-is-listed-late",
    law: "lifecycle/created-in-list",
    operation: "connections.create",
    summary: "Omits created connections from the next three lists",
    writes: true,
    mutate: (fetch, store) => {
      const counts = new Map<string, number>()
      return remembering({
        steps: ({ created }) => ({
          everything: ({ connections }) =>
            connections.rows.filter(({ id }) => {
              if (!created.has(id)) return true
              const count = (counts.get(id) ?? 0) + 1
              counts.set(id, count)
              return count > 3
            })
        })
      })(fetch, store)
    },
    shows: (store) => [creating(store), list()]
  },
  {
    id: "created-is-not-in-its-organization",
    law: "lifecycle/created-in-list",
    operation: "connections.create",
    summary: "Omits created connections from the lists of their organization",
    writes: true,
    subtle: true,
    mutate: remembering({
      steps: ({ created }) => ({
        narrow: (rows, { parsed }) =>
          parsed.query.has("organization_id") ? rows.filter(({ id }) => !created.has(id)) : rows
      })
    }),
    shows: (store) => [creating(store), list(`organization_id=${organization(store)}`)]
  },
  {
    id: "created-is-never-listed",
    law: "lifecycle/created-in-list",
    operation: "connections.create",
    summary: "Omits created connections from all lists",
    writes: true,
    mutate: remembering({
      steps: ({ created }) => ({ narrow: (rows) => rows.filter(({ id }) => !created.has(id)) })
    }),
    shows: (store) => [creating(store), list()]
  }
]

// The rows including deleted ones.
const withDeleted = (rows: ReadonlyArray<Connection>, deleted: ReadonlyMap<string, Connection>) =>
  [...rows, ...deleted.values()].toSorted(
    (a, b) => a.createdAt.epochMilliseconds - b.createdAt.epochMilliseconds || (a.id < b.id ? -1 : 1)
  )

/**
 * Mutants for lifecycle/deleted-from-get, lifecycle/deleted-from-lists and lifecycle/deleted-again.
 */
const deleted: ReadonlyArray<Mutant> = [
  {
    id: "deleted-can-be-read",
    law: "lifecycle/deleted-from-get",
    operation: "connections.delete",
    summary: "Returns deleted connections by id",
    writes: true,
    mutate: remembering({
      instead: ({ id, operation }, _, { deleted }) => {
        const row = deleted.get(id)
        return operation === "connections.get" && row !== undefined ? respond(200, rowOf(row)) : undefined
      }
    }),
    shows: (store) => [remove(idAt(store, 3)), get(idAt(store, 3))]
  },
  {
    id: "deleted-is-deleting",
    law: "lifecycle/deleted-from-get",
    operation: "connections.delete",
    summary: "Returns deleted inactive connections in the state deleting",
    writes: true,
    subtle: true,
    mutate: remembering({
      instead: ({ id, operation }, _, { deleted }) => {
        const row = deleted.get(id)
        return operation === "connections.get" && row !== undefined && row.state !== "active"
          ? respond(200, { ...rowOf(row), state: "deleting" })
          : undefined
      }
    }),
    shows: (store) => {
      const { id } = find(store, ({ state }) => state !== "active")
      return [remove(id), get(id)]
    }
  },
  {
    id: "deleted-is-forbidden",
    law: "lifecycle/deleted-from-get",
    operation: "connections.delete",
    summary: "Returns 403 instead of 404 for deleted connections",
    writes: true,
    subtle: true,
    mutate: remembering({
      instead: ({ id, operation }, _, { deleted }) =>
        operation === "connections.get" && deleted.has(id) ? refuse(403, "The connection was deleted") : undefined
    }),
    shows: (store) => [remove(idAt(store, 3)), get(idAt(store, 3))]
  },
  {
    id: "deleted-is-listed",
    law: "lifecycle/deleted-from-lists",
    operation: "connections.delete",
    summary: "Returns deleted connections in lists",
    writes: true,
    mutate: remembering({
      steps: ({ deleted }) => ({ everything: ({ connections }) => withDeleted(connections.rows, deleted) })
    }),
    shows: (store) => [creating(store), removed, list()]
  },
  {
    id: "deleted-is-in-its-organization",
    law: "lifecycle/deleted-from-lists",
    operation: "connections.delete",
    summary: "Returns deleted connections in the lists of their organization",
    writes: true,
    subtle: true,
    mutate: remembering({
      steps: ({ deleted }) => ({
        everything: ({ connections }) => withDeleted(connections.rows, deleted),
        narrow: (rows, { parsed }) =>
          parsed.query.has("organization_id") ? rows : rows.filter(({ id }) => !deleted.has(id))
      })
    }),
    shows: (store) => [creating(store), removed, list(`organization_id=${organization(store)}`)]
  },
  {
    id: "deleted-is-listed-once-more",
    law: "lifecycle/deleted-from-lists",
    operation: "connections.delete",
    summary: "Returns deleted connections in the next list only",
    writes: true,
    subtle: true,
    mutate: (fetch, store) => {
      const shown = new Set<string>()
      return remembering({
        steps: ({ deleted }) => ({
          everything: ({ connections }) => {
            const fresh = new Map([...deleted].filter(([id]) => !shown.has(id)))
            for (const id of fresh.keys()) shown.add(id)
            return withDeleted(connections.rows, fresh)
          }
        })
      })(fetch, store)
    },
    shows: (store) => [creating(store), removed, list()]
  },
  {
    id: "deleted-again-succeeds",
    law: "lifecycle/deleted-again",
    operation: "connections.delete",
    summary: "Returns 204 for deleting a deleted connection",
    writes: true,
    mutate: remembering({
      instead: ({ id, operation }, { status }, { deleted }) =>
        operation === "connections.delete" && status === 404 && deleted.has(id) ? respond(204) : undefined
    }),
    shows: (store) => [remove(idAt(store, 3)), remove(idAt(store, 3))]
  },
  {
    id: "deleted-again-is-forbidden",
    law: "lifecycle/deleted-again",
    operation: "connections.delete",
    summary: "Returns 403 for deleting a deleted connection",
    writes: true,
    subtle: true,
    mutate: remembering({
      instead: ({ id, operation }, { status }, { deleted }) =>
        operation === "connections.delete" && status === 404 && deleted.has(id) ? refuse(403, "Forbidden") : undefined
    }),
    shows: (store) => [remove(idAt(store, 3)), remove(idAt(store, 3))]
  }
]

/**
 * Mutants for lifecycle/model.
 */
const model: ReadonlyArray<Mutant> = [
  {
    id: "third-created-vanishes",
    law: "lifecycle/model",
    operation: "connections.create",
    summary: "Discards the third connection created without a deletion in between",
    writes: true,
    subtle: true,
    mutate: (fetch, store) => {
      let count = 0
      return remembering({
        afterwards: ({ operation }, { status }, { created }, { connections }) => {
          if (operation === "connections.delete") count = 0
          if (operation !== "connections.create" || status !== 201 || ++count % 3 !== 0) return
          const last = [...created.keys()].at(-1)
          if (last !== undefined) connections.remove(last)
        }
      })(fetch, store)
    },
    shows: (store) => [creating(store), creating(store), creating(store), (earlier) => get(earlier[2]?.id ?? "")]
  },
  {
    id: "deleting-removes-another",
    law: "lifecycle/model",
    operation: "connections.create",
    summary: "Deletes the last created connection together with another one",
    writes: true,
    subtle: true,
    mutate: remembering({
      afterwards: ({ id, operation }, { ok }, { created }, { connections }) => {
        if (operation !== "connections.delete" || !ok || !created.has(id)) return
        const last = [...created.keys()].findLast((other) => connections.get(other) !== undefined)
        if (last !== undefined) connections.remove(last)
      }
    }),
    shows: (store) => [creating(store), creating(store), removed, (earlier) => get(earlier[1]?.id ?? "")]
  },
  {
    id: "gets-fail-after-two-deletions",
    law: "lifecycle/model",
    operation: "connections.create",
    summary: "Returns 404 for every connection after two deletions, until the next creation",
    writes: true,
    subtle: true,
    mutate: (fetch, store) => {
      let count = 0
      return remembering({
        afterwards: ({ operation }, { ok }) => {
          if (operation === "connections.delete" && ok) count++
          if (operation === "connections.create") count = 0
        },
        instead: ({ operation }) => (operation === "connections.get" && count >= 2 ? notFound : undefined)
      })(fetch, store)
    },
    shows: (store) => [remove(idAt(store, 3)), remove(idAt(store, 4)), get(idAt(store, 5))]
  },
  {
    id: "creating-restores-the-deleted",
    law: "lifecycle/model",
    operation: "connections.create",
    summary: "Restores the last deleted connection when another one is created",
    writes: true,
    subtle: true,
    mutate: remembering({
      afterwards: ({ operation }, { status }, { deleted }, { connections }) => {
        const last = [...deleted.values()].at(-1)
        if (operation === "connections.create" && status === 201 && last !== undefined) connections.set(last)
      }
    }),
    shows: (store) => [creating(store), removed, creating(store), got]
  },
  {
    id: "listing-after-deleting-hides-the-newest",
    law: "lifecycle/model",
    operation: "connections.create",
    summary: "Omits the last created connection from lists after another one was deleted",
    writes: true,
    subtle: true,
    mutate: remembering({
      steps: ({ created, deleted }) => ({
        narrow: (rows) => {
          const last = [...created.keys()].at(-1)
          return deleted.size > 0 ? rows.filter(({ id }) => id !== last) : rows
        }
      })
    }),
    shows: (store) => [creating(store), removed, creating(store), list()]
  }
]

export const lifecycle: ReadonlyArray<Mutant> = [...created, ...deleted, ...model]
