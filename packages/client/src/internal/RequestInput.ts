// Requests from the arguments of a method: path parameters by position, then one object with query, headers and payload.
import * as Endpoint from "@effect-workos/domain/Endpoint"
import * as Lazy from "@effect-workos/domain/Lazy"
import * as UserAgent from "@effect-workos/domain/UserAgent"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as UrlParams from "effect/http/UrlParams"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

type Values = Readonly<Record<string, unknown>>

/** The arguments of a call. */
export interface RequestInput {
  /** The token that replaces the API key, for endpoints that take one. */
  readonly accessToken: Redacted.Redacted | undefined
  readonly params: Values
  readonly options: Values
}

const none: Values = {}

/**
 * Assigns names to positional arguments: the access token if the endpoint takes one, the path parameters in their order,
 * and the options.
 */
export const fromArguments = (endpoint: Endpoint.Endpoint) => {
  const names = Endpoint.pathParams(endpoint)
  const first = endpoint.access === "accessToken" ? 1 : 0
  return (args: ReadonlyArray<unknown>): RequestInput => {
    const options = args[first + names.length]
    const token = first === 0 ? undefined : args[0]
    const params: Record<string, unknown> = {}
    for (let i = 0; i < names.length; i++) params[names[i]!] = args[first + i]
    return {
      accessToken: Redacted.isRedacted(token) ? Redacted.make(String(Redacted.value(token))) : undefined,
      params,
      options: Predicate.isReadonlyObject(options) ? options : none
    }
  }
}

type Encoder<Encoded> = (values: Values) => Result.Result<Encoded, Schema.SchemaError>

// The type of an endpoint's part does not contain the encoded type, so callers specify it.
const encoder = <Encoded>(schema: Schema.Constraint): Encoder<Encoded> => {
  const encode = Schema.encodeUnknownResult(Schema.make<Schema.Codec<unknown, Encoded>>(schema.ast))
  return (values) => encode(withoutUndefined(values))
}

// Callers may set absent properties to `undefined`, which the schemas of records do not accept.
const withoutUndefined = (value: unknown): unknown =>
  Predicate.isReadonlyObject(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value))
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([, inner]) => inner !== undefined)
          .map(([name, inner]) => [name, withoutUndefined(inner)])
      )
    : value

// URLs cannot contain these texts as a segment: they would lead to another path.
const isSegment = (text: unknown): boolean => text !== "" && text !== "." && text !== ".."

// Built on first use, because most programs never need this error.
const decodeSegments = Lazy.value(() =>
  Schema.decodeUnknownResult(
    Schema.Record(
      Schema.String,
      Schema.Unknown.check(Schema.makeFilter(isSegment, { expected: "a path segment: not empty, . or .." }))
    )
  )
)

/** Returns a function that inserts encoded parameters into a path. */
const template = (path: string) => {
  // Texts alternate with the names of parameters.
  const [start = "", ...rest] = path.split(/:(\w+)/)
  return (params: Readonly<Record<string, string>>): string => {
    let url = start
    for (let i = 0; i < rest.length; i += 2) {
      const name = rest[i] ?? ""
      url += encodeURIComponent(params[name] ?? `:${name}`) + (rest[i + 1] ?? "")
    }
    return url
  }
}

/**
 * Makes the URLs of an endpoint below a base URL, which may have a path. Fails with a `SchemaError` for invalid values.
 */
export const urls = ({ params, path, query }: Endpoint.Endpoint, baseUrl: URL) => {
  const base = baseUrl.href.replace(/\/$/, "")
  const fill = template(path)
  const encodeParams = params === undefined ? undefined : encoder<Record<string, string>>(Schema.Struct(params))
  const encodeQuery = query === undefined ? undefined : encoder<UrlParams.Input>(query)
  return (values: Values, options: Values): Result.Result<string, Schema.SchemaError> => {
    const encodedParams = encodeParams?.(values)
    if (encodedParams !== undefined) {
      if (Result.isFailure(encodedParams)) return Result.fail(encodedParams.failure)
      if (!Object.values(encodedParams.success).every(isSegment)) {
        const segments = decodeSegments()(encodedParams.success)
        if (Result.isFailure(segments)) return Result.fail(segments.failure)
      }
    }
    const encodedQuery = encodeQuery?.(options)
    if (encodedQuery !== undefined && Result.isFailure(encodedQuery)) return Result.fail(encodedQuery.failure)
    const url = base + (encodedParams === undefined ? path : fill(encodedParams.success))
    // The query is appended as text, because Effect would parse the `URL` again for each parameter.
    const search = encodedQuery === undefined ? "" : UrlParams.toString(encodedQuery.success)
    return Result.succeed(search === "" ? url : `${url}?${search}`)
  }
}

/**
 * Makes the requests of an endpoint at a base URL.
 */
export const requests = (endpoint: Endpoint.Endpoint, baseUrl: URL) => {
  const { encoding, headers, method, payload } = endpoint
  const url = urls(endpoint, baseUrl)
  const make = HttpClientRequest.make(method)
  const defaults = { headers: UserAgent.headers() }
  const encodeHeaders = headers === undefined ? undefined : encoder<Record<string, string>>(headers)
  const encodePayload = payload === undefined ? undefined : encoder<object>(payload)
  return ({
    options,
    params
  }: RequestInput): Result.Result<HttpClientRequest.HttpClientRequest, Schema.SchemaError> => {
    let request = Result.map(url(params, options), (url) => make(url, defaults))
    if (encodeHeaders !== undefined) {
      request = Result.flatMap(request, (request) =>
        Result.map(encodeHeaders(options), (headers) => HttpClientRequest.setHeaders(request, headers))
      )
    }
    if (encodePayload === undefined) return request
    return Result.flatMap(request, (request) =>
      Result.map(encodePayload(options), (body) =>
        HttpClientRequest.setBody(
          request,
          encoding === "form"
            ? HttpBody.urlParams(UrlParams.fromInput(Object.entries(body)), "application/x-www-form-urlencoded")
            : HttpBody.text(JSON.stringify(body), "application/json")
        )
      )
    )
  }
}
