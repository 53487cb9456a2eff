// Generators of requests for an operation: from its schemas, from known rows, and from adversarial inputs.
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Filter from "effect/Filter"
import { memoize } from "effect/Function"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import { type ApiConventions, type Lists, isRow } from "../ApiConventions.ts"
import { percentEncode, type Request } from "../Exchange.ts"
import * as Pagination from "./Pagination.ts"
import * as Sampling from "../Sampling.ts"
import * as AdversarialInputs from "./AdversarialInputs.ts"
import type { ApiOperation, Parameter, WireSchema } from "../ApiOperation.ts"
import type { Listing } from "../Listing.ts"
import { Session } from "../Session.ts"
import type { ResolvedSettings } from "../Settings.ts"
import * as Shape from "./Shape.ts"
import * as KnownRows from "./KnownRows.ts"
import * as KnownValues from "./KnownValues.ts"

/**
 * An integer from 0 to `bound - 1` that shrinks to 0.
 */
export const intBelow = (bound: number): Arbitrary.Arbitrary<number> =>
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: Math.max(0, bound - 1) })))

/**
 * Returns the element at a position, which wraps around.
 */
export const elementAt = <A>(values: ReadonlyArray<A>, position: number): A | undefined =>
  values[position % values.length]

/**
 * Generates documented requests, many of which refer to existing resources.
 */
export const documented = (operation: ApiOperation): Effect.Effect<Arbitrary.Arbitrary<Request>, never, Session> =>
  Effect.map(Effect.all([poolsOf(operation), consistentQueries(operation), Session]), ([pools, query, session]) =>
    Arbitrary.map(
      Arbitrary.all({
        params: encodedEntries(operation.endpoint.params),
        query,
        headers: headerEntries(operation),
        picks: Arbitrary.all(operation.query.concat(operation.params).map(() => intBelow(30_000)))
      }),
      ({ headers, params, picks, query }): Request => {
        const known = (name: string, index: number): string | undefined => {
          const pool = pools.get(name) ?? []
          const position = picks[index] ?? 0
          return position % 4 === 3 ? undefined : elementAt(pool, position >> 2)
        }
        const entries = operation.query.flatMap(({ name }, index): ReadonlyArray<readonly [string, string]> => {
          const generated = query.filter((entry) => entry[0] === name)
          if (generated.length === 0) return []
          // A cursor must be an existing id.
          if (pools.cursors.has(name)) {
            const cursor = elementAt(pools.get(name) ?? [], picks[index] ?? 0)
            return cursor === undefined ? [] : [[name, cursor]]
          }
          // Most filters leave no rows, and an empty page reveals little: two of three filters are omitted.
          if (pools.filters.has(name) && (picks[index] ?? 0) >= 10_000) return []
          const value = known(name, index)
          return value === undefined ? generated : [[name, value]]
        })
        return {
          operation: operation.id,
          method: operation.method,
          path: pathOf(operation, (name, index) => {
            const generated = params.find((entry) => entry[0] === name)?.[1] ?? ""
            const found = known(name, operation.query.length + index) ?? generated
            return isSegment(found) ? found : unknownId(operation.params[index], index, session.description.conventions)
          }),
          query: groupsOf(operation, pools, session.description.conventions).reduce(withOneOf, entries),
          ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
          access: operation.access
        }
      }
    )
  )

// A path without a segment, or with a segment that clients remove, belongs to another operation.
const isSegment = (text: string): boolean => !["", ".", ".."].includes(text)

/**
 * Returns documented requests that random generation may miss: every value of every enumeration, every pair of parameters,
 * and for lists every order and direction with the minimum and maximum page size.
 */
