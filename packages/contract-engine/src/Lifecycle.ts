/**
 * Lifecycles: creating, reading, changing and deleting resources, only if writing is allowed.
 *
 * A resource belongs to the run if it was returned by a creation, was on no list before, and its creation timestamp is
 * not earlier than the run. Nothing else is deleted.
 *
 * @module
 */
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Filter from "effect/Filter"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { type ApiConventions, isRow, type Row } from "./ApiConventions.ts"
import { type Attempt, describe, excerpt, type Exchange, type Request, type NoResponse } from "./Exchange.ts"
import * as Generate from "./internal/Generate.ts"
import * as KnownValues from "./internal/KnownValues.ts"
import * as Sampling from "./Sampling.ts"
import { type ApiOperation, fieldsOf } from "./ApiOperation.ts"
import { type ResourceOperations, resourceOperationsOf } from "./ResourceOperations.ts"
import type { ApiDescription } from "./ApiDescription.ts"
import { isDeleted } from "./internal/CreatedResources.ts"
import { countRequests, withoutCounting } from "./internal/RequestCount.ts"
import { CannotCheck } from "./Law.ts"
import { Session } from "./Session.ts"

/** The tolerance for the clock of a server that is behind. */
const maxClockSkew = 5 * 60_000

/**
 * A kind of resource that can be created, read and deleted.
 */
export interface Creatable extends ResourceOperations {
  readonly create: ApiOperation
  readonly get: ApiOperation
  readonly remove: ApiOperation
}

/**
 * Returns whether resources of this kind can be created, read and deleted.
 */
export const isCreatable = (resource: ResourceOperations): resource is Creatable =>
  resource.create?.payload !== undefined && resource.get !== undefined && resource.remove !== undefined

/**
 * Returns the request for one resource.
 */
export const itemRequest = (operation: ApiOperation, id: string): Request => ({
  operation: operation.id,
  method: operation.method,
  path: Generate.pathOf(operation, () => id),
  query: [],
  access: operation.access
})

/**
 * Generates documented payloads, many of which refer to existing resources.
 */
export const payloads = Effect.fnUntraced(function* (operation: ApiOperation) {
  const { payload } = operation
  const { description, settings } = yield* Session
  const { parameterValues } = description.conventions
  const given = parameterValues?.(settings) ?? {}
  if (payload === undefined) return Arbitrary.Constant<Row>({})
  const fields = fieldsOf(payload).filter((name) => name.endsWith("_id") && given[name] === undefined)
  const known = yield* KnownValues.find(
    operation,
    fields.map((name) => ({ name, accepts: () => true, isId: true }))
  )
  const encode = Schema.encodeUnknownResult(payload)
  const generated = Arbitrary.filterMap(
    Arbitrary.schema(payload),
    Filter.fromPredicateOption((value: unknown) =>
      Result.getSuccess(Result.filterOrFail(encode(value), isRow, () => "no struct"))
    )
  )
  return Arbitrary.map(Arbitrary.all([generated, Generate.intBelow(10_000)]), ([body, position]): Row =>
    Object.fromEntries(
      Object.entries(body).map(([name, value]) => {
        // A reference to another resource, which has to exist.
        const pool = given[name] ?? (typeof value === "string" ? known.get(name) : undefined) ?? []
        return [name, Generate.elementAt(pool, position) ?? value]
      })
    )
  )
})

/**
 * Returns generated payloads for an operation, equal for equal seeds and purposes.
 */
export const sampleBodies = Effect.fnUntraced(function* (operation: ApiOperation, count: number, purpose = "") {
  const { settings } = yield* Session
  const seed = `${settings.seed} ${operation.id} ${purpose}`.trim()
  return yield* Effect.orDie(Arbitrary.sampleEffect(yield* payloads(operation), { count, seed }))
})

/**
 * Returns the payload of a write request from generated data, with a unique name if the conventions define one.
 */
export const bodyOf = Effect.fnUntraced(function* ({ id }: ApiOperation, generated: Row) {
  const { description } = yield* Session
  const unique = `effect-workos-contract-${Math.abs(yield* Random.nextInt).toString(36)}`
  return description.conventions.payloads?.[id]?.(generated, unique) ?? generated
})

/**
 * Returns the `body` of a request for an operation, if the operation has a payload.
 */
