// Requests of an endpoint, as the API's description has them: its path, query and body, each written by its schema.
//
// `HttpApiClient` makes them too, and for all that an API can have besides: streams, sockets, multipart forms. WorkOS has none
// of these, and no bundle could leave them out: `docs/decisions/one-description.md`.
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as UrlParams from "effect/http/UrlParams"
import type * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as Schema from "effect/Schema"

type Part<Name extends string, S extends Schema.Constraint> = [S] extends [never]
  ? unknown
  : { readonly [Key in Name]: S["Type"] }

/**
 * What requests of an endpoint are made of, each in its typed form.
 */
export type Parts<Endpoint extends HttpApiEndpoint.ConstraintRequest> = Part<"params", Endpoint["~Params"]> &
  Part<"query", Endpoint["~Query"]> &
  Part<"payload", Endpoint["~Payload"]>

export interface AnyParts {
  readonly params?: unknown
  readonly query?: unknown
  readonly payload?: unknown
}

/**
 * Makes the requests of an endpoint at a base URL, whose path is kept. What does not fit the description is a
 * `SchemaError`. Of several forms of a body the first is sent.
 */
export const maker = (endpoint: HttpApiEndpoint.Top, baseUrl: URL) => {
  const base = baseUrl.href.replace(/\/$/, "")
  const params = encoder<Readonly<Record<string, string>>>(endpoint.params)
  const query = encoder<UrlParams.Input>(endpoint.query)
  const [body] = endpoint.payload.values()
  const payload = encoder<object>(body?.schemas[0])

  return Effect.fnUntraced(function* (parts: AnyParts) {
    let path: string = endpoint.path
    if (params !== undefined) {
      const values = yield* params(parts.params)
      path = path.replace(/:(\w+)/g, (placeholder, name) => encodeURIComponent(values[name] ?? placeholder))
    }
    if (query !== undefined) {
      // As text, all at once: Effect appends parameter by parameter to a `URL`, which writes and reads the whole each time.
      const text = UrlParams.toString(yield* query(parts.query))
      if (text !== "") path += `?${text}`
    }
    const request = HttpClientRequest.make(endpoint.method)(`${base}${path}`)
    if (body === undefined || payload === undefined) return request
    const value = yield* payload(parts.payload)
    return HttpClientRequest.setBody(
      request,
      body.encoding._tag === "FormUrlEncoded"
        ? HttpBody.urlParams(UrlParams.fromInput(Object.entries(value)), body.encoding.contentType)
        : HttpBody.text(JSON.stringify(value), body.encoding.contentType)
    )
  })
}

const encoder = <Encoded>(schema: Schema.Constraint | undefined) =>
  schema && Schema.encodeUnknownEffect(Schema.make<Schema.Codec<unknown, Encoded>>(schema.ast))
