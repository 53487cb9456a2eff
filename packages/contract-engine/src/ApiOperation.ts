/**
 * Operations of an `HttpApi`, as laws need them: the documented requests and responses of each endpoint.
 *
 * @module
 */
import * as Context from "effect/Context"
import * as HttpApi from "effect/http-api/HttpApi"
import type * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import type * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as SchemaIssue from "effect/SchemaIssue"
import type { Access } from "./Exchange.ts"

/**
 * A query or path parameter, by its name on the wire.
 *
 * **Example** (Detecting an undocumented value)
 *
 * ```ts
 * import type { Parameter } from "@effect-workos/contract-engine/ApiOperation"
 *
 * const isWrong = ({ accepts, literals }: Parameter, text: string): boolean =>
 *   literals.length > 0 ? !literals.includes(text) : !accepts(text)
 * ```
 */
export interface Parameter {
  readonly name: string
  readonly ast: SchemaAST.AST
  readonly isRequired: boolean
  /** The values of a closed enumeration; empty for other parameters. */
  readonly literals: ReadonlyArray<string>
  /** True if a text is a documented value. */
  readonly accepts: (text: string) => boolean
}

/**
 * A schema of data in its wire form.
 */
export type WireSchema = Schema.Codec<unknown, unknown>

/**
 * One documented form of a response: its body, if any, and its headers, if documented.
 *
 * **Example** (Checking whether a body is documented)
 *
 * ```ts
 * import type { DocumentedResponse, WireSchema } from "@effect-workos/contract-engine/ApiOperation"
 * import * as Schema from "effect/Schema"
 *
 * const fits = (schema: WireSchema, json: unknown): boolean => Schema.is(schema)(json)
 *
 * const isDocumented = (documented: ReadonlyArray<DocumentedResponse>, json: unknown): boolean =>
 *   documented.some(({ body }) => body !== undefined && fits(body, json))
 * ```
 */
export interface DocumentedResponse {
  readonly body: WireSchema | undefined
  readonly headers: WireSchema | undefined
}

/**
 * The role of an operation for a kind of resource, from a description of the API.
 *
 * **Details**
 *
 * - `resource`: the name of the kind, which its operations have in common.
 * - `action`: the action; `other` for an action without one of these names.
 * - `parents`: the operations that list the values of path parameters, by parameter.
 *
 * **Example** (Describing a list of comments)
 *
 * ```ts
 * import type { Role } from "@effect-workos/contract-engine/ApiOperation"
 *
 * // GET /notes/:noteId/comments
 * const role: Role = { resource: "comments", action: "list", parents: { noteId: "notes.list" } }
 * ```
 */
export interface Role {
  readonly resource: string
  readonly action: "list" | "get" | "create" | "update" | "delete" | "other"
  readonly parents?: Readonly<Record<string, string>>
}

/**
 * An endpoint with its documented requests and responses.
 *
 * **Example** (Deciding whether a law applies)
 *
 * ```ts
 * import * as ApiOperation from "@effect-workos/contract-engine/ApiOperation"
 *
 * const hasNames = (operation: ApiOperation.ApiOperation): boolean => {
 *   const body = ApiOperation.successBody(operation)
 *   return body !== undefined && ApiOperation.hasProperty(body, ["data"]) && ApiOperation.fieldsOf(body).includes("data")
 * }
 *
 * const isRefusable = (operation: ApiOperation.ApiOperation): boolean =>
 *   operation.isProtected && ApiOperation.statusesOf(operation, "error").includes(401)
 * ```
 */
