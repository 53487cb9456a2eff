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

type Filters = ReadonlyMap<string, readonly [parameter: string, value: string]>

/** Returns a session whose requests have the required filters. */
export const bind = (session: Session["Service"]): Effect.Effect<Session["Service"]> =>
  Effect.map(Effect.provideService(withoutCounting(chooseAll), Session, session), (filters) =>
    filters.size === 0
      ? session
      : {
          ...session,
          send: (request) => session.send(withFilter(filters, request)),
          sendCached: (request, number) => session.sendCached(withFilter(filters, request), number)
        }
  )

const withFilter = (filters: Filters, request: Request): Request => {
  const filter = filters.get(request.operation)
  return filter === undefined || request.query.some(([name]) => name === filter[0])
    ? request
    : { ...request, query: [...request.query, filter] }
}

const chooseAll: Effect.Effect<Filters, never, Session> = Effect.gen(function* () {
  const { description } = yield* Session
  const chosen = yield* Effect.forEach(Object.entries(description.conventions.requiredFilters ?? {}), choose)
  return new Map(chosen)
})

// The value of a known row for which the list has the most rows.
const choose = Effect.fnUntraced(function* ([id, required]: readonly [string, RequiredFilter]) {
  const values = yield* valuesOf(required)
  const counted = yield* Effect.forEach(values.slice(0, candidates), (value) =>
    Effect.map(countRows(id, [required.parameter, value]), (count) => ({ value, count }))
  )
  const value = counted.toSorted((a, b) => b.count - a.count)[0]?.value ?? required.otherwise
  return [id, [required.parameter, value] as const] as const
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

const countRows = (id: string, filter: readonly [string, string]): Effect.Effect<number, never, Session> =>
  Effect.gen(function* () {
    const { sendCached } = yield* Session
    const found = yield* listAt(id)
    if (found === undefined) return 0
    const { lists, operation } = found
    const request = Sampling.pageRequest(operation, lists, { limit: lists.limit.maximum, filters: [filter] })
    const page = Sampling.toPage(lists, yield* sendCached(request))
    return Result.isSuccess(page) ? page.success.rows.length : 0
  }).pipe(Effect.catchTag("NoResponse", () => Effect.succeed(0)))
