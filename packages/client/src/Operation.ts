// One operation, from checked input to typed result: what the operations of all resources share.
//
// Requests and documented errors come from the client that Effect derives from the API's description. The body of a
// success is read here instead, because callers want it in two forms, typed and as it came, and because a page of a
// hundred rows is worth the direct way.
import { ApiKey } from "@effect-workos/domain/ApiKey"
import { faultsOf } from "@effect-workos/domain/Fault"
import * as Wire from "@effect-workos/domain/Wire"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { constTrue } from "effect/Function"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as UrlParams from "effect/http/UrlParams"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import type * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { type ClientError, InvalidRequest, InvalidResponse, ServerError, TransportError } from "./ClientError.ts"
import { WorkOsConfig } from "./WorkOsConfig.ts"

/**
 * Sends the API key with the requests of every endpoint that wants it, and with no others.
 */
export const layerApiKey: Layer.Layer<
  HttpApiMiddleware.ForClient<ApiKey>,
  never,
  WorkOsConfig
> = HttpApiMiddleware.layerClient(
  ApiKey,
  Effect.map(
    WorkOsConfig,
    ({ apiKey }) =>
      ({ next, request }) =>
        next(HttpClientRequest.bearerToken(request, apiKey))
  )
)

/**
 * Writes the query into the URL as text, all at once. Effect appends parameter by parameter to a `URL`, which writes and
 * reads the whole of itself each time.
 */
export const writeQuery = (request: HttpClientRequest.HttpClientRequest): HttpClientRequest.HttpClientRequest =>
  request.urlParams.params.length === 0
    ? request
    : HttpClientRequest.makeWith(
        request.method,
        `${request.url}?${UrlParams.toString(request.urlParams)}`,
        UrlParams.empty,
        request.hash,
        request.headers,
        request.body
      )

/**
 * How the text of a success is read.
 */
export type Body<A> = (text: string) => Effect.Effect<A, Schema.SchemaError | NotJson>

class NotJson extends Data.TaggedError("NotJson") {}

/**
 * A success without a body, or with one that says nothing.
 */
export const nothing: Body<void> = () => Effect.void

/**
 * A success in JSON, as programs see it.
 */
export const decoded = <A>(schema: Schema.ConstraintDecoder<A>): Body<A> => {
  const decode = Schema.decodeUnknownEffect(schema)
  return (text) => Effect.flatMap(parse(text), decode)
}

/**
 * A success in JSON, as it came: valid, and with every field that the server sent.
 */
export const encoded = <S extends Schema.Constraint>(schema: S): Body<S["Encoded"]> => {
  const isEncoded = Wire.isEncoded(schema)
  const explain = Schema.decodeUnknownEffect(Schema.toEncoded(schema))
  return (text) => Effect.flatMap(parse(text), (json) => (isEncoded(json) ? Effect.succeed(json) : explain(json)))
}

const parse = (text: string): Effect.Effect<unknown, NotJson> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(JSON.parse(text))
    } catch {
      return Effect.fail(new NotJson())
    }
  })

/**
 * Sends a request and reads its answer: `body` reads a 2xx, and `declared` is what the API's description makes of any
 * other status. All of it is one span, named after the operation.
 */
