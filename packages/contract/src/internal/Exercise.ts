// What creates and deletes: only where writing is allowed, and never anything that was there before.
//
// A resource counts as this run's own when it came as an answer to a request to create it, was on no list before, and does
// not say that it was created before the run began. Nothing else is deleted.
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Filter from "effect/Filter"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { type Convention, isRow, type Row } from "../Convention.ts"
import { type Attempt, describe, excerpt, type Exchange, type Request, type Unanswered } from "../Exchange.ts"
import * as Generate from "./Generate.ts"
import * as Harvest from "./Harvest.ts"
import type { Operation } from "../Operation.ts"
import { type Resource, resourceOf } from "./Resource.ts"
import { CurrentTally, isGone, Session } from "../Session.ts"

/** How far the clock of a server may be behind ours. */
const skew = 5 * 60_000

/**
 * A resource with all that it takes to create it and to take it away again.
 */
export interface Creatable extends Resource {
  readonly create: Operation
  readonly get: Operation
  readonly remove: Operation
}

/**
 * Whether resources of this kind can be created, read and deleted.
 */
export const isCreatable = (resource: Resource): resource is Creatable =>
  resource.create?.payload !== undefined && resource.get !== undefined && resource.remove !== undefined

/**
 * A request for one resource.
 */
export const itemRequest = (operation: Operation, id: string): Request => ({
  operation: operation.id,
  method: operation.method,
  path: Generate.pathOf(operation, () => id),
  query: [],
  access: operation.access
})

/**
 * Bodies for an operation: as the documents describe them, about things that exist.
 */
export const payloads = Effect.fnUntraced(function* ({ payload }: Operation) {
  const { description, settings } = yield* Session
  const { lists, values } = description.convention
  const rows = yield* Harvest.rowsOf(description.operations, lists)
  const given = values?.(settings) ?? {}
  if (payload === undefined) return Arbitrary.Constant<Row>({})
  const encode = Schema.encodeUnknownResult(payload)
  const generated = Arbitrary.filterMap(
    Arbitrary.schema(payload),
    Filter.fromPredicateOption((value: unknown) =>
      Result.getSuccess(Result.filterOrFail(encode(value), isRow, () => "no struct"))
    )
  )
  return Arbitrary.map(Arbitrary.all([generated, Generate.below(10_000)]), ([body, position]): Row =>
    Object.fromEntries(
      Object.entries(body).map(([name, value]) => {
        // The id of something else that has to exist.
        const pool = given[name] ?? poolOf(rows, name, value)
        return [name, Generate.pick(pool, position) ?? value]
      })
    )
  )
})

const poolOf = (rows: ReadonlyArray<Row>, name: string, value: unknown): ReadonlyArray<string> =>
  name.endsWith("_id") && typeof value === "string" ? Harvest.valuesUnder(rows, name) : []

/**
 * So many bodies for an operation, the same for the same seed and purpose.
 */
export const samples = Effect.fnUntraced(function* (operation: Operation, count: number, purpose = "") {
  const { settings } = yield* Session
  const seed = `${settings.seed} ${operation.id} ${purpose}`.trim()
  return yield* Effect.orDie(Arbitrary.sampleEffect(yield* payloads(operation), { count, seed }))
})

/**
 * What is sent to create or change something, from what was generated: by a name that nothing else has, where the API
 * has names.
 */
export const bodyOf = Effect.fnUntraced(function* ({ id }: Operation, generated: Row) {
  const { description } = yield* Session
  const unique = `effect-workos-contract-${Math.abs(yield* Random.nextInt).toString(36)}`
  return description.convention.payloads?.[id]?.(generated, unique) ?? generated
})

/**
 * A documented body for an operation, as the part of a request; nothing where it takes none.
 */
export const anyBody = Effect.fnUntraced(function* (operation: Operation) {
  const [generated] = operation.payload === undefined ? [] : yield* samples(operation, 1)
  return generated === undefined ? {} : { body: { json: yield* bodyOf(operation, generated) } }
})

/**
 * Creates a resource, and remembers to delete it.
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
  return yield* sendToCreate(resource, request)
})

/**
 * Sends a request that may create something, and takes that as this run's own, if it is, remembering to delete it.
 */
