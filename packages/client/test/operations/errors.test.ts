// Error responses of all operations: documented errors, and arbitrary bodies with any status.
import { assert, describe, it } from "@effect/vitest"
import * as ApiError from "@effect-workos/domain/ApiError"
import * as ApiErrorResponse from "@effect-workos/domain/ApiErrorResponse"
import type * as Endpoint from "@effect-workos/domain/Endpoint"
import { runs } from "@effect-workos/testing/Sample"
import * as Arbitrary from "effect/Arbitrary"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { inspect } from "node:util"
import { apiKey, methodOf, exchange } from "./call.ts"
import { comparable } from "./comparable.ts"
import { describedInput, type Input, toArguments } from "./input.ts"
import { operations } from "./operations.ts"

// -----------------------------------------------------------------------------
// Documented errors
// -----------------------------------------------------------------------------

/** The errors that WorkOS documents for all requests with an API key or an access token. */
const common: ReadonlyArray<ApiError.ErrorResponse> = [ApiError.Unauthorized, ApiError.TooManyRequests]

const documentedErrors = ({ access, errors = [] }: Endpoint.Endpoint): ReadonlyArray<ApiError.ErrorResponse> => [
  ...(access === "public" ? [] : common),
  ...errors
]

const textOnOneLine = (text: string): string => text.replace(/[\p{C}\p{Z}]+/gu, " ").trim()

/** A value whose texts and keys are on one line, without control characters: the client replaces those. */
const onOneLine = (value: unknown): unknown => {
  if (Predicate.isString(value)) return textOnOneLine(value)
  if (Array.isArray(value)) return value.map(onOneLine)
  return Predicate.isReadonlyObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [textOnOneLine(key), onOneLine(inner)]))
    : value
}

const isResponse = Schema.is(
  Schema.Struct({ body: Schema.Unknown, headers: Schema.Record(Schema.String, Schema.String) })
)

/** An error, and the response with which a server sends it. */
interface SentError {
  readonly error: unknown
  readonly respond: Effect.Effect<unknown, unknown>
}

/** A response whose texts the client passes on unchanged. */
const normalize = (encoded: unknown) => {
  if (!isResponse(encoded)) return assert.fail("An error response has a body and headers.")
  const { "x-request-id": id, ...headers } = encoded.headers
  const requestId = id === undefined ? {} : { "x-request-id": `req_${id.replace(/[^!-~]/g, "")}`.slice(0, 200) }
  return { body: onOneLine(JSON.parse(JSON.stringify(encoded.body))), headers: { ...headers, ...requestId } }
}

/**
 * Generates errors of a documented response, with texts that the client passes on unchanged: as the server encodes them, or
 * in any other documented form.
 */
const arbitraryErrors = (response: ApiError.ErrorResponse): Arbitrary.Arbitrary<ReadonlyArray<SentError>> => {
  const schema: Schema.Codec<unknown, unknown> = ApiErrorResponse.of(response)
  const encode = Schema.encodeUnknownSync(schema)
  const decode = Schema.decodeUnknownSync(schema)
  return Arbitrary.map(
    Arbitrary.all({ error: Arbitrary.schema(schema), encoded: Arbitrary.schema(Schema.toEncoded(schema)) }),
    ({ encoded, error }) => {
      const { body, headers } = normalize(encoded)
      // Most arbitrary texts are neither seconds nor a date.
      const sent = { body, headers: "retry-after" in headers ? { ...headers, "retry-after": "7" } : headers }
      const encodedByServer = decode(normalize(encode(error)))
      return [
        { error: encodedByServer, respond: Effect.fail(encodedByServer) },
        {
          error: decode(sent),
          respond: Effect.succeed(
            HttpServerResponse.jsonUnsafe(body, { status: response.status, headers: sent.headers })
          )
        }
      ]
    }
  )
}

/** The fields of an error that a response determines. */
const fieldsOf = (error: unknown): unknown =>
  Predicate.isObject(error)
    ? comparable(
        Object.fromEntries(
          ["_tag", "name", "message", "code", "error", "errors", "requestId", "retryAfter"].map((key) => [
            key,
            Reflect.get(error, key)
          ])
        )
      )
    : error

