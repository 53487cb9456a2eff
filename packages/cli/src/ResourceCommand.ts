// The commands of a resource, derived from its description: `get`, its lists and `export`.
import * as Client from "@effect-workos/client/Client"
import type { InvalidRow } from "@effect-workos/client/ClientError"
import * as Endpoint from "@effect-workos/domain/Endpoint"
import type { events } from "@effect-workos/domain/events/Event"
import * as Fields from "@effect-workos/domain/Fields"
import type * as Pagination from "@effect-workos/domain/Pagination"
import type { Resource } from "@effect-workos/domain/Resource"
import { snakeCase } from "@effect-workos/domain/Wire"
import * as Exportable from "@effect-workos/export/Exportable"
import * as Ndjson from "@effect-workos/export/Ndjson"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { snakeToKebab, uncapitalize } from "effect/String"
import * as ExportRun from "./ExportRun.ts"
import * as FilterFlags from "./FilterFlags.ts"
import * as Layers from "./Layers.ts"
import * as ListCommand from "./ListCommand.ts"
import * as Output from "./Output.ts"
import * as PathArguments from "./PathArguments.ts"
import * as Presentation from "./Presentation.ts"
import * as RowView from "./RowView.ts"
import * as SecretFields from "./SecretFields.ts"

/** A paginated list. */
type ListEndpoint<Row> = Endpoint.Endpoint & {
  readonly query: Schema.Codec<object, unknown>
  readonly item: Schema.Codec<unknown, Row>
}

/** An endpoint that returns one object, or a list that has one page. */
type ReadEndpoint = Endpoint.Endpoint & { readonly success: Schema.Codec<unknown, object> }

/** The identifier of the client of one resource. */
interface ResourceClient {
  readonly _: unique symbol
}

// -----------------------------------------------------------------------------
// Commands
// -----------------------------------------------------------------------------

/**
 * Makes a command for each list: `list`, and for example `list-members` for the endpoint `listMembers`. The parameters of a
 * path are positional arguments.
 */
export const lists = (resource: Resource) =>
  Object.entries(resource.endpoints).flatMap(([name, endpoint]) =>
    isList(endpoint) ? [list(resource, name, endpoint)] : []
  )

/**
 * Makes a command for each list that has one page, without pagination parameters.
 */
export const shortLists = (resource: Resource) =>
  Object.entries(resource.endpoints).flatMap(([name, endpoint]) => {
    const item = isRead(endpoint) && name.startsWith("list") ? itemOf(endpoint.success) : undefined
    return isRead(endpoint) && item !== undefined ? [shortList(resource, name, endpoint, item)] : []
  })

const list = (resource: Resource, name: string, endpoint: ListEndpoint<object>) => {
  const { noun, view } = rowOf(resource, name, endpoint.item)
  const { title } = wordsOf(resource)
  const redactor = SecretFields.redactor(endpoint.item)
  const { client, method } = methodOf<EncodedPage>(resource, name, endpoint)
  return Command.make(
    commandOf(name),
    {
      path: PathArguments.make(resource, endpoint),
      filters: FilterFlags.derive(endpoint.query, view),
      flags: ListCommand.flags(noun),
      secrets: SecretFields.flag(redactor)
    },
    Effect.fnUntraced(function* ({ filters, flags, path, secrets }) {
      const query = yield* FilterFlags.toQuery(filters, endpoint, title)
      const { encoded } = yield* method
      const args = PathArguments.values(endpoint, path)
      const bound = Object.assign((options: object) => encoded(...args, options), {
        pages: (options: object) => encoded.pages(...args, options)
      })
      yield* ListCommand.show(bound, query, flags, {
        noun,
        columns: RowView.columns(endpoint.item, view),
        redact: SecretFields.select(redactor, secrets)
      })
    })
  ).pipe(
    Command.withDescription(`${listSummary(resource, endpoint)}${noteOf(view)}`),
    withExamples(name === "list" ? view.examples?.list : undefined),
    Command.provide(Layers.live(client.layer))
  )
}

