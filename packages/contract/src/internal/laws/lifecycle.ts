// Lifecycle: what is created is there, what is deleted is gone, everywhere and at once.
//
// Only where writing is allowed, and only with resources of the run's own.
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import { isRow, type Row, sendable } from "../../Convention.ts"
import { describe, excerpt, type Exchange, type Request, type Unanswered } from "../../Exchange.ts"
import * as Exercise from "../Exercise.ts"
import * as Harvest from "../Harvest.ts"
import * as Law from "../../Law.ts"
import * as Model from "../Model.ts"
import type { Operation } from "../../Operation.ts"
import * as Property from "../Property.ts"
import { resourceOf } from "../Resource.ts"
import { Session } from "../../Session.ts"

const creates: Law.Law["appliesTo"] = (operation, description) => {
  const resource = resourceOf(operation, description)
  return resource.create === operation && Exercise.isCreatable(resource)
}

const deletes: Law.Law["appliesTo"] = (operation, description) => {
  const resource = resourceOf(operation, description)
  return resource.remove === operation && Exercise.isCreatable(resource)
}

type Own = { readonly id: string; readonly row: Row; readonly removal: Request; readonly exchange: Exchange }

// With resources that were created for it, and are deleted whatever comes of it.
const everyCreated =
  (check: (own: Own, resource: Exercise.Creatable) => Effect.Effect<Property.Verdict, Unanswered, Session>) =>
  (operation: Operation): Effect.Effect<Law.Finding, Unanswered, Session> =>
    Effect.gen(function* () {
      const session = yield* Session
      const resource = resourceOf(operation, session.description)
      if (!Exercise.isCreatable(resource)) return Law.notExercised("nothing of its kind can be created")
      const bodies = yield* Exercise.payloads(resource.create)
      let reason: string | undefined
      const finding = yield* Property.forAll(
        bodies,
        (body) =>
          Effect.gen(function* () {
            if (reason !== undefined) return "vacuous"
            const created = yield* Exercise.createOrExplain(resource, body)
            if ("reason" in created) {
              reason = created.reason
              return "vacuous"
            }
            return yield* check(created, resource).pipe(
              Effect.ensuring(
                Effect.suspend(() =>
                  session.leftovers.has(created.id)
                    ? Effect.ignore(Exercise.remove(created.removal, created.id))
                    : Effect.void
                )
              )
            )
          }),
        { seed: operation.id, runs: Math.max(2, Math.min(10, Math.ceil(session.settings.runs / 10))) }
      )
      return finding._tag === "NotExercised" && reason !== undefined ? Law.notExercised(reason) : finding
    })

const createdInGet: Law.Law = {
  id: "lifecycle/created-in-get",
  sentence: "What was created can be read at once, as it was created.",
  source: Law.expected("An answer of success says that it is done."),
  severity: "error",
  writes: true,
  appliesTo: creates,
  check: everyCreated(({ exchange, id, row }, resource) =>
    Effect.gen(function* () {
      const { send } = yield* Session
      const { answer, request } = yield* send(Exercise.itemRequest(resource.get, id))
      const shown = answer.json
      const { description } = yield* Session
      const key = description.convention.lists?.id ?? "id"
      const { body } = exchange.request
      // Its id, and all that was asked for and granted; a state may have gone on by itself.
      const asked = body !== undefined && "json" in body && isRow(body.json) ? Object.keys(body.json) : []
      const names = [key, ...asked.filter((name) => name in row)]
      const different = isRow(shown) ? names.filter((name) => !Equal.equals(shown[name], row[name])) : names
      if (answer.status === 200 && different.length === 0) return "holds"
      const how = answer.status === 200 ? `shows another ${different.join(", ")}` : `was answered with ${answer.status}`
      return {
        message: `${describe(request)} ${how} after it was created`,
        requests: [exchange.request, request],
        expected: excerpt(exchange.answer),
        actual: excerpt(answer)
      }
    })
  )
}

