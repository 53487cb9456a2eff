// Mutants that forget what was created, or remember what was deleted.
import type { Connection } from "@effect-workos/domain/sso/Connection"
import type { Store } from "@effect-workos/emulator/Store"
import { relistWith, rowOf, type Steps } from "./Listing.ts"
import { answer, type Asked, inFront, type Mutant, refuse, type Rewrite, rowIn, type Mutate } from "./Mutant.ts"
import { at, create, find, get, list, organization, type Probe, remove } from "./Probe.ts"

/**
 * What was created and deleted so far, in this order.
 */
interface Memory {
  readonly created: Map<string, Connection>
  readonly deleted: Map<string, Connection>
}

interface Remembering {
  /** What follows from an answer that was given. */
  readonly afterwards?: (asked: Asked, answered: Response, memory: Memory, store: Store["Service"]) => void
  /** Another answer, where there is one. */
  readonly instead?: (asked: Asked, answered: Response, memory: Memory) => Rewrite | undefined
  /** How to list. */
  readonly steps?: (memory: Memory) => Partial<Steps>
}

// A server that remembers what happened.
const remembering =
  ({ afterwards, instead, steps }: Remembering): Mutate =>
  (fetch, store) => {
    const memory: Memory = { created: new Map(), deleted: new Map() }
    const lists = steps === undefined ? fetch : relistWith(() => steps(memory))(fetch, store)
    return inFront((emulator) => async (asked) => {
      const old = store.connections.get(asked.id)
      const answered = await emulator(asked.request)
      const rewrite = instead?.(asked, answered, memory)
      const answer = rewrite === undefined ? answered : await rewrite(answered, asked, store)
      if (asked.operation === "connections.create" && answered.status === 201) {
        const connection = store.connections.get((await rowIn(answered)).id)
        if (connection !== undefined) memory.created.set(connection.id, connection)
      }
      if (asked.operation === "connections.delete" && answered.ok && old !== undefined) {
        memory.deleted.set(old.id, old)
      }
      afterwards?.(asked, answered, memory, store)
      return answer
    })(lists, store)
  }

const notFound: Rewrite = (answered, asked, store) =>
  refuse(404, `Connection not found: '${asked.id}'.`)(answered, asked, store)

const creating: (store: Store["Service"]) => Request = (store) =>
  create({ organization_id: organization(store), connection_type: "OktaSAML", name: "Zaphod's" })

const got: Probe = (earlier) => get(earlier[0]?.id ?? "")
const removed: Probe = (earlier) => remove(earlier[0]?.id ?? "")

/**
 * lifecycle/created-in-get and lifecycle/created-in-list: what was created is there at once.
 */
const created: ReadonlyArray<Mutant> = [
  {
    id: "created-is-not-found-at-first",
    law: "lifecycle/created-in-get",
    operation: "connections.create",
    summary: "Answers 404 to the first two gets of what was created",
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
    summary: "Answers 404 to gets of what was created and is not active",
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
    summary: "Leaves what was created out of the next three lists",
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
    summary: "Leaves what was created out of the lists of its organization",
    writes: true,
    subtle: true,
    mutate: remembering({
      steps: ({ created }) => ({
        narrow: (rows, { asked }) =>
          asked.query.has("organization_id") ? rows.filter(({ id }) => !created.has(id)) : rows
      })
    }),
    shows: (store) => [creating(store), list(`organization_id=${organization(store)}`)]
  },
  {
    id: "created-is-never-listed",
    law: "lifecycle/created-in-list",
    operation: "connections.create",
    summary: "Leaves what was created out of all lists",
    writes: true,
    mutate: remembering({
      steps: ({ created }) => ({ narrow: (rows) => rows.filter(({ id }) => !created.has(id)) })
    }),
    shows: (store) => [creating(store), list()]
  }
]

// As though these had not been deleted.
const withDeleted = (rows: ReadonlyArray<Connection>, deleted: ReadonlyMap<string, Connection>) =>
  [...rows, ...deleted.values()].toSorted(
    (a, b) => a.createdAt.epochMilliseconds - b.createdAt.epochMilliseconds || (a.id < b.id ? -1 : 1)
  )