export const generatedBody = Effect.fnUntraced(function* (operation: ApiOperation) {
  const [generated] = operation.payload === undefined ? [] : yield* sampleBodies(operation, 1)
  return generated === undefined ? {} : { body: { json: yield* bodyOf(operation, generated) } }
})

/**
 * Creates a resource and registers its deletion.
 */
const create = Effect.fnUntraced(function* (resource: Creatable, generated: Row) {
  const request: Request = {
    operation: resource.create.id,
    method: resource.create.method,
    path: resource.create.path,
    query: [],
    body: { json: yield* bodyOf(resource.create, generated) },
    access: resource.create.access
  }
  return yield* sendCreate(resource, request)
})

/**
 * Sends a request that may create a resource, and registers the deletion of a created one.
 */
export const sendCreate = Effect.fnUntraced(function* (resource: Creatable, request: Request) {
  const session = yield* Session
  const lists = resource.list && Sampling.listsOf(resource.list, session.description.conventions)
  // A resource is new if it was on no list before, so the list is read first.
  if (resource.list !== undefined && lists !== undefined) yield* Sampling.listing(resource.list, lists)
  // An interruption between the creation and the registration would leave the resource undeleted.
  return yield* Effect.uninterruptible(
    Effect.gen(function* () {
      const exchange = yield* Effect.tapError(session.send(request), ({ reason }) =>
        unsent.has(reason) ? Effect.void : recordLostCreation(resource, request)
      )
      const created = yield* recordCreated(resource, exchange)
      return created === undefined ? { exchange } : { exchange, created }
    })
  )
})

const unsent: ReadonlySet<NoResponse["reason"]> = new Set(["rate-limited", "aborted", "unreachable", "unsupported"])

// The resource may exist although its response was lost. The session searches the newest rows for its unique text.
const recordLostCreation = Effect.fnUntraced(function* ({ list, remove }: Creatable, { body }: Request) {
  const session = yield* Session
  const lists = list && Sampling.listsOf(list, session.description.conventions)
  const unique = /effect-workos-contract-\w+/.exec(JSON.stringify(body ?? ""))?.[0]
  if (list === undefined || lists === undefined || unique === undefined) return
  yield* session.created.addLost({
    search: Sampling.pageRequest(list, lists, { order: "descending", limit: lists.limit.maximum }),
    deletions: (exchange) => {
      const page = Sampling.toPage(lists, exchange)
      if (Result.isFailure(page)) return []
      return page.success.rows
        .filter((row) => JSON.stringify(row).includes(unique))
        .map((row) => String(row[lists.id]))
        .map((id) => [id, itemRequest(remove, id)])
    }
  })
})

const recordCreated = Effect.fnUntraced(function* (resource: Creatable, { response }: Exchange) {
  const session = yield* Session
  const row = response.json
  if (response.status >= 300 || !isRow(row)) return undefined
  const value = row[Sampling.idField(resource.list, session.description.conventions)]
  const id = typeof value === "number" ? String(value) : value
  if (typeof id !== "string") return undefined
  if (!(yield* isNew(resource, row, id))) return undefined
  const removal = itemRequest(resource.remove, id)
  yield* session.created.add(id, removal)
  return { id, row, removal }
})

// Returns whether a resource was on no list before and does not claim to be older than the run.
const isNew = Effect.fnUntraced(function* (resource: Creatable, row: Row, id: string) {
  const session = yield* Session
  const { conventions } = session.description
  const lists = resource.list === undefined ? conventions.lists : Sampling.listsOf(resource.list, conventions)
  const created = lists?.created === undefined ? NaN : Date.parse(String(row[lists.created]))
  if (created < session.started - maxClockSkew) return false
  if (lists === undefined || resource.list === undefined) return true
  const { isComplete, known } = yield* Sampling.listing(resource.list, lists)
  // If neither a timestamp nor a complete list is known, the resource may have existed before.
  if (Number.isNaN(created) && !isComplete) return false
  return ![...known.ascending, ...known.descending].some((known) => String(known[lists.id]) === id)
})

/**
 * Deletes a resource that belongs to the run.
 */
export const remove = Effect.fnUntraced(function* (removal: Request, id: string) {
  const session = yield* Session
  return yield* Effect.uninterruptible(
    Effect.tap(session.send(removal), ({ response }) =>
      isDeleted(response) ? session.created.delete(id) : Effect.void
    )
  )
})