export const sendToCreate = Effect.fnUntraced(function* (resource: Creatable, request: Request) {
  const session = yield* Session
  // Nobody interrupts between creating and remembering.
  return yield* Effect.uninterruptible(
    Effect.gen(function* () {
      const exchange = yield* Effect.tapError(session.send(request), ({ reason }) =>
        unsent.has(reason) ? Effect.void : remember(resource, request)
      )
      const own = yield* adopt(resource, exchange)
      return own === undefined ? { exchange } : { exchange, own }
    })
  )
})

const unsent: ReadonlySet<Unanswered["reason"]> = new Set(["limited", "given-up", "unreachable"])

// Something may have been created, and the answer that says so was lost. It is looked for among the newest, by the text
// that nothing else has.
const remember = Effect.fnUntraced(function* ({ list, remove }: Creatable, { body }: Request) {
  const session = yield* Session
  const { lists } = session.description.convention
  const unique = /effect-workos-contract-\w+/.exec(JSON.stringify(body ?? ""))?.[0]
  if (list === undefined || lists === undefined || unique === undefined) return
  session.lost.push({
    search: Harvest.pageRequest(list, lists, { order: "descending", limit: lists.limit.maximum }),
    found: (exchange) => {
      const page = Harvest.toPage(lists, exchange)
      if (typeof page === "string") return []
      return page.rows
        .filter((row) => JSON.stringify(row).includes(unique))
        .map((row) => String(row[lists.id]))
        .map((id) => [id, itemRequest(remove, id)])
    }
  })
})

const adopt = Effect.fnUntraced(function* (resource: Creatable, { answer }: Exchange) {
  const session = yield* Session
  const row = answer.json
  const id = isRow(row) ? row[session.description.convention.lists?.id ?? "id"] : undefined
  if (answer.status >= 300 || !isRow(row) || typeof id !== "string") return undefined
  if (!(yield* isNew(resource, row, id))) return undefined
  const removal = itemRequest(resource.remove, id)
  session.leftovers.set(id, removal)
  return { id, row, removal }
})

// What was on no list before, and does not say that it was created before the run began.
const isNew = Effect.fnUntraced(function* (resource: Creatable, row: Row, id: string) {
  const session = yield* Session
  const { lists } = session.description.convention
  const created = lists?.created === undefined ? NaN : Date.parse(String(row[lists.created]))
  if (created < session.started - skew) return false
  if (lists === undefined || resource.list === undefined) return true
  const { isComplete, known } = yield* Harvest.listing(resource.list, lists)
  // Where neither its age nor the list tells, it may have been there before.
  if (Number.isNaN(created) && !isComplete) return false
  return ![...known.ascending, ...known.descending].some((known) => known[lists.id] === id)
})

/**
 * Deletes a resource of this run's own.
 */
export const remove = Effect.fnUntraced(function* (removal: Request, id: string) {
  const session = yield* Session
  return yield* Effect.uninterruptible(
    Effect.tap(session.send(removal), ({ answer }) =>
      Effect.sync(() => (isGone(answer) ? session.leftovers.delete(id) : false))
    )
  )
})

/**
 * What came of a small life: resources created, read, deleted, and deleted again. Lived once for all laws.
 */
export const attemptsOf = (operation: Operation): Effect.Effect<ReadonlyArray<Attempt>, never, Session> =>
  Effect.gen(function* () {
    const session = yield* Session
    const tally = yield* CurrentTally
    const resource = resourceOf(operation, session.description)
    if (!isCreatable(resource)) {
      const attempts = yield* session.exercises.get(operation.id, tryOut(operation))
      tally.requests += attempts.length
      return attempts
    }
    const life = Effect.provideService(live(resource), CurrentTally, { requests: 0 })
    const all = yield* session.exercises.get(resource.collection, life)
    const own = all.filter(({ request }) => request.operation === operation.id)
    tally.requests += own.length
    return own
  })

