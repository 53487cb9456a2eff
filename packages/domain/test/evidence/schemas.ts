// The schemas of all described responses, with the places in OpenAPI documents, the recordings and the samples that they
// describe.
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as Endpoint from "../../src/Endpoint.ts"
import * as Fields from "../../src/Fields.ts"
import { operationOf, operations, recordings, rowsOf } from "../recorded/recordings.ts"
import type { Place } from "./openapi.ts"
import { isRecord } from "./presence.ts"
import { samples, type Kind, type Sample } from "./samples.ts"

export interface ResponseSchema {
  readonly schema: Endpoint.AnySchema
  /** The kind of samples that the schema describes. */
  readonly kind: Kind | undefined
  /** The type of the events that the schema describes; `""` for events of any other type. */
  readonly event: string | undefined
  /** The schema is that of a page without a cursor of the previous one. */
  readonly isForward: boolean
  readonly places: ReadonlyArray<Place>
  readonly recorded: ReadonlyArray<unknown>
  readonly samples: ReadonlyArray<Sample>
}

const operationName = ({ method, path }: Endpoint.Endpoint): string => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`

const placesOf = (endpoint: Endpoint.Endpoint, path: string | RegExp): ReadonlyArray<Place> =>
  Endpoint.statuses(endpoint).map((status) => ({ operation: operationName(endpoint), status, path }))

const isSuccess = ({ status }: { readonly status: number }): boolean => status < 300

// -----------------------------------------------------------------------------
// Members of a union of events
// -----------------------------------------------------------------------------

const eventNameOf = (schema: Schema.Top): string => {
  const field = Fields.of(Schema.toEncoded(schema).ast).find(({ name }) => name === "event")
  return field?.kind._tag === "Constant" ? String(field.kind.value) : ""
}

interface Member {
  readonly schema: Endpoint.AnySchema
  readonly event: string | undefined
}

// The first schema without a type describes responses. The second one describes events that clients make from malformed
// events.
const membersOf = (item: Endpoint.AnySchema): ReadonlyArray<Member> => {
  const { ast } = item
  if (!SchemaAST.isUnion(ast)) return [{ schema: item, event: undefined }]
  const schemas = ast.types.map((type) => Schema.make<Endpoint.AnySchema>(type))
  return [...Map.groupBy(schemas, eventNameOf)].flatMap(([event, [schema]]) =>
    schema === undefined ? [] : [{ event, schema }]
  )
}

// -----------------------------------------------------------------------------
// Responses
// -----------------------------------------------------------------------------

const lists = operations.filter(({ endpoint }) => endpoint.item !== undefined)

const kindOf = (schema: Endpoint.AnySchema): Kind | undefined => {
  const field = Fields.of(Schema.toEncoded(schema).ast).find(({ name }) => name === "object")
  const object = field?.kind._tag === "Constant" ? field.kind.value : undefined
  return kinds.find(([name]) => name === object)?.[1]
}

const kinds: ReadonlyArray<readonly [object: string, kind: Kind]> = [
  ["connection", "Connection"],
  ["directory", "Directory"],
  ["event", "Event"],
  ["organization", "Organization"],
  ["organization_domain", "OrganizationDomain"],
  ["profile", "Profile"]
]

const rows = lists.flatMap(({ endpoint }) => {
  const members = membersOf(endpoint.item ?? Schema.Never)
  const known = new Set(members.map(({ event }) => event))
  const isOf = (value: unknown, event: string | undefined): boolean =>
    event === undefined ||
    (isRecord(value) && known.has(String(value["event"])) ? value["event"] === event : event === "")
  return members.map(({ event, schema }) => {
    const isAny = event === ""
    const others = [...known].filter((name) => name !== "").join("|")
    const path =
      event === undefined
        ? ".data[]"
        : isAny
          ? new RegExp(`\\.data\\[\\]\\((?!(?:${others})\\))[^)]+\\)`)
          : `.data[](${event})`
    const kind = event === undefined ? kindOf(schema) : "Event"
    return {
      schema,
      kind,
      event,
      isForward: false,
      places: placesOf(endpoint, path),
      recorded: recordings
        .filter((recording) => isSuccess(recording) && operationOf(recording)?.endpoint === endpoint)
        .flatMap(({ body }) => rowsOf(body) ?? [])
        .filter((row) => isOf(row, event)),
      samples: samples.filter((sample) => sample.kind === kind && isOf(sample.value, event))
    }
  })
})

const objects = operations.flatMap(({ endpoint }) => {
  const { success } = endpoint
  if (success === undefined) return []
  const kind = kindOf(success)
  return {
    schema: success,
    kind,
    event: undefined,
    isForward: false,
    places: placesOf(endpoint, ""),
    recorded: recordings
      .filter((recording) => isSuccess(recording) && operationOf(recording)?.endpoint === endpoint)
      .map(({ body }) => body),
    samples: samples.filter((sample) => sample.kind === kind)
  }
})

// Lists differ only in their rows, so the lists of other operations are evidence too.
const listBodies = recordings
  .filter((recording) => isSuccess(recording) && rowsOf(recording.body) !== undefined)
  .map((recording) => ({ ...recording, cursors: operationOf(recording)?.endpoint.cursors }))

const pages = [undefined, "forward" as const].flatMap((cursors) => {
  const ofKind = lists.filter(({ endpoint }) => endpoint.cursors === cursors)
  const schema = ofKind.map(({ endpoint }) => Endpoint.success(endpoint)).find((schema) => schema !== undefined)
  return schema === undefined
    ? []
    : {
        schema,
        kind: "Page" as const,
        event: undefined,
        isForward: cursors === "forward",
        places: ofKind.flatMap(({ endpoint }) => placesOf(endpoint, "")),
        recorded: listBodies.filter((list) => list.cursors === cursors).map(({ body }) => body),
        samples: samples.filter(({ kind }) => kind === "Page")
      }
})

const merge = (schemas: ReadonlyArray<ResponseSchema>): ReadonlyArray<ResponseSchema> =>
  [...Map.groupBy(schemas, ({ schema }) => schema.ast).values()].flatMap((same) =>
    same.slice(0, 1).map((first) => ({
      ...first,
      places: same.flatMap(({ places }) => places),
      recorded: same.flatMap(({ recorded }) => recorded)
    }))
  )

/** The schemas of all described responses: pages without their rows, rows and objects, and each type of event. */
export const responseSchemas: ReadonlyArray<ResponseSchema> = merge([...pages, ...rows, ...objects])