describe.each(operations)("$name", (operation) => {
  const { endpoint } = operation
  const responses = documentedErrors(endpoint)

  it.effect.prop(
    `${operation.name} fails with each documented error as the server sent it`,
    [describedInput(endpoint), Arbitrary.all(responses.map(arbitraryErrors))],
    ([input, errors]) =>
      Effect.gen(function* () {
        for (const { error, respond } of errors.flat()) {
          const { exit, exchanges } = yield* exchange(operation, [], toArguments(endpoint, input), () => respond)
          const failure = yield* Effect.flip(exit)
          assert.lengthOf(exchanges, 1)
          assert.deepStrictEqual(fieldsOf(failure), fieldsOf(error))
          assert.strictEqual(Object(failure).constructor, Object(error).constructor)
          assert.include(failure, { attempts: 1 })
        }
      }),
    { arbitrary: { runs: runs(8, 2) } }
  )
})

// -----------------------------------------------------------------------------
// Arbitrary responses
// -----------------------------------------------------------------------------

/** Bodies that contain the texts that errors must not reveal. */
const Body = Schema.Struct({
  form: Schema.Literals(["json", "message", "error", "html", "text", "empty", "truncated"]),
  json: Schema.fromJsonString(Schema.Json),
  text: Schema.String
})

const textOf = ({ form, json, text }: typeof Body.Type, secrets: ReadonlyArray<string>): string => {
  const revealing = [text, ...secrets].join(" ")
  switch (form) {
    case "json":
      return JSON.stringify(json)
    case "message":
      return JSON.stringify({ message: revealing, code: revealing, errors: [revealing] })
    case "error":
      return JSON.stringify({ error: revealing, error_description: revealing })
    case "html":
      return `<html>${revealing}</html>`
    case "text":
      return revealing
    case "empty":
      return ""
    case "truncated":
      return JSON.stringify({ message: revealing }).slice(0, -2)
  }
}

const secretsOf = ({ accessToken, options }: Input): ReadonlyArray<string> =>
  [apiKey, accessToken, ...Object.values(options)].flatMap((value) =>
    Redacted.isRedacted(value) ? [String(Redacted.value(value))] : []
  )

/** Any status, often one that is documented for some operation. */
const Status = Schema.Union([
  Schema.Literals([400, 401, 403, 404, 409, 422, 429]),
  Schema.Int.check(Schema.isBetween({ minimum: 200, maximum: 599 }))
])

/** The statuses of responses without a body. */
const withoutBody = new Set([204, 205, 304])

/** The tags with which a call may fail; `undefined` represents a success. */
const outcomesOf = (endpoint: Endpoint.Endpoint, status: number): ReadonlyArray<string | undefined> => {
  if (status < 300) return [undefined, "InvalidResponse"]
  if (status >= 500 || status === 408 || status === 425) return ["ServerError"]
  return documentedErrors(endpoint).some((response) => response.status === status)
    ? outcomesOfDocumented
    : ["InvalidResponse"]
}

const outcomesOfDocumented = [
  "BadRequest",
  "Unauthorized",
  "Forbidden",
  "NotFound",
  "Conflict",
  "UnprocessableEntity",
  "TooManyRequests",
  "OAuthError",
  "InvalidResponse"
]

describe.each(operations)("$name", (operation) => {
  const { endpoint } = operation

  it.effect.prop(
    `${operation.name} fails with a typed error, and without a secret, for any status and body`,
    [
      describedInput(endpoint),
      Schema.Array(Schema.Struct({ body: Body, status: Status })).check(Schema.isMinLength(3))
    ],
    ([input, responses]) =>
      Effect.gen(function* () {
        const secrets = secretsOf(input)
        for (const { body, status } of responses) {
          const text = textOf(body, secrets)
          const call = yield* methodOf(
            operation,
            async () =>
              new Response(withoutBody.has(status) ? null : text, {
                status,
                headers: {
                  "content-type": body.form === "html" ? "text/html" : "application/json",
                  "x-request-id": secrets[0] ?? "",
                  location: `https://${secrets[0]}.example/`
                }
              })
          )
          const exit = yield* Effect.exit(call([], toArguments(endpoint, input)))
          const error = Exit.isSuccess(exit) ? undefined : Cause.squash(exit.cause)
          assert.isFalse(Exit.isFailure(exit) && Cause.hasDies(exit.cause), String(error))
          const tag = Predicate.hasProperty(error, "_tag") ? String(error._tag) : undefined
          assert.include(outcomesOf(endpoint, status), tag, `status ${status}`)
          const shown = inspect(error, { depth: Infinity, showHidden: true }) + JSON.stringify(error)
          for (const secret of secrets) assert.notInclude(shown, secret)
        }
      }),
    { arbitrary: { runs: runs(12, 2) } }
  )
})
