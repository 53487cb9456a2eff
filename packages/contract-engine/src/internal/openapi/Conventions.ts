// Detection of lists in a document: the rows in a response, the pagination, and the filters by equality.
import {
  type ApiConventions,
  equals,
  type Filter,
  type LinkLocation,
  type Lists,
  type Pagination,
  type Row
} from "../../ApiConventions.ts"
import * as Body from "./Body.ts"
import type { DocumentOperation } from "./Operations.ts"
import type { DocumentParameter } from "./Parameters.ts"
import { resolve, type Source } from "./Source.ts"

/**
 * Returns the conventions that the operations of a document follow.
 */
export const detect = (
  source: Source,
  operations: ReadonlyArray<DocumentOperation>
): Required<Pick<ApiConventions, "listsOf" | "filters">> => {
  const found = operations.flatMap((operation) => {
    const rows = rowsOf(source, operation)
    const lists = rows && listsOf(source, operation, rows)
    return rows === undefined || lists === undefined
      ? []
      : [{ id: `${operation.group}.${operation.name}`, lists, filters: filtersOf(source, operation, rows, lists) }]
  })
  return {
    listsOf: Object.fromEntries(found.map(({ id, lists }) => [id, lists])),
    filters: Object.fromEntries(found.map(({ filters, id }) => [id, filters]))
  }
}

// -----------------------------------------------------------------------------
// Rows
// -----------------------------------------------------------------------------

interface Rows {
  readonly path: ReadonlyArray<string>
  readonly body: Body.Fields
  readonly row: Body.Fields
}

/** Names of the property with the rows, if several properties are lists of objects. */
const rowNames = /^(?:data|items|results?|rows|records|entries|values|list|elements|content|objects)$/i

const rowsOf = (source: Source, { method, responses }: DocumentOperation): Rows | undefined => {
  if (method !== "GET") return undefined
  const body = responses.flatMap(({ body, status }) => (status === 200 && body._tag === "Json" ? [body.schema] : []))[0]
  if (body === undefined) return undefined
  const bare = Body.itemsOf(source, body)
  if (bare !== undefined) return { path: [], body: new Map(), row: bare }
  const fields = Body.fieldsOf(source, body)
  const lists = [...fields].flatMap(([name, field]) => {
    const row = Body.itemsOf(source, field)
    return row === undefined || row.size === 0 ? [] : [{ path: [name], body: fields, row }]
  })
  return lists.length === 1 ? lists[0] : lists.find(({ path: [name = ""] }) => rowNames.test(name))
}

const idNames = ["id", "uuid", "_id", "guid", "key", "slug", "code", "hash", "name"]

const idOf = (source: Source, row: Body.Fields): string | undefined =>
  idNames.find((name) => {
    const field = row.get(name)
    return field !== undefined && Body.typesOf(source, field).some((type) => /^(?:string|integer|number)$/.test(type))
  })

const creationNames = /^(?:created_?(?:at|on|time|date)?|creation_?(?:time|date))$/i

const createdOf = (source: Source, row: Body.Fields): string | undefined =>
  [...row].find(
    ([name, field]) =>
      creationNames.test(name) && resolve(source, field.value, field.pointer)?.value["format"] === "date-time"
  )?.[0]

// -----------------------------------------------------------------------------
// Pagination
// -----------------------------------------------------------------------------

const names = {
  limit: /^(?:limit|per_?page|page_?size|size|count|max_?results|page_?limit|take|first|rows|page\[(?:size|limit)\])$/i,
  after:
    /^(?:after|cursor|starting_?after|(?:next_?)?page_?token|next_?token|next_?cursor|continuation_?token|page\[(?:after|cursor)\])$/i,
  before: /^(?:before|ending_?before|prev(?:ious)?_?cursor|page\[before\])$/i,
  offset: /^(?:offset|skip|start|start_?index|page\[offset\])$/i,
  page: /^(?:page|page_?(?:number|no|num)|page\[number\])$/i,
  order: /^(?:order|sort|sort_?order|order_?direction|direction)$/i,
  next: /^(?:after|next|next_?(?:cursor|page_?token|token)|cursor|end_?cursor|continuation_?token)$/i,
  previous: /^(?:before|prev(?:ious)?|prev(?:ious)?_?cursor|start_?cursor)$/i,
  hasMore: /^has_?(?:more|next(?:_?page)?)$/i
} as const

/** The page size if the document states no maximum: many servers allow no more. */
const assumedMaximum = 50

/** The largest page size that is requested. */
const largestMaximum = 100