// The lists in which a resource has to be: the whole one, and filtered by each of its own values.
const listsWith = Effect.fnUntraced(function* (list: Operation, row: Row) {
  const { description } = yield* Session
  const { filters, lists } = description.convention
  if (lists === undefined) return []
  const own = (filters?.[list.id] ?? []).map(sendable).flatMap((filter) => {
    const [value] = filter.valuesOf(row)
    return value === undefined ? [] : [[filter.parameter, value] as const]
  })
  return [[], ...own.map((entry) => [entry])]
})

// Looks for a resource in a list, from the newest on, no further than it takes.
const find = Effect.fnUntraced(function* (
  list: Operation,
  id: string,
  filters: ReadonlyArray<readonly [string, string]>
) {
  const { description, settings } = yield* Session
  const { lists } = description.convention
  if (lists === undefined) return { crawl: undefined, isThere: false }
  const crawl = yield* Harvest.crawl(
    list,
    lists,
    { order: "descending", limit: lists.limit.maximum, filters },
    Math.min(settings.maxRows, 500)
  )
  return { crawl, isThere: crawl.ids.includes(id) }
})

const createdInList: Law.Law = {
  id: "lifecycle/created-in-list",
  sentence: "What was created is on every list that it belongs on, at once.",
  source: Law.expected("A list holds what exists."),
  severity: "error",
  writes: true,
  appliesTo: (operation, description) =>
    creates(operation, description) && resourceOf(operation, description).list !== undefined,
  check: everyCreated(({ exchange, id, row }, { list }) =>
    Effect.gen(function* () {
      if (list === undefined) return "vacuous"
      for (const filters of yield* listsWith(list, row)) {
        const { crawl, isThere } = yield* find(list, id, filters)
        const [page] = crawl?.pages ?? []
        if (isThere) continue
        if (page === undefined || crawl?.end === "unreadable") return "vacuous"
        return {
          message: `${describe(page.exchange.request)} is without ${id}, which was just created`,
          requests: [exchange.request, page.exchange.request],
          expected: `${id} among the rows`,
          actual: `${crawl?.ids.length ?? 0} rows without it`
        }
      }
      return "holds"
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
  check: everyCreated(({ id, removal }, resource) =>
    Effect.gen(function* () {
      const { send } = yield* Session
      const removed = yield* Exercise.remove(removal, id)
      // What was not deleted may be there.
      if (removed.answer.status >= 300) return "vacuous"
      const { answer, request } = yield* send(Exercise.itemRequest(resource.get, id))
      return answer.status === 404
        ? "holds"
        : {
            message: `${describe(request)} was answered with ${answer.status} after it was deleted`,
            requests: [removed.request, request],
            expected: "404",
            actual: `${removed.answer.status} to deleting it, then ${excerpt(answer)}`
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
    deletes(operation, description) && resourceOf(operation, description).list !== undefined,
  check: everyCreated(({ id, removal, row }, { list }) =>
    Effect.gen(function* () {
      if (list === undefined) return "vacuous"
      const removed = yield* Exercise.remove(removal, id)
      if (removed.answer.status >= 300) return "vacuous"
      for (const filters of yield* listsWith(list, row)) {
        const { crawl, isThere } = yield* find(list, id, filters)
        if (crawl?.end === "unreadable") return "vacuous"
        const page = crawl?.pages.find(({ ids }) => ids.includes(id))
        if (!isThere || page === undefined) continue
        return {
          message: `${describe(page.exchange.request)} shows ${id}, which was deleted`,
          requests: [removed.request, page.exchange.request],
          expected: `rows without ${id}`,
          actual: `${removed.answer.status} to deleting it, and ${id} among ${page.ids.length} rows`
        }
      }
      return "holds"
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
  check: everyCreated(({ id, removal }) =>
    Effect.gen(function* () {
      const { send } = yield* Session
      const removed = yield* Exercise.remove(removal, id)
      if (removed.answer.status >= 300) return "vacuous"
      const { answer, request } = yield* send(removal)
      return answer.status === 404
        ? "holds"
        : {
            message: `${describe(request)} was answered with ${answer.status} the second time`,
            requests: [removed.request, request],
            expected: "404",
            actual: excerpt(answer)
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
      const resource = resourceOf(operation, session.description)
      if (!Exercise.isCreatable(resource)) return Law.notExercised("nothing of its kind can be created")
      const bodies = yield* Exercise.samples(operation, 20, "model")
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
