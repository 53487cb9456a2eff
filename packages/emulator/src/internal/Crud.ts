// Handlers of resources: list, get, create, update and delete on tables, and the actions of declarations.
import * as ApiError from "@effect-workos/domain/ApiError"
import type { AccessToken } from "@effect-workos/domain/AccessToken"
import type { ApiKey } from "@effect-workos/domain/ApiKey"
import * as Endpoint from "@effect-workos/domain/Endpoint"
import type { Exclusive } from "@effect-workos/domain/Exclusive"
import * as Pagination from "@effect-workos/domain/Pagination"
import { snakeCase } from "@effect-workos/domain/Wire"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import { memoize } from "effect/Function"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import type * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { capitalize } from "effect/String"
import type { AuthKit } from "./AuthKit.ts"
import type { AnyRequest, Context } from "./Declaration.ts"
import { EmulatedApi, type InvalidRequests } from "./EmulatedApi.ts"
import * as IdGenerator from "./IdGenerator.ts"
import * as Lists from "./Lists.ts"
import * as NotFound from "./NotFound.ts"
import * as RowSchema from "./RowSchema.ts"
import type { SignIn } from "./SignIn.ts"
import { Store } from "../Store.ts"
import * as StoreTables from "./StoreTables.ts"
import * as Table from "./Table.ts"
import type { AnyRow, AnyTable, Tables } from "./Tables.ts"

type Handler = (request: AnyRequest, context: Context) => Effect.Effect<unknown, unknown>

type Handlers = Readonly<Record<string, Handler>>

/** The conditions of a list request. Path parameters are equality filters. */
const conditionsOf = ({ declaration }: StoreTables.Entry, { params, query }: AnyRequest, store: Tables) => {
  const where: Array<readonly [string, string | ReadonlyArray<string>]> = []
  const tests: Array<(row: AnyRow) => boolean> = []
  let [since, until] = [-Infinity, Infinity]
  for (const [name, value] of Object.entries<unknown>({ ...params, ...query })) {
    if (value === undefined || !Pagination.isFilter(name)) continue
    const filter = StoreTables.filterOf(declaration, name)
    if (filter === undefined) where.push([name, StoreTables.toValues(value)])
    else if (typeof filter === "function") tests.push((row) => filter(row, value, store))
    else if ("since" in filter) since = filter.since(value)
    else if ("until" in filter) until = filter.until(value)
    else where.push([name, filter.of?.(value) ?? StoreTables.toValues(value)])
  }
  return { where, between: [since, until] as const, matches: (row: AnyRow) => tests.every((test) => test(row)) }
}

type Matches = (row: AnyRow) => boolean

/** The condition of a declaration's `list`. */
const ruleOf = (
  { declaration: { list } }: StoreTables.Entry,
  { query = {} }: AnyRequest,
  context: Context
): Effect.Effect<Matches, unknown> =>
  // The condition receives rows of the resource.
  list === undefined
    ? Effect.succeed(() => true)
    : Effect.fromResult(list(query, context) as Result.Result<Matches, unknown>)

const withoutNulls = (values: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null))

const respond = (json: string) => HttpServerResponse.text(json, { contentType: "application/json" })

/** The id in the path of a request. */
const idOf = ({ params = {} }: AnyRequest): string => String(Object.values(params).at(-1))

/**
 * The handlers of a resource with rows. Handlers are synchronous between their checks and their changes, so that concurrent
 * requests cannot interleave.
 */