export const run =
  <A, Declared, E, R>(options: {
    readonly operation: string
    readonly body: Body<A>
    readonly declared: (
      response: HttpClientResponse.HttpClientResponse
    ) => Effect.Effect<Declared, E | HttpClientError.HttpClientError | Schema.SchemaError, R>
  }) =>
  <E2, R2>(
    request: Effect.Effect<
      HttpClientResponse.HttpClientResponse,
      E2 | HttpClientError.HttpClientError | Schema.SchemaError,
      R2
    >,
    attributes: Record<string, unknown> = {}
  ): Effect.Effect<A, E | E2 | ClientError, R | R2> => {
    const { body, declared, operation } = options

    const unsent = (error: E2 | HttpClientError.HttpClientError | Schema.SchemaError) => {
      if (Schema.isSchemaError(error))
        return new InvalidRequest({ operation, message: `${operation}: ${describe(error)}` })
      return HttpClientError.isHttpClientError(error) ? transportError(operation, error) : error
    }

    const read = (response: HttpClientResponse.HttpClientResponse): Effect.Effect<A, E | ClientError, R> => {
      const { status } = response
      if (status >= 500) return Effect.fail(serverError(operation, response))
      if (status < 200 || status > 299) {
        return Effect.matchEffect(declared(response), {
          onFailure: (error): Effect.Effect<never, E | ClientError> =>
            HttpClientError.isHttpClientError(error) || Schema.isSchemaError(error)
              ? Effect.fail(undocumented(operation, response))
              : Effect.fail(error),
          onSuccess: () => Effect.fail(undocumented(operation, response))
        })
      }
      return Effect.matchEffect(response.text, {
        onFailure: (error): Effect.Effect<A, ClientError> => Effect.fail(transportError(operation, error)),
        onSuccess: (text) => Effect.mapError(body(text), (error) => undocumented(operation, response, error))
      })
    }

    return Effect.useSpan(operation, { kind: "client", attributes }, (span) =>
      request.pipe(
        // The request's own span would say the same once more, for a third of the price of the request.
        Effect.provideService(HttpClient.TracerDisabledWhen, constTrue),
        Effect.matchEffect({
          onFailure: (error): Effect.Effect<A, E | E2 | ClientError, R> => Effect.fail(unsent(error)),
          onSuccess: (response) => {
            span.attribute("http.response.status_code", response.status)
            const requestId = requestIdOf(response)
            if (requestId !== undefined) span.attribute("workos.request_id", requestId)
            return read(response)
          }
        }),
        Effect.withParentSpan(span, { captureStackTrace: false })
      )
    )
  }

// -----------------------------------------------------------------------------
// Sentences
// -----------------------------------------------------------------------------

// The first fault, after the place where it is: "limit: Expected a value between 1 and 100".
const describe = (error: Schema.SchemaError): string => {
  const [fault] = faultsOf(error)
  return [fault?.path, fault?.message ?? error.message].filter((part) => part !== undefined && part !== "").join(": ")
}

const originOf = (request: HttpClientRequest.HttpClientRequest): string =>
  URL.canParse(request.url) ? new URL(request.url).origin : request.url

const requestIdOf = (response: HttpClientResponse.HttpClientResponse): string | undefined =>
  response.headers["x-request-id"]

const answered = (operation: string, response: HttpClientResponse.HttpClientResponse) => {
  const requestId = requestIdOf(response)
  return { operation, status: response.status, ...(requestId === undefined ? {} : { requestId }) }
}

const serverError = (operation: string, response: HttpClientResponse.HttpClientResponse) =>
  new ServerError({
    ...answered(operation, response),
    message: `${operation}: ${originOf(response.request)} failed with ${response.status}. Try again later.`
  })

const undocumented = (
  operation: string,
  response: HttpClientResponse.HttpClientResponse,
  error?: Schema.SchemaError | NotJson
) => {
  const what = Schema.isSchemaError(error)
    ? `JSON that WorkOS does not document: ${describe(error)}.`
    : `${response.headers["content-type"] ?? "no content type"}, which WorkOS does not document.`
  return new InvalidResponse({
    ...answered(operation, response),
    message: `${operation}: ${originOf(response.request)} answered ${response.status} with ${what}`
  })
}

// The error that the platform gave is kept, and the one that holds the request with its headers is not.
const transportError = (operation: string, { reason, request }: HttpClientError.HttpClientError) => {
  const cause = "cause" in reason ? reason.cause : undefined
  return new TransportError({
    operation,
    message: `${operation}: no answer from ${originOf(request)} (${nameOf(cause)}). Is it the right address, and is it up?`,
    ...(cause === undefined ? {} : { cause })
  })
}

// The innermost code or message: `fetch` wraps what happened in "fetch failed".
const nameOf = (error: unknown): string => {
  if (!Predicate.isObject(error)) return "the connection failed"
  if (Predicate.hasProperty(error, "cause") && Predicate.isObject(error.cause)) return nameOf(error.cause)
  if (Predicate.hasProperty(error, "code") && Predicate.isString(error.code)) return error.code
  return Predicate.hasProperty(error, "message") && Predicate.isString(error.message) ? error.message : String(error)
}