/**
 * lifecycle/deleted-from-get, lifecycle/deleted-from-lists and lifecycle/deleted-again: what was deleted is gone.
 */
const deleted: ReadonlyArray<Mutant> = [
  {
    id: "deleted-can-be-got",
    law: "lifecycle/deleted-from-get",
    operation: "connections.delete",
    summary: "Shows what was deleted to those who get it",
    writes: true,
    mutate: remembering({
      instead: ({ id, operation }, _, { deleted }) => {
        const row = deleted.get(id)
        return operation === "connections.get" && row !== undefined ? answer(200, rowOf(row)) : undefined
      }
    }),
    shows: (store) => [remove(at(store, 3)), get(at(store, 3))]
  },
  {
    id: "deleted-is-deleting",
    law: "lifecycle/deleted-from-get",
    operation: "connections.delete",
    summary: "Shows what was deleted as deleting, where it was not active",
    writes: true,
    subtle: true,
    mutate: remembering({
      instead: ({ id, operation }, _, { deleted }) => {
        const row = deleted.get(id)
        return operation === "connections.get" && row !== undefined && row.state !== "active"
          ? answer(200, { ...rowOf(row), state: "deleting" })
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
    summary: "Answers 403 in the place of 404 to gets of what was deleted",
    writes: true,
    subtle: true,
    mutate: remembering({
      instead: ({ id, operation }, _, { deleted }) =>
        operation === "connections.get" && deleted.has(id) ? refuse(403, "The connection was deleted") : undefined
    }),
    shows: (store) => [remove(at(store, 3)), get(at(store, 3))]
  },
  {
    id: "deleted-is-listed",
    law: "lifecycle/deleted-from-lists",
    operation: "connections.delete",
    summary: "Shows what was deleted in lists",
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
    summary: "Shows what was deleted in the lists of its organization",
    writes: true,
    subtle: true,
    mutate: remembering({
      steps: ({ deleted }) => ({
        everything: ({ connections }) => withDeleted(connections.rows, deleted),
        narrow: (rows, { asked }) =>
          asked.query.has("organization_id") ? rows : rows.filter(({ id }) => !deleted.has(id))
      })
    }),
    shows: (store) => [creating(store), removed, list(`organization_id=${organization(store)}`)]
  },
  {
    id: "deleted-is-listed-once-more",
    law: "lifecycle/deleted-from-lists",
    operation: "connections.delete",
    summary: "Shows what was deleted in the next list, and in no later one",
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
    summary: "Answers 204 to deleting what was deleted",
    writes: true,
    mutate: remembering({
      instead: ({ id, operation }, { status }, { deleted }) =>
        operation === "connections.delete" && status === 404 && deleted.has(id) ? answer(204) : undefined
    }),
    shows: (store) => [remove(at(store, 3)), remove(at(store, 3))]
  },
  {
    id: "deleted-again-is-forbidden",
    law: "lifecycle/deleted-again",
    operation: "connections.delete",
    summary: "Answers 403 to deleting what was deleted",
    writes: true,
    subtle: true,
    mutate: remembering({
      instead: ({ id, operation }, { status }, { deleted }) =>
        operation === "connections.delete" && status === 404 && deleted.has(id) ? refuse(403, "Forbidden") : undefined
    }),
    shows: (store) => [remove(at(store, 3)), remove(at(store, 3))]
  }
]

/**
 * lifecycle/model: any sequence of creating, getting, listing and deleting.
 */
const model: ReadonlyArray<Mutant> = [
  {
    id: "third-created-vanishes",
    law: "lifecycle/model",
    operation: "connections.create",
    summary: "Does not keep the third connection that is created without a deletion in between",
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
    id: "deleting-takes-another-with-it",
    law: "lifecycle/model",
    operation: "connections.create",
    summary: "Deletes the last connection that was created together with another one that is deleted",
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
    summary: "Finds nothing to get after two deletions, until something is created",
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
    shows: (store) => [remove(at(store, 3)), remove(at(store, 4)), get(at(store, 5))]
  },
  {
    id: "creating-brings-the-deleted-back",
    law: "lifecycle/model",
    operation: "connections.create",
    summary: "Brings the last connection that was deleted back where another one is created",
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
    summary: "Leaves the last connection that was created out of lists once another one was deleted",
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