const derivedHandlers = (
  entry: StoreTables.Entry,
  schema: Schema.Codec<AnyRow>,
  table: AnyTable,
  store: Tables,
  parentsOf: (resource: string) => { readonly noun: string; readonly table: AnyTable | undefined }
): Handlers => {
  const {
    declaration,
    declaration: { create, deleteStatus, existing, hidden, idempotentBy = [], parents = {}, unique = {}, update, view },
    resource: { endpoints, noun }
  } = entry
  const name = capitalize(noun)
  const object = RowSchema.object(schema)
  const prefix = RowSchema.prefix(schema)
  // Checks a row, and drops keys that are not in the schema. `null` removes a value.
  const decode = Schema.decodeUnknownSync(Schema.toType(schema))
  const withHidden = RowSchema.withHidden(hidden)
  const toRow = (values: object): AnyRow => withHidden(decode(withoutNulls(values)), values)
  // Each row is encoded once: rows are replaced and never changed.
  const jsonOf = memoize(Schema.encodeSync(Schema.fromJsonString(Schema.toCodecJson(schema))))

  const viewed = (row: AnyRow, context: Context): AnyRow => view?.(row, context) ?? row

  const get = (request: AnyRequest): AnyRow | undefined => {
    if (declaration.find !== undefined) return declaration.find(request, store)
    const row = table.get(idOf(request))
    const outer = Object.entries(request.params ?? {}).slice(0, -1)
    return row !== undefined &&
      outer.every(([key, value]) => StoreTables.matches(declaration, row, key, String(value), store))
      ? row
      : undefined
  }

  const find = (request: AnyRequest): Effect.Effect<AnyRow, ApiError.NotFound> =>
    Effect.suspend(() => NotFound.ifUndefined(name, idOf(request))(get(request)))

  const parentError = (payload: object): ApiError.NotFound | ApiError.UnprocessableEntity | undefined => {
    for (const [key, parent] of Object.entries(parents)) {
      const id = Table.valueOf(payload, key)
      const { noun, table } = parentsOf(parent.resource)
      if (typeof id !== "string" || table?.get(id) !== undefined) continue
      const { message } = NotFound.make(capitalize(noun), id)
      return parent.status === 422 ? new ApiError.UnprocessableEntity({ message }) : new ApiError.NotFound({ message })
    }
    return undefined
  }

  const uniqueError = (payload: object, id?: string): unknown => {
    for (const [key, toError] of Object.entries(unique)) {
      const value = Table.valueOf(payload, key)
      if (typeof value === "string" && table.findBy(key, value).some((row) => row.id !== id)) return toError(value)
    }
    return undefined
  }

  const findExisting = (payload: object): AnyRow | undefined => {
    const values = idempotentBy.map((key) => [key, Table.valueOf(payload, key)] as const)
    const [[key, value] = []] = values
    if (key === undefined || typeof value !== "string" || values.some(([, other]) => other === undefined))
      return undefined
    return table.findBy(key, value).find((row) => values.every(([name, given]) => Table.valueOf(row, name) === given))
  }

  const created: Handler = ({ params, payload = {}, query }, context) =>
    Effect.suspend((): Effect.Effect<unknown, unknown> => {
      const given = { ...params, ...query, ...payload }
      const error = parentError(given)
      if (error !== undefined) return Effect.fail(error)
      const same = findExisting(given)
      if (same !== undefined) return Effect.succeed(respond(jsonOf(viewed(same, context))))
      const conflict = uniqueError(given)
      if (conflict !== undefined) return Effect.fail(conflict)
      const replaced = existing?.(given, context)
      if (replaced !== undefined && Result.isFailure(replaced)) return Effect.fail(replaced.failure)
      if (replaced?.success !== undefined) {
        table.set(replaced.success)
        return Effect.succeed(viewed(replaced.success, context))
      }
      const { createdAt, id } = context.ids.next(table.newest, prefix)
      const generated = { ...params, ...query, object, id, createdAt, updatedAt: createdAt }
      const computed = create?.(payload, generated, { ...context, ids: { ...context.ids, now: createdAt } })
      if (computed !== undefined && Result.isFailure(computed)) return Effect.fail(computed.failure)
      const row = toRow({ ...payload, ...computed?.success, ...generated })
      table.set(row)
      return Effect.succeed(viewed(row, context))
    })

  const updated: Handler = (request, context) =>
    Effect.suspend(() => {
      const row = get(request)
      if (row === undefined) return Effect.fail(NotFound.make(name, idOf(request)))
      const { payload = {} } = request
      const conflict = uniqueError(payload, row.id)
      if (conflict !== undefined) return Effect.fail(conflict)
      const computed = update?.(row, payload, context)
      if (computed !== undefined && Result.isFailure(computed)) return Effect.fail(computed.failure)
      const changed = toRow({ ...row, ...payload, ...computed?.success })
      // A request that changes nothing is not an update.
      if (Equal.equals(row, changed)) return Effect.succeed(viewed(row, context))
      const next = { ...changed, updatedAt: IdGenerator.updateTime(context.ids.now, row.updatedAt ?? row.createdAt) }
      table.set(next)
      return Effect.succeed(viewed(next, context))
    })

  const status = deleteStatus ?? (endpoints["delete"] && Endpoint.statuses(endpoints["delete"])[0])
  const deleted = HttpServerResponse.empty({ status: status ?? 204 })
  const isForward = endpoints["list"]?.cursors === "forward"

  return {
    list: Effect.fnUntraced(function* (request, context) {
      // The row in whose list the request reads.
      const error = parentError(request.params ?? {})
      if (error !== undefined) return yield* error
      const isListed = yield* ruleOf(entry, request, context)
      const conditions = conditionsOf(entry, request, context.store)
      const { data, listMetadata } = yield* Lists.page(table, noun, request.query ?? {}, {
        ...conditions,
        matches: (row) => isListed(row) && conditions.matches(row)
      })
      const { after, before } = listMetadata
      const cursors = JSON.stringify(isForward ? { after } : { before, after })
      const rows = data.map((row) => jsonOf(viewed(row, context)))
      return respond(`{"object":"list","data":[${rows.join()}],"list_metadata":${cursors}}`)
    }),
    get: (request, context) => Effect.map(find(request), (row) => respond(jsonOf(viewed(row, context)))),
    create: created,
    update: updated,
    delete: (request) =>
      Effect.map(find(request), ({ id }) => {
        table.remove(id)
        return deleted
      })
  }
}

