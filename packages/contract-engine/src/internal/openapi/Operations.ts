// The operations of a document: ids, paths, parameters, request bodies and responses, before their schemas are imported.
import * as HttpMethod from "effect/http/HttpMethod"
import { isRow, type Row } from "../../ApiConventions.ts"
import * as Identifiers from "./Identifiers.ts"
import * as Parameters from "./Parameters.ts"
import * as Responses from "./Responses.ts"
import { at, entries, type Located, resolve, type Source } from "./Source.ts"

export interface DocumentOperation {
  readonly group: string
  readonly name: string
  readonly summary: string | undefined
  readonly method: HttpMethod.HttpMethod
  /** The path with parameters: `"/users/:id"`. */
  readonly path: `/${string}`
  readonly pointer: string
  readonly parameters: ReadonlyArray<Parameters.DocumentParameter>
  readonly payload: { readonly json: Located<unknown> | undefined; readonly form: Located<unknown> | undefined }
  readonly responses: ReadonlyArray<Responses.DocumentResponse>
  /** The alternatives of security requirements: the names of their schemes. Empty if none are required. */
  readonly security: ReadonlyArray<ReadonlyArray<string>>
}

/**
 * Returns the operations of a document, in the order of its paths.
 */
export const operationsOf = (source: Source): ReadonlyArray<DocumentOperation> => {
  const { paths } = source.document
  const found = entries(paths, "#/paths")
    .filter(([path]) => path.startsWith("/"))
    .flatMap(([path, { pointer, value }]) => pathOperations(source, path, value, pointer))
  return Identifiers.assign(source, found)
}

type Unnamed = Omit<DocumentOperation, "group" | "name"> & { readonly value: Row }

const pathOperations = (source: Source, path: string, value: unknown, pointer: string): ReadonlyArray<Unnamed> => {
  const item = resolve(source, value, pointer)
  if (item === undefined) {
    source.defect(pointer, "the path is not an object")
    return []
  }
  if (/[?#]/.test(path)) {
    source.defect(pointer, "the path contains a query or a fragment")
    return []
  }
  return [...HttpMethod.all].flatMap((method) => {
    const operation = item.value[method.toLowerCase()]
    if (!isRow(operation)) return []
    const own = at(item.pointer, method.toLowerCase())
    if (item.value["servers"] !== undefined || operation["servers"] !== undefined)
      source.unsupported(own, "the operation has its own servers, and is sent to the server of the document")
    const { parameters, template } = Parameters.read(source, path, [
      { value: item.value["parameters"], pointer: at(item.pointer, "parameters") },
      { value: operation["parameters"], pointer: at(own, "parameters") }
    ])
    const security = securityOf(source, operation["security"] ?? source.document["security"])
    const responses = Responses.read(source, method, operation["responses"], at(own, "responses"))
    return [
      {
        value: operation,
        summary: typeof operation["summary"] === "string" ? operation["summary"] : undefined,
        method,
        path: template,
        pointer: own,
        parameters,
        payload: payloadOf(source, method, operation["requestBody"], at(own, "requestBody")),
        // A security requirement implies that requests without credentials are refused.
        responses: security.length === 0 ? responses : Responses.withStatus(responses, 401),
        security
      }
    ]
  })
}

const nothing = { json: undefined, form: undefined }

const payloadOf = (
  source: Source,
  method: HttpMethod.HttpMethod,
  value: unknown,
  pointer: string
): DocumentOperation["payload"] => {
  if (value === undefined) return nothing
  const body = resolve(source, value, pointer)
  if (body === undefined) return nothing
  if (!HttpMethod.hasBody(method)) {
    source.defect(pointer, `${method} requests have no body`)
    return nothing
  }
  const media = Responses.mediaOf(body)
  const form = media.find(({ type }) => type === "application/x-www-form-urlencoded")?.schema
  const json = media.find(({ type }) => Responses.isJson(type))?.schema
  if (json === undefined && form === undefined && media.length > 0)
    source.unsupported(pointer, `bodies of type ${media.map(({ type }) => type).join(", ")} are not generated`)
  return { json, form }
}

const securityOf = (source: Source, value: unknown): ReadonlyArray<ReadonlyArray<string>> => {
  const alternatives = (Array.isArray(value) ? value : []).filter(isRow).map((one) => Object.keys(one))
  // An empty alternative makes credentials optional.
  if (alternatives.some((names) => names.length === 0)) return []
  const known = isRow(source.document["components"]) ? source.document["components"]["securitySchemes"] : undefined
  for (const name of new Set(alternatives.flat())) {
    if (!isRow(known) || !isRow(known[name])) source.defect("#/security", `the security scheme ${name} does not exist`)
  }
  return alternatives
}
