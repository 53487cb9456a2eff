// The commands of a resource, derived from its description: `get`, `list` and `export`.
import * as Client from "@effect-workos/client/Client"
import * as Endpoint from "@effect-workos/domain/Endpoint"
import * as Fields from "@effect-workos/domain/Fields"
import type { Resource } from "@effect-workos/domain/Resource"
import { snakeCase } from "@effect-workos/domain/Wire"
import * as Exportable from "@effect-workos/export/Exportable"
import * as Ndjson from "@effect-workos/export/Ndjson"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { snakeToKebab, uncapitalize } from "effect/String"
import * as ExportRun from "./ExportRun.ts"
import * as FilterFlags from "./FilterFlags.ts"
import * as Layers from "./Layers.ts"
import * as ListCommand from "./ListCommand.ts"
import * as Output from "./Output.ts"
import * as Presentation from "./Presentation.ts"
import * as RowView from "./RowView.ts"

/** A list that needs no path parameters. */
type ListEndpoint<Row> = Endpoint.Endpoint & {
  readonly query: Schema.Codec<object, unknown>
  readonly item: Schema.Codec<unknown, Row>
}

/** An endpoint that returns the object with an id. */
type GetEndpoint = Endpoint.Endpoint<"GET", `/${string}/:id`> & {
  readonly params: { readonly id: Schema.Codec<string> }
  readonly success: Schema.Codec<unknown, object>
}

/** The identifier of the client of one resource. */
interface ResourceClient {
  readonly _: unique symbol
}

/**
 * Makes the command that lists rows. Returns `undefined` if the resource has no list.
 */
export const list = (resource: Resource) => {
  const { list } = resource.endpoints
  if (!isList(list)) return undefined
  const { title, view } = wordsOf(resource)
  const client = clientOf({ ...resource, endpoints: { list } })
  return Command.make(
    "list",
    { filters: FilterFlags.derive(list.query, view), flags: ListCommand.flags(resource.noun) },
    Effect.fnUntraced(function* ({ filters, flags }) {
      const query = yield* FilterFlags.toQuery(filters)
      const { list: method } = yield* client
      yield* ListCommand.show(method.encoded, query, flags, {
        noun: resource.noun,
        columns: RowView.columns(list.item, view)
      })
    })
  ).pipe(
    Command.withDescription(`List one page of ${title}, or all of them.${noteOf(view)}`),
    withExamples(view.examples?.list),
    Command.provide(Layers.live(client.layer))
  )
}

/**
 * Makes the command that shows one row by its id. Returns `undefined` if the resource has no such endpoint.
 */
export const get = (resource: Resource) => {
  const { get } = resource.endpoints
  if (!isGet(get)) return undefined
  const { view } = wordsOf(resource)
  const client = clientOf({ ...resource, endpoints: { get } })
  return Command.make(
    "get",
    { id: idArgument(resource, get.params.id), json: ListCommand.json(`the ${resource.noun}`) },
    Effect.fnUntraced(function* ({ id, json }) {
      const { get: method } = yield* client
      yield* showOne(get.success, view, yield* method.encoded(id), json)
    })
  ).pipe(
    Command.withDescription(`Show one ${resource.noun} by its id.`),
    withExamples(view.examples?.get),
    Command.provide(Layers.live(client.layer))
  )
}

/**
 * Makes the command that exports all rows, named after the resource. Returns `undefined` if the resource has no list whose
 * rows have an id and a creation time.
 */
export const export_ = (resource: Resource) => {
  const { list } = resource.endpoints
  if (!isList(list) || !isExportable(list)) return undefined
  const { command, title, view } = wordsOf(resource)
  const listResource = { ...resource, endpoints: { list } }
  const client = clientOf(listResource)
  return Command.make(
    command,
    { filters: FilterFlags.derive(list.query, view), flags: ExportRun.flags },
    Effect.fnUntraced(function* ({ filters, flags }) {
      const query = yield* FilterFlags.toQuery(filters)
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
 * Makes the positional argument for the id of an object.
 */
export const idArgument = ({ noun }: Resource, id: Schema.Codec<string>) => {
  const kind = Fields.kindOf(id.ast)
  const prefix = kind._tag === "Text" && kind.prefix !== undefined ? ` (${kind.prefix}_…)` : ""
  return Argument.String("id").pipe(
    Argument.withSchema(id),
    Argument.withDescription(`The id of the ${noun}${prefix}.`)
  )
}

/**
 * Prints one row as a detail view or as JSON.
 */
export const showOne = (schema: Schema.Constraint, view: Presentation.Presentation, row: object, json: boolean) =>
  Output.results(Stream.succeed(json ? Ndjson.lines([row]) : RowView.details(schema, view)(row)))

export const withExamples = (examples: ReadonlyArray<string> = []) =>
  Command.withExamples(examples.map((example) => ({ command: `effect-workos ${example}` })))

const noteOf = ({ note }: Presentation.Presentation): string => (note === undefined ? "" : ` ${note}`)

const clientOf = <E extends Resource["endpoints"]>(resource: Resource<string, E>) =>
  Client.Service<ResourceClient>()(`effect-workos/${resource.name}`, resource)

const isList = (endpoint: Endpoint.Endpoint | undefined): endpoint is ListEndpoint<object> =>
  endpoint?.item !== undefined && endpoint.query !== undefined && Endpoint.pathParams(endpoint).length === 0

const isExportable = (endpoint: ListEndpoint<object>): endpoint is ListEndpoint<Exportable.BaseRow> => {
  const fields = Fields.of(Schema.toEncoded(endpoint.item).ast)
  const has = (name: keyof Exportable.BaseRow, tag: Fields.Kind["_tag"]) =>
    fields.some((field) => field.name === name && field.kind._tag === tag)
  return has("id", "Text") && has("created_at", "Instant")
}

const isGet = (endpoint: Endpoint.Endpoint | undefined): endpoint is GetEndpoint =>
  endpoint?.method === "GET" &&
  endpoint.success !== undefined &&
  endpoint.access === undefined &&
  /^[^:]+\/:id$/.test(endpoint.path)