/** Refuses requests with parameters that exclude each other. */
const refusingConflicts =
  <R>(
    exclusive: Exclusive,
    handler: (request: AnyRequest, context: Context) => Effect.Effect<unknown, unknown, R>
  ): typeof handler =>
  (request, context) =>
    Effect.suspend(() => {
      const names = exclusive.conflict(request.query ?? {})
      if (names === undefined) return handler(request, context)
      const message = `Only one of ${names.map((name) => `'${snakeCase(name)}'`).join(" and ")} can be given.`
      return Effect.succeed(HttpServerResponse.jsonUnsafe({ message }, { status: 400 }))
    })

/** The handlers of all endpoints of a resource: its actions, and derived handlers for the other endpoints. */
const handlersOf = (entry: StoreTables.Entry, entries: ReadonlyArray<StoreTables.Entry>, store: Tables) => {
  const { declaration, resource } = entry
  const parentsOf = (name: string) => ({
    noun: entries.find((other) => other.resource.name === name)?.resource.noun ?? name,
    table: StoreTables.tableOf(store, name)
  })
  const schema = RowSchema.of(resource)
  const table = StoreTables.tableOf(store, resource.name)
  const derived = schema && table ? derivedHandlers(entry, schema, table, store, parentsOf) : {}
  const handlers = { ...derived, ...declaration.actions }
  return Object.fromEntries(
    Object.entries(resource.endpoints).flatMap(([name, { exclusive }]) => {
      const found = handlers[name]
      if (found === undefined) return []
      const handler = exclusive === undefined ? found : refusingConflicts(exclusive, found)
      return [
        [name, (request: AnyRequest) => Effect.flatMap(IdGenerator.current, (ids) => handler(request, { store, ids }))]
      ]
    })
  )
}

type Served =
  typeof EmulatedApi extends HttpApi.HttpApi<infer Id, infer Groups> ? HttpApiGroup.ToService<Id, Groups> : never

/** `HttpApiBuilder.group` for a group whose endpoints the compiler does not know. */
const groupOf = HttpApiBuilder.group as unknown as (
  api: typeof EmulatedApi,
  name: string,
  build: (handlers: { readonly handleAll: (handlers: object) => unknown }) => Effect.Effect<unknown, never, Store>
) => Layer.Layer<Served, never, AccessToken | ApiKey | AuthKit | InvalidRequests | SignIn | Store>

/** The handlers of all resources. */
export const layer = (entries: ReadonlyArray<StoreTables.Entry>) =>
  entries
    .map((entry) =>
      groupOf(EmulatedApi, entry.resource.name, (handlers) =>
        Effect.map(Store, (store) => handlers.handleAll(handlersOf(entry, entries, store)))
      )
    )
    .reduce((all, group) => Layer.merge(all, group))
