// Lifecycle: what is created is there, what is deleted is gone, everywhere and at once.
//
// Only where writing is allowed, and only with resources of the run's own.
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import { isRow, type Row, urlSafe } from "../../ApiConventions.ts"
import { describe, excerpt, type Exchange, type Request, type NoResponse } from "../../Exchange.ts"
import * as Lifecycle from "../Lifecycle.ts"
import * as Sampling from "../Sampling.ts"
import * as Law from "../../Law.ts"
import * as Model from "../Model.ts"
import type { ApiOperation } from "../../ApiOperation.ts"
import * as Property from "../Property.ts"
import { resourceOperationsOf } from "../ResourceOperations.ts"
import { Session } from "../../Session.ts"

const creates: Law.Law["appliesTo"] = (operation, description) => {
  const resource = resourceOperationsOf(operation, description)
  return resource.create === operation && Lifecycle.isCreatable(resource)
}

const deletes: Law.Law["appliesTo"] = (operation, description) => {
  const resource = resourceOperationsOf(operation, description)
  return resource.remove === operation && Lifecycle.isCreatable(resource)
}

type Created = { readonly id: string; readonly row: Row; readonly removal: Request; readonly exchange: Exchange }

// With resources that were created for it, and are deleted whatever comes of it.
const forEachCreated =
  (check: (own: Created, resource: Lifecycle.Creatable) => Effect.Effect<Property.CaseResult, NoResponse, Session>) =>
  (operation: ApiOperation): Effect.Effect<Law.Outcome, NoResponse, Session> =>
    Effect.gen(function* () {
      const session = yield* Session
      const resource = resourceOperationsOf(operation, session.description)
      if (!Lifecycle.isCreatable(resource)) return Law.skipped("nothing of its kind can be created")
      const bodies = yield* Lifecycle.payloads(resource.create)
      let reason: string | undefined
      const finding = yield* Property.forAll(
        bodies,
        (body) =>
          Effect.gen(function* () {
            if (reason !== undefined) return "inconclusive"
            const created = yield* Lifecycle.createOrReason(resource, body)
            if ("reason" in created) {
              reason = created.reason
              return "inconclusive"
            }
            return yield* check(created, resource).pipe(
              Effect.ensuring(
                Effect.suspend(() =>
                  session.pendingDeletions.has(created.id)
                    ? Effect.ignore(Lifecycle.remove(created.removal, created.id))
                    : Effect.void
                )
              )
            )
          }),
        { seed: operation.id, runs: Math.max(2, Math.min(10, Math.ceil(session.settings.runs / 10))) }
      )
      return finding._tag === "Skipped" && reason !== undefined ? Law.skipped(reason) : finding
    })

const createdInGet: Law.Law = {
  id: "lifecycle/created-in-get",
  sentence: "What was created can be read at once, as it was created.",
  source: Law.expected("An response of success says that it is done."),
  severity: "error",
  writes: true,
  appliesTo: creates,
  check: forEachCreated(({ exchange, id, row }, resource) =>
    Effect.gen(function* () {
      const { send } = yield* Session
      const { response, request } = yield* send(Lifecycle.itemRequest(resource.get, id))
      const shown = response.json
      const { description } = yield* Session
      const key = description.conventions.lists?.id ?? "id"
      const { body } = exchange.request
      // Its id, and all that was asked for and granted; a state may have gone on by itself.
      const asked = body !== undefined && "json" in body && isRow(body.json) ? Object.keys(body.json) : []
      const names = [key, ...asked.filter((name) => name in row)]
      const different = isRow(shown) ? names.filter((name) => !Equal.equals(shown[name], row[name])) : names
      if (response.status === 200 && different.length === 0) return "passed"
      const how =
        response.status === 200 ? `shows another ${different.join(", ")}` : `was answered with ${response.status}`
      return {
        message: `${describe(request)} ${how} after it was created`,
        requests: [exchange.request, request],
        expected: excerpt(exchange.response),
        actual: excerpt(response)
      }
    })
  )
}

// The lists in which a resource has to be: the whole one, and filtered by each of its own values.
const filtersMatching = Effect.fnUntraced(function* (list: ApiOperation, row: Row) {
  const { description } = yield* Session
  const { filters, lists } = description.conventions
  if (lists === undefined) return []
  const own = (filters?.[list.id] ?? []).map(urlSafe).flatMap((filter) => {
    const [value] = filter.sample(row)
    return value === undefined ? [] : [[filter.parameter, value] as const]
  })
  return [[], ...own.map((entry) => [entry])]
})

// Looks for a resource in a list, from the newest on, no further than it takes.
const findInList = Effect.fnUntraced(function* (
  list: ApiOperation,
  id: string,
  filters: ReadonlyArray<readonly [string, string]>
) {
  const { description, settings } = yield* Session
  const { lists } = description.conventions
  if (lists === undefined) return { traversal: undefined, isThere: false }
  const traversal = yield* Sampling.paginate(
    list,
    lists,
    { order: "descending", limit: lists.limit.maximum, filters },
    Math.min(settings.maxRows, 500)
  )
  return { traversal, isThere: traversal.ids.includes(id) }
})

