// Resources that a law creates on WorkOS, such as organizations, and requests for them.
import type { Resource } from "@effect-workos/domain/Resource"
import * as resources from "@effect-workos/domain/resources"
import * as Effect from "effect/Effect"
import { isRow, type Row, valueAt } from "@effect-workos/contract-engine/ApiConventions"
import {
  describe,
  type Exchange,
  excerpt,
  type NoResponse,
  type Request
} from "@effect-workos/contract-engine/Exchange"
import * as Lifecycle from "@effect-workos/contract-engine/Lifecycle"
import * as Law from "@effect-workos/contract-engine/Law"
import type { ApiOperation } from "@effect-workos/contract-engine/ApiOperation"
import * as Property from "@effect-workos/contract-engine/Property"
import { Session } from "@effect-workos/contract-engine/Session"

/**
 * Returns the operation with an id. The id must exist, since the laws apply to WorkOS only.
 */
export const operation = (id: string): Effect.Effect<ApiOperation, never, Session> =>
  Effect.flatMap(Session, ({ description }) => {
    const found = description.operations.find((operation) => operation.id === id)
    return found === undefined ? Effect.die(new Error(`The suite has no operation ${id}`)) : Effect.succeed(found)
  })

/**
 * Sends a request for one resource, with a JSON body if given.
 */
export const send = Effect.fnUntraced(function* (id: string, about: string, json?: unknown) {
  const session = yield* Session
  const request = Lifecycle.itemRequest(yield* operation(id), about)
  return yield* session.send(json === undefined ? request : { ...request, body: { json } })
})

/**
 * Sends a request with a value for each path parameter, even if the list of an operation is nested and the session reads
 * the list of another parent.
 */
export const sendTo = Effect.fnUntraced(function* (
  id: string,
  params: Readonly<Record<string, string>>,
  { json, query = [] }: { readonly json?: unknown; readonly query?: Request["query"] } = {}
) {
  const session = yield* Session
  const { access, method } = yield* operation(id)
  const path = Object.entries(params).reduce(
    (path, [name, value]) => path.replace(`:${name}`, encodeURIComponent(value)),
    pathOf(id)
  )
  return yield* session.send({
    operation: id,
    method,
    path,
    query,
    access,
    ...(json === undefined ? {} : { body: { json } })
  })
})

const pathOf = (id: string): string => {
  const [group, name = ""] = id.split(".")
  return Object.values<Resource>(resources).find((resource) => resource.name === group)?.endpoints[name]?.path ?? ""
}

/**
 * Returns the rows of a page, or none for another response.
 */
export const rowsIn = ({ response: { json } }: Exchange): ReadonlyArray<Row> => {
  const rows = valueAt(json, ["data"])
  return Array.isArray(rows) ? rows.filter(isRow) : []
}

/**
 * Creates a resource of a group. Fails with `CannotCheck` if the server refuses.
 */
export const create = Effect.fnUntraced(function* (group: string, body: Row) {
  const { description } = yield* Session
  const resource = yield* Lifecycle.creatableOf(yield* operation(`${group}.create`), description)
  return yield* Lifecycle.createOne(resource, body)
})

/**
 * Creates a resource of a group. Returns `undefined` if the server refuses.
 */
export const createIfPossible = (group: string, body: Row) =>
  Effect.catchTag(create(group, body), "CannotCheck", () => Effect.undefined)

/**
 * Checks organizations that are created for the law and deleted after it. Each has the fields of `bodies` and a unique
 * name.
 */
export const forEachOrganization = (
  bodies: ReadonlyArray<Row>,
  check: (
    organization: Lifecycle.Created,
    index: number
  ) => Effect.Effect<Property.CaseResult, NoResponse | Law.CannotCheck, Session>,
  skipReason?: string
): Effect.Effect<Law.Outcome, NoResponse, Session> =>
  Property.forEach(
    bodies.entries(),
    ([index, body]) =>
      Effect.flatMap(create("organizations", body), (organization) =>
        Lifecycle.thenRemove(organization, check(organization, index))
      ),
    skipReason === undefined ? {} : { skipReason }
  )

/**
 * Returns the violation that the response of the last exchange shows.
 */
export const violation = (
  message: string,
  expected: string,
  exchanges: readonly [Exchange, ...Array<Exchange>],
  actual?: string
): Law.Violation => {
  const [first, ...rest] = exchanges
  const last = rest.at(-1) ?? first
  return Law.violation({
    message: `${describe(last.request)} ${message}`,
    requests: [first.request, ...rest.map(({ request }) => request)],
    expected,
    actual: actual ?? excerpt(last.response)
  })
}