export const edgeCases = Effect.fnUntraced(function* (operation: ApiOperation) {
  const { description } = yield* Session
  const lists = Sampling.listsOf(operation, description.conventions)
  if (operation.params.length > 0 || [...operation.query, ...operation.headers].some(({ isRequired }) => isRequired))
    return []
  const request = (query: Request["query"]): Request => ({
    operation: operation.id,
    method: operation.method,
    path: operation.path,
    query,
    access: operation.access
  })
  const values = [
    ...operation.query.flatMap(({ literals, name }) => literals.map((literal) => request([[name, literal]]))),
    ...(yield* pairs(operation)).map(request)
  ]
  if (lists === undefined) return values
  const { known } = yield* Sampling.listing(operation, lists)
  const positions = Pagination.sampleValues(
    lists.pagination,
    known.descending.map((row) => String(row[lists.id]))
  )
  const position = positions[positions.length >> 1]
  const names = Pagination.parametersOf(lists.pagination)
  const cursors = position === undefined ? [] : names.map((name): Entries => [[name, position]])
  const limits = [1, lists.limit.maximum].map((limit): Entries => [[lists.limit.parameter, String(limit)]])
  const orders = operation.query.flatMap(({ literals, name }) =>
    name === lists.order?.parameter ? literals.map((literal): Entries => [[name, literal]]) : []
  )
  const none: Entries = []
  return [
    ...values,
    ...[none, ...orders].flatMap((order) =>
      [none, ...cursors].flatMap((cursor) => [none, ...limits].map((limit) => request([...limit, ...order, ...cursor])))
    )
  ]
})

// Each pair of parameters that may be sent together, with known values.
const pairs = Effect.fnUntraced(function* (operation: ApiOperation) {
  const { endpoint, query } = operation
  // Values of parameters that depend on each other are rarely valid together.
  if (endpoint.query === undefined || isChecked(endpoint.query.ast)) return []
  const { description } = yield* Session
  const pools = yield* poolsOf(operation)
  const groups = groupsOf(operation, pools, description.conventions)
  const entries = query.flatMap(({ accepts, literals, name }): Entries => {
    const known = literals[0] ?? pools.get(name)?.[0]
    const value = known ?? (pools.cursors.has(name) ? undefined : ["a", "1"].find(accepts))
    return value === undefined ? [] : [[name, value]]
  })
  return entries.flatMap((first, index) =>
    entries.slice(index + 1).flatMap((second): ReadonlyArray<Entries> => {
      const pair: Entries = [first, second]
      return groups.reduce(withOneOf, pair).length === 2 ? [pair] : []
    })
  )
})

/**
 * Generates requests of all kinds: mostly documented ones, and some for unknown ids, with undocumented values, or
 * without credentials.
 */
export const mixed = Effect.fnUntraced(function* (operation: ApiOperation) {
  const { description } = yield* Session
  return Arbitrary.map(
    Arbitrary.all({ request: yield* documented(operation), kind: intBelow(10), position: intBelow(10_000) }),
    ({ kind, position, request }): Request => {
      if (kind === 7) return { ...request, access: operation.isProtected ? "none" : request.access }
      if (kind < 8) return request
      const parameter = elementAt(operation.query, position)
      const value = parameter && elementAt(undocumentedValues(parameter), position)
      return parameter === undefined || value === undefined
        ? { ...request, path: unknownPath(operation, description.conventions, position) }
        : withParameter(request, parameter.name, value)
    }
  )
})

/**
 * Returns a documented request for an existing resource with its required parameters only.
 */
export const minimal = Effect.fnUntraced(function* (operation: ApiOperation) {
  const { settings } = yield* Session
  const bare: Request = {
    operation: operation.id,
    method: operation.method,
    path: operation.path,
    query: [],
    access: operation.access
  }
  const isRequired = (name: string) =>
    [...operation.query, ...operation.headers].some((parameter) => parameter.name === name && parameter.isRequired)
  if (
    operation.params.length === 0 &&
    ![...operation.query, ...operation.headers].some(({ isRequired }) => isRequired)
  ) {
    return bare
  }
  const [request = bare] = yield* Effect.orDie(
    Arbitrary.sampleEffect(yield* documented(operation), { count: 1, seed: `${settings.seed} ${operation.id} plain` })
  )
  const [known] = (yield* KnownRows.knownRowsOf(operation)).resources
  const found: Request = {
    ...request,
    path: known === undefined ? request.path : pathOf(operation, () => known.name),
    query: request.query.filter(([name]) => isRequired(name)),
    headers: Object.fromEntries(Object.entries(request.headers ?? {}).filter(([name]) => isRequired(name)))
  }
  return found
})

