// Conversion of the operations of a document to the endpoints of an `HttpApi`.
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import * as Examples from "./Examples.ts"
import { importSchemas } from "./Import.ts"
import type { DocumentOperation } from "./Operations.ts"
import type { DocumentParameter } from "./Parameters.ts"
import type { DocumentResponse } from "./Responses.ts"
import * as Security from "./Security.ts"
import type { Located, Source } from "./Source.ts"

export type Endpoint = HttpApiEndpoint.Constraint

interface GroupedEndpoint {
  readonly group: string
  readonly endpoint: Endpoint
}

type Schemas = ReadonlyMap<Located<unknown>, Schema.Top>

/**
 * Returns the endpoint of each operation.
 */
export const endpointsOf = Effect.fnUntraced(function* (
  source: Source,
  operations: ReadonlyArray<DocumentOperation>,
  schemes: ReadonlyArray<Security.DocumentSecurity>
) {
  const requests = importSchemas(
    source,
    operations.flatMap(({ parameters, payload: { form, json } }) => [
      ...parameters.map(({ schema }) => schema),
      ...[json, form].filter((schema) => schema !== undefined)
    ]),
    "request"
  )
  const generated = new Map(
    yield* Effect.forEach(requests, ([root, schema]) =>
      Effect.map(canGenerate(schema), (isGenerated) => {
        if (!isGenerated) source.unsupported(root.pointer, "values of the schema cannot be generated")
        return [root, isGenerated ? schema : undefined] as const
      })
    )
  )
  const responses = importSchemas(
    source,
    operations.flatMap(({ responses }) => responses.flatMap(({ body }) => (body._tag === "Json" ? [body.schema] : []))),
    "response"
  )
  // The schemas of requests do not allow all valid values of a format.
  Examples.check(source, responses)
  const middlewareOf = middlewares(source, schemes)
  return operations.map((operation): GroupedEndpoint => ({
    group: operation.group,
    endpoint: endpointOf(operation, generated, responses, middlewareOf(operation))
  }))
})

// A schema may have no value that can be found at random, such as one with contradictory checks.
const canGenerate = (schema: Schema.Top): Effect.Effect<boolean> =>
  Arbitrary.sampleEffect(Arbitrary.schema(Schema.make<Schema.Codec<unknown>>(schema.ast)), {
    count: 3,
    seed: "sample"
  }).pipe(
    Effect.as(true),
    Effect.catchCause(() => Effect.succeed(false))
  )

const endpointOf = (
  { method, name, parameters, path, payload, responses, summary }: DocumentOperation,
  requestSchemas: ReadonlyMap<Located<unknown>, Schema.Top | undefined>,
  responseSchemas: Schemas,
  middleware: Security.Middleware | undefined
): Endpoint => {
  const fieldsAt = (location: DocumentParameter["location"]): Schema.Struct.Fields | undefined => {
    const found = parameters.filter((parameter) => parameter.location === location)
    return found.length === 0
      ? undefined
      : Object.fromEntries(
          found.map((parameter) => [parameter.name, fieldOf(parameter, requestSchemas.get(parameter.schema))])
        )
  }
  const json = payload.json && requestSchemas.get(payload.json)
  const form = payload.form && requestSchemas.get(payload.form)
  const schemasOf = (isError: boolean) =>
    responses
      .filter(({ status }) => status >= 400 === isError)
      .map((response) => responseSchema(response, responseSchemas))
  const endpoint = HttpApiEndpoint.make(method)(name, path, {
    params: fieldsAt("path"),
    query: fieldsAt("query"),
    headers: fieldsAt("header"),
    payload:
      json === undefined
        ? undefined
        : [json, ...(form === undefined ? [] : [form.pipe(HttpApiSchema.asFormUrlEncoded())])],
    success: schemasOf(false),
    error: schemasOf(true)
  }).annotateMerge(OpenApi.annotations({ summary: summary ?? name }))
  return middleware === undefined ? endpoint : endpoint.middleware(middleware)
}

const fieldOf = (parameter: DocumentParameter, schema: Schema.Top = Schema.String): Schema.Top => {
  const { isRequired, location, separator } = parameter
  const field = schema.ast._tag === "Arrays" ? listOf(schema, separator) : schema
  // A path with an empty parameter is another path.
  if (location === "path" && field.ast._tag === "String")
    return Schema.make<Schema.Codec<string>>(field.ast).check(Schema.isMinLength(1))
  return isRequired ? field : Schema.optional(field)
}

// The items of a list are in one text with separators, or in one text each.
const listOf = (schema: Schema.Top, separator: string | undefined): Schema.Top => {
  const items = Schema.make<Schema.Codec<unknown, Array<string>>>(Schema.toCodecStringTree(schema).ast)
  return separator === undefined
    ? Schema.Union([Schema.mutable(Schema.Array(Schema.String)), Schema.String]).pipe(
        Schema.decodeTo(
          items,
          SchemaTransformation.transform({
            decode: (texts) => [texts].flat(),
            encode: (texts): Array<string> | string => texts
          })
        )
      )
    : Schema.String.pipe(
        Schema.decodeTo(
          items,
          SchemaTransformation.transform({
            decode: (text) => text.split(separator),
            encode: (texts) => texts.join(separator)
          })
        )
      )
}

const responseSchema = ({ body, headers, status }: DocumentResponse, schemas: Schemas): Schema.Top => {
  if (body._tag === "Any")
    return Schema.String.pipe(HttpApiSchema.asText({ contentType: "*/*" }), HttpApiSchema.status(status))
  const schema =
    body._tag === "Empty"
      ? HttpApiSchema.Empty(status)
      : (schemas.get(body.schema) ?? Schema.Unknown).pipe(HttpApiSchema.status(status))
  return headers.length === 0
    ? schema
    : HttpApiSchema.WithHeaders(schema, Object.fromEntries(headers.map((name) => [name, Schema.String])))
}

// Operations with the same requirements share a middleware.
const middlewares = (source: Source, schemes: ReadonlyArray<Security.DocumentSecurity>) => {
  const known = new Map<string, Security.Middleware>()
  return ({ pointer, security }: DocumentOperation) => {
    const accepted = schemes.filter(({ name }) => security.some((alternative) => alternative.includes(name)))
    if (security.length > 0 && security.every((alternative) => alternative.length > 1))
      source.unsupported(pointer, "the operation requires several credentials, of which one is sent")
    if (accepted.length === 0) return undefined
    const key = JSON.stringify(accepted.map(({ name }) => name))
    const middleware = known.get(key) ?? Security.middlewareOf(accepted)
    known.set(key, middleware)
    return middleware
  }
}