const shortList = (resource: Resource, name: string, endpoint: ReadEndpoint, item: Schema.Constraint) => {
  const { noun, view } = rowOf(resource, name, item)
  const redactor = SecretFields.redactor(item)
  const { client, method } = methodOf<object>(resource, name, endpoint)
  return Command.make(
    commandOf(name),
    {
      path: PathArguments.make(resource, endpoint),
      filters: FilterFlags.derive(endpoint.query ?? Schema.Struct({}), view),
      json: ListCommand.json(`one ${noun} per line`),
      secrets: SecretFields.flag(redactor)
    },
    Effect.fnUntraced(function* ({ filters, json, path, secrets }) {
      const query = yield* FilterFlags.toQuery(filters, endpoint, noun)
      const { encoded } = yield* method
      const found = yield* encoded(...PathArguments.values(endpoint, path), query)
      const rows = rowsOf(found).map(SecretFields.select(redactor, secrets))
      yield* ListCommand.showAll(rows, json, { noun, columns: RowView.columns(item, view) })
    })
  ).pipe(Command.withDescription(`${endpoint.summary}.${noteOf(view)}`), Command.provide(Layers.live(client.layer)))
}

/**
 * Makes the command that shows one object. The parameters of the path are positional arguments. Returns `undefined` if the
 * resource has no such endpoint.
 */
export const get = (resource: Resource) => {
  const { get } = resource.endpoints
  if (!isRead(get)) return undefined
  const { view } = wordsOf(resource)
  const redactor = SecretFields.redactor(get.success)
  const { client, method } = methodOf<object>(resource, "get", get)
  const path = PathArguments.make(resource, get)
  const isById = Object.keys(path).join() === "id"
  return Command.make(
    "get",
    {
      path,
      filters: FilterFlags.derive(get.query ?? Schema.Struct({}), view),
      json: ListCommand.json(`the ${resource.noun}`),
      secrets: SecretFields.flag(redactor)
    },
    Effect.fnUntraced(function* ({ filters, json, path, secrets }) {
      const query = yield* FilterFlags.toQuery(filters, get, resource.noun)
      const { encoded } = yield* method
      const found = yield* encoded(...PathArguments.values(get, path), query)
      yield* showOne(get.success, view, SecretFields.select(redactor, secrets)(found), json)
    })
  ).pipe(
    Command.withDescription(
      isById ? `Show one ${resource.noun} by its id.` : `${get.summary.replace(/^Get/, "Show")}.`
    ),
    withExamples(view.examples?.get),
    Command.provide(Layers.live(client.layer))
  )
}

/**
 * Makes the command that exports all rows, named after the resource. Returns `undefined` if the resource has no list
 * without path parameters whose rows have an id and a creation time.
 */
export const export_ = (resource: Resource) => {
  const { list } = resource.endpoints
  if (!isList(list) || Endpoint.pathParams(list).length > 0 || !isExportable(list)) return undefined
  const { command, title, view } = wordsOf(resource)
  const listResource = { ...resource, endpoints: { list } }
  const client = clientOf(listResource)
  return Command.make(
    command,
    { filters: FilterFlags.derive(list.query, view), flags: ExportRun.flags },
    Effect.fnUntraced(function* ({ filters, flags }) {
      const query = yield* FilterFlags.toQuery(filters, list, title)
      yield* ExportRun.run(Exportable.make(listResource, client), query, flags, { filters, title })
    })
  ).pipe(
    Command.withDescription(`Export all ${title} to a file.${noteOf(view)}`),
    withExamples(view.examples?.export ?? [`export ${command} --output ${command}.ndjson`]),
    Command.provide(Layers.live(client.layer))
  )
}

/**
 * Returns the names of a resource in commands and sentences, and its presentation.
 */
export const wordsOf = ({ name, title }: Resource) => ({
  command: snakeToKebab(snakeCase(name)),
  // An abbreviation stays in upper case: "API keys".
  title: /^[A-Z]{2}/.test(title) ? title : uncapitalize(title),
  view: Presentation.presentations[name] ?? {}
})

/**
 * Prints one row as a detail view or as JSON.
 */
