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

/** Generates errors of a documented response, with texts that the client passes on unchanged. */
const arbitraryError = (response: ApiError.ErrorResponse): Arbitrary.Arbitrary<unknown> => {
  const schema: Schema.Codec<unknown, unknown> = ApiErrorResponse.of(response)
  const encode = Schema.encodeUnknownSync(schema)
  const decode = Schema.decodeUnknownSync(schema)
  return Arbitrary.map(Arbitrary.schema(schema), (error) => {
    const encoded = encode(error)
    if (!isResponse(encoded)) return assert.fail("An error response has a body and headers.")
    const { "x-request-id": id, ...headers } = encoded.headers
    const requestId = id === undefined ? {} : { "x-request-id": `req_${id.replace(/[^!-~]/g, "")}`.slice(0, 200) }
    return decode({ body: onOneLine(JSON.parse(JSON.stringify(encoded.body))), headers: { ...headers, ...requestId } })
  })
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
    [describedInput(endpoint), Arbitrary.all(responses.map(arbitraryError))],
    ([input, errors]) =>
      Effect.gen(function* () {
        for (const [index, error] of errors.entries()) {
          const { exit, exchanges } = yield* exchange(operation, [], toArguments(endpoint, input), () =>
            Effect.fail(error)
          )
          const failure = yield* Effect.flip(exit)
          assert.lengthOf(exchanges, 1)
          const status = `status ${responses[index]?.status}`
          assert.deepStrictEqual(fieldsOf(failure), fieldsOf(error), status)
          assert.strictEqual(Object(failure).constructor, Object(error).constructor, status)
          assert.include(failure, { attempts: 1 })
        }
      }),
    { arbitrary: { runs: runs(12, 2) } }
  )
})

// -----------------------------------------------------------------------------
// Arbitrary responses
// -----------------------------------------------------------------------------

/** The forms of a body, around the texts that it must not reveal. */
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

const Status = Schema.Int.check(Schema.isBetween({ minimum: 200, maximum: 599 }))

/** The statuses of responses without a body. */
const withoutBody = new Set([204, 205, 304])

/** The tags with which a call may fail; `undefined` stands for a success. */
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
