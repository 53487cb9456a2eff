// The laws of lifecycles: creating and deleting take effect immediately and everywhere.
//
// They run only if writing is allowed, and only with resources that belong to the run.
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import { areExclusive, isRow, type Row, urlSafe } from "../../ApiConventions.ts"
import { describe, excerpt, type NoResponse } from "../../Exchange.ts"
import * as Lifecycle from "../../Lifecycle.ts"
import * as Pagination from "../Pagination.ts"
import * as Sampling from "../../Sampling.ts"
import * as Law from "../../Law.ts"
import * as Model from "../Model.ts"
import type { ApiOperation } from "../../ApiOperation.ts"
import * as Property from "../../Property.ts"
import { resourceOperationsOf } from "../../ResourceOperations.ts"
import { Session } from "../../Session.ts"

const creates: Law.Law["appliesTo"] = (operation, description) => {
  const resource = resourceOperationsOf(operation, description)
  return resource.create === operation && Lifecycle.isCreatable(resource)
}

const deletes: Law.Law["appliesTo"] = (operation, description) => {
  const resource = resourceOperationsOf(operation, description)
  return resource.remove === operation && Lifecycle.isCreatable(resource)
}

// Checks resources that are created for the law and deleted after it.
const forEachCreated =
  (
    check: (
      created: Lifecycle.Created,
      resource: Lifecycle.Creatable
    ) => Effect.Effect<Property.CaseResult, NoResponse, Session>
  ) =>
  (operation: ApiOperation): Effect.Effect<Law.Outcome, NoResponse | Law.CannotCheck, Session> =>
    Effect.gen(function* () {
      const session = yield* Session
      const resource = yield* Lifecycle.creatableOf(operation, session.description)
      const bodies = yield* Lifecycle.payloads(resource.create)
      return yield* Property.forAll(
        bodies,
        (body) =>
          Effect.flatMap(Lifecycle.createOne(resource, body), (created) =>
            Lifecycle.thenRemove(created, check(created, resource))
          ),
        { seed: operation.id, runs: Math.max(2, Math.min(10, Math.ceil(session.settings.runs / 10))) }
      )
    })

const createdInGet: Law.Law = {
  id: "lifecycle/created-in-get",
  sentence: "A new resource can be read immediately, with the values that the creation returned.",
  source: Law.expected("A successful response means that the creation is done."),
  severity: "error",
  writes: true,
  appliesTo: creates,
  check: forEachCreated(({ exchange, id, row }, resource) =>
    Effect.gen(function* () {
      const { send } = yield* Session
      const { response, request } = yield* send(Lifecycle.itemRequest(resource.get, id))
      const current = response.json
      const { description } = yield* Session
      const key = Sampling.idField(resource.list, description.conventions)
      const { body } = exchange.request
      // Only the id and the requested fields are compared, since a state may advance by itself.
      const requested = body !== undefined && "json" in body && isRow(body.json) ? Object.keys(body.json) : []
      const names = [key, ...requested.filter((name) => name in row)]
      const different = isRow(current) ? names.filter((name) => !Equal.equals(current[name], row[name])) : names
      if (response.status === 200 && different.length === 0) return Property.passed
      const how = response.status === 200 ? `returned another ${different.join(", ")}` : `returned ${response.status}`
      return Law.violation({
        message: `${describe(request)} ${how} after the creation`,
        requests: [exchange.request, request],
        expected: excerpt(exchange.response),
        actual: excerpt(response)
      })
    })
  )
}

// Returns the filters under which a list must contain a resource: no filter, and each filter with a value of the resource.
const filtersMatching = Effect.fnUntraced(function* (list: ApiOperation, row: Row) {
  const { description } = yield* Session
  const { filters } = description.conventions
  const lists = Sampling.listsOf(list, description.conventions)
  if (lists === undefined) return []
  const [position] = Pagination.parametersOf(lists.pagination)
  const matching = (filters?.[list.id] ?? []).map(urlSafe).flatMap((filter) => {
    const [value] = filter.sample(row)
    // A filter that excludes a cursor is left out, since the list is read page by page.
    const isForFirstPage =
      position !== undefined && areExclusive(description.conventions, list.id, position, filter.parameter)
    return value === undefined || isForFirstPage ? [] : [[filter.parameter, value] as const]
  })
  return [[], ...matching.map((entry) => [entry])]
})

// Reads up to 500 rows of a list, the newest first.
const findInList = Effect.fnUntraced(function* (
  list: ApiOperation,
  id: string,
  filters: ReadonlyArray<readonly [string, string]>
) {
  const { description, settings } = yield* Session
  const lists = Sampling.listsOf(list, description.conventions)
  if (lists === undefined) return { traversal: undefined, isListed: false }
  const traversal = yield* Sampling.paginate(
    list,
    lists,
    { order: "descending", limit: lists.limit.maximum, filters },
    Math.min(settings.maxRows, 500)
  )
  return { traversal, isListed: traversal.ids.includes(id) }
})