export const showOne = (schema: Schema.Constraint, view: Presentation.Presentation, row: object, json: boolean) =>
  Output.results(Stream.succeed(json ? Ndjson.lines([row]) : RowView.details(schema, view)(row)))

export const withExamples = (examples: ReadonlyArray<string> = []) =>
  Command.withExamples(examples.map((example) => ({ command: `effect-workos ${example}` })))

const noteOf = ({ note }: Presentation.Presentation): string => (note === undefined ? "" : ` ${note}`)

const commandOf = (name: string): string => snakeToKebab(snakeCase(name))

const clientOf = <E extends Resource["endpoints"]>(resource: Resource<string, E>) =>
  Client.Service<ResourceClient>()(`effect-workos/${resource.name}`, resource)

type Arguments = ReadonlyArray<unknown>

type ReadError = Client.StreamError<typeof events, "list">

type EncodedPage = Pagination.EncodedPage<object | InvalidRow>

/** A method with the arguments of its path, then one options object. */
interface Method<A> {
  readonly encoded: {
    (...args: Arguments): Effect.Effect<A, ReadError>
    /** Only lists have this method. */
    readonly pages: (...args: Arguments) => Stream.Stream<A, ReadError>
  }
}

/** The client of one endpoint, and the method of the endpoint, whose result is of type `A`. */
const methodOf = <A>(resource: Resource, name: string, endpoint: Endpoint.Endpoint) => {
  const client = clientOf({ ...resource, endpoints: { [name]: endpoint } })
  // The client has a method for each endpoint. The compiler does not know the parameters of the path.
  const method = Effect.map(client, (methods: object): Method<A> => Reflect.get(methods, name))
  return { client, method }
}

/** The noun and the presentation of the rows of a list. Rows of another kind than those of `list` have no presentation. */
const rowOf = (resource: Resource, name: string, item: Schema.Constraint) => {
  const object = Fields.of(Schema.toEncoded(item).ast).find(({ name }) => name === "object")?.kind
  const isOwn = name === "list" || item === resource.endpoints["list"]?.item
  const { view } = wordsOf(resource)
  const noun = object?._tag === "Constant" ? String(object.value).replaceAll("_", " ") : "row"
  return isOwn ? { noun: resource.noun, view } : { noun, view: {} }
}

const listSummary = (resource: Resource, endpoint: Endpoint.Endpoint): string =>
  endpoint === resource.endpoints["list"] && Endpoint.pathParams(endpoint).length === 0
    ? `List one page of ${wordsOf(resource).title}, or all of them.`
    : `${endpoint.summary}: one page, or all of them.`

const isList = (endpoint: Endpoint.Endpoint | undefined): endpoint is ListEndpoint<object> =>
  endpoint?.item !== undefined && endpoint.query !== undefined

const isExportable = (endpoint: ListEndpoint<object>): endpoint is ListEndpoint<Exportable.BaseRow> => {
  const fields = Fields.of(Schema.toEncoded(endpoint.item).ast)
  const has = (name: keyof Exportable.BaseRow, tag: Fields.Kind["_tag"]) =>
    fields.some((field) => field.name === name && field.kind._tag === tag)
  return has("id", "Text") && has("created_at", "Instant")
}

const isRead = (endpoint: Endpoint.Endpoint | undefined): endpoint is ReadEndpoint =>
  endpoint?.method === "GET" &&
  endpoint.success !== undefined &&
  endpoint.access === undefined &&
  endpoint.browser === undefined

/** The schema of the rows of a list that has one page: an array, or an object with the key `data`. */
const itemOf = (success: Schema.Constraint): Schema.Constraint | undefined => {
  const kind = Fields.kindOf(success.ast)
  if (kind._tag === "List") return Schema.make(kind.itemAst)
  const data = kind._tag === "Struct" ? kind.fields.find(({ name }) => name === "data")?.kind : undefined
  return data?._tag === "List" ? Schema.make(data.itemAst) : undefined
}

const rowsOf = (body: object): ReadonlyArray<object> => {
  const rows: unknown = Array.isArray(body) ? body : Reflect.get(body, "data")
  return Array.isArray(rows) ? rows.filter(Predicate.isObject) : []
}
