// Lists nested in the rows of other lists, such as `/notes/:noteId/comments`. A run reads the list of one parent: the paths
// of the list and of its resources have the id of the parent instead of a parameter.
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { ApiDescription } from "../ApiDescription.ts"
import type { ApiOperation } from "../ApiOperation.ts"
import * as Sampling from "../Sampling.ts"
import * as Selection from "../Selection.ts"
import { Session } from "../Session.ts"
import { withoutCounting } from "./RequestCount.ts"

/** The number of parents among which the one with the most rows is chosen. */
const candidates = 5

const nestedLists = ({ conventions, operations }: ApiDescription): ReadonlyArray<ApiOperation> =>
  operations
    .filter((operation) => operation.params.length > 0 && Sampling.isList(operation, conventions))
    .toSorted((a, b) => a.path.length - b.path.length)

/**
 * Returns the operations of a run: those of nested lists and their resources without the parameters for parents.
 */
export const withoutParents = (description: ApiDescription): ApiDescription =>
  nestedLists(description).reduce<ApiDescription>(
    (flat, list) => ({
      ...flat,
      operations: flat.operations.map((operation) => below(operation, list, { ...list, params: [] }))
    }),
    description
  )

/**
 * Returns a description with the paths of one parent for each nested list that selected operations use. A list without a
 * known parent is unchanged.
 */
export const bind: Effect.Effect<ApiDescription, never, Session> = Effect.gen(function* () {
  const { description, settings } = yield* Session
  const selected = description.operations.filter(Selection.hasOperation(settings.selection))
  const nested = nestedLists(description).filter(({ path }) =>
    selected.some((operation) => operation.path === path || operation.path.startsWith(`${path}/`))
  )
  if (nested.length === 0) return description
  const parents = yield* withoutCounting(idsOfParents(nested, description))
  let bound = description
  for (const { id } of nested) {
    const list = bound.operations.find((operation) => operation.id === id)
    const chosen = list && (yield* withoutCounting(bindList(list, bound, parents)))
    if (list === undefined || chosen === undefined) continue
    bound = { ...bound, operations: bound.operations.map((operation) => below(operation, list, chosen)) }
  }
  return bound
})

// Replaces the beginning of a path by the path of a list of one parent.
const below = (operation: ApiOperation, list: ApiOperation, chosen: ApiOperation): ApiOperation =>
  operation.path === list.path || operation.path.startsWith(`${list.path}/`)
    ? {
        ...operation,
        path: `${chosen.path}${operation.path.slice(list.path.length)}`,
        params: operation.params.filter(({ name }) => list.params.every((param) => param.name !== name))
      }
    : operation

type Ids = ReadonlyMap<string, ReadonlyArray<string>>

// Read concurrently, and once for all lists of a parent: a server that does not respond must not use up the time of a run.
const idsOfParents = (
  nested: ReadonlyArray<ApiOperation>,
  description: ApiDescription
): Effect.Effect<Ids, never, Session> => {
  const names = new Set(nested.flatMap(({ parents }) => Object.values(parents)))
  const lists = description.operations.filter(({ id, params }) => names.has(id) && params.length === 0)
  return Effect.map(
    Effect.forEach(lists, (list) => Effect.map(idsOf(list, description), (ids) => [list.id, ids] as const), {
      concurrency: "unbounded"
    }),
    (entries) => new Map(entries)
  )
}

const bindList = Effect.fnUntraced(function* (list: ApiOperation, description: ApiDescription, parents: Ids) {
  let options: ReadonlyArray<ApiOperation> = [list]
  for (const { name } of list.params) {
    const parent = description.operations.find(({ id }) => id === list.parents[name])
    const ids = parent === undefined ? [] : (parents.get(parent.id) ?? (yield* idsOf(parent, description)))
    options = options.slice(0, 1).flatMap((option) =>
      ids.slice(0, candidates).map((id) => ({
        ...option,
        path: option.path.replace(`:${name}`, encodeURIComponent(id)),
        params: option.params.filter((param) => param.name !== name)
      }))
    )
  }
  const counted = yield* Effect.forEach(options, (option) =>
    Effect.map(countRows(option, description), (count) => ({ option, count }))
  )
  return counted.toSorted((a, b) => b.count - a.count)[0]?.option
})

const idsOf = Effect.fnUntraced(function* (list: ApiOperation, { conventions }: ApiDescription) {
  const lists = Sampling.listsOf(list, conventions)
  if (lists === undefined || list.params.length > 0) return []
  const { known } = yield* Sampling.listing(list, lists)
  return known.descending.map((row) => String(row[lists.id]))
})

const countRows = (list: ApiOperation, { conventions }: ApiDescription): Effect.Effect<number, never, Session> =>
  Effect.gen(function* () {
    const { sendCached } = yield* Session
    const lists = Sampling.listsOf(list, conventions)
    if (lists === undefined) return 0
    const page = Sampling.toPage(
      lists,
      yield* sendCached(Sampling.pageRequest(list, lists, { limit: lists.limit.maximum }))
    )
    return Result.isSuccess(page) ? page.success.rows.length : 0
  }).pipe(Effect.catchTag("NoResponse", () => Effect.succeed(0)))