/**
 * Returns a function that returns distinct documented values of a query parameter.
 */
export const sampleValues = Effect.fnUntraced(function* (operation: ApiOperation) {
  const { settings } = yield* Session
  const seed = `${settings.seed} ${operation.id} values`
  const samples = yield* Effect.orDie(Arbitrary.sampleEffect(yield* documented(operation), { count: 200, seed }))
  return (parameter: string): ReadonlyArray<string> => [
    ...new Set(samples.flatMap(({ query }) => query.flatMap(([name, value]) => (name === parameter ? [value] : []))))
  ]
})

/**
 * Replaces the value of a query parameter.
 */
export const withParameter = (request: Request, name: string, value: string): Request => ({
  ...request,
  query: [...request.query.filter((entry) => entry[0] !== name), [name, value]]
})

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/**
 * Returns an id that does not exist, well-formed if the format is known from a prefix or from another id (`like`).
 */
export const unknownId = (
  parameter: Parameter | undefined,
  position: number,
  { prefixOf }: ApiConventions,
  like?: string
): string => {
  let rest = ""
  let state = position + 7
  const next = (bound: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 16) % bound
  }
  for (let i = 0; i < 24; i++) rest += crockford[next(32)] ?? "0"
  const known = parameter === undefined || prefixOf === undefined ? undefined : Shape.first(parameter.ast, prefixOf)
  const prefix = known === undefined ? (/^[a-z_]+_/.exec(like ?? "")?.[0] ?? "") : `${known}_`
  const candidates = [`${prefix}01${rest}`, `${prefix}${rest}`, rest, rest.toLowerCase(), String(position + 1e9)]
  if (prefix === "" && like !== undefined) candidates.unshift(...idLike(like, next))
  const accepted = candidates.find((candidate) => parameter === undefined || parameter.accepts(candidate))
  return accepted ?? `${prefix}01${rest}`
}

// Randomizes what follows the last separator of an id. A short suffix might yield an existing id.
const idLike = (like: string, next: (bound: number) => number): ReadonlyArray<string> => {
  const tail = /[0-9A-Za-z]*$/.exec(like)?.[0] ?? ""
  const alphabet = /[g-z]/i.test(tail) ? "abcdefghijklmnopqrstuvwxyz" : "abcdef"
  const letter = () => alphabet[next(alphabet.length)] ?? "a"
  const changed = tail.replaceAll(/./g, (character) => {
    if (/\d/.test(character)) return String(next(10))
    return character === character.toLowerCase() ? letter() : letter().toUpperCase()
  })
  return tail.length < 8 ? [] : [like.slice(0, -tail.length) + changed]
}

/**
 * Returns the path of an operation with ids that do not exist.
 */
export const unknownPath = (
  operation: ApiOperation,
  conventions: ApiConventions,
  position = 0,
  like?: string
): string =>
  pathOf(operation, (name) =>
    unknownId(
      operation.params.find((param) => param.name === name),
      position,
      conventions,
      like
    )
  )

/**
 * Returns adversarial values that the documentation does not allow for a parameter.
 */
export const undocumentedValues = (parameter: Parameter): ReadonlyArray<string> =>
  [...AdversarialInputs.limits, ...AdversarialInputs.words, ...AdversarialInputs.ids].filter(
    (value) => !parameter.accepts(value)
  )

/**
 * Returns the path of an operation with values for its parameters.
 */
export const pathOf = (operation: ApiOperation, value: (name: string, index: number) => string): string =>
  operation.path.replaceAll(/:(\w+)/g, (_, name: string) =>
    percentEncode(
      value(
        name,
        operation.params.findIndex((param) => param.name === name)
      )
    )
  )

// -----------------------------------------------------------------------------
// Known rows
// -----------------------------------------------------------------------------

