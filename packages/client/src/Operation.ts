// One operation, from checked input to typed result: what the operations of all resources share.
//
// Requests and documented errors come from the client that Effect derives from the API's description. The body of a
// success is read here instead, because callers want it in two forms, typed and as it came, and because a page of a
// hundred rows is worth the direct way.
import { ApiKey } from "@effect-workos/domain/ApiKey"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import type * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
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
 * Checks what a caller gave against the decoded side of a schema. Keys that are `undefined` count as absent.
 */
export const input = <A>(operation: string, schema: Schema.ConstraintDecoder<A>) => {
  const decode = Schema.decodeUnknownEffect(Schema.toType(schema))
  return (value: object): Effect.Effect<A, InvalidRequest> =>
    Effect.mapError(
      decode(Object.fromEntries(Object.entries(value).filter(([, value]) => value !== undefined))),
      (error) => invalidRequest(operation, error)
    )
}

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
  const encodedSide = Schema.toEncoded(schema)
  const isEncoded = Schema.is(encodedSide)
  const explain = Schema.decodeUnknownEffect(encodedSide)
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
 * other status.
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
    >
  ): Effect.Effect<A, E | E2 | ClientError, R | R2> =>
    request.pipe(
      Effect.mapError((error) => {
        if (Schema.isSchemaError(error)) return invalidRequest(options.operation, error)
        return HttpClientError.isHttpClientError(error) ? transportError(options.operation, error) : error
      }),
      Effect.flatMap((response): Effect.Effect<A, E | ClientError, R> => {
        const { body, declared, operation } = options
        const { headers, status } = response
        const requestId = headers["x-request-id"]
        const answered = { operation, status, ...(requestId === undefined ? {} : { requestId }) }
        const server = `${operation}: ${originOf(response.request)}`

        const invalid = (how: string): Effect.Effect<never, ClientError> =>
          Effect.fail(new InvalidResponse({ ...answered, message: `${server} answered ${status} ${how}` }))
        const undocumented = () =>
          invalid(`with ${headers["content-type"] ?? "no content type"}, which WorkOS does not document.`)

        const read = (): Effect.Effect<A, E | ClientError, R> => {
          if (status >= 500) {
            const message = `${server} failed with ${status}. Try again later.`
            return Effect.fail(new ServerError({ ...answered, message }))
          }
          if (status < 200 || status > 299) {
            return Effect.matchEffect(declared(response), {
              onFailure: (error): Effect.Effect<never, E | ClientError> =>
                HttpClientError.isHttpClientError(error) || Schema.isSchemaError(error)
                  ? undocumented()
                  : Effect.fail(error),
              onSuccess: undocumented
            })
          }
          return response.text.pipe(
            Effect.mapError((error) => transportError(operation, error)),
            Effect.flatMap((text) =>
              Effect.catchTags(body(text), {
                NotJson: undocumented,
                SchemaError: (error) => invalid(`with JSON that WorkOS does not document: ${describe(error)}.`)
              })
            )
          )
        }

        return Effect.andThen(
          Effect.annotateCurrentSpan({
            "http.response.status_code": status,
            ...(requestId === undefined ? {} : { "workos.request_id": requestId })
          }),
          read()
        )
      })
    )

// -----------------------------------------------------------------------------
// Sentences
// -----------------------------------------------------------------------------

const issuesOf = SchemaIssue.makeFormatterStandardSchemaV1()

// The first issue, after the place where it is: "limit: Expected a value between 1 and 100".
const describe = (error: Schema.SchemaError): string => {
  const [issue] = issuesOf(error.issue).issues
  const path = (issue?.path ?? []).map((segment) => String(typeof segment === "object" ? segment.key : segment))
  return [path.join("."), issue?.message ?? error.message].filter((part) => part !== "").join(": ")
}

const invalidRequest = (operation: string, error: Schema.SchemaError) =>
  new InvalidRequest({ operation, message: `${operation}: ${describe(error)}` })

const originOf = (request: HttpClientRequest.HttpClientRequest): string =>
  URL.canParse(request.url) ? new URL(request.url).origin : request.url

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
