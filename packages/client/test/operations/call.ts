// Calls of operations whose arguments the compiler does not know, over the server of all operations.
import type { Resource } from "@effect-workos/domain/Resource"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as Methods from "../../src/internal/Methods.ts"
import { Transport } from "../../src/internal/Transport.ts"
import { RateLimit } from "../../src/RateLimit.ts"
import * as RetryPolicy from "../../src/RetryPolicy.ts"
import * as WorkOsConfig from "../../src/WorkOsConfig.ts"
import type { Operation } from "./operations.ts"
import { baseUrl, handle, type DecodedRequest, type Respond } from "./server.ts"

/** The API key of the client. */
export const apiKey = Redacted.make("sk_test_operations")

/** A request as it was sent and as the server decoded it, with the response. */
export interface Exchange {
  readonly operation: string
  readonly request: Request
  readonly decoded: DecodedRequest
  readonly responseText: string
}

/**
 * Calls the method, or one of its forms: `encoded`, `stream`, `pages`, or `encoded` followed by one of these. The result of
 * a stream is an `Emitted`.
 */
export type Call = (form: ReadonlyArray<string>, args: ReadonlyArray<unknown>) => Effect.Effect<unknown, unknown>

/** The elements of a stream, and the error with which it ends, if any. */
export interface Emitted {
  readonly elements: ReadonlyArray<unknown>
  readonly error: unknown
}

const collect = (stream: Stream.Stream<unknown, unknown>): Effect.Effect<Emitted> =>
  Effect.suspend(() => {
    const elements: Array<unknown> = []
    return Stream.runForEach(stream, (element) => Effect.sync(() => elements.push(element))).pipe(
      Effect.match({
        onFailure: (error) => ({ elements, error }),
        onSuccess: () => ({ elements, error: undefined })
      })
    )
  })

const makeMethods = (resource: Resource) =>
  Methods.make(resource).pipe(
    Effect.provide(
      Transport.layer.pipe(
        Layer.provideMerge(RateLimit.layer),
        Layer.provideMerge(WorkOsConfig.layer({ apiKey, baseUrl, rateLimit: "unlimited" })),
        Layer.provide(FetchHttpClient.layer),
        Layer.fresh
      )
    )
  )

/**
 * The method of an operation of a new client, whose requests are sent to a function. Requests are not retried by default.
 */
export const methodOf = (
  { method, name, resource }: Operation,
  fetch: typeof globalThis.fetch,
  policy: RetryPolicy.Policy = RetryPolicy.none
): Effect.Effect<Call, WorkOsConfig.InvalidConfig> =>
  Effect.map(
    makeMethods(resource),
    (methods): Call =>
      (form, args) =>
        Effect.suspend(() => {
          const found = [method, ...form].reduce<unknown>((value, key) => Reflect.get(Object(value), key), methods)
          if (typeof found !== "function") return Effect.die(`${[name, ...form].join(".")} is not a method.`)
          const result: unknown = Reflect.apply(found, undefined, args)
          if (isEffect(result)) return result
          return isStream(result) ? collect(result) : Effect.die(`${name} returns no effect.`)
        }).pipe(
          Effect.provideService(FetchHttpClient.Fetch, fetch),
          Effect.provideService(RetryPolicy.RetryPolicy, policy)
        )
  )

const isEffect = (value: unknown): value is Effect.Effect<unknown, unknown> => Effect.isEffect(value)
const isStream = (value: unknown): value is Stream.Stream<unknown, unknown> => Stream.isStream(value)

/**
 * Calls an operation of a new client, and returns the result with the exchanges.
 */
export const exchange = (
  operation: Operation,
  form: ReadonlyArray<string>,
  args: ReadonlyArray<unknown>,
  respond: Respond
): Effect.Effect<{ readonly exit: Exit.Exit<unknown, unknown>; readonly exchanges: ReadonlyArray<Exchange> }> =>
  Effect.gen(function* () {
    const exchanges: Array<Exchange> = []
    const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
      const request = new Request(input, init)
      let received: Pick<Exchange, "operation" | "decoded"> = { operation: "", decoded: {} }
      const response = await handle(request, (operation, decoded) => {
        received = { operation, decoded }
        return respond(operation, decoded)
      })
      const responseText = await response.text()
      exchanges.push({ ...received, request, responseText })
      return new Response(responseText === "" ? null : responseText, response)
    }
    const exit = yield* Effect.exit(Effect.flatMap(methodOf(operation, fetch), (call) => call(form, args)))
    return { exit, exchanges }
  })