interface Pools {
  readonly get: (parameter: string) => ReadonlyArray<string> | undefined
  /** The parameters that take a cursor. */
  readonly cursors: ReadonlySet<string>
  /** The parameters that select rows. */
  readonly filters: ReadonlySet<string>
}

// Pools are the same for all laws until the list of the resource changes.
const poolsOf = Effect.fnUntraced(function* (operation: ApiOperation) {
  const { description, settings } = yield* Session
  const own = KnownValues.ownLists(operation, description)
  const listings = yield* Effect.forEach(own, (list) => {
    const lists = Sampling.listsOf(list, description.conventions)
    return lists === undefined ? Effect.undefined : Sampling.listing(list, lists)
  })
  const known = poolsCache.get(operation)
  const isSame =
    known?.settings === settings &&
    known.listings.length === listings.length &&
    known.listings.every((listing, index) => listing === listings[index])
  if (isSame) return known.pools
  const pools = yield* makePools(operation)
  poolsCache.set(operation, { settings, listings, pools })
  return pools
})

const poolsCache = new WeakMap<
  ApiOperation,
  { readonly settings: ResolvedSettings; readonly listings: ReadonlyArray<Listing | undefined>; readonly pools: Pools }
>()

const makePools = Effect.fnUntraced(function* (operation: ApiOperation) {
  const { description, settings } = yield* Session
  const { conventions } = description
  const { parameterValues } = conventions
  const lists = Sampling.listsOf(operation, conventions)
  const cursors = new Set<string>()
  const hasLists = Sampling.listOperations(description).length > 0
  const given = parameterValues?.(settings) ?? {}
  const wanted = [...operation.query, ...operation.params]
    .filter(({ name }) => given[name] === undefined && !paginationOf(lists).includes(name))
    .map((parameter) => ({ ...parameter, isId: isId(parameter, conventions) }))
  const pools = yield* KnownValues.find(operation, wanted)
  for (const [name, known] of Object.entries(given)) pools.set(name, known)
  for (const parameter of operation.query) {
    if (!pools.has(parameter.name) && isNumeric(parameter)) pools.set(parameter.name, boundsOf(parameter))
  }
  if (hasLists) {
    const [param] = operation.params
    const { resources } = yield* KnownRows.knownRowsOf(operation)
    if (param !== undefined && resources.length > 0) {
      pools.set(
        param.name,
        resources.map(({ name }) => name)
      )
    }
    if (lists !== undefined) {
      const { known } = yield* Sampling.listing(operation, lists)
      const ids = known.descending.map((row) => String(row[lists.id]))
      for (const name of Pagination.parametersOf(lists.pagination)) {
        cursors.add(name)
        pools.set(name, Pagination.sampleValues(lists.pagination, ids))
      }
    }
  }
  const pagination = [lists?.limit.parameter, lists?.order?.parameter, ...cursors]
  const filters = new Set(
    (lists === undefined ? [] : operation.query)
      .filter(({ isRequired, name }) => !isRequired && !pagination.includes(name))
      .map(({ name }) => name)
  )
  const found: Pools = { get: (name) => pools.get(name), cursors, filters }
  return found
})

const paginationOf = (lists: Lists | undefined): ReadonlyArray<string> =>
  lists === undefined
    ? []
    : [
        lists.limit.parameter,
        ...(lists.order === undefined ? [] : [lists.order.parameter]),
        ...Pagination.parametersOf(lists.pagination)
      ]

const isId = ({ ast, literals, name }: Parameter, { prefixOf }: ApiConventions): boolean =>
  literals.length === 0 &&
  (/(?:^|_)ids?$|[a-z]Ids?$/.test(name) || (prefixOf !== undefined && Shape.first(ast, prefixOf) !== undefined))

const isNumeric = ({ accepts, literals }: Parameter): boolean =>
  literals.length === 0 && accepts("1") && !accepts("x") && !accepts("1.x")

