// The operations of the matrix, with the properties that the rules depend on.
import * as Stream from "effect/Stream"
import type * as Effect from "effect/Effect"
import type { Store } from "@effect-workos/emulator/Store"
import type * as resources from "@effect-workos/domain/resources"
import type * as Client from "../../src/Client.ts"
import type { WorkOs } from "../../src/WorkOs.ts"

/** The connection and the organization of a call. */
interface Subject {
  readonly connectionId: string
  readonly organizationId: string
}

export type Failed =
  | Client.StreamError<typeof resources.connections, "list">
  | Client.Error<typeof resources.connections, "create">
  | Client.Error<typeof resources.events, "list">
  | Client.Error<typeof resources.organizations, "create">
  | Client.Error<typeof resources.organizations, "update">

export interface Operation {
  readonly name: string
  readonly run: (workos: WorkOs["Service"], subject: Subject) => Effect.Effect<unknown, Failed>
  /** The errors that WorkOS documents for it, by status. */
  readonly documented: ReadonlyMap<number, string>
  /** True if a successful response has a body. */
  readonly hasBody: boolean
  /** Counts the rows that the operation can change. */
  readonly count: (store: Store["Service"]) => number
  /** The difference that a success makes to the count. */
  readonly change: -1 | 0 | 1
  /**
   * True if each fault is tested over one platform only, alternating: another operation covers both platforms in the same
   * way.
   */
  readonly alternates?: boolean
  /** The number of calls without a fault, and the number of calls before the fault. */
  readonly calls: number
  readonly skip: number
}

/** The number of connections in the store. A stream reads them in three pages. */
export const rows = 5
const pageSize = 2

const tags = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  409: "Conflict",
  422: "UnprocessableEntity",
  429: "TooManyRequests"
} as const

const documented = (...statuses: ReadonlyArray<Exclude<keyof typeof tags, 401 | 429>>): Operation["documented"] =>
  new Map(([401, ...statuses, 429] as const).map((status) => [status, tags[status]]))

const once = { hasBody: true, calls: 1, skip: 0 } as const

const ofConnections = { ...once, count: ({ connections }: Store["Service"]) => connections.rows.length } as const

const reads = { ...ofConnections, change: 0 } as const

const ofOrganizations = { ...once, change: 1, alternates: true } as const

/** A name that no organization in the store has. */
const newName = "Foo Corp, renamed"

const ofOne = documented(403, 404)
const ofMany = documented(403, 422)

export const operations: ReadonlyArray<Operation> = [
  {
    ...reads,
    name: "get",
    run: ({ connections }, { connectionId }) => connections.get(connectionId),
    documented: ofOne
  },
  {
    ...reads,
    name: "get.encoded",
    run: ({ connections }, { connectionId }) => connections.get.encoded(connectionId),
    documented: ofOne
  },
  {
    ...reads,
    name: "list",
    run: ({ connections }) => connections.list({ limit: pageSize }),
    documented: ofMany
  },
  {
    ...reads,
    name: "stream",
    run: ({ connections }) => Stream.runDrain(connections.stream({ pageSize })),
    documented: ofMany,
    calls: Math.ceil(rows / pageSize),
    skip: 1
  },
  {
    ...ofConnections,
    name: "create",
    // Without an external id, so that only the Idempotency-Key prevents duplicates.
    run: ({ connections }, { organizationId }) => connections.create({ organizationId }),
    documented: documented(400, 403, 404, 409, 422),
    change: 1
  },
  {
    ...ofConnections,
    name: "delete",
    run: ({ connections }, { connectionId }) => connections.delete(connectionId),
    documented: ofOne,
    hasBody: false,
    change: -1
  },
  {
    ...ofOrganizations,
    name: "organizations.create",
    // Without an external id, as above.
    run: ({ organizations }) => organizations.create({ name: newName }),
    documented: documented(400, 409, 422),
    count: ({ organizations }) => organizations.rows.length
  },
  {
    ...ofOrganizations,
    name: "organizations.update",
    run: ({ organizations }, { organizationId }) => organizations.update(organizationId, { name: newName }),
    documented: documented(400, 403, 404, 409, 422),
    count: ({ organizations }) => organizations.rows.filter(({ name }) => name === newName).length
  },
  {
    ...once,
    name: "events.list",
    run: ({ events }) => events.list({ events: ["connection.activated"] }),
    documented: documented(400, 422),
    count: ({ events }) => events.rows.length,
    change: 0,
    alternates: true
  }
]
