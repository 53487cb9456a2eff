// The error decoders of the client against the error responses of servers, for all endpoints.
import { assert, describe, it } from "@effect/vitest"
import * as ApiError from "@effect-workos/domain/ApiError"
import * as ApiErrorResponse from "@effect-workos/domain/ApiErrorResponse"
import type { Endpoint } from "@effect-workos/domain/Endpoint"
import * as resources from "@effect-workos/domain/resources"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as ErrorDecoders from "../src/internal/ErrorDecoders.ts"

const endpoints = Object.values(resources).flatMap((resource) =>
  Object.entries<Endpoint>(resource.endpoints).map(([name, endpoint]) => ({
    name: `${resource.name}.${name}`,
    endpoint
  }))
)

const decodeEncoded = Schema.decodeUnknownEffect(
  Schema.Struct({ body: Schema.Unknown, headers: Schema.Record(Schema.String, Schema.String) })
)

describe.each(endpoints)("$name", ({ endpoint }) => {
  const documented = endpoint.access === "public" ? [] : [ApiError.Unauthorized, ApiError.TooManyRequests]
  const responses: ReadonlyArray<ApiError.ErrorResponse> = [...documented, ...(endpoint.errors ?? [])]
  const decoders = ErrorDecoders.make<unknown>(endpoint)

  it.effect.prop(
    "decodes every error as the schema of its response does",
    [Schema.Literals(responses.map(({ status }) => status)), Schema.String, Schema.optional(Schema.String)],
    ([status, message, code]) =>
      Effect.gen(function* () {
        const response = responses.find((response) => response.status === status)
        const decoder = decoders.get(status)
        assert.isDefined(response)
        assert.isDefined(decoder)
        const schema = ApiErrorResponse.of(response)
        const body = { message, ...(code === undefined ? {} : { code }) }
        const headers = { "x-request-id": "req_1", ...(status === 429 ? { "retry-after": "3" } : {}) }
        const expected = yield* Schema.decodeUnknownEffect(schema)({ body, headers })
        assert.deepStrictEqual<unknown>(yield* decoder({ body, headers }), expected)
        // And what a server encodes.
        const encoded = yield* decodeEncoded(yield* Schema.encodeEffect(schema)(expected))
        assert.deepStrictEqual<unknown>(yield* decoder(encoded), yield* Schema.decodeUnknownEffect(schema)(encoded))
      }),
    { arbitrary: { runs: 20 } }
  )
})
