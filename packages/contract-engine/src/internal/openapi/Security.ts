// The security schemes of a document.
import type * as Context from "effect/Context"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSecurity from "effect/http-api/HttpApiSecurity"
import { isRow } from "../../ApiConventions.ts"
import { entries, resolve, type Source } from "./Source.ts"

/**
 * A security scheme, and the location of its credentials in a request.
 */
export type DocumentSecurity =
  | { readonly _tag: "Header"; readonly name: string; readonly header: string; readonly scheme: string | undefined }
  | { readonly _tag: "Query"; readonly name: string; readonly parameter: string }

/**
 * Returns the security schemes that can be sent.
 */
export const schemesOf = (source: Source): ReadonlyArray<DocumentSecurity> => {
  const { components } = source.document
  const schemes = isRow(components) ? components["securitySchemes"] : undefined
  return entries(schemes, "#/components/securitySchemes").flatMap(([name, { pointer, value }]) => {
    const scheme = resolve(source, value, pointer)?.value ?? {}
    const { in: location, name: key, scheme: httpScheme, type } = scheme
    const header = (header: string, scheme?: string): ReadonlyArray<DocumentSecurity> => [
      { _tag: "Header", name, header, scheme }
    ]
    if (type === "http" && typeof httpScheme === "string") {
      if (/^(?:bearer|basic)$/i.test(httpScheme)) return header("Authorization", capitalized(httpScheme))
      return header("Authorization", httpScheme)
    }
    if (type === "oauth2" || type === "openIdConnect") return header("Authorization", "Bearer")
    if (type === "apiKey" && typeof key === "string") {
      if (location === "header") return header(key)
      if (location === "query") return [{ _tag: "Query", name, parameter: key }]
    }
    const kind = [type, location].filter((part) => typeof part === "string").join(" in a ")
    source.unsupported(pointer, `credentials of the kind ${kind === "" ? "unknown" : kind} are not sent`)
    return []
  })
}

const capitalized = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase()

const securityOf = (scheme: DocumentSecurity): HttpApiSecurity.HttpApiSecurity => {
  if (scheme._tag === "Query") return HttpApiSecurity.apiKey({ in: "query", key: scheme.parameter })
  if (scheme.scheme === undefined) return HttpApiSecurity.apiKey({ in: "header", key: scheme.header })
  if (scheme.scheme === "Basic") return HttpApiSecurity.basic
  return scheme.scheme === "Bearer" ? HttpApiSecurity.bearer : HttpApiSecurity.http({ scheme: scheme.scheme })
}

export type Middleware = Context.Key<HttpApiMiddleware.AnyId, unknown>

/**
 * Returns the middleware that accepts any of the schemes.
 */
export const middlewareOf = (schemes: ReadonlyArray<DocumentSecurity>): Middleware => {
  const id = `openapi/${schemes.map(({ name }) => name).join(",")}`
  class Security extends HttpApiMiddleware.Service<Security>()(id, {
    security: Object.fromEntries(schemes.map((scheme) => [scheme.name, securityOf(scheme)]))
  }) {}
  return Security
}