const listsOf = (source: Source, operation: DocumentOperation, rows: Rows): Lists | undefined => {
  const query = operation.parameters.filter(({ location }) => location === "query")
  const id = idOf(source, rows.row)
  const limit = query.find(({ name }) => names.limit.test(name))
  const pagination = paginationOf(source, operation, query, rows)
  const isSampled = operation.parameters.every(({ isRequired, location }) => !isRequired || location === "path")
  if (id === undefined || limit === undefined || pagination === undefined || !isSampled) return undefined
  const { default: defaultValue, maximum } = schemaOf(source, limit)
  const order = orderOf(source, query)
  // Rows in another order than that of their creation are not sorted by the field.
  const isByCreation = order === undefined || /creat|chronolog/i.test(order.description)
  const created = isByCreation ? createdOf(source, rows.row) : undefined
  return {
    items: rows.path,
    pagination,
    limit: {
      parameter: limit.name,
      maximum: Math.min(typeof maximum === "number" ? maximum : assumedMaximum, largestMaximum),
      ...(typeof defaultValue === "number" ? { defaultValue } : {})
    },
    id,
    ...(order === undefined ? {} : { order: order.values }),
    ...(created === undefined ? {} : { created })
  }
}

const schemaOf = (source: Source, { schema }: DocumentParameter): Row =>
  resolve(source, schema.value, schema.pointer)?.value ?? {}

const paginationOf = (
  source: Source,
  { responses }: DocumentOperation,
  query: ReadonlyArray<DocumentParameter>,
  { body }: Rows
): Pagination | undefined => {
  const parameter = (pattern: RegExp) => query.find(({ name }) => pattern.test(name))
  const after = parameter(names.after)
  const path = (pattern: RegExp, type: string) => Body.pathOf(source, body, pattern, type)
  const hasLinkHeader = responses.some(
    ({ documentedHeaders, status }) => status === 200 && documentedHeaders.includes("link")
  )
  const link: LinkLocation | undefined = hasLinkHeader ? "header" : Body.linkOf(source, body)
  if (after !== undefined) {
    const before = parameter(names.before)
    const [next, previous] = [path(names.next, "string"), path(names.previous, "string")]
    const hasMore = path(names.hasMore, "boolean")
    if (next === undefined && hasMore === undefined) return undefined
    return {
      _tag: "Cursor",
      cursors: next === undefined || takesIds(source, after) ? "ids" : "opaque",
      after: after.name,
      ...(before === undefined ? {} : { before: before.name }),
      ...(next === undefined ? {} : { next }),
      ...(previous === undefined ? {} : { previous }),
      ...(hasMore === undefined ? {} : { hasMore })
    }
  }
  const next = link === undefined ? {} : { next: link }
  const offset = parameter(names.offset)
  if (offset !== undefined) return { _tag: "Offset", parameter: offset.name, ...next }
  const page = parameter(names.page)
  if (page !== undefined) {
    const { default: first, minimum } = schemaOf(source, page)
    return { _tag: "Page", parameter: page.name, first: first === 0 || minimum === 0 ? 0 : 1, ...next }
  }
  return link === undefined ? undefined : { _tag: "Link", next: link }
}

// The name or the description of a cursor states if it is the id of a row.
const takesIds = (source: Source, parameter: DocumentParameter): boolean =>
  /^starting_?after$/i.test(parameter.name) ||
  schemaOf(source, parameter)["format"] === "uuid" ||
  /\b(?:id|ids|identifier)\b/i.test(descriptionOf(source, parameter))

const descriptionOf = (source: Source, parameter: DocumentParameter): string => {
  const { description } = schemaOf(source, parameter)
  return `${parameter.description ?? ""} ${typeof description === "string" ? description : ""}`
}

const orderOf = (source: Source, query: ReadonlyArray<DocumentParameter>) => {
  for (const parameter of query.filter(({ name }) => names.order.test(name))) {
    const { enum: values } = schemaOf(source, parameter)
    if (!Array.isArray(values)) continue
    const value = (pattern: RegExp): unknown => values.find((one) => typeof one === "string" && pattern.test(one))
    const [ascending, descending] = [value(/^asc(?:ending)?$/i), value(/^desc(?:ending)?$/i)]
    if (typeof ascending === "string" && typeof descending === "string")
      return {
        values: { parameter: parameter.name, ascending, descending },
        description: descriptionOf(source, parameter)
      }
  }
  return undefined
}

// -----------------------------------------------------------------------------
// Filters
// -----------------------------------------------------------------------------

// A parameter with an enumeration selects the rows whose field of the same name has the value.
const filtersOf = (
  source: Source,
  { parameters }: DocumentOperation,
  { row }: Rows,
  lists: Lists
): ReadonlyArray<Filter> =>
  parameters.flatMap((parameter) => {
    const { location, name } = parameter
    const field = row.get(name)
    if (location !== "query" || field === undefined || name === lists.order?.parameter) return []
    const { enum: values } = schemaOf(source, parameter)
    const isEnumerated = Array.isArray(values) && values.every((value) => typeof value === "string")
    return isEnumerated && Body.typesOf(source, field).includes("string") ? [equals(name)] : []
  })

/**
 * Returns the pagination of a list in a few words.
 */
export const describe = (pagination: Pagination): string => {
  switch (pagination._tag) {
    case "Cursor":
      return `${pagination.cursors === "ids" ? "ids" : "opaque cursors"} in ${pagination.after}`
    case "Offset":
      return `offsets in ${pagination.parameter}`
    case "Page":
      return `page numbers in ${pagination.parameter}`
    case "Link":
      return `links in ${pagination.next === "header" ? "the header Link" : pagination.next.join(".")}`
  }
}
