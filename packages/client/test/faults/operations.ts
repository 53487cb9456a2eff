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
  /** Whether a success has a body that is read. */
  readonly hasBody: boolean
  /** How many there are of what it changes, and by how many more when it is done. */
  readonly count: (store: Store["Service"]) => number
  readonly change: -1 | 0 | 1
  /**
   * Whether each fault is met over one platform only, by turns: where there is another operation that is sent and read in
   * the same way over both of them.
   */
  readonly byTurns?: boolean
  /** How many calls it makes where all goes well, and how many of them pass before the fault. */
  readonly calls: number
  readonly skip: number
}

/** The store's connections, and how many of them a page of the crawl has: it takes three. */
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

const ofOrganizations = { ...once, change: 1, byTurns: true } as const

/** The name that an organization is given, which it did not have. */
const newName = "Foo Corp, as it is called now"

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
    name: "encoded.get",
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
    // Without an external id: it is the Idempotency-Key that has to see to it that one is created.
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
    byTurns: true
  }
]
