// Requests and successes of all operations, with arbitrary inputs.
import { assert, describe, it } from "@effect/vitest"
import * as Endpoint from "@effect-workos/domain/Endpoint"
import * as UserAgent from "@effect-workos/domain/UserAgent"
import { runs } from "@effect-workos/testing/Sample"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { apiKey, exchange } from "./call.ts"
import { comparable } from "./comparable.ts"
import { arbitraryInput, type Input, partOf, toArguments } from "./input.ts"
import { operations } from "./operations.ts"
import { baseUrl } from "./server.ts"

/** The parts of a request that a server must decode. Requests for a page name an order. */
const expectedParts = (endpoint: Endpoint.Endpoint, { options, params }: Input): unknown =>
  comparable({
    ...(endpoint.params === undefined ? {} : { params }),
    ...(endpoint.query === undefined
      ? {}
      : {
          query: {
            ...partOf(endpoint, "query", options),
            ...(endpoint.item === undefined ? {} : { order: options["order"] ?? "desc" })
          }
        }),
    ...(endpoint.headers === undefined ? {} : { headers: partOf(endpoint, "headers", options) }),
    ...(endpoint.payload === undefined ? {} : { payload: partOf(endpoint, "payload", options) })
  })

const credentialOf = ({ access }: Endpoint.Endpoint, { accessToken }: Input): string | null =>
  access === "public" ? null : `Bearer ${Redacted.value(accessToken ?? apiKey)}`

const contentTypeOf = ({ encoding, payload }: Endpoint.Endpoint): string | null => {
  if (payload === undefined) return null
  return encoding === "form" ? "application/x-www-form-urlencoded" : "application/json"
}

/** The idempotency key: that of the caller, a new one for each POST request that may be retried, or none. */
const idempotencyKeyOf = ({ method, retryUnsafe }: Endpoint.Endpoint, { options }: Input): RegExp => {
  const key = options["idempotency-key"]
  if (key !== undefined) return new RegExp(`^${String(key)}$`)
  return method === "POST" && retryUnsafe !== true ? /^[0-9a-f-]{36}$/ : /^$/
}

/** Generates successes as a client decodes them. */
const arbitrarySuccess = (schema: Endpoint.AnySchema): Arbitrary.Arbitrary<unknown> => {
  const encode = Schema.encodeUnknownSync(schema)
  const decode = Schema.decodeUnknownSync(schema)
  return Arbitrary.map(Arbitrary.schema(schema), (value) => decode(JSON.parse(JSON.stringify(encode(value)))))
}

const statusChoice = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 99 }))

describe.each(operations)("$name", (operation) => {
  const { endpoint } = operation
  const success = Endpoint.success(endpoint)
  const statuses = Endpoint.statuses(endpoint)

  it.effect.prop(
    `${operation.name} sends what the server decodes, and returns what the server sends, decoded and encoded`,
    [
      arbitraryInput(endpoint),
      success === undefined ? Arbitrary.Constant(undefined) : arbitrarySuccess(success),
      statusChoice
    ],
    ([input, value, choice]) =>
      Effect.gen(function* () {
        const status = statuses[choice % statuses.length] ?? 200
        for (const form of success === undefined ? [[]] : [[], ["encoded"]]) {
          const { exchanges, exit } = yield* exchange(operation, form, toArguments(endpoint, input), () =>
            success === undefined
              ? Effect.succeed(HttpServerResponse.empty({ status }))
              : HttpServerResponse.schemaJson(success)(value, { status })
          )
          assert.lengthOf(exchanges, 1, Exit.isFailure(exit) ? String(exit.cause) : "")
          const [{ decoded, operation: name, request, responseText } = assert.fail()] = exchanges

          assert.strictEqual(name, operation.name)
          assert.strictEqual(request.method, endpoint.method)
          assert.isTrue(request.url.startsWith(baseUrl.href))
          const { headers, params, payload, query } = decoded
          assert.deepStrictEqual(
            comparable({
              params,
              query,
              payload,
              headers: endpoint.headers === undefined ? undefined : headers
            }),
            expectedParts(endpoint, input)
          )
          assert.strictEqual(request.headers.get("authorization"), credentialOf(endpoint, input))
          assert.strictEqual(request.headers.get("content-type"), contentTypeOf(endpoint))
          assert.match(request.headers.get("idempotency-key") ?? "", idempotencyKeyOf(endpoint, input))
          assert.include(Object.fromEntries(request.headers), UserAgent.headers())

          if (Exit.isFailure(exit)) return assert.fail(String(exit.cause))
          if (form.length === 0) assert.deepStrictEqual(comparable(exit.value), comparable(value))
          else assert.deepStrictEqual(JSON.parse(JSON.stringify(exit.value)), JSON.parse(responseText))
        }
      }),
    { arbitrary: { runs: runs(20, 4) } }
  )
})
