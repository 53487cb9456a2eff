/**
 * OpenAPI documents as an `HttpApi`, so that laws apply to every server that has a document.
 *
 * The documents of real servers have defects. Defects are tolerated where the intention is clear, and listed.
 *
 * @module
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import type * as Redacted from "effect/Redacted"
import { type ApiConventions, isRow, type Row } from "./ApiConventions.ts"
import * as Conventions from "./internal/openapi/Conventions.ts"
import * as Endpoints from "./internal/openapi/Endpoints.ts"
import * as Operations from "./internal/openapi/Operations.ts"
import * as Security from "./internal/openapi/Security.ts"
import * as Source from "./internal/openapi/Source.ts"
import * as Target from "./Target.ts"

/**
 * A problem of a document, with its location: `"#/paths/~1users/get"`.
 *
 * **Details**
 *
 * - `defect`: contradicts the OpenAPI specification or another part of the document.
 * - `unsupported`: is correct, but is not sent or not verified.
 *
 * **Example** (Listing defects)
 *
 * ```ts
 * import type { DocumentIssue } from "@effect-workos/contract-engine/OpenApiDocument"
 *
 * const defects = (issues: ReadonlyArray<DocumentIssue>) =>
 *   issues.filter(({ kind }) => kind === "defect").map(({ message, pointer }) => `${pointer}: ${message}`)
 * ```
 */
export type DocumentIssue = Source.DocumentIssue

/**
 * A security scheme of a document: a header, with the scheme before the key if there is one, or a query parameter.
 */
export type SecurityScheme = Security.DocumentSecurity

/**
 * Returns the pagination of a list in a few words, such as `"offsets in skip"`.
 *
 * **Example** (Listing the detected lists)
 *
 * ```ts
 * import * as OpenApiDocument from "@effect-workos/contract-engine/OpenApiDocument"
 *
 * const lists = ({ conventions }: OpenApiDocument.OpenApiDocument) =>
 *   Object.entries(conventions.listsOf).map(
 *     ([id, { pagination }]) => `${id}: ${OpenApiDocument.describePagination(pagination)}`
 *   )
 * ```
 */
export const describePagination = Conventions.describe

/**
 * Returns the name of the environment variable with the credentials of a security scheme: the name of the scheme in upper
 * snake case.
 *
 * **Example** (Naming a variable)
 *
 * ```ts
 * import * as OpenApiDocument from "@effect-workos/contract-engine/OpenApiDocument"
 *
 * OpenApiDocument.variableOf({ name: "bearerAuth" }) // => "BEARER_AUTH"
 * ```
 */
export const variableOf = ({ name }: Pick<SecurityScheme, "name">): string =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/\W+/g, "_")
    .toUpperCase()

/**
 * Returns the credentials of a security scheme. The key of basic authentication is `user:password`.
 */
export const credentials = (scheme: SecurityScheme, key: Redacted.Redacted): Target.Credentials => {
  const variable = variableOf(scheme)
  if (scheme._tag === "Query") return { parameter: scheme.parameter, key, variable }
  if (scheme.scheme === "Basic") return Target.basic(key, variable)
  return { header: scheme.header, ...(scheme.scheme === undefined ? {} : { scheme: scheme.scheme }), key, variable }
}

/**
 * A document that has no operations or is not an OpenAPI document of version 3.
 */
export class OpenApiError extends Data.TaggedError("OpenApiError")<{ readonly message: string }> {}

/**
 * An API as its OpenAPI document describes it.
 *
 * **Details**
 *
 * - `servers`: the URLs of the servers, with the default values of variables. A URL may be relative to the document.
 * - `conventions`: the lists that were detected, by the names of their parameters and fields, with the filters by
 *   enumerated fields.
 * - `securitySchemes`: the schemes whose credentials can be sent, those that most operations accept first.
 */
export interface OpenApiDocument {
  readonly title: string
  readonly api: HttpApi.HttpApi<string, HttpApiGroup.Constraint>
  readonly servers: ReadonlyArray<string>
  readonly securitySchemes: ReadonlyArray<SecurityScheme>
  readonly conventions: ApiConventions & Required<Pick<ApiConventions, "listsOf" | "filters">>
  readonly issues: ReadonlyArray<DocumentIssue>
}