// The least and the greatest number that a parameter accepts, and their neighbours.
const boundsOf = ({ accepts }: Parameter): ReadonlyArray<string> => {
  let greatest = 1
  for (let step = 2 ** 20; step >= 1; step /= 2) if (accepts(String(greatest + step))) greatest += step
  return ["0", "1", "2", String(greatest - 1), String(greatest)].filter(accepts)
}

// Both cursors together are undocumented.
const groupsOf = (
  { id }: ApiOperation,
  { cursors }: Pools,
  { exclusive = {} }: ApiConventions
): ReadonlyArray<ReadonlyArray<string>> => [[...cursors], ...(exclusive[id] ?? [])]

const withOneOf = (entries: Entries, group: ReadonlyArray<string>): Entries => {
  const first = entries.find(([name]) => group.includes(name))
  return entries.filter((entry) => !group.includes(entry[0]) || entry === first)
}

// -----------------------------------------------------------------------------
// Generated data
// -----------------------------------------------------------------------------

type Entries = ReadonlyArray<readonly [name: string, value: string]>

// Random values for parameters that depend on each other are rarely valid together, so valid combinations are sampled
// once.
const consistentQueries = (operation: ApiOperation): Effect.Effect<Arbitrary.Arbitrary<Entries>, never, Session> => {
  const { endpoint, id } = operation
  if (endpoint.query === undefined || !isChecked(endpoint.query.ast))
    return Effect.succeed(encodedEntries(endpoint.query))
  return Effect.gen(function* () {
    const { settings } = yield* Session
    const seed = `${settings.seed} ${id} together`
    let found = consistentQueryCache.get(operation)
    if (found?.seed !== seed) {
      found = {
        seed,
        entries: yield* Effect.orDie(Arbitrary.sampleEffect(encodedEntries(endpoint.query), { count: 20, seed }))
      }
      consistentQueryCache.set(operation, found)
    }
    const { entries } = found
    return Arbitrary.map(intBelow(entries.length), (position) => entries[position] ?? [])
  })
}

const consistentQueryCache = new WeakMap<
  ApiOperation,
  { readonly seed: string; readonly entries: ReadonlyArray<Entries> }
>()

const isChecked = (ast: SchemaAST.AST): boolean =>
  (ast.checks ?? []).length > 0 || (SchemaAST.toType(ast).checks ?? []).length > 0

const encodedEntries = (schema: Schema.Top | undefined): Arbitrary.Arbitrary<Entries> =>
  schema === undefined ? Arbitrary.Constant([]) : entriesOfSchema(schema)

// All laws of an operation generate values of the same schemas.
const entriesOfSchema = memoize((schema: Schema.Top): Arbitrary.Arbitrary<Entries> => {
  const wire = Schema.make<WireSchema>(schema.ast)
  const encode = Schema.encodeUnknownResult(wire)
  return Arbitrary.filterMap(
    Arbitrary.schema(wire),
    Filter.fromPredicateOption((value: unknown) => Result.getSuccess(Result.map(encode(value), entriesOf)))
  )
})

// A header contains only visible ASCII and inner spaces, so other characters are removed. Values that are undocumented
// after the removal are discarded.
const headerEntries = ({ endpoint, headers }: ApiOperation): Arbitrary.Arbitrary<Entries> =>
  Arbitrary.filterMap(encodedEntries(endpoint.headers), (entries) => {
    const sent = entries.map(([name, value]) => [name, value.replaceAll(/[^ -~]/g, "").trim()] as const)
    const isDocumented = sent.every(
      ([name, value]) => headers.find((header) => header.name === name)?.accepts(value) === true
    )
    return isDocumented ? Result.succeed(sent) : Result.fail(entries)
  })

const entriesOf = (encoded: unknown): Entries =>
  Object.entries(typeof encoded === "object" && encoded !== null ? encoded : {}).flatMap(
    ([name, value]: readonly [string, unknown]) =>
      // The encoding of a struct in a query is not documented.
      value === undefined || isRow(value)
        ? []
        : Array.isArray(value)
          ? value.map((one) => [name, String(one)] as const)
          : [[name, String(value)] as const]
  )
