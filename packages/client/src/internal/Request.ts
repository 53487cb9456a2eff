// Requests of an endpoint, as the API's description has them: its path, query and body, each written by its schema.
//
// `HttpApiClient` makes them too, and for all that an API can have besides: streams, sockets, multipart forms. WorkOS has none
// of these, and no bundle could leave them out: `docs/decisions/one-description.md`.
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as UrlParams from "effect/http/UrlParams"
import type * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as Result from "effect/Result"
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
 * The URLs of an endpoint at a base URL, whose path is kept. What does not fit the description is a `SchemaError`.
 */
export const urls = (endpoint: Pick<HttpApiEndpoint.Top, "params" | "path" | "query">, baseUrl: URL) => {
  const { path } = endpoint
  const base = baseUrl.href.replace(/\/$/, "")
  const params = encoder<Readonly<Record<string, string>>>(endpoint.params, {})
  const query = encoder<UrlParams.Input>(endpoint.query, {})

  return (parts: AnyParts): Result.Result<string, Schema.SchemaError> =>
    Result.flatMap(params(parts.params), (values) =>
      Result.map(query(parts.query), (asked) => {
        const url =
          base + path.replace(/:(\w+)/g, (placeholder, name) => encodeURIComponent(values[name] ?? placeholder))
        // As text, all at once: Effect appends parameter by parameter to a `URL`, which writes and reads the whole each time.
        const text = UrlParams.toString(asked)
        return text === "" ? url : `${url}?${text}`
      })
    )
}

/**
 * Makes the requests of an endpoint at a base URL, whose URLs are its {@link urls}. Of several forms of a body the first is
 * sent.
 */
export const maker = (endpoint: HttpApiEndpoint.Top, baseUrl: URL) => {
  const url = urls(endpoint, baseUrl)
  const make = HttpClientRequest.make(endpoint.method)
  const [body] = endpoint.payload.values()
  if (body === undefined) return (parts: AnyParts) => Result.map(url(parts), (url) => make(url))
  const { contentType, _tag } = body.encoding
  const payload = encoder<object>(body.schemas[0], {})

  return (parts: AnyParts): Result.Result<HttpClientRequest.HttpClientRequest, Schema.SchemaError> =>
    Result.flatMap(url(parts), (url) =>
      Result.map(payload(parts.payload), (value) =>
        HttpClientRequest.setBody(
          make(url),
          _tag === "FormUrlEncoded"
            ? HttpBody.urlParams(UrlParams.fromInput(Object.entries(value)), contentType)
            : HttpBody.text(JSON.stringify(value), contentType)
        )
      )
    )
}

// What an endpoint does not have is nothing, whatever is given.
const encoder = <Encoded>(schema: Schema.Constraint | undefined, nothing: Encoded) =>
  schema === undefined
    ? () => Result.succeed(nothing)
    : Schema.encodeUnknownResult(Schema.make<Schema.Codec<unknown, Encoded>>(schema.ast))
