// The OpenAPI description of `WorkOsApi`, with the decoded types of query parameters.
//
// `OpenApi.fromApi` describes the texts in a URL: numbers are strings of digits, without bounds. WorkOS describes the
// meaning of the texts, so the schemas of parameters are replaced by the schemas of decoded values.
import * as HttpApi from "effect/http-api/HttpApi"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { snakeCase } from "../../src/Wire.ts"
import { WorkOsApi } from "../../src/WorkOsApi.ts"

// A value that may be `undefined` in a program may be absent from a URL. JSON Schema describes it as `null`.
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
