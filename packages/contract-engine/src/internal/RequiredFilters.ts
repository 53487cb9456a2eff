// Lists that need a filter, such as the memberships of one organization. A run adds the filter to each request without it.
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { RequiredFilter } from "../ApiConventions.ts"
import type { Request } from "../Exchange.ts"
import * as Sampling from "../Sampling.ts"
import { Session } from "../Session.ts"
import { withoutCounting } from "./RequestCount.ts"

/** The number of values among which the one with the most rows is chosen. */
const candidates = 5

type Filter = readonly [parameter: string, value: string]

/** Returns a session whose requests have the required filters. A filter is chosen when the first request needs it. */
export const bind = (session: Session["Service"]): Effect.Effect<Session["Service"]> =>
  Effect.gen(function* () {
    const { requiredFilters = {} } = session.description.conventions
    const filters = new Map<string, { readonly parameter: string; readonly filter: Effect.Effect<Filter> }>()
    for (const [operation, required] of Object.entries(requiredFilters)) {
      const chosen = Effect.provideService(withoutCounting(choose(operation, required)), Session, session)
      filters.set(operation, { parameter: required.parameter, filter: yield* Effect.cached(chosen) })
    }
    const filtered = (request: Request): Effect.Effect<Request> => {
      const found = filters.get(request.operation)
      return found === undefined || request.query.some(([name]) => name === found.parameter)
        ? Effect.succeed(request)
        : Effect.map(found.filter, (filter) => ({ ...request, query: [...request.query, filter] }))
    }
    if (filters.size === 0) return session
    return {
      ...session,
      send: (request) => Effect.flatMap(filtered(request), session.send),
      sendCached: (request, number) =>
        Effect.flatMap(filtered(request), (request) => session.sendCached(request, number))
    }
  })

// The value of a known row for which the list has the most rows.
const choose = Effect.fnUntraced(function* (id: string, required: RequiredFilter) {
  const values = yield* valuesOf(required)
  const counted = yield* Effect.forEach(values.slice(0, candidates), (value) =>
    Effect.map(countRows(id, [required.parameter, value]), (count) => ({ value, count }))
  )
  const value = counted.toSorted((a, b) => b.count - a.count)[0]?.value ?? required.otherwise
  return [required.parameter, value] as const
})

const listAt = Effect.fnUntraced(function* (id: string) {
  const { description } = yield* Session
  const operation = description.operations.find((operation) => operation.id === id)
  const lists = operation && Sampling.listsOf(operation, description.conventions)
  return operation === undefined || lists === undefined ? undefined : { operation, lists }
})

const valuesOf = Effect.fnUntraced(function* ({ list }: RequiredFilter) {
  const found = yield* listAt(list)
  if (found === undefined) return []
  const { known } = yield* Sampling.listing(found.operation, found.lists)
  return known.descending.map((row) => String(row[found.lists.id]))
})

const countRows = (id: string, filter: Filter): Effect.Effect<number, never, Session> =>
  Effect.gen(function* () {
    const { sendCached } = yield* Session
    const found = yield* listAt(id)
    if (found === undefined) return 0
    const { lists, operation } = found
    const request = Sampling.pageRequest(operation, lists, { limit: lists.limit.maximum, filters: [filter] })
    const page = Sampling.toPage(lists, yield* sendCached(request))
    return Result.isSuccess(page) ? page.success.rows.length : 0
  }).pipe(Effect.catchTag("NoResponse", () => Effect.succeed(0)))
