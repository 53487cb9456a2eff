// The operations of the matrix: how each is called, and what the rules have to know of it.
import * as Stream from "effect/Stream"
import type * as Effect from "effect/Effect"
import type { CrawlError, CreateError } from "../../src/Connections.ts"
import type { WorkOs } from "../../src/WorkOs.ts"

/** Whom a call is about. */
export interface Subject {
  readonly connectionId: string
  readonly organizationId: string
}

export interface Operation {
  readonly name: string
  readonly run: (workos: WorkOs["Service"], subject: Subject) => Effect.Effect<unknown, CrawlError | CreateError>
  /** The errors that WorkOS documents for it, by status. */
  readonly documented: ReadonlyMap<number, string>
  /** Whether a success has a body that is read. */
  readonly hasBody: boolean
  /** By how many connections there are more when it is done. */
  readonly change: -1 | 0 | 1
  /** How many calls it makes where all goes well, and how many of them pass before the fault. */
  readonly calls: number
  readonly skip: number
}

/** The world's connections, and how many of them a page of the crawl has: it takes three. */
export const rows = 5
const pageSize = 2

const everywhere: ReadonlyArray<readonly [number, string]> = [
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [429, "TooManyRequests"]
]

const reads = { hasBody: true, change: 0, calls: 1, skip: 0 } as const

const ofOne = new Map([...everywhere, [404, "NotFound"] as const])
const ofMany = new Map([...everywhere, [422, "UnprocessableEntity"] as const])
const ofNew = new Map([
  ...everywhere,
  [400, "BadRequest"] as const,
  [404, "NotFound"] as const,
  [409, "Conflict"] as const,
  [422, "UnprocessableEntity"] as const
])

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
    run: ({ connections }, { connectionId }) => connections.encoded.get(connectionId),
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
    ...reads,
    name: "create",
    // Without an external id: it is the Idempotency-Key that has to see to it that one is created.
    run: ({ connections }, { organizationId }) => connections.create({ organizationId }),
    documented: ofNew,
    change: 1
  },
  {
    ...reads,
    name: "delete",
    run: ({ connections }, { connectionId }) => connections.delete(connectionId),
    documented: ofOne,
    hasBody: false,
    change: -1
  }
]