export interface ApiOperation {
  /** The names of the group and of the endpoint: `"connections.list"`. */
  readonly id: string
  readonly summary: string
  readonly method: string
  /** The path with parameters: `"/connections/:id"`. */
  readonly path: string
  readonly endpoint: HttpApiEndpoint.Top
  readonly params: ReadonlyArray<Parameter>
  readonly query: ReadonlyArray<Parameter>
  readonly headers: ReadonlyArray<Parameter>
  readonly payload: WireSchema | undefined
  /** True if the payload may be form-encoded as well. */
  readonly acceptsForm: boolean
  /** The documented responses, by status. */
  readonly responses: ReadonlyMap<number, ReadonlyArray<DocumentedResponse>>
  /** True if the operation requires credentials. */
  readonly isProtected: boolean
  /** The names of the security schemes that the operation accepts. */
  readonly securitySchemes: ReadonlyArray<string>
  /** The credentials of a documented request: the target's key if the operation accepts that key, otherwise none. */
  readonly access: Access
  /** True if the method is safe: a request changes nothing. */
  readonly isSafe: boolean
  /** The role, if the description of the API states one. Otherwise the engine derives the role from the conventions. */
  readonly role: Role | undefined
  /** The operations that list the values of path parameters, by parameter. */
  readonly parents: Readonly<Record<string, string>>
}

/**
 * Returns the operations of an API, in declaration order.
 *
 * **Example** (Listing the operations of WorkOS)
 *
 * ```ts
 * import * as ApiOperation from "@effect-workos/contract-engine/ApiOperation"
 * import { WorkOsApi } from "@effect-workos/domain/WorkOsApi"
 *
 * const ids = ApiOperation.operationsOf(WorkOsApi).map(({ id }) => id) // => ["connections.list", …]
 * ```
 */
export const operationsOf = <Id extends string, Groups extends HttpApiGroup.Constraint>(
  api: HttpApi.HttpApi<Id, Groups>
): ReadonlyArray<ApiOperation> => {
  const operations: Array<ApiOperation> = []
  HttpApi.reflect(api, {
    onGroup() {},
    onEndpoint({ endpoint, errors, group, mergedAnnotations, middleware, successes }) {
      const responses = new Map<number, Array<DocumentedResponse>>()
      for (const [status, schemas] of [...successes, ...errors]) {
        const described = schemas.filter(isDescribed).map(documentedResponseOf)
        responses.set(status, [...(responses.get(status) ?? []), ...described])
      }
      const securities = [...middleware].filter(HttpApiMiddleware.isSecurity)
      operations.push({
        id: `${group.identifier}.${endpoint.identifier}`,
        summary: Option.getOrElse(Context.getOption(mergedAnnotations, OpenApi.Summary), () => endpoint.identifier),
        method: endpoint.method,
        path: endpoint.path,
        endpoint,
        params: parametersOf(endpoint.params),
        query: parametersOf(endpoint.query),
        headers: parametersOf(endpoint.headers),
        payload: payloadOf(endpoint),
        responses,
        role: undefined,
        parents: {},
        acceptsForm: [...endpoint.payload.values()].some(({ encoding }) => encoding._tag === "FormUrlEncoded"),
        isProtected: securities.length > 0,
        securitySchemes: securities.flatMap(({ security }) => Object.keys(security)),
        access: securities.length > 0 ? "granted" : "none",
        isSafe: ["GET", "HEAD", "OPTIONS", "QUERY"].includes(endpoint.method)
      })
    }
  })
  return operations
}

/**
 * Returns the documented statuses of success, or of errors.
 */
export const statusesOf = ({ responses }: ApiOperation, kind: "success" | "error"): ReadonlyArray<number> =>
  [...responses.keys()].filter((status) => status < 400 === (kind === "success"))

/**
 * Returns the schema of the first documented body of a success.
 */
export const successBody = (operation: ApiOperation): WireSchema | undefined =>
  statusesOf(operation, "success")
    .flatMap((status) => operation.responses.get(status) ?? [])
    .find(({ body }) => body !== undefined)?.body

/**
 * Returns the names of a struct's fields on the wire.
 */
export const fieldsOf = (schema: Schema.Constraint): ReadonlyArray<string> => {
  const ast = SchemaAST.toEncoded(schema.ast)
  return SchemaAST.isObjects(ast) ? ast.propertySignatures.map(({ name }) => String(name)) : []
}

/**
 * Returns whether a struct has a property at a path.
 */
export const hasProperty = (schema: Schema.Constraint, path: ReadonlyArray<string>): boolean =>
  path.reduce<SchemaAST.AST | undefined>((ast, key) => propertyOf(ast, key), SchemaAST.toEncoded(schema.ast)) !==
  undefined

// -----------------------------------------------------------------------------
// Responses
// -----------------------------------------------------------------------------