/**
 * Returns the requests of an operation in the lifecycles of its resource, with their outcomes. Lifecycles run once for
 * all laws.
 */
export const attemptsOf = (operation: ApiOperation): Effect.Effect<ReadonlyArray<Attempt>, never, Session> =>
  Effect.gen(function* () {
    const session = yield* Session
    const resource = resourceOperationsOf(operation, session.description)
    if (!isCreatable(resource)) {
      const attempts = yield* session.lifecycles.get(operation.id, sendFixtures(operation))
      yield* countRequests(attempts.length)
      return attempts
    }
    const lifecycle = withoutCounting(runLifecycle(resource))
    const all = yield* session.lifecycles.get(resource.collection, lifecycle)
    const hasFixture = session.fixtures[operation.id] !== undefined
    const ofOperation = [
      ...all.filter(({ request }) => request.operation === operation.id),
      ...(hasFixture ? yield* session.lifecycles.get(operation.id, sendFixtures(operation)) : [])
    ]
    yield* countRequests(ofOperation.length)
    return ofOperation
  })

const runLifecycle = Effect.fnUntraced(function* (resource: Creatable) {
  const session = yield* Session
  const count = Math.max(3, Math.min(12, Math.ceil(session.settings.runs / 10)))
  const bodies = yield* sampleBodies(resource.create, count)
  const changes = yield* Effect.forEach(resource.changes, (change) =>
    Effect.map(change.payload === undefined ? Effect.succeed([]) : sampleBodies(change, count), (bodies) => ({
      change,
      bodies
    }))
  )
  const attempts: Array<Attempt> = []
  // Requests without a response are recorded as well.
  const attempt = <A extends { readonly exchange: Exchange }>(effect: Effect.Effect<A, NoResponse, Session>) =>
    Effect.match(effect, {
      onFailure: (noResponse) => {
        attempts.push({ request: noResponse.request, noResponse })
        return undefined
      },
      onSuccess: (found) => {
        attempts.push({ request: found.exchange.request, exchange: found.exchange })
        return found
      }
    })
  const sent = (request: Request) => attempt(Effect.map(session.send(request), (exchange) => ({ exchange })))

  for (const [index, body] of bodies.entries()) {
    const attempted = yield* attempt(create(resource, body))
    if (attempted?.created === undefined) continue
    const { id, removal } = attempted.created
    yield* sent(itemRequest(resource.get, id))
    for (const { bodies, change } of changes) {
      const body = bodies[index]
      const request = itemRequest(change, id)
      yield* sent(body === undefined ? request : { ...request, body: { json: yield* bodyOf(change, body) } })
    }
    yield* attempt(Effect.map(remove(removal, id), (exchange) => ({ exchange })))
    yield* sent(removal)
  }
  // Requests that must be refused: an empty payload, if fields are required, and unknown ids.
  const { payload } = resource.create
  if (payload !== undefined && !Schema.is(Schema.toEncoded(payload))({})) {
    const { method, id: operation, path } = resource.create
    const refused: Request = { operation, method, path, query: [], body: { json: {} }, access: resource.create.access }
    yield* attempt(sendCreate(resource, refused))
  }
  for (const operation of [...resource.changes, resource.remove]) {
    yield* sent({
      ...unknownIdRequest(operation, session.description.conventions),
      ...(yield* generatedBody(operation))
    })
  }
  return attempts
})

/**
 * Sends generated payloads and fixtures for an operation whose resources cannot be created.
 */
const sendFixtures = (operation: ApiOperation): Effect.Effect<ReadonlyArray<Attempt>, never, Session> =>
  withoutCounting(
    Effect.gen(function* () {
      const session = yield* Session
      const fixture = session.fixtures[operation.id]
      const known = fixture?.writes === true && !session.settings.writes ? undefined : fixture
      const generated = operation.isSafe ? [] : yield* sendGeneratedBodies(operation)
      if (known === undefined) return generated
      const refused = operation.isSafe ? [] : yield* sendEmptyBody(operation)
      const exchanges = yield* Effect.catch(known.send, () => Effect.succeed([]))
      return [...generated, ...refused, ...exchanges.map((exchange) => ({ request: exchange.request, exchange }))]
    })
  )

