// The OpenAPI description of `WorkOsApi`, with its query parameters as programs see them.
//
// `OpenApi.fromApi` describes what stands in a URL, where every number is a string of digits and bounds are lost. WorkOS
// describes what the string means, so the parameters' schemas are taken from there.
import * as HttpApi from "effect/http-api/HttpApi"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { snakeCase } from "../../src/Wire.ts"
import { WorkOsApi } from "../../src/WorkOsApi.ts"

// What may be `undefined` in a program may be absent from a URL, and is called `null` by JSON Schema.
const present = (schema: unknown) =>
  Predicate.hasProperty(schema, "anyOf") && Array.isArray(schema.anyOf) && schema.anyOf[1]?.type === "null"
    ? schema.anyOf[0]
    : schema

export const ours = (): unknown => {
  const document = structuredClone(OpenApi.fromApi(WorkOsApi))
  HttpApi.reflect(WorkOsApi, {
    onGroup() {},
    onEndpoint({ endpoint }) {
      if (endpoint.query === undefined) return
      const { schema } = Schema.toJsonSchemaDocument(Schema.toType(endpoint.query))
      const path = document.paths[endpoint.path.replace(/:(\w+)/g, "{$1}")]
      const properties = Object.entries(schema["properties"] ?? {})
      for (const parameter of path?.get?.parameters ?? []) {
        const property = properties.find(([name]) => snakeCase(name) === parameter.name)
        if (property !== undefined) Object.assign(parameter, { schema: present(property[1]) })
      }
    }
  })
  return document
}
