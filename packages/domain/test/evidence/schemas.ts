// The schemas of all described responses, with the places in OpenAPI documents, the recordings and the samples that they
// describe.
import * as Schema from "effect/Schema"
import { AnyJson } from "../../src/Attributes.ts"
import * as Endpoint from "../../src/Endpoint.ts"
import { Event, events, UnknownEvent } from "../../src/events/Event.ts"
import * as EventEnvelope from "../../src/events/EventEnvelope.ts"
import { eventTypes } from "../../src/events/EventTypes.ts"
import * as Fields from "../../src/Fields.ts"
import { operationOf, operations, recordings, rowsOf } from "../recorded/recordings.ts"
import type { Place } from "./openapi.ts"
import { isRecord } from "./presence.ts"
import { samples, type Kind, type Sample } from "./samples.ts"

export interface ResponseSchema {
  readonly schema: Endpoint.AnySchema
  /** The kind of samples that the schema describes. */
  readonly kind: Kind | undefined
  /** The types of the events whose data the schema describes. */
  readonly events: ReadonlyArray<string>
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

const recordedRows = (endpoint: Endpoint.Endpoint): ReadonlyArray<unknown> =>
  recordings
    .filter((recording) => isSuccess(recording) && operationOf(recording)?.endpoint === endpoint)
    .flatMap(({ body }) => rowsOf(body) ?? [])

const rows = lists.flatMap(({ endpoint }) => {
  const { item } = endpoint
  if (item === undefined || item === Event) return []
  const kind = kindOf(item)
  return {
    schema: item,
    kind,
    events: [],
    isForward: false,
    places: placesOf(endpoint, ".data[]"),
    recorded: recordedRows(endpoint),
    samples: samples.filter((sample) => sample.kind === kind)
  }
})

// -----------------------------------------------------------------------------
// Events
// -----------------------------------------------------------------------------

const eventList = events.endpoints.list
const eventNames = Object.keys(eventTypes)

const isOfType = (value: unknown, name: string): value is { readonly data: unknown } =>
  isRecord(value) && value["event"] === name

const hasData = (value: unknown): value is { readonly data: unknown } =>
  isRecord(value) && eventNames.some((name) => isOfType(value, name))

const eventSamples = samples.filter(({ kind }) => kind === "Event")

/** The fields of events with typed data. The data has separate schemas. */
export const TypedEventFields = EventEnvelope.make(Schema.String, AnyJson)

const envelopes = [
  {
    schema: TypedEventFields,
    kind: "Event" as const,
    events: [],
    isForward: false,
    places: eventNames.flatMap((name) => placesOf(eventList, `.data[](${name})`)),
    recorded: recordedRows(eventList).filter(hasData),
    samples: eventSamples.filter(({ value }) => hasData(value))
  },
  {
    schema: UnknownEvent,
    kind: "Event" as const,
    events: [],
    isForward: false,
    places: placesOf(eventList, new RegExp(`\\.data\\[\\]\\((?!(?:${eventNames.join("|")})\\))[^)]+\\)`)),
    recorded: recordedRows(eventList).filter((row) => !hasData(row)),
    samples: eventSamples.filter(({ value }) => !hasData(value))
  }
]

const eventData = Object.entries(eventTypes).map(([name, schema]) => ({
  schema,
  kind: "Event" as const,
  events: [name],
  isForward: false,
  places: placesOf(eventList, `.data[](${name}).data`),
  recorded: recordedRows(eventList).flatMap((row) => (isOfType(row, name) ? [row.data] : [])),
  samples: eventSamples.flatMap((sample) => {
    const { data } = sample.value
    return isOfType(sample.value, name) && isRecord(data) ? [{ ...sample, value: data }] : []
  })
}))

// -----------------------------------------------------------------------------
// Objects and pages
// -----------------------------------------------------------------------------

const objects = operations.flatMap(({ endpoint }) => {
  const { success } = endpoint
  if (success === undefined) return []
  const kind = kindOf(success)
  return {
    schema: success,
    kind,
    events: [],
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
        events: [],
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
      events: same.flatMap(({ events }) => events),
      places: same.flatMap(({ places }) => places),
      recorded: same.flatMap(({ recorded }) => recorded),
      samples: [...new Set(same.flatMap(({ samples }) => samples))]
    }))
  )

/** The schemas of all described responses: pages without their rows, rows and objects, and the data of events. */
export const responseSchemas: ReadonlyArray<ResponseSchema> = merge([
  ...pages,
  ...rows,
  ...objects,
  ...envelopes,
  ...eventData
])