// `HttpApiSchema.encodeToWithHeaders` leaves a pair of body and headers on the encoded side.
const withHeaders = SchemaAST.resolveAt<object>("~httpApiWithHeaders")

const encodingOf = SchemaAST.resolveAt<{ readonly _tag: string; readonly contentType?: string }>("~httpApiEncoding")

// A text of any content type is a response of which only the status is documented.
const isDescribed = ({ ast }: Schema.Top): boolean => {
  const encoding = encodingOf(ast)
  return encoding?._tag !== "Text" || encoding.contentType !== "*/*"
}

const documentedResponseOf = (schema: Schema.Top): DocumentedResponse => {
  if (HttpApiSchema.isWithHeaders(schema))
    return { body: bodyOf(schema.schema.ast), headers: encoded(schema.headers.ast) }
  if (withHeaders(schema.ast) === undefined) return { body: bodyOf(schema.ast), headers: undefined }
  const pair = SchemaAST.toEncoded(schema.ast)
  return { body: bodyOf(propertyOf(pair, "body")), headers: encoded(propertyOf(pair, "headers")) }
}

const propertyOf = (ast: SchemaAST.AST | undefined, name: string): SchemaAST.AST | undefined =>
  ast !== undefined && SchemaAST.isObjects(ast)
    ? ast.propertySignatures.find((property) => property.name === name)?.type
    : undefined

const encoded = (ast: SchemaAST.AST | undefined): WireSchema | undefined =>
  ast === undefined ? undefined : Schema.make<WireSchema>(SchemaAST.toEncoded(ast))

const bodyOf = (ast: SchemaAST.AST | undefined): WireSchema | undefined =>
  ast === undefined || HttpApiSchema.isNoContent(ast) || SchemaAST.toEncoded(ast)._tag === "Null"
    ? undefined
    : encoded(ast)

// -----------------------------------------------------------------------------
// Requests
// -----------------------------------------------------------------------------

const payloadOf = (endpoint: HttpApiEndpoint.Top): WireSchema | undefined => {
  for (const { encoding, schemas } of endpoint.payload.values()) {
    if (encoding._tag === "Json") return Schema.make<WireSchema>(schemas[0].ast)
  }
  return undefined
}

const issuesOf = SchemaIssue.makeFormatterStandardSchemaV1()

const parametersOf = (schema: Schema.Top | undefined): ReadonlyArray<Parameter> => {
  if (schema === undefined) return []
  const fields = SchemaAST.toEncoded(schema.ast)
  if (!SchemaAST.isObjects(fields)) return []
  const decode = Schema.decodeUnknownResult(Schema.make<WireSchema>(schema.ast), { errors: "all" })
  return fields.propertySignatures.map(({ name, type }) => ({
    name: String(name),
    ast: type,
    isRequired: !SchemaAST.isOptional(type) && !admitsUndefined(type),
    literals: literalsOf(type),
    accepts: memoize((text) =>
      Result.match(decode({ [name]: text }), {
        onSuccess: () => true,
        // Other parameters are missing here: only issues of this one count.
        onFailure: ({ issue }) => !issuesOf(issue).issues.some(({ path }) => keyOf(path?.[0]) === name)
      })
    )
  }))
}

// Each law checks the same thousands of ids.
const memoize = (accepts: (text: string) => boolean): ((text: string) => boolean) => {
  const known = new Map<string, boolean>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const now = accepts(text)
    known.set(text, now)
    return now
  }
}

const keyOf = (segment: PropertyKey | { readonly key: PropertyKey } | undefined): PropertyKey | undefined =>
  typeof segment === "object" ? segment.key : segment

const admitsUndefined = (ast: SchemaAST.AST): boolean =>
  ast._tag === "Undefined" || (SchemaAST.isUnion(ast) && ast.types.some(admitsUndefined))

const literalsOf = (ast: SchemaAST.AST): ReadonlyArray<string> => {
  if (SchemaAST.isLiteral(ast)) return [String(ast.literal)]
  if (!SchemaAST.isUnion(ast)) return []
  const members = ast.types.filter((type) => type._tag !== "Undefined").map(literalsOf)
  return members.every((literals) => literals.length > 0) ? members.flat() : []
}