const createdInList: Law.Law = {
  id: "lifecycle/created-in-list",
  sentence: "A new resource appears immediately in every list that should contain it.",
  source: Law.expected("A list contains the existing resources."),
  severity: "error",
  writes: true,
  cost: { base: 10, perRun: 0.7, maxRuns: 100 },
  appliesTo: (operation, description) =>
    creates(operation, description) && resourceOperationsOf(operation, description).list !== undefined,
  check: forEachCreated(({ exchange, id, row }, { list }) =>
    Effect.gen(function* () {
      if (list === undefined) return Property.inconclusive
      for (const filters of yield* filtersMatching(list, row)) {
        const { traversal, isListed } = yield* findInList(list, id, filters)
        const [page] = traversal?.pages ?? []
        if (isListed) continue
        if (page === undefined || traversal?.end === "unreadable") return Property.inconclusive
        return Law.violation({
          message: `${describe(page.exchange.request)} does not return ${id} after the creation`,
          requests: [exchange.request, page.exchange.request],
          expected: `${id} among the rows`,
          actual: `${traversal?.ids.length ?? 0} rows without it`
        })
      }
      return Property.passed
    })
  )
}

const deletedFromGet: Law.Law = {
  id: "lifecycle/deleted-from-get",
  sentence: "Reading a deleted resource returns 404.",
  source: Law.expected("Deleting is permanent."),
  severity: "error",
  writes: true,
  appliesTo: deletes,
  check: forEachCreated(({ id, removal }, resource) =>
    Effect.gen(function* () {
      const { send } = yield* Session
      const removed = yield* Lifecycle.remove(removal, id)
      // A resource whose deletion failed may still exist.
      if (removed.response.status >= 300) return Property.inconclusive
      const { response, request } = yield* send(Lifecycle.itemRequest(resource.get, id))
      return response.status === 404
        ? Property.passed
        : Law.violation({
            message: `${describe(request)} returned ${response.status} after the deletion`,
            requests: [removed.request, request],
            expected: "404",
            actual: `${removed.response.status} to the deletion, then ${excerpt(response)}`
          })
    })
  )
}

const deletedFromLists: Law.Law = {
  id: "lifecycle/deleted-from-lists",
  sentence: "A deleted resource appears in no list.",
  source: Law.expected("A list contains the existing resources."),
  severity: "error",
  writes: true,
  cost: { base: 10, perRun: 0.7, maxRuns: 100 },
  appliesTo: (operation, description) =>
    deletes(operation, description) && resourceOperationsOf(operation, description).list !== undefined,
  check: forEachCreated(({ id, removal, row }, { list }) =>
    Effect.gen(function* () {
      if (list === undefined) return Property.inconclusive
      const removed = yield* Lifecycle.remove(removal, id)
      if (removed.response.status >= 300) return Property.inconclusive
      for (const filters of yield* filtersMatching(list, row)) {
        const { traversal, isListed } = yield* findInList(list, id, filters)
        if (traversal?.end === "unreadable") return Property.inconclusive
        const page = traversal?.pages.find(({ ids }) => ids.includes(id))
        if (!isListed || page === undefined) continue
        return Law.violation({
          message: `${describe(page.exchange.request)} returns ${id}, which was deleted`,
          requests: [removed.request, page.exchange.request],
          expected: `rows without ${id}`,
          actual: `${removed.response.status} to the deletion, and ${id} among ${page.ids.length} rows`
        })
      }
      return Property.passed
    })
  )
}

const deletedAgain: Law.Law = {
  id: "lifecycle/deleted-again",
  sentence: "Deleting a resource for the second time returns 404.",
  source: Law.expected("A deleted resource does not exist."),
  severity: "error",
  writes: true,
  appliesTo: deletes,
  check: forEachCreated(({ id, removal }) =>
    Effect.gen(function* () {
      const { send } = yield* Session
      const removed = yield* Lifecycle.remove(removal, id)
      if (removed.response.status >= 300) return Property.inconclusive
      const { response, request } = yield* send(removal)
      return response.status === 404
        ? Property.passed
        : Law.violation({
            message: `${describe(request)} returned ${response.status} the second time`,
            requests: [removed.request, request],
            expected: "404",
            actual: excerpt(response)
          })
    })
  )
}

const model: Law.Law = {
  id: "lifecycle/model",
  sentence: "Every create, read, list and delete request sees the effects of all earlier requests.",
  source: Law.expected("A successful response means that later requests see the change."),
  severity: "error",
  writes: true,
  cost: { base: 100, perRun: 12 },
  appliesTo: creates,
  check: (operation) =>
    Effect.gen(function* () {
      const session = yield* Session
      const resource = resourceOperationsOf(operation, session.description)
      if (!Lifecycle.isCreatable(resource)) return Law.skipped("such resources cannot be created")
      const bodies = yield* Lifecycle.sampleBodies(operation, 20, "model")
      return yield* Model.check(resource, bodies)
    })
}

/**
 * The laws of lifecycles.
 */
export const lifecycle: ReadonlyArray<Law.Law> = [
  createdInGet,
  createdInList,
  deletedFromGet,
  deletedFromLists,
  deletedAgain,
  model
]
