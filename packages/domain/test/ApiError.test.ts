// Documented errors: decoding from responses, and encoding.
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Headers from "effect/http/Headers"
import * as Schema from "effect/Schema"
import * as ApiError from "../src/ApiError.ts"
import * as ApiErrorResponse from "../src/ApiErrorResponse.ts"

interface Described {
  readonly _tag: string
  readonly message: string
  readonly code?: string
  readonly requestId?: string
}

const responses: ReadonlyArray<{ readonly name: string; readonly response: Schema.ConstraintDecoder<Described> }> = [
  { name: "BadRequest", response: ApiErrorResponse.BadRequestResponse },
  { name: "Unauthorized", response: ApiErrorResponse.UnauthorizedResponse },
  { name: "Forbidden", response: ApiErrorResponse.ForbiddenResponse },
  { name: "NotFound", response: ApiErrorResponse.NotFoundResponse },
  { name: "Conflict", response: ApiErrorResponse.ConflictResponse },
  { name: "UnprocessableEntity", response: ApiErrorResponse.UnprocessableEntityResponse },
  { name: "TooManyRequests", response: ApiErrorResponse.TooManyRequestsResponse }
]

describe.each(responses)("$name", ({ name, response }) => {
  const decode = Schema.decodeUnknownEffect(response)

  it.effect(`${name} decodes message and code from the body, and the request id from the header`, () =>
    Effect.gen(function* () {
      const error = yield* decode({ body: { message: "No.", code: "no" }, headers: { "x-request-id": "req_1" } })
      assert.deepStrictEqual([error._tag, error.message, error.code, error.requestId], [name, "No.", "no", "req_1"])
    })
  )

  it.effect(`${name} decodes bodies without code and request id, and bodies with undocumented fields`, () =>
    Effect.gen(function* () {
      const error = yield* decode({ body: { message: "No.", hint: "yes" }, headers: {} })
      assert.strictEqual(error.message, "No.")
      assert.notProperty(error, "code")
      assert.notProperty(error, "requestId")
    })
  )

  it.effect.each([undefined, null, "No.", {}, { message: 7 }, []].map((body) => ({ body })))(
    `${name} rejects the body $body`,
    ({ body }) =>
      Effect.gen(function* () {
        assert.isTrue(Exit.isFailure(yield* Effect.exit(decode({ body, headers: {} }))))
      })
  )
})

describe("generated errors", () => {
  it.effect.prop(
    "A generated error encodes and decodes to the same error",
    [Schema.Union([ApiError.NotFound, ApiError.Unauthorized, ApiError.UnprocessableEntity])],
    ([error]) =>
      Effect.gen(function* () {
        const response =
          error._tag === "NotFound"
            ? ApiErrorResponse.NotFoundResponse
            : error._tag === "Unauthorized"
              ? ApiErrorResponse.UnauthorizedResponse
              : ApiErrorResponse.UnprocessableEntityResponse
        const encoded = yield* Schema.encodeUnknownEffect(response)(error)
        // Only clients set the number of attempts and the elapsed time.
        const { attempts: _attempts, elapsed: _elapsed, ...said } = error
        assert.deepStrictEqual<unknown>({ ...(yield* Schema.decodeUnknownEffect(response)(encoded)) }, said)
      })
  )
})

describe("Unauthorized", () => {
  it.effect("Unauthorized decodes the older body with a key error", () =>
    Effect.gen(function* () {
      const error = yield* Schema.decodeUnknownEffect(ApiErrorResponse.UnauthorizedResponse)({
        body: { error: "Unauthorized" },
        headers: {}
      })
      assert.strictEqual(error.message, "Unauthorized")
    })
  )
})

describe("UnprocessableEntity", () => {
  it.effect("UnprocessableEntity keeps the details of each parameter", () =>
    Effect.gen(function* () {
      const errors = [{ field: "limit", code: "max" }]
      const error = yield* Schema.decodeUnknownEffect(ApiErrorResponse.UnprocessableEntityResponse)({
        body: { message: "Validation failed", errors },
        headers: {}
      })
      assert.deepStrictEqual(error.errors, errors)
    })
  )
})

const retryAfter = (value: string) =>
  Effect.map(
    Schema.decodeUnknownEffect(ApiErrorResponse.TooManyRequestsResponse)({
      body: { message: "Slow down" },
      headers: { "retry-after": value }
    }),
    (error) => error.retryAfter
  )

describe("TooManyRequests", () => {
  it.effect("TooManyRequests decodes Retry-After in seconds and as a date", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* retryAfter("40"), Headers.retryAfterDuration("40 seconds"))
      const date = DateTime.makeUnsafe("2026-01-15T12:00:40Z")
      const atDate = yield* retryAfter("Thu, 15 Jan 2026 12:00:40 GMT")
      assert.deepStrictEqual(atDate, Headers.retryAfterDateTime(date))
      assert.isDefined(atDate)
      const now = DateTime.toEpochMillis(DateTime.makeUnsafe("2026-01-15T12:00:00Z"))
      assert.strictEqual(Duration.toSeconds(Headers.retryAfterDelay(atDate, now)), 40)
    })
  )

  it.effect.each(["", "soon", "-1", "1.5", "1e3"])("TooManyRequests ignores a Retry-After of %j", (value) =>
    Effect.gen(function* () {
      assert.isUndefined(yield* retryAfter(value))
    })
  )
})
