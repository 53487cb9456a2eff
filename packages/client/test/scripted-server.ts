// A server without a socket that responds to each attempt as a script says, and records the requests and their times.
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { TestClock } from "effect/testing"
import { WorkOs } from "../src/WorkOs.ts"
import type { Options } from "../src/WorkOsConfig.ts"
import { connection, page } from "./samples.ts"

/**
 * The outcome of one request:
 *
 * - a status, with headers and a body.
 * - a connection that fails with a `code`, is `refused`, or is `reset` after the request was sent.
 * - no response (`stall`).
 * - a body that ends early (`breaks`).
 */
export type Step =
  | {
      readonly status: number
      readonly headers?: Record<string, string>
      readonly after?: number
      readonly body?: string
    }
  | { readonly code: string }
  | "refused"
  | "reset"
  | "stall"
  | "breaks"

interface Received {
  readonly time: number
  readonly request: HttpClientRequest.HttpClientRequest
}

const bodyOf = (request: HttpClientRequest.HttpClientRequest, status: number): string => {
  if (status >= 300) return JSON.stringify({ message: `It is ${status}.` })
  if (request.method === "DELETE") return ""
  const isList = request.method === "GET" && new URL(request.url).pathname === "/connections"
  return JSON.stringify(isList ? page : connection)
}

const failed = (request: HttpClientRequest.HttpClientRequest, code: string) =>
  Effect.fail(
    new HttpClientError.HttpClientError({
      reason: new HttpClientError.TransportError({ request, cause: Object.assign(new Error(code), { code }) })
    })
  )

const abortedBody = () =>
  new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode('{"object":'))
      controller.error(new TypeError("terminated"))
    }
  })

/**
 * Makes a server that takes one step per request, and repeats the last one.
 */
export const server = (steps: ReadonlyArray<Step>) => {
  const received: Array<Received> = []
  const client = HttpClient.make((request) =>
    Effect.flatMap(Clock.currentTimeMillis, (time) => {
      const step = steps[Math.min(received.length, steps.length - 1)] ?? { status: 200 }
      received.push({ time, request })
      if (step === "refused") return failed(request, "ECONNREFUSED")
      if (step === "reset") return failed(request, "ECONNRESET")
      if (step === "stall") return Effect.never
      if (step !== "breaks" && "code" in step) return failed(request, step.code)
      const {
        after = 0,
        body,
        headers,
        status
      }: Extract<Step, { readonly status: number }> = step === "breaks" ? { status: 200 } : step
      const text = step === "breaks" ? abortedBody() : (body ?? bodyOf(request, status))
      const response = new Response(status === 204 ? null : text, {
        status,
        headers: { "content-type": "application/json", "x-request-id": `req_${received.length}`, ...headers }
      })
      return Effect.delay(Effect.succeed(HttpClientResponse.fromWeb(request, response)), after)
    })
  )
  return { client, received }
}

/**
 * Runs a call with a new client of a server.
 */
export const withClient = <A, E, R>(
  { client }: { readonly client: HttpClient.HttpClient },
  use: (workos: WorkOs["Service"]) => Effect.Effect<A, E, R>,
  options: Partial<Options> = {}
) =>
  WorkOs.use(use).pipe(
    Effect.provide(
      Layer.fresh(WorkOs.layer({ apiKey: Redacted.make("sk_test_scripted"), rateLimit: "unlimited", ...options })).pipe(
        Layer.provide(Layer.succeed(HttpClient.HttpClient, client))
      )
    )
  )

/**
 * Runs a call to its end, and advances the test clock by up to two hours.
 */
export const runToEnd = <A, E, R>(call: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(call)
    for (let i = 0; i < 1_200 && fiber.pollUnsafe() === undefined; i++) yield* TestClock.adjust("6 seconds")
    return fiber.pollUnsafe() ?? (yield* Effect.die("The call did not end."))
  })