// A body without its required fields, for the errors of an operation.
const sendEmptyBody = Effect.fnUntraced(function* (operation: ApiOperation) {
  const { description, send } = yield* Session
  if (operation.payload === undefined || Schema.is(Schema.toEncoded(operation.payload))({})) return []
  const request: Request = { ...unknownIdRequest(operation, description.conventions), body: { json: {} } }
  return [
    yield* Effect.match(send(request), {
      onFailure: (noResponse): Attempt => ({ request, noResponse }),
      onSuccess: (exchange): Attempt => ({ request, exchange })
    })
  ]
})

// Generated payloads are sent only to operations with external inputs, on which they cause nothing but errors.
const sendGeneratedBodies = Effect.fnUntraced(function* (operation: ApiOperation) {
  const session = yield* Session
  const { externalInputs = [] } = session.description.conventions
  if (!externalInputs.includes(operation.id)) return []
  const request = unknownIdRequest(operation, session.description.conventions)
  const bodies = yield* sampleBodies(operation, Math.max(3, Math.min(12, Math.ceil(session.settings.runs / 10))))
  return yield* Effect.forEach(bodies, (json, index): Effect.Effect<Attempt> => {
    const body = operation.acceptsForm && index % 2 === 0 ? { form: textsOf(json) } : { json }
    return Effect.match(session.send({ ...request, body }), {
      onFailure: (noResponse) => ({ request: noResponse.request, noResponse }),
      onSuccess: (exchange) => ({ request: exchange.request, exchange })
    })
  })
})

const textsOf = (body: Row): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]))

/**
 * Returns a request for an id that does not exist.
 */
export const unknownIdRequest = (
  operation: ApiOperation,
  conventions: ApiConventions,
  position = 0,
  like?: string
): Request => ({
  operation: operation.id,
  method: operation.method,
  path: Generate.unknownPath(operation, conventions, position, like),
  query: [],
  access: operation.access
})

/**
 * A resource that belongs to the run, with the request that deletes it and the response to its creation.
 */
export interface Created {
  readonly id: string
  readonly row: Row
  readonly removal: Request
  readonly exchange: Exchange
}

/**
 * Creates a resource for a law. Fails with `CannotCheck` if the server refuses.
 */
export const createOne = Effect.fnUntraced(function* (resource: Creatable, generated: Row) {
  const { created, exchange } = yield* create(resource, generated)
  if (created !== undefined) return { ...created, exchange } satisfies Created
  const response = excerpt(exchange.response, 120)
  const reason = `no resource could be created: ${describe(exchange.request)} returned ${response}`
  return yield* new CannotCheck({ reason })
})

/**
 * Runs an effect that uses a resource of the run, and then deletes the resource, unless the effect did.
 *
 * **Example** (Reading a new resource)
 *
 * ```ts
 * import type { ApiOperation } from "@effect-workos/contract-engine/ApiOperation"
 * import * as Lifecycle from "@effect-workos/contract-engine/Lifecycle"
 * import { Session } from "@effect-workos/contract-engine/Session"
 * import * as Effect from "effect/Effect"
 *
 * const readNew = (operation: ApiOperation) =>
 *   Effect.gen(function* () {
 *     const { description, send } = yield* Session
 *     const resource = yield* Lifecycle.creatableOf(operation, description)
 *     const created = yield* Lifecycle.createOne(resource, { name: "new" })
 *     return yield* Lifecycle.thenRemove(created, send(Lifecycle.itemRequest(resource.get, created.id)))
 *   })
 * ```
 */
export const thenRemove = <A, E, R>({ id, removal }: Created, effect: Effect.Effect<A, E, R>) =>
  Effect.ensuring(
    effect,
    Effect.flatMap(Session, ({ created }) =>
      Effect.flatMap(created.has(id), (exists) => (exists ? Effect.ignore(remove(removal, id)) : Effect.void))
    )
  )

/**
 * Returns the operations on resources of one kind. Fails with `CannotCheck` if the operations that create, get and
 * delete such resources are not all documented.
 */
export const creatableOf = (
  operation: ApiOperation,
  description: ApiDescription
): Effect.Effect<Creatable, CannotCheck> => {
  const resource = resourceOperationsOf(operation, description)
  return isCreatable(resource)
    ? Effect.succeed(resource)
    : Effect.fail(new CannotCheck({ reason: "such resources cannot be created" }))
}
