// Recorded responses of the real WorkOS, with the endpoints that describe their operations.
import * as Schema from "effect/Schema"
import { readFileSync } from "node:fs"
import type { Endpoint } from "../../src/Endpoint.ts"
import type { Resource } from "../../src/Resource.ts"
import * as registry from "../../src/resources.ts"

const Recording = Schema.Struct({
  /** The method and the path: `GET /connections/{id}`. */
  operation: Schema.String,
  status: Schema.Int,
  date: Schema.String,
  body: Schema.Unknown
})
export type Recording = typeof Recording.Type

/** All recordings, including those of operations that no endpoint describes. */
export const recordings: ReadonlyArray<Recording> = Schema.decodeUnknownSync(Schema.Array(Recording))(
  JSON.parse(readFileSync(new URL("responses.json", import.meta.url), "utf8"))
)

export interface Operation {
  readonly resource: string
  readonly name: string
  readonly endpoint: Endpoint
}

const resources: ReadonlyArray<Resource> = Object.values(registry)

/** All described operations. */
export const operations: ReadonlyArray<Operation> = resources.flatMap((resource) =>
  Object.entries(resource.endpoints).map(([name, endpoint]) => ({ resource: resource.name, name, endpoint }))
)

// Names of parameters differ between recordings and endpoints.
const anonymous = (operation: string): string => operation.replaceAll(/:\w+|\{\w+\}/g, "{}")

const byRequest = new Map(
  operations.map((operation) => [anonymous(`${operation.endpoint.method} ${operation.endpoint.path}`), operation])
)

/** Returns the described operation of a recording. */
export const operationOf = ({ operation }: Recording): Operation | undefined => byRequest.get(anonymous(operation))

export interface DescribedRecording extends Recording, Operation {}

/** The recordings of described operations. */
export const described: ReadonlyArray<DescribedRecording> = recordings.flatMap((recording) => {
  const operation = operationOf(recording)
  return operation === undefined ? [] : [{ ...recording, ...operation }]
})

/** The rows of a list as the server sent them; `undefined` if the body is not a list. */
export const rowsOf = (body: unknown): ReadonlyArray<unknown> | undefined =>
  typeof body === "object" && body !== null && "data" in body && Array.isArray(body.data) ? body.data : undefined
