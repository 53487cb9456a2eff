// The documented responses of an operation, by status.
import type { HttpMethod } from "effect/http/HttpMethod"
import { isRow, type Row } from "../../ApiConventions.ts"
import { at, entries, type Located, resolve, type Source } from "./Source.ts"

export interface DocumentResponse {
  readonly status: number
  /** JSON of a schema, no body, or a body that the document does not describe as JSON. */
  readonly body:
    | { readonly _tag: "Json"; readonly schema: Located<unknown> }
    | { readonly _tag: "Empty" }
    | { readonly _tag: "Any" }
  /** The names of required headers. */
  readonly headers: ReadonlyArray<string>
  readonly documentedHeaders: ReadonlyArray<string>
}

/** The statuses of errors that `default` and `4XX` stand for. */
const clientErrors = [
  400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 411, 412, 413, 414, 415, 417, 422, 423, 428, 429, 431, 451
]
const ranges: Readonly<Record<string, ReadonlyArray<number>>> = {
  "2XX": [200, 201, 202, 204],
  "3XX": [301, 302, 303, 304, 307, 308],
  "4XX": clientErrors,
  "5XX": [500, 501, 502, 503, 504]
}

const any: DocumentResponse["body"] = { _tag: "Any" }

/** Statuses without a body. */
const bodiless = new Set([204, 205, 304])

/**
 * Reads the responses of an operation.
 */
export const read = (
  source: Source,
  method: HttpMethod,
  value: unknown,
  pointer: string
): ReadonlyArray<DocumentResponse> => {
  const documented = entries(value, pointer).filter(([status]) => !status.startsWith("x-"))
  if (documented.length === 0) source.defect(pointer, "the operation has no responses")
  const exact = new Set(documented.map(([status]) => Number(status)))
  const found = documented.flatMap(([key, { pointer, value }]) => {
    const statuses = statusesOf(source, key, pointer).filter((status) => String(status) === key || !exact.has(status))
    const response = resolve(source, value, pointer)
    return response === undefined ? [] : statuses.map((status) => responseOf(source, method, status, response))
  })
  // Ranges and `default` yield to each other in this order.
  const distinct = [...new Map(found.toReversed().map((response) => [response.status, response])).values()].toReversed()
  // Requests accept JSON only, which a server with other content may refuse.
  const isJsonless = distinct.every(({ body, status }) => status >= 300 || body._tag === "Any")
  if (distinct.every(({ status }) => status < 400)) {
    source.defect(pointer, "no response for errors is documented, so every 4xx is accepted")
    return [...distinct, ...clientErrors.map((status) => ({ status, body: any, headers: [], documentedHeaders: [] }))]
  }
  return isJsonless ? withStatus(distinct, 406) : distinct
}

/**
 * Adds a status with any body, if it is not documented.
 */
export const withStatus = (
  responses: ReadonlyArray<DocumentResponse>,
  status: number
): ReadonlyArray<DocumentResponse> =>
  responses.some((response) => response.status === status)
    ? responses
    : [...responses, { status, body: any, headers: [], documentedHeaders: [] }]

const statusesOf = (source: Source, key: string, pointer: string): ReadonlyArray<number> => {
  if (key === "default") return clientErrors
  const range = ranges[key.toUpperCase()]
  if (range !== undefined) return range
  const status = Number(key)
  if (Number.isInteger(status) && status >= 200 && status < 600) return [status]
  source.defect(pointer, `${key} is not a status of a response`)
  return []
}

const responseOf = (source: Source, method: HttpMethod, status: number, response: Located<Row>): DocumentResponse => {
  const documented = entries(response.value["headers"], at(response.pointer, "headers"))
  const required = documented.filter(
    ([, { pointer, value }]) => resolve(source, value, pointer)?.value["required"] === true
  )
  const found = { status, headers: namesOf(required), documentedHeaders: namesOf(documented) }
  if (bodiless.has(status) || method === "HEAD") return { ...found, body: { _tag: "Empty" } }
  const media = mediaOf(response)
  // Requests accept JSON only.
  const json = media.find(({ type, schema }) => isJson(type) && schema !== undefined)?.schema
  return { ...found, body: json === undefined ? any : { _tag: "Json", schema: json } }
}

const namesOf = (headers: ReadonlyArray<readonly [string, unknown]>): ReadonlyArray<string> =>
  headers.map(([name]) => name.toLowerCase())

/**
 * Returns the media types of a request body or a response, with their schemas.
 */
export const mediaOf = ({
  pointer,
  value
}: Located<Row>): ReadonlyArray<{ readonly type: string; readonly schema: Located<unknown> | undefined }> =>
  entries(value["content"], at(pointer, "content")).map(([type, media]) => ({
    type: type.split(";", 1)[0]?.trim().toLowerCase() ?? type,
    schema:
      isRow(media.value) && media.value["schema"] !== undefined
        ? { value: media.value["schema"], pointer: at(media.pointer, "schema") }
        : undefined
  }))

/**
 * Returns whether a media type is JSON.
 */
export const isJson = (type: string): boolean => /^application\/(?:[\w.+-]+\+)?json$/.test(type)