const createdInList: Law.Law = {
  id: "lifecycle/created-in-list",
  sentence: "What was created is on every list that it belongs on, at once.",
  source: Law.expected("A list holds what exists."),
  severity: "error",
  writes: true,
  appliesTo: (operation, description) =>
    creates(operation, description) && resourceOperationsOf(operation, description).list !== undefined,
  check: forEachCreated(({ exchange, id, row }, { list }) =>
    Effect.gen(function* () {
      if (list === undefined) return "inconclusive"
      for (const filters of yield* filtersMatching(list, row)) {
        const { traversal, isThere } = yield* findInList(list, id, filters)
        const [page] = traversal?.pages ?? []
        if (isThere) continue
        if (page === undefined || traversal?.end === "unreadable") return "inconclusive"
        return {
          message: `${describe(page.exchange.request)} is without ${id}, which was just created`,
          requests: [exchange.request, page.exchange.request],
          expected: `${id} among the rows`,
          actual: `${traversal?.ids.length ?? 0} rows without it`
        }
      }
      return "passed"
    })
  )
}

const deletedFromGet: Law.Law = {
  id: "lifecycle/deleted-from-get",
  sentence: "What was deleted is gone: getting it is a documented 404.",
  source: Law.expected("Deleting is permanent."),
  severity: "error",
  writes: true,
  appliesTo: deletes,
  check: forEachCreated(({ id, removal }, resource) =>
    Effect.gen(function* () {
      const { send } = yield* Session
      const removed = yield* Lifecycle.remove(removal, id)
      // What was not deleted may be there.
      if (removed.response.status >= 300) return "inconclusive"
      const { response, request } = yield* send(Lifecycle.itemRequest(resource.get, id))
      return response.status === 404
        ? "passed"
        : {
            message: `${describe(request)} was answered with ${response.status} after it was deleted`,
            requests: [removed.request, request],
            expected: "404",
            actual: `${removed.response.status} to deleting it, then ${excerpt(response)}`
          }
    })
  )
}

const deletedFromLists: Law.Law = {
  id: "lifecycle/deleted-from-lists",
  sentence: "What was deleted is on no list.",
  source: Law.expected("A list holds what exists."),
  severity: "error",
  writes: true,
  appliesTo: (operation, description) =>
    deletes(operation, description) && resourceOperationsOf(operation, description).list !== undefined,
  check: forEachCreated(({ id, removal, row }, { list }) =>
    Effect.gen(function* () {
      if (list === undefined) return "inconclusive"
      const removed = yield* Lifecycle.remove(removal, id)
      if (removed.response.status >= 300) return "inconclusive"
      for (const filters of yield* filtersMatching(list, row)) {
        const { traversal, isThere } = yield* findInList(list, id, filters)
        if (traversal?.end === "unreadable") return "inconclusive"
        const page = traversal?.pages.find(({ ids }) => ids.includes(id))
        if (!isThere || page === undefined) continue
        return {
          message: `${describe(page.exchange.request)} shows ${id}, which was deleted`,
          requests: [removed.request, page.exchange.request],
          expected: `rows without ${id}`,
          actual: `${removed.response.status} to deleting it, and ${id} among ${page.ids.length} rows`
        }
      }
      return "passed"
    })
  )
}

const deletedAgain: Law.Law = {
  id: "lifecycle/deleted-again",
  sentence: "Deleting what was deleted is a documented 404.",
  source: Law.expected("What is gone is not found."),
  severity: "error",
  writes: true,
  appliesTo: deletes,
  check: forEachCreated(({ id, removal }) =>
    Effect.gen(function* () {
      const { send } = yield* Session
      const removed = yield* Lifecycle.remove(removal, id)
      if (removed.response.status >= 300) return "inconclusive"
      const { response, request } = yield* send(removal)
      return response.status === 404
        ? "passed"
        : {
            message: `${describe(request)} was answered with ${response.status} the second time`,
            requests: [removed.request, request],
            expected: "404",
            actual: excerpt(response)
          }
    })
  )
}

const model: Law.Law = {
  id: "lifecycle/model",
  sentence: "Any sequence of creating, getting, listing and deleting goes as in a world where each is done at once.",
  source: Law.expected("Each of these says when it is done, and what comes after sees it."),
  severity: "error",
  writes: true,
  appliesTo: creates,
  check: (operation) =>
    Effect.gen(function* () {
      const session = yield* Session
      const resource = resourceOperationsOf(operation, session.description)
      if (!Lifecycle.isCreatable(resource)) return Law.skipped("nothing of its kind can be created")
      const bodies = yield* Lifecycle.sampleBodies(operation, 20, "model")
      return yield* Model.check(resource, bodies)
    })
}

/**
 * The laws of what is created and deleted.
 */
export const lifecycle: ReadonlyArray<Law.Law> = [
  createdInGet,
  createdInList,
  deletedFromGet,
  deletedFromLists,
  deletedAgain,
  model
]