/**
 * Reads an OpenAPI document of version 3.0, 3.1 or 3.2 from its JSON value.
 *
 * **Details**
 *
 * Fields that a schema does not name are undocumented, unless `additionalProperties` allows them. Alternatives of
 * `oneOf` may overlap. The id of an operation is its first tag and its `operationId`, such as `"users.list"`.
 *
 * **Example** (Verifying a server against its document)
 *
 * ```ts
 * import * as Contract from "@effect-workos/contract-engine/Contract"
 * import { laws } from "@effect-workos/contract-engine/laws"
 * import * as OpenApiDocument from "@effect-workos/contract-engine/OpenApiDocument"
 * import * as Suite from "@effect-workos/contract-engine/Suite"
 * import * as Effect from "effect/Effect"
 *
 * const verify = Effect.fnUntraced(function* (json: unknown) {
 *   const { api, conventions, issues } = yield* OpenApiDocument.read(json)
 *   yield* Effect.forEach(issues, ({ message, pointer }) => Effect.logWarning(`${pointer}: ${message}`))
 *   return yield* Contract.verify(Suite.make({ api, conventions, laws }))
 * })
 * ```
 */
export const read = (document: unknown): Effect.Effect<OpenApiDocument, OpenApiError> =>
  Effect.gen(function* () {
    const version = versionOf(document)
    if (!isRow(document) || version === undefined) return yield* new OpenApiError({ message: explainVersion(document) })
    const source = Source.make(document, version)
    const operations = Operations.operationsOf(source)
    const schemes = Security.schemesOf(source)
    const endpoints = yield* Endpoints.endpointsOf(source, operations, schemes)
    const [first, ...rest] = [...Map.groupBy(endpoints, ({ group }) => group)].map(([name, members]) =>
      groupOf(
        name,
        members.map(({ endpoint }) => endpoint)
      )
    )
    if (first === undefined) return yield* new OpenApiError({ message: "The document has no operations." })
    const title = titleOf(document)
    const use = ({ name }: SecurityScheme) =>
      operations.filter(({ security }) => security.some((alternative) => alternative.includes(name))).length
    return {
      title,
      api: HttpApi.make(title).add(first, ...rest),
      servers: serversOf(document),
      securitySchemes: schemes.filter((scheme) => use(scheme) > 0).toSorted((a, b) => use(b) - use(a)),
      conventions: Conventions.detect(source, operations),
      issues: source.issues()
    }
  })

const groupOf = (name: string, endpoints: ReadonlyArray<Endpoints.Endpoint>): HttpApiGroup.Constraint => {
  const [first, ...rest] = endpoints
  const empty = HttpApiGroup.make(name)
  return first === undefined ? empty : empty.add(first, ...rest)
}

const titleOf = ({ info }: Row): string => (isRow(info) && typeof info["title"] === "string" ? info["title"] : "API")

const versionOf = (document: unknown): "3.0" | "3.1" | undefined => {
  const version = isRow(document) ? String(document["openapi"]) : ""
  if (/^3\.0(?:\.|$)/.test(version)) return "3.0"
  return /^3\.[12](?:\.|$)/.test(version) ? "3.1" : undefined
}

const explainVersion = (document: unknown): string => {
  if (!isRow(document)) return "The document is not an object with the key openapi."
  const { openapi, swagger } = document
  if (swagger !== undefined)
    return `The document is in the format Swagger ${String(swagger)}. Convert it to OpenAPI 3, for example with swagger2openapi.`
  return openapi === undefined
    ? "The document is not an OpenAPI document: the key openapi is missing."
    : `The document has the OpenAPI version ${String(openapi)}. Versions 3.0 to 3.2 are supported.`
}

const serversOf = ({ servers }: Row): ReadonlyArray<string> =>
  (Array.isArray(servers) ? servers : []).filter(isRow).flatMap(({ url, variables }) => {
    if (typeof url !== "string") return []
    const withDefaults = url.replaceAll(/\{([^{}]+)\}/g, (text: string, name: string) => {
      const variable = isRow(variables) ? variables[name] : undefined
      return isRow(variable) && variable["default"] !== undefined ? String(variable["default"]) : text
    })
    return [withDefaults]
  })