const live = Effect.fnUntraced(function* (resource: Creatable) {
  const session = yield* Session
  const count = Math.max(3, Math.min(12, Math.ceil(session.settings.runs / 10)))
  const bodies = yield* samples(resource.create, count)
  const changes = yield* Effect.forEach(resource.changes, (change) =>
    Effect.map(change.payload === undefined ? Effect.succeed([]) : samples(change, count), (bodies) => ({
      change,
      bodies
    }))
  )
  const attempts: Array<Attempt> = []
  // One after the other; what gets no answer is remembered like any other.
  const attempt = <A extends { readonly exchange: Exchange }>(effect: Effect.Effect<A, Unanswered, Session>) =>
    Effect.match(effect, {
      onFailure: (unanswered) => {
        attempts.push({ request: unanswered.request, unanswered })
        return undefined
      },
      onSuccess: (found) => {
        attempts.push({ request: found.exchange.request, exchange: found.exchange })
        return found
      }
    })
  const sent = (request: Request) => attempt(Effect.map(session.send(request), (exchange) => ({ exchange })))

  for (const [index, body] of bodies.entries()) {
    const created = yield* attempt(create(resource, body))
    if (created === undefined || !("own" in created)) continue
    const { id, removal } = created.own
    yield* sent(itemRequest(resource.get, id))
    for (const { bodies, change } of changes) {
      const body = bodies[index]
      const request = itemRequest(change, id)
      yield* sent(body === undefined ? request : { ...request, body: { json: yield* bodyOf(change, body) } })
    }
    yield* attempt(Effect.map(remove(removal, id), (exchange) => ({ exchange })))
    yield* sent(removal)
  }
  // And what is refused: a body without anything in it, where something is required, and the id of nothing.
  const { payload } = resource.create
  if (payload !== undefined && !Schema.is(Schema.toEncoded(payload))({})) {
    const { method, id: operation, path } = resource.create
    const refused: Request = { operation, method, path, query: [], body: { json: {} }, access: resource.create.access }
    yield* attempt(sendToCreate(resource, refused))
  }
  for (const operation of [...resource.changes, resource.remove]) {
    yield* sent({ ...nothingRequest(operation, session.description.convention), ...(yield* anyBody(operation)) })
  }
  return attempts
})

/**
 * What came of requests that are made for an operation that nothing can be created for: bodies that are made up, and
 * what is known to succeed.
 */
const tryOut = (operation: Operation): Effect.Effect<ReadonlyArray<Attempt>, never, Session> =>
  Effect.provideService(
    Effect.gen(function* () {
      const session = yield* Session
      const known = session.settings.writes ? session.known[operation.id] : undefined
      const made = operation.isSafe ? [] : yield* tryBodies(operation)
      if (known === undefined) return made
      const exchanges = yield* Effect.catch(known, () => Effect.succeed([]))
      return [...made, ...exchanges.map((exchange) => ({ request: exchange.request, exchange }))]
    }),
    CurrentTally,
    { requests: 0 }
  )

// What comes of bodies about things that nobody can create, where they surely are about nothing: nothing but errors.
const tryBodies = Effect.fnUntraced(function* (operation: Operation) {
  const session = yield* Session
  const { closed = [] } = session.description.convention
  if (!closed.includes(operation.id)) return []
  const request = nothingRequest(operation, session.description.convention)
  const bodies = yield* samples(operation, Math.max(3, Math.min(12, Math.ceil(session.settings.runs / 10))))
  return yield* Effect.forEach(bodies, (json, index): Effect.Effect<Attempt> => {
    const body = operation.isForm && index % 2 === 0 ? { form: textsOf(json) } : { json }
    return Effect.match(session.send({ ...request, body }), {
      onFailure: (unanswered) => ({ request: unanswered.request, unanswered }),
      onSuccess: (exchange) => ({ request: exchange.request, exchange })
    })
  })
})

const textsOf = (body: Row): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]))

/**
 * A request for what does not exist.
 */
export const nothingRequest = (operation: Operation, convention: Convention, position = 0, like?: string): Request => ({
  operation: operation.id,
  method: operation.method,
  path: Generate.unknownPath(operation, convention, position, like),
  query: [],
  access: operation.access
})

/**
 * Creates a resource for a law that needs one, or says why there is none.
 */
export const createOrExplain = Effect.fnUntraced(function* (resource: Creatable, generated: Row) {
  const { exchange, own } = yield* create(resource, generated)
  return own === undefined
    ? {
        reason: `nothing can be created here: ${describe(exchange.request)} was answered with ${excerpt(exchange.answer, 120)}`
      }
    : { ...own, exchange }
})
