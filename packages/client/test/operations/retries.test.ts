// Retries of all operations: the requests that are sent again, and their contents.
import { assert, describe, it } from "@effect/vitest"
import * as Endpoint from "@effect-workos/domain/Endpoint"
import { seed } from "@effect-workos/testing/Sample"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import * as RetryPolicy from "../../src/RetryPolicy.ts"
import { methodOf } from "./call.ts"
import { describedInput, type Input, toArguments } from "./input.ts"
import { operations, type Operation } from "./operations.ts"

/** The outcome of a request: a status, or a connection that fails with a code. */
type Outcome = number | "ECONNREFUSED" | "ECONNRESET"

const policy: RetryPolicy.Policy = { ...RetryPolicy.standard, maxAttempts: 2 }

/** Calls an operation, whose requests have the given outcomes, and returns the requests in a form that can be compared. */
const call = (operation: Operation, input: Input, outcomes: ReadonlyArray<Outcome>) =>
  Effect.gen(function* () {
    const requests: Array<unknown> = []
    const fetch = async (url: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
      const request = new Request(url, init)
      const outcome = outcomes[requests.length] ?? 404
      const { headers, method } = request
      requests.push({ method, url: request.url, headers: Object.fromEntries(headers), body: await request.text() })
      if (typeof outcome === "number") return new Response("{}", { status: outcome })
      throw Object.assign(new Error(outcome), { code: outcome })
    }
    const method = yield* methodOf(operation, fetch, policy)
    const fiber = yield* Effect.forkChild(Effect.exit(method([], toArguments(operation.endpoint, input))))
    while (fiber.pollUnsafe() === undefined) {
      yield* nextTick
      yield* TestClock.adjust("1 second")
    }
    return { exit: yield* Fiber.join(fiber), requests }
  })

/** Waits until the promises of `fetch` are resolved. */
const nextTick = Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))

/** Tests whether sending a request twice has the same effect as sending it once. */
const isSafe = ({ method, retryUnsafe }: Endpoint.Endpoint, { options }: Input): boolean =>
  retryUnsafe !== true && (method !== "PATCH" || options["idempotency-key"] !== undefined)

describe.each(operations)("$name", (operation) => {
  const { endpoint, name } = operation

  it.effect.prop(
    `${name} sends the same request again if that is safe, or if the server did not receive it`,
    [describedInput(endpoint)],
    ([input]) =>
      Effect.gen(function* () {
        for (const outcome of ["ECONNRESET", 503, "ECONNREFUSED", 429] as const) {
          const { requests } = yield* call(operation, input, [outcome])
          const isRepeated = outcome === "ECONNREFUSED" || outcome === 429 || isSafe(endpoint, input)
          assert.lengthOf(requests, isRepeated ? 2 : 1, String(outcome))
          if (isRepeated) assert.deepStrictEqual(requests[1], requests[0])
        }
      }),
    { arbitrary: { runs: 2 } }
  )
})

const deletions = operations.filter(
  ({ endpoint }) => endpoint.method === "DELETE" && Endpoint.success(endpoint) === undefined
)

describe.each(deletions)("$name", (operation) => {
  it.effect(`${operation.name} succeeds if its retry returns 404 after a lost response, and fails otherwise`, () =>
    Effect.gen(function* () {
      const [input = assert.fail()] = yield* Arbitrary.sampleEffect(describedInput(operation.endpoint), {
        count: 1,
        seed
      })
      for (const lost of ["ECONNRESET", 503] as const) {
        assert.isTrue(Exit.isSuccess((yield* call(operation, input, [lost, 404])).exit))
      }
      for (const refused of ["ECONNREFUSED", 429] as const) {
        assert.isTrue(Exit.isFailure((yield* call(operation, input, [refused, 404])).exit))
      }
      assert.isTrue(Exit.isFailure((yield* call(operation, input, [404])).exit))
    })
  )
})
